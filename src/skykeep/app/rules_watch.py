"""Keeps a pipeline's rules those of the register: looks what changed, and tells the pipeline in one input.

What the pipeline knows is compared with what is in force now, so a watch that starts again, and one whose
rules another process changed, come right in the same way. Of the lists of zones only what lies within
`REACH_M` of the site is told. A permit that has ended is told once more, with its end, and then for as long
as its time lasts: whoever still flies under it is told that it was revoked, and not that nobody knows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec
import numpy as np

from skykeep.airspace import Airspace
from skykeep.airspace.contradictions import settled
from skykeep.airspace.index import ZoneIndex
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import SetupError
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.outline import rings_lonlat_deg
from skykeep.domain.permit import Permit, PermitState
from skykeep.domain.register import Change, Register, RegisterReader, ReleaseState
from skykeep.domain.restriction import RestrictionState
from skykeep.domain.site import Site
from skykeep.domain.zone import Zone, ZoneList
from skykeep.geo.frames import LocalFrame

REACH_M = 60_000.0
METRES_PER_DEG = 111_000.0
# For so long after its end a permit still explains why its flight is there no longer by right.
REMEMBERED_NS = 24 * 3600 * NS_PER_S
_OVER = (RestrictionState.CANCELLED, RestrictionState.EXPIRED)
_TOLD = frozenset(
    {PermitState.SUSPENDED, PermitState.REVOKED, PermitState.EXPIRED, PermitState.CLOSED, PermitState.DENIED}
)


class RulesWatch:
    """Follows one register for one site. Not thread-safe: the watch's own thread asks it."""

    def __init__(self, register: Register, site: Site, say: Callable[[str], None] = lambda _: None) -> None:
        self._register, self._say = register, say
        self._said: set[str] = set()
        self._site = site
        self._seen = -1
        self._in_force: list[tuple[str, int]] | None = None
        self._listed: tuple[Zone, ...] = ()

    @property
    def seen(self) -> int:
        """The number of the last change that was looked at, -1 before the first look."""
        return self._seen

    def look(
        self, zones: Iterable[Zone], permits: Iterable[Permit], now_utc_ns: int
    ) -> AirspaceChange | None:
        """Return what brings these rules, the pipeline's, to those in force; None where they are.

        LinkError while the register cannot be reached: the rules then stay as they were.
        """
        reader = self._register.read()
        newest = _newest(reader, self._seen)
        if newest is None:
            return None
        sequence = max(self._seen, 0) if not newest else newest[-1].sequence
        wanted_zones = {zone.zone_id: zone for zone in self._zones(reader)}
        wanted_permits = {permit.permit_id: permit for permit in self._permits(reader, now_utc_ns)}
        present_zones = {zone.zone_id: zone for zone in zones}
        present_permits = {permit.permit_id: permit for permit in permits}
        self._seen = sequence
        change = AirspaceChange(
            time_utc_ns=now_utc_ns,
            because="; ".join(dict.fromkeys(f"{change.kind.value} {change.subject}" for change in newest))
            or "the register as it stands",
            by=", ".join(dict.fromkeys(change.by for change in newest)) or "skykeep",
            sequence=sequence,
            zones_put=tuple(
                z for k, z in wanted_zones.items() if present_zones.get(k) != z and self._good(z)
            ),
            zones_gone=tuple(k for k in present_zones if k not in wanted_zones),
            permits_put=tuple(
                p for k, p in wanted_permits.items() if present_permits.get(k) != p and self._good(p)
            ),
            permits_gone=tuple(k for k in present_permits if k not in wanted_permits),
        )
        changed = change.zones_put or change.zones_gone or change.permits_put or change.permits_gone
        return change if changed else None

    def _good(self, rule: Zone | Permit) -> bool:
        """Return whether a rule can be judged by; one that cannot is said, and keeps no other out."""
        name = rule.zone_id if isinstance(rule, Zone) else rule.permit_id
        try:
            if isinstance(rule, Zone):
                ZoneIndex((rule,))
            else:
                Airspace(self._site.origin, (), (rule,))
        except SetupError as error:
            if name not in self._said:
                self._said.add(name)
                self._say(f"Nothing is judged by {name}: {error}")
            return False
        return True

    def _zones(self, reader: RegisterReader) -> Iterable[Zone]:
        """Yield the site's own zones and those of lists in force that are near, the safer where they differ,
        then restrictions.
        """
        in_force = [
            (release.source, release.number)
            for release in reader.releases(with_lists=False)
            if release.state is ReleaseState.IN_FORCE
        ]
        if in_force != self._in_force:
            self._settle(reader, in_force)
        yield from self._listed
        for restriction in reader.restrictions():
            if restriction.published is not None and restriction.state not in _OVER:
                yield restriction.published

    def _settle(self, reader: RegisterReader, in_force: list[tuple[str, int]]) -> None:
        """Lay the lists side by side; where they contradict one another the safer holds, and it is said."""
        lists = [ZoneList(format="site", zones=self._site.zones)]
        for source, number in in_force:
            release = reader.release(source, number)
            if release is not None:
                near = tuple(zone for zone in release.listed.zones if _is_near(zone, self._site.origin))
                lists.append(msgspec.structs.replace(release.listed, zones=near, contradictions=()))
        found = settled(lists)
        for each in found.contradictions:
            self._say(
                f"{each.zone_id}, {each.field}: {each.one_says} or {each.other_says}? "
                f"Judged by the safer: {each.applied}."
            )
        self._in_force, self._listed = in_force, tuple(_each_its_own_name(found.zones))

    def _permits(self, reader: RegisterReader, now_utc_ns: int) -> Iterable[Permit]:
        yield from self._site.permits
        for permit in reader.permits(from_utc_ns=now_utc_ns - REMEMBERED_NS):
            if permit.stands is not None or permit.state in _TOLD:
                # What is still being asked for changes nothing of what was granted.
                yield permit.as_it_stands


def _each_its_own_name(zones: Iterable[Zone]) -> Iterable[Zone]:
    """Yield zones, a second one of the same name under a name of its own: a list may have both, and neither
    is the other.
    """
    counted: Counter[str] = Counter()
    for zone in zones:
        counted[zone.zone_id] += 1
        number = counted[zone.zone_id]
        yield zone if number == 1 else msgspec.structs.replace(zone, zone_id=f"{zone.zone_id} ({number})")


def _newest(reader: RegisterReader, seen: int) -> list[Change] | None:
    """Return the changes after `seen`, None when there is none; the first look is always one."""
    newest: list[Change] = []
    while True:
        more = reader.changes_after(max(seen, 0) if not newest else newest[-1].sequence)
        newest.extend(more)
        if not more:
            return newest if newest or seen < 0 else None


def _is_near(zone: Zone, origin: LocalFrame) -> bool:
    lat_deg = REACH_M / METRES_PER_DEG
    lon_deg = lat_deg / max(np.cos(np.radians(origin.latitude_deg)), 0.01)
    for volume in zone.volumes:
        ring = rings_lonlat_deg(volume.outline)[0]
        west, south = ring.min(axis=0)
        east, north = ring.max(axis=0)
        turn = 360.0 * round((origin.longitude_deg - 0.5 * (west + east)) / 360.0)
        if (
            west + turn - lon_deg <= origin.longitude_deg <= east + turn + lon_deg
            and south - lat_deg <= origin.latitude_deg <= north + lat_deg
        ):
            return True
    return False
