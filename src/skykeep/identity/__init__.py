"""Drone, bird or aircraft; who it claims to be; whether the claim agrees with a sensor."""
