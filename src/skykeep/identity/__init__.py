"""Drone, bird or aircraft; who it claims to be; whether the claim agrees with a sensor."""

from __future__ import annotations

from skykeep.identity.claim_tests import ClaimState as ClaimState
from skykeep.identity.identifier import Identifier as Identifier
