"""The office: the one service through which permits and restrictions are made, decided and taken back.

The doors, the command, the console and the public page all call it; it alone writes permits and restrictions.
Each act is one change of the register: what it is decided on is read in there, and what subscribers are to be
told is posted in there, so that of two who decide at once one sees what the other did.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from skykeep.app.office_desk import OfficeSettings as OfficeSettings
from skykeep.app.office_desk import owner_of_reference
from skykeep.app.office_permit_views import PermitViews
from skykeep.app.office_permits import PermitDesk
from skykeep.app.office_rules import PermitRules, RestrictionRules
from skykeep.app.office_subscribers import SubscriberDesk
from skykeep.base.clock import Clock
from skykeep.domain.actor import Actor, Right
from skykeep.domain.register import Register


class _Permits(PermitDesk, PermitViews, PermitRules):
    """Every act on permits, every question about them, every rule."""


class Office:
    """The desks: `permits`, `restrictions`, `subscribers`. `dice(n)` gives n random bytes, for ids."""

    def __init__(
        self,
        register: Register,
        clock: Clock,
        settings: OfficeSettings | None = None,
        dice: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        settings = settings or OfficeSettings()
        self.register = register
        self.clock = clock
        self.settings = settings
        self.permits = _Permits(register, clock, settings, dice)
        self.restrictions = RestrictionRules(register, clock, settings, dice)
        self.subscribers = SubscriberDesk(register, clock, settings, dice)

    def tick(self) -> None:
        """Do what is due: end what is over, hold what is in an emergency ring, announce what begins soon."""
        self.permits.expire_due()
        self.restrictions.expire_due()
        self.permits.hold_for_rings()
        self.restrictions.announce_due()

    def new_reference(self) -> str:
        """Return a secret under which somebody without an account applies, and sees their application."""
        letters = self.permits.new_id("").strip("-") + self.permits.new_id("").strip("-")
        return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def applicant_of(reference: str) -> Actor:
    """Return whoever holds a reference of the public page; the register keeps only its digest."""
    return Actor(name=owner_of_reference(reference), role="applicant", rights=frozenset({Right.APPLY}))
