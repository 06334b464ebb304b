"""What the console needs from whoever keeps the register of who may fly: three lists and one way to act.

The composition root gives a `RegisterDesk` to the source of the night. It shows its lists whenever one
changes, and hands every command of `register_commands` on.
"""

from __future__ import annotations

from typing import Protocol

from skykeep.api.register_commands import RegisterCommand
from skykeep.api.register_messages import Permits, Restrictions, Zones


class RegisterDesk(Protocol):
    """The register, as the console sees it. Called from worker threads."""

    def permits(self) -> Permits:
        """Return the permits that this console may see."""
        ...

    def restrictions(self) -> Restrictions:
        """Return the restrictions, and the templates that new ones are made from."""
        ...

    def zones(self) -> Zones:
        """Return every zone that is published, and whether each is in force now."""
        ...

    def command(self, command: RegisterCommand, now_utc_ns: int) -> None:
        """Carry out what a person decided; raise InputError naming what is wrong with it."""
        ...
