"""What is in force now as rows of the table `zone`: one per volume, with its box and its outline in extended
well-known binary, for maps and other programs.

The outline is for looking at: a circle has 128 corners, and an edge along a geodesic is drawn through its two
corners only. Who may fly is judged from the zone as published.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.outline import rings_lonlat_deg
from skykeep.domain.zone import Circle, Limit, Zone, limit_m

_CORNERS = 128
_SRID = 4326
# PostGIS: the polygon's number, and the bit that says a reference system follows.
_POLYGON_WITH_SRID = 3 | 0x2000_0000


def zone_rows(kind: str, subject: str, zones: tuple[Zone, ...]) -> list[dict[str, Any]]:
    """Return the rows of some zones; `kind` and `subject` as in a change."""
    rows = []
    for place, zone in enumerate(zones):
        for number, volume in enumerate(zone.volumes):
            rings = rings_lonlat_deg(volume.outline, _CORNERS)
            drawn = bool(rings) and len(rings[0]) >= 3 and all(np.isfinite(ring).all() for ring in rings)
            low, high = (rings[0].min(axis=0), rings[0].max(axis=0)) if drawn else ((None, None),) * 2
            rows.append(
                {
                    "kind": kind,
                    "subject": subject,
                    "place": place,
                    "volume": number,
                    "zone_id": zone.zone_id,
                    "name": zone.name,
                    "restriction": zone.restriction.value,
                    "strictness": zone.strictness,
                    "document": zone.document,
                    "floor_m": limit_m(volume.floor),
                    "floor_reference": _reference(volume.floor),
                    "ceiling_m": limit_m(volume.ceiling),
                    "ceiling_reference": _reference(volume.ceiling),
                    "west_deg": _number(low[0]),
                    "south_deg": _number(low[1]),
                    "east_deg": _number(high[0]),
                    "north_deg": _number(high[1]),
                    "edges": "circle" if isinstance(volume.outline, Circle) else volume.outline.edges.value,
                    "geom": _ewkb(rings) if drawn else None,
                }
            )
    return rows


def _reference(limit: Limit | None) -> str | None:
    return None if limit_m(limit) is None or limit is None else limit.reference.value


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _ewkb(rings: tuple[FloatArray, ...]) -> bytes:
    parts = [struct.pack("<BIII", 1, _POLYGON_WITH_SRID, _SRID, 0)]
    drawn = [ring for ring in rings if len(ring) >= 3]
    parts[0] = struct.pack("<BIII", 1, _POLYGON_WITH_SRID, _SRID, len(drawn))
    for ring in drawn:
        closed = np.concatenate((ring, ring[:1]))
        parts.append(struct.pack("<I", len(closed)))
        parts.append(closed.astype("<f8").tobytes())
    return b"".join(parts)
