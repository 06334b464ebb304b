"""What several lists of zones say about the same zones: the safer of them, with every contradiction shown.

Two zones are the same where they have the same identifier, or the same name and ground in common. What
readers find within one list is in that list already; here lists are laid side by side. Field by field the
safer is applied (see `domain/safer`): the larger outline, the lower floor, the higher ceiling, the longer
time, the stricter restriction.

An AIXM change without a geometry of its own (an activation) finds the airspace that it changes in another
list: it then has that one's volumes, and stands beside it under its own identifier.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from skykeep.domain.safer import overlap, safer
from skykeep.domain.zone import STRICTNESS, Contradiction, Zone, ZoneList

_BORROWED = '"NOTAM"'


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """The zones of several lists, each once, and where the lists differ about them."""

    zones: tuple[Zone, ...]
    contradictions: tuple[Contradiction, ...]


def settled(lists: Sequence[ZoneList]) -> Settled:
    """Return the zones of all lists, the first list's order first. What the lists found within themselves is
    among the contradictions.
    """
    zones: list[Zone] = []
    found = [one for listed in lists for one in listed.contradictions]
    by_id: dict[str, int] = {}
    by_name: dict[str, list[int]] = {}
    for listed in lists:
        known = len(zones)
        for zone in listed.zones:
            at = _same(zone, zones, by_id, by_name, known)
            if at is None:
                by_id.setdefault(zone.zone_id, len(zones))
                by_name.setdefault(_folded(zone.name), []).append(len(zones))
                zones.append(zone)
            elif _borrowed(zone) != _borrowed(zones[at]):
                change, base = (zone, zones[at]) if _borrowed(zone) else (zones[at], zone)
                zones[at] = base
                zones.append(_completed(change, base))
            else:
                zones[at], more = safer(zones[at], zone, _named(zones[at]), _named(zone))
                found += more
    return Settled(zones=tuple(zones), contradictions=tuple(dict.fromkeys(found)))


def _same(
    zone: Zone, zones: list[Zone], by_id: dict[str, int], by_name: dict[str, list[int]], known: int
) -> int | None:
    """Return which zone of the lists before is this one; zones of one list are never the same."""
    at = by_id.get(zone.zone_id)
    if at is not None and at < known:
        return at
    name = _folded(zone.name)
    for candidate in by_name.get(name, []) if name else []:
        if candidate < known and overlap(zones[candidate].volumes, zone.volumes):
            return candidate
    return None


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def _named(zone: Zone) -> str:
    return zone.source or "our own"


def _borrowed(zone: Zone) -> bool:
    """Return whether a zone is an AIXM change whose volumes are a NOTAM's, for want of its airspace."""
    return ("geometry_of", _BORROWED) in zone.extra


def _completed(change: Zone, base: Zone) -> Zone:
    """Return a change with the volumes of the airspace that it changes."""
    strict = max((change.restriction, base.restriction), key=lambda one: STRICTNESS[one])
    extra = tuple((key, '"baseline"' if key == "geometry_of" else value) for key, value in change.extra)
    kind = next((value.strip('"') for key, value in change.extra if key == "interpretation"), "change")
    return replace(
        change,
        zone_id=f"{change.zone_id} {kind}",
        name=base.name or change.name,
        volumes=base.volumes,
        restriction=strict,
        strictness=STRICTNESS[strict],
        extra=extra,
    )
