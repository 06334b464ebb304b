"""A register in memory: what the office, the doors and the pages are tested with where no database matters.

As strict as the real one: a change is alone, and is kept whole or not at all.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import msgspec

from skykeep.domain.permit import Permit, PermitEvent, PermitState
from skykeep.domain.register import (
    Change,
    ChangeKind,
    Delivery,
    Notice,
    Register,
    RegisterReader,
    RegisterWriter,
    Release,
    ReleaseState,
    Subscription,
)
from skykeep.domain.restriction import AirspaceRestriction, RestrictionEvent, RestrictionState
from skykeep.domain.zone import Zone

T = TypeVar("T")


class _Kept(msgspec.Struct):
    """All that is kept; every record in it is frozen, so a copy of the containers is a copy."""

    permits: dict[str, Permit] = {}
    permit_events: list[PermitEvent] = []
    restrictions: dict[str, AirspaceRestriction] = {}
    restriction_events: list[RestrictionEvent] = []
    # What was in force by restriction, from when: None once it no longer is.
    in_force: list[tuple[int, str, Zone | None]] = []
    releases: list[Release] = []
    changes: list[Change] = []
    subscriptions: dict[str, Subscription] = {}
    deliveries: list[Delivery] = []
    notices: dict[str, Notice] = {}
    told: list[tuple[str, str, int]] = []
    failures: list[tuple[str, str, str, int]] = []

    def copy(self) -> _Kept:
        return _Kept(**{name: getattr(self, name).copy() for name in self.__struct_fields__})


class _View:
    """Both halves: `MemoryRegister.read` gives it as a reader, `change` as a writer."""

    def __init__(self, kept: _Kept) -> None:
        self._kept = kept

    def permit(self, permit_id: str) -> Permit | None:
        return self._kept.permits.get(permit_id)

    def permits(
        self,
        states: frozenset[PermitState] | None = None,
        owner: str | None = None,
        from_utc_ns: int | None = None,
        until_utc_ns: int | None = None,
    ) -> tuple[Permit, ...]:
        return tuple(
            permit
            for _, permit in sorted(self._kept.permits.items())
            if (states is None or permit.state in states)
            and (owner is None or permit.owner == owner)
            and _touches(permit, from_utc_ns, until_utc_ns)
        )

    def permit_events(self, permit_id: str) -> tuple[PermitEvent, ...]:
        return tuple(event for event in self._kept.permit_events if event.permit_id == permit_id)

    def restriction(self, restriction_id: str) -> AirspaceRestriction | None:
        return self._kept.restrictions.get(restriction_id)

    def restrictions(
        self, states: frozenset[RestrictionState] | None = None
    ) -> tuple[AirspaceRestriction, ...]:
        kept = sorted(self._kept.restrictions.items())
        return tuple(each for _, each in kept if states is None or each.state in states)

    def restriction_events(self, restriction_id: str) -> tuple[RestrictionEvent, ...]:
        events = self._kept.restriction_events
        return tuple(event for event in events if event.restriction_id == restriction_id)

    def release(self, source: str, number: int | None = None) -> Release | None:
        for release in self._kept.releases:
            in_force = number is None and release.state is ReleaseState.IN_FORCE
            if release.source == source and (in_force or release.number == number):
                return release
        return None

    def releases(self, source: str | None = None, with_lists: bool = True) -> tuple[Release, ...]:
        return tuple(each for each in self._kept.releases if source in (None, each.source))

    def zones_at(self, time_utc_ns: int) -> tuple[Zone, ...]:
        zones: list[Zone] = []
        for release in self._kept.releases:
            applied = release.state in (ReleaseState.IN_FORCE, ReleaseState.PAST)
            until = release.until_utc_ns
            if applied and release.from_utc_ns <= time_utc_ns and (until is None or time_utc_ns < until):
                zones += release.listed.zones
        latest = {which: zone for from_ns, which, zone in self._kept.in_force if from_ns <= time_utc_ns}
        return (*zones, *(zone for _, zone in sorted(latest.items()) if zone is not None))

    def changes_after(self, sequence: int, most: int = 1_000) -> tuple[Change, ...]:
        return tuple(self._kept.changes[sequence : sequence + most])

    def subscriptions(self, owner: str | None = None) -> tuple[Subscription, ...]:
        kept = sorted(self._kept.subscriptions.items())
        return tuple(each for _, each in kept if owner in (None, each.owner))

    def deliveries(self, most: int = 100) -> tuple[Delivery, ...]:
        return tuple(self._kept.deliveries[:most])

    def put_permit(self, permit: Permit, event: PermitEvent) -> None:
        self._kept.permits[permit.permit_id] = permit
        self._kept.permit_events.append(event)
        self._number(ChangeKind.PERMIT, permit.permit_id, event.time_utc_ns, event.by)

    def put_restriction(self, restriction: AirspaceRestriction, event: RestrictionEvent) -> None:
        before = self._kept.restrictions.get(restriction.restriction_id)
        if restriction.published != (before.published if before is not None else None):
            self._kept.in_force.append((event.time_utc_ns, restriction.restriction_id, restriction.published))
        self._kept.restrictions[restriction.restriction_id] = restriction
        self._kept.restriction_events.append(event)
        self._number(ChangeKind.RESTRICTION, restriction.restriction_id, event.time_utc_ns, event.by)

    def put_release(self, release: Release) -> None:
        kept: list[Release] = []
        for each in self._kept.releases:
            if (each.source, each.number) == (release.source, release.number):
                continue
            comes = release.state is ReleaseState.IN_FORCE and each.source == release.source
            if comes and each.state is ReleaseState.IN_FORCE:
                each = msgspec.structs.replace(
                    each, state=ReleaseState.PAST, until_utc_ns=release.from_utc_ns
                )
            kept.append(each)
        self._kept.releases = sorted([*kept, release], key=lambda each: (each.source, each.number))
        self._number(ChangeKind.RELEASE, release.source, release.from_utc_ns, release.by)

    def put_subscription(self, subscription: Subscription) -> None:
        self._kept.subscriptions[subscription.subscription_id] = subscription

    def drop_subscription(self, subscription_id: str) -> None:
        self._kept.subscriptions.pop(subscription_id, None)
        self._kept.deliveries = [
            each for each in self._kept.deliveries if each.subscription.subscription_id != subscription_id
        ]

    def post(self, notice: Notice) -> None:
        if notice.notice_id in self._kept.notices:
            return
        self._kept.notices[notice.notice_id] = notice
        self._kept.deliveries += [
            Delivery(notice=notice, subscription=each, tries=0)
            for each in self.subscriptions()
            if (not each.kinds or notice.kind in each.kinds)
            and (not notice.private or each.sees_private or each.owner == notice.owner != "")
        ]

    def delivered(self, notice_id: str, subscription_id: str, time_utc_ns: int) -> None:
        self._kept.told.append((notice_id, subscription_id, time_utc_ns))
        self._kept.deliveries = [
            each for each in self._kept.deliveries if _key(each) != (notice_id, subscription_id)
        ]

    def failed(self, notice_id: str, subscription_id: str, because: str, time_utc_ns: int) -> None:
        self._kept.failures.append((notice_id, subscription_id, because, time_utc_ns))
        self._kept.deliveries = [
            msgspec.structs.replace(each, tries=each.tries + 1)
            if _key(each) == (notice_id, subscription_id)
            else each
            for each in self._kept.deliveries
        ]

    def _number(self, kind: ChangeKind, subject: str, time_utc_ns: int, by: str) -> None:
        sequence = len(self._kept.changes) + 1
        self._kept.changes.append(
            Change(sequence=sequence, kind=kind, subject=subject, time_utc_ns=time_utc_ns, by=by)
        )


class MemoryRegister:
    """Keeps everything in this process, for as long as it lives."""

    def __init__(self) -> None:
        self._kept = _Kept()
        self._one_at_a_time = threading.RLock()

    def read(self) -> RegisterReader:
        with self._one_at_a_time:
            return _View(self._kept.copy())

    def change(self, work: Callable[[RegisterWriter], T]) -> T:
        with self._one_at_a_time:
            kept = self._kept.copy()
            result = work(_View(kept))
            self._kept = kept
            return result

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Everything that was ever posted, in order."""
        return tuple(self._kept.notices.values())


def _is_one() -> Register:
    """Let the type checker compare it with the protocol."""
    return MemoryRegister()


def _touches(permit: Permit, from_utc_ns: int | None, until_utc_ns: int | None) -> bool:
    if from_utc_ns is None and until_utc_ns is None:
        return True
    if permit.span_utc_ns is None:
        return False
    start_utc_ns, end_utc_ns = permit.span_utc_ns
    return (until_utc_ns is None or start_utc_ns <= until_utc_ns) and (
        from_utc_ns is None or end_utc_ns >= from_utc_ns
    )


def _key(delivery: Delivery) -> tuple[str, str]:
    return delivery.notice.notice_id, delivery.subscription.subscription_id
