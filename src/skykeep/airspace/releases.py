"""May a new list of zones replace the one in force, and what is different in it?

A list that says less than the one before is more often a broken export than a freer sky. One that loses more
than a fifth of its zones, that is older than the last, or that goes back to what was in force before, waits
for a person. A zone counts as lost when it is gone, and when it no longer restricts. The same zones again
are no new release.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256

import msgspec

from skykeep.base.errors import InputError
from skykeep.domain.encoding import encode_json
from skykeep.domain.register import Release, ReleaseState
from skykeep.domain.zone import Restriction, Zone, ZoneList

MOST_LOST = 0.2


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a zone that says something else now; values as canonical JSON."""

    field: str
    before: str
    after: str


class ZoneChange(msgspec.Struct, frozen=True, kw_only=True):
    zone_id: str
    fields: tuple[FieldChange, ...]
    restricts_no_more: bool = False


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Which zones came, went and changed from one list to another, in order of id. An id that a list gives
    twice is named twice.
    """

    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    changed: tuple[ZoneChange, ...] = ()

    @property
    def lost(self) -> int:
        """How many zones are gone or no longer restrict."""
        return len(self.went) + sum(change.restricts_no_more for change in self.changed)


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a new list: `IN_FORCE`, or `HELD` for a person; None where it is no new release."""

    state: ReleaseState | None
    because: str
    difference: Difference


def compare(before: Iterable[Zone], after: Iterable[Zone]) -> Difference:
    """Return what is different. Of zones with the same id the equal ones are the same, then the first is
    taken for the first.
    """
    old, new = _by_id(before), _by_id(after)
    came: list[str] = []
    went: list[str] = []
    changed: list[ZoneChange] = []
    for zone_id in sorted(old.keys() | new.keys()):
        were, are = old.get(zone_id, []), new.get(zone_id, [])
        for zone in tuple(were):
            if zone in are:
                were.remove(zone)
                are.remove(zone)
        changed.extend(_changed(was, now) for was, now in zip(were, are, strict=False))
        went.extend([zone_id] * (len(were) - len(are)))
        came.extend([zone_id] * (len(are) - len(were)))
    return Difference(came=tuple(came), went=tuple(went), changed=tuple(changed))


def weigh(listed: ZoneList, in_force: Release | None, known: Iterable[Release] = ()) -> Weighed:
    """Say what becomes of a list from the same source as `in_force`; `known` are its releases so far, which
    need their `state`, `number` and `sha256` only.
    """
    known = tuple(known)
    digest = digest_of(listed)
    waiting = [r for r in known if r.state is ReleaseState.HELD and r.sha256 == digest]
    if in_force is None:
        difference = Difference(came=tuple(sorted(zone.zone_id for zone in listed.zones)))
        if waiting:
            return _no_new(f"release {waiting[-1].number} says the same and waits", difference)
        if not listed.zones:
            return _held(("it holds no zones at all",), difference)
        return Weighed(
            state=ReleaseState.IN_FORCE, because="It is the first of its source.", difference=difference
        )
    if in_force.sha256 == digest:
        return _no_new(f"release {in_force.number}, in force, says the same", Difference())
    difference = compare(in_force.listed.zones, listed.zones)
    if waiting:
        return _no_new(f"release {waiting[-1].number} says the same and waits", difference)
    reasons = tuple(_doubts(listed, digest, in_force, known, difference))
    if reasons:
        return _held(reasons, difference)
    return Weighed(
        state=ReleaseState.IN_FORCE, because=f"It replaces release {in_force.number}.", difference=difference
    )


def _doubts(
    listed: ZoneList, digest: str, in_force: Release, known: Iterable[Release], difference: Difference
) -> Iterator[str]:
    were = len(in_force.listed.zones)
    if difference.lost > MOST_LOST * were:
        yield (
            f"it loses {difference.lost} of {were} zones ({100 * difference.lost / were:.0f} %), more than "
            f"{100 * MOST_LOST:.0f} %"
        )
    if (
        listed.issued_utc_ns is not None
        and in_force.issued_utc_ns is not None
        and listed.issued_utc_ns < in_force.issued_utc_ns
    ):
        older_s = (in_force.issued_utc_ns - listed.issued_utc_ns) / 1e9
        yield f"it was issued {_span(older_s)} before release {in_force.number}, which is in force"
    past = [r.number for r in known if r.state is ReleaseState.PAST and r.sha256 == digest]
    if past:
        yield f"it goes back to what release {past[-1]} said"


def digest_of(listed: ZoneList) -> str:
    """Return the SHA-256 of a list's zones: lists that say the same have the same, whenever issued."""
    try:
        return sha256(encode_json(listed.zones)).hexdigest()
    except (UnicodeError, OverflowError) as error:
        raise InputError("zones", str(error), "whole characters, and numbers of 64 bits") from error


def _by_id(zones: Iterable[Zone]) -> dict[str, list[Zone]]:
    found: dict[str, list[Zone]] = defaultdict(list)
    for zone in zones:
        found[zone.zone_id].append(zone)
    return found


def _changed(was: Zone, now: Zone) -> ZoneChange:
    fields = tuple(
        FieldChange(field=name, before=_json(getattr(was, name)), after=_json(getattr(now, name)))
        for name in Zone.__struct_fields__
        if getattr(was, name) != getattr(now, name)
    )
    none = Restriction.NO_RESTRICTION
    return ZoneChange(
        zone_id=was.zone_id,
        fields=fields,
        restricts_no_more=now.restriction is none and was.restriction is not none,
    )


def _json(value: object) -> str:
    return encode_json(value).decode()


def _held(reasons: tuple[str, ...], difference: Difference) -> Weighed:
    sentence = "; ".join(reasons)
    return Weighed(
        state=ReleaseState.HELD, because=f"{sentence[0].upper()}{sentence[1:]}.", difference=difference
    )


def _no_new(reason: str, difference: Difference) -> Weighed:
    return Weighed(state=None, because=f"{reason[0].upper()}{reason[1:]}.", difference=difference)


def _span(seconds: float) -> str:
    for unit, length_s in (("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0)):
        if seconds >= 2 * length_s:
            return f"{seconds / length_s:.0f} {unit}"
    return f"{seconds:.0f} s"
