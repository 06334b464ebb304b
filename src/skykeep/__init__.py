"""Skykeep keeps the low sky over a place."""

__version__ = "0.1.0"
