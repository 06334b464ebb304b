"""Tracks as one flat table, a row for each report: columns with their units, and the same as CSV (RFC 4180).

The first columns are those of the neutral format of tracks (`t` to `coasting`), so that such a table can be
scored and shown again; then places on the globe, and what was judged. In CSV a number that is not known is
empty, times are ISO 8601 too, and a text that a spreadsheet would run as a formula gets an apostrophe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from skykeep.base.clock import iso_utc
from skykeep.base.compile import FloatArray
from skykeep.domain.identity import TARGET_CLASS_NAMES
from skykeep.domain.track import TRACK_STATUS_NAMES, TrackReport, TrackStatus
from skykeep.geo.turns import turns_to_own_place
from skykeep.wire.outgoing import NOT_SURE_AT_ALL, Outgoing, class_word, standing_word

_RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COVARIANCE = ("pxx", "pxy", "pxz", "pyy", "pyz", "pzz")
_UPPER = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


class TableColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column: `unit` is "" for words and for numbers that have none."""

    name: str
    unit: str
    says: str
    values: NDArray[Any] | list[str]


def start_utc_ns(outgoing: Outgoing) -> int:
    """Return the moment that `t` counts from."""
    span = outgoing.span_utc_ns
    return 0 if span is None else span[0]


def columns_of(outgoing: Outgoing) -> list[TableColumn]:
    """Return the table, rows in order of time and then of track."""
    reports = sorted((r for t in outgoing.tracks for r in t), key=lambda r: (r.time_utc_ns, r.track_id))
    times = np.array([r.time_utc_ns for r in reports], dtype=np.int64)
    return [
        _column("t", "s", "since the first row", (times - start_utc_ns(outgoing)) * 1e-9),
        _column(
            "track_id", "", "number of the track", np.array([r.track_id for r in reports], dtype=np.int64)
        ),
        *_site_columns(reports, outgoing),
        _column("existence", "1", "how likely it is there", _floats(r.existence for r in reports)),
        _column(
            "coasting",
            "",
            "true where no sensor saw it of late",
            np.array([r.status is TrackStatus.COASTING for r in reports], dtype=np.bool_),
        ),
        *_class_columns(reports, outgoing.as_told),
        *_globe_columns(reports, times),
        *_words(reports),
    ]


def csv_lines(outgoing: Outgoing) -> Iterator[str]:
    """Yield the table as lines of CSV, each with its line end; numbers in their shortest exact form."""
    columns = columns_of(outgoing)
    yield ",".join(["time_utc", *(column.name for column in columns)]) + "\r\n"
    cells = [_cells(column) for column in columns]
    times = next(column.values for column in columns if column.name == "time_utc_ns")
    for k, time_utc_ns in enumerate(np.asarray(times).tolist()):
        yield ",".join([iso_utc(time_utc_ns), *(column[k] for column in cells)]) + "\r\n"


def _cells(column: TableColumn) -> list[str]:
    if isinstance(column.values, list):
        return [_quoted(value) for value in column.values]
    if column.values.dtype == np.bool_:
        return ["true" if value else "false" for value in column.values.tolist()]
    return ["" if value != value else repr(value) for value in column.values.tolist()]


def _quoted(text: str) -> str:
    if text.startswith(_RUN_AS_FORMULA):
        text = "'" + text
    if any(one in text for one in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _site_columns(reports: list[TrackReport], outgoing: Outgoing) -> list[TableColumn]:
    """Return position, velocity and covariance in the axes of the site, turned back from each own place."""
    frame = outgoing.site.origin
    place = [_floats(getattr(r, name) for r in reports) for name in _GEODETIC]
    position = frame.to_enu_m(*place).reshape(-1, 3)
    to_site = turns_to_own_place(frame, place[0], place[1]).transpose(0, 2, 1)
    own_velocity = np.array([r.velocity_enu_mps for r in reports], dtype=np.float64).reshape(-1, 3)
    velocity = np.einsum("nij,nj->ni", to_site, own_velocity)
    own = np.zeros((len(reports), 3, 3))
    for k, (i, j) in enumerate(_UPPER):
        own[:, i, j] = own[:, j, i] = [r.covariance_enu[k] for r in reports]
    covariance = np.einsum("nij,njk,nlk->nil", to_site, own, to_site)
    if outgoing.as_told:
        covariance[:, ~np.eye(3, dtype=np.bool_)] = np.nan
    return [
        *(
            _column(name, "m", f"{way} of the site's origin", position[:, k])
            for k, (name, way) in enumerate((("x", "east"), ("y", "north"), ("z", "up")))
        ),
        *(
            _column(name, "m/s", f"going {way}", velocity[:, k])
            for k, (name, way) in enumerate((("vx", "east"), ("vy", "north"), ("vz", "up")))
        ),
        *(
            _column(name, "m2", "covariance of the position", covariance[:, i, j])
            for name, (i, j) in zip(_COVARIANCE, _UPPER, strict=True)
        ),
    ]


_GEODETIC = ("latitude_deg", "longitude_deg", "height_hae_m")


def _class_columns(reports: list[TrackReport], as_told: bool) -> list[TableColumn]:
    """Return how likely each class is; no columns where nothing was judged. A log tells of the likeliest."""
    if all(max(r.class_probabilities) < NOT_SURE_AT_ALL for r in reports):
        return []
    return [
        _column(
            f"p_{name}",
            "1",
            f"how likely it is: {name.replace('_', ' ')}",
            _floats(
                r.class_probabilities[k] if not as_told or r.target_class == k else np.nan for r in reports
            ),
        )
        for k, name in enumerate(TARGET_CLASS_NAMES)
    ]


def _globe_columns(reports: list[TrackReport], times: NDArray[np.int64]) -> list[TableColumn]:
    return [
        _column("time_utc_ns", "ns", "since 1970-01-01 UTC", times),
        *(
            _column(name, unit, says, _floats(getattr(r, name) for r in reports))
            for name, unit, says in (
                ("latitude_deg", "deg", "WGS 84"),
                ("longitude_deg", "deg", "WGS 84"),
                ("height_hae_m", "m", "above the ellipsoid"),
                ("height_amsl_m", "m", "above mean sea level"),
                ("height_agl_m", "m", "above ground"),
            )
        ),
        *(
            _column(
                f"sigma_{way}_m",
                "m",
                f"1-sigma {way} at its own place",
                _floats(r.sigma_enu_m[k] for r in reports),
            )
            for k, way in enumerate(("east", "north", "up"))
        ),
    ]


def _words(reports: list[TrackReport]) -> list[TableColumn]:
    words = {
        "status": [TRACK_STATUS_NAMES[r.status] for r in reports],
        "class": [class_word(r) for r in reports],
        "standing": [standing_word(r) for r in reports],
        "name": [r.name for r in reports],
        "claimed_id": [r.claimed_id for r in reports],
        "permit_id": [r.permit_id for r in reports],
        "sensors": [" ".join(r.sensor_ids) for r in reports],
    }
    says = {
        "class": "what it is most likely",
        "standing": "how we stand to it",
        "claimed_id": "the identity that sensors agree with",
        "permit_id": "the permit it flies under",
        "sensors": "whose detections it rests on since the row before",
    }
    return [TableColumn(name=n, unit="", says=says.get(n, ""), values=values) for n, values in words.items()]


def _column(name: str, unit: str, says: str, values: NDArray[Any]) -> TableColumn:
    return TableColumn(name=name, unit=unit, says=says, values=values)


def _floats(values: Iterable[float]) -> FloatArray:
    return np.array(list(values), dtype=np.float64)
