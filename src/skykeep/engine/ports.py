"""What the pipeline needs from the edge, as protocols: somewhere to write, and somewhere to send a
simulated effect.
"""

from __future__ import annotations

from typing import Protocol

from skykeep.domain.record import EntryRole
from skykeep.domain.response import EffectOrder


class Recorder(Protocol):
    """The log. What is appended is written before anyone acts on it."""

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        """Write one entry and return its sequence number; IntegrityError when it may not be written."""
        ...


class EffectSink(Protocol):
    """Where approved effects go. Only the simulator implements it; live mode has none."""

    def carry_out(self, order: EffectOrder) -> None:
        """Begin a simulated effect; its outcome comes back as an input."""
        ...
