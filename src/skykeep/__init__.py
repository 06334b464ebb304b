"""Skykeep keeps the low sky over a place."""
