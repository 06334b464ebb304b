"""The register of who may fly: what it keeps, and the one way in which it is changed.

Everything is changed inside `Register.change`: one at a time, all of it or nothing, on SQLite and PostgreSQL
alike. What is decided on what was read there is decided on the truth. Every change is numbered on; whoever
keeps a picture of the sky asks `changes_after` and is told nothing twice.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Protocol, TypeVar

import msgspec

from skykeep.domain.permit import Permit, PermitEvent, PermitState
from skykeep.domain.restriction import AirspaceRestriction, RestrictionEvent, RestrictionState
from skykeep.domain.zone import Zone, ZoneList

T = TypeVar("T")


class ReleaseState(enum.StrEnum):
    """`HELD` waits for a person's yes: it lost too many zones, or is older than the one in force."""

    IN_FORCE = "in_force"
    HELD = "held"
    REFUSED = "refused"
    PAST = "past"


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one source's list of zones. In force from `from_utc_ns` until the next one was."""

    source: str
    number: int
    state: ReleaseState
    from_utc_ns: int
    until_utc_ns: int | None
    issued_utc_ns: int | None
    sha256: str
    zones: int
    by: str
    because: str
    listed: ZoneList


class ChangeKind(enum.StrEnum):
    RELEASE = "release"
    RESTRICTION = "restriction"
    PERMIT = "permit"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One numbered change: of what, to which version, and when. `subject` is a source, or the id of a
    restriction or permit.
    """

    sequence: int
    kind: ChangeKind
    subject: str
    time_utc_ns: int
    by: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something that subscribers are to be told, kept until each was told once.

    `subject` as in `Change`; `says` a sentence; `body` the same as JSON, for machines. A `private` one goes
    to those entitled only, and to what `owner` subscribed to where one is named.
    """

    notice_id: str
    kind: str
    subject: str
    says: str
    body: str
    time_utc_ns: int
    private: bool = False
    owner: str = ""


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to be told, by which way (`webhook`, `cot`, `email`, `ed318`) and where. `kinds` empty: all.
    `secret` signs what a webhook is sent. `sees_private` is given by an authority alone.
    """

    subscription_id: str
    owner: str
    way: str
    address: str
    kinds: tuple[str, ...] = ()
    secret: str = ""
    sees_private: bool = False
    made_utc_ns: int = 0


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One notice that one subscriber has still to be told, and how often it was tried."""

    notice: Notice
    subscription: Subscription
    tries: int


class RegisterReader(Protocol):
    """What can be asked. Lists come in order of id, changes and events in order of time."""

    def permit(self, permit_id: str) -> Permit | None: ...

    def permits(
        self,
        states: frozenset[PermitState] | None = None,
        owner: str | None = None,
        from_utc_ns: int | None = None,
        until_utc_ns: int | None = None,
    ) -> tuple[Permit, ...]:
        """Return permits in these states, of this owner, whose time touches that stretch."""
        ...

    def permit_events(self, permit_id: str) -> tuple[PermitEvent, ...]: ...

    def restriction(self, restriction_id: str) -> AirspaceRestriction | None: ...

    def restrictions(
        self, states: frozenset[RestrictionState] | None = None
    ) -> tuple[AirspaceRestriction, ...]: ...

    def restriction_events(self, restriction_id: str) -> tuple[RestrictionEvent, ...]: ...

    def release(self, source: str, number: int | None = None) -> Release | None:
        """Return a release, without a number the one in force."""
        ...

    def releases(self, source: str | None = None, with_lists: bool = True) -> tuple[Release, ...]:
        """Return releases by source and number; without their lists much faster."""
        ...

    def zones_at(self, time_utc_ns: int) -> tuple[Zone, ...]:
        """Return what was in force by publication at a time: the zones of every source's release of then, and
        the restrictions published then. Whether a zone's hours hold is another question.
        """
        ...

    def changes_after(self, sequence: int, most: int = 1_000) -> tuple[Change, ...]: ...

    def subscriptions(self, owner: str | None = None) -> tuple[Subscription, ...]: ...

    def deliveries(self, most: int = 100) -> tuple[Delivery, ...]:
        """Return what has still to be told, oldest first."""
        ...


class RegisterWriter(RegisterReader, Protocol):
    """What may be written inside `Register.change`; each write of a permit, restriction or release is a
    numbered change.
    """

    def put_permit(self, permit: Permit, event: PermitEvent) -> None: ...

    def put_restriction(self, restriction: AirspaceRestriction, event: RestrictionEvent) -> None: ...

    def put_release(self, release: Release) -> None:
        """Write a release; one that comes into force ends the one before at the same instant."""
        ...

    def put_subscription(self, subscription: Subscription) -> None: ...

    def drop_subscription(self, subscription_id: str) -> None: ...

    def post(self, notice: Notice) -> None:
        """Keep a notice until every subscriber of its kind was told."""
        ...

    def delivered(self, notice_id: str, subscription_id: str, time_utc_ns: int) -> None: ...

    def failed(self, notice_id: str, subscription_id: str, because: str, time_utc_ns: int) -> None: ...


class Register(Protocol):
    """Where it is all kept."""

    def read(self) -> RegisterReader:
        """Return a view for questions."""
        ...

    def change(self, work: Callable[[RegisterWriter], T]) -> T:
        """Run `work` alone, and keep all that it wrote or, when it raises, nothing. LinkError when the
        database cannot be reached.
        """
        ...
