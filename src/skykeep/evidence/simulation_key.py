"""The key that signs what is simulated. It is published here: its signature proves nothing about who made it.

It is there so that a simulated night goes through the same signing and verifying as a real one, and comes out
the same bytes on every run. A verifier that meets it says so.
"""

from __future__ import annotations

import hashlib

from skykeep.evidence.signed_note import SigningKey

SIMULATION_NAME = "simulation.invalid"
SIMULATION_KEY = SigningKey(
    SIMULATION_NAME, hashlib.sha256(b"skykeep: the published key of simulations").digest()
)
PROVES_NOTHING = (
    "Signed with the published key of simulations: anybody can, so it proves nothing about who made it."
)
