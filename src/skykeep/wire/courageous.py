"""COURAGEOUS: the document in which the European project of that name, and CWA 18150 after it, compares
counter-drone systems. One JSON object holds all that one system said in one trial.

| member | what it is |
|---|---|
| `version` | `0.4.1` (or `0.4.0`, which differs only in its guide) |
| `vendor_name`, `system_name` | text |
| `static_cuas_location` | where the system stands: `lat`, `lon`, `height_amsl` |
| `detection` | sets of sporadic records: `uas_id` (may be left out), `name`, `uav_home_location`, `records` |
| `tracks` | sets of records of one followed thing: as above, but `uas_id` is needed |
| record: `time` | ms since 1970, UTC |
| record: `record_number` | whole number |
| record: `classification` | `Unknown`, `UAV`, `GCS` (its operator) or `Other` (e.g. a bird) |
| record: `alarm` | `active`, and its `certainty` 0 to 1; in a detection it may be left out |
| record: `location` | one of the table below; in a detection it may be left out |
| record: `velocity` | `east`, `north`, `up` in m/s at the thing's own place; may be left out |
| record: `identification` | free text; may be left out |
| record: `cuas_location` | where the system stood then, if it moves; may be left out |

| `$type` | members |
|---|---|
| `Arc` | `from`, `to`: clockwise, degrees from true north |
| `Quad` | `quad`: `North`, `East`, `South`, `West` |
| `Bearing` | `bearing`: degrees clockwise from true north |
| `BearingElevation` | `bearing`, `elevation` (degrees above the horizon) |
| `BearingElevationDistance` | the same and `distance` in m |
| `Position2d` | `lat`, `lon`, WGS 84 degrees |
| `Position3d` | `lat`, `lon`, `height_amsl` in m above EGM96 mean sea level |

What may be left out may also be null. A member that is not in the tables is allowed by the schema and not
read: `unread_members` names them. The schema bounds nothing but `certainty`; the bounds here (`BOUNDS`) are
ours, and refuse what cannot be. A time in seconds instead of milliseconds is one such.
Source: the project's JSON Schema 0.4.1 and its guide (github.com/COURAGEOUS-isf/format-website, `schemas/`),
and the changelog of github.com/COURAGEOUS-isf/format. The text of CWA 18150 itself was not to be had.
"""

from __future__ import annotations

import enum
import re
from typing import Any, Final, Literal, NoReturn

import msgspec

from skykeep.base.errors import DecodeError

VERSION: Final = "0.4.1"
BOUNDS: dict[str, tuple[float, float]] = {
    "lat_deg": (-90.0, 90.0),
    "lon_deg": (-180.0, 180.0),
    "height_amsl_m": (-1_000.0, 100_000.0),
    "bearing_deg": (-360.0, 360.0),
    "from_deg": (-360.0, 360.0),
    "to_deg": (-360.0, 360.0),
    "elevation_deg": (-90.0, 90.0),
    "distance_m": (0.0, 1_000_000.0),
    "east_mps": (-1_000.0, 1_000.0),
    "north_mps": (-1_000.0, 1_000.0),
    "up_mps": (-1_000.0, 1_000.0),
    "certainty": (0.0, 1.0),
    "time_utc_ms": (946_684_800_000, 4_102_444_800_000),  # the years 2000 to 2099
    "record_number": (0, 2**64 - 1),
    "uas_id": (0, 2**64 - 1),
}


class Classification(enum.StrEnum):
    UNKNOWN = "Unknown"
    UAV = "UAV"
    GCS = "GCS"
    OTHER = "Other"


class Quadrant(enum.StrEnum):
    NORTH = "North"
    EAST = "East"
    SOUTH = "South"
    WEST = "West"


_PLACE = {"lat_deg": "lat", "lon_deg": "lon", "height_amsl_m": "height_amsl"}
_SIGHT = {"bearing_deg": "bearing", "elevation_deg": "elevation", "distance_m": "distance"}


class Place(msgspec.Struct, frozen=True, kw_only=True, rename=_PLACE):
    """Where the system or a home is: WGS 84, height above EGM96."""

    lat_deg: float
    lon_deg: float
    height_amsl_m: float


class Arc(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="$type",
    tag="Arc",
    rename={"from_deg": "from", "to_deg": "to"},
):
    from_deg: float
    to_deg: float


class Quad(msgspec.Struct, frozen=True, kw_only=True, tag_field="$type", tag="Quad"):
    quad: Quadrant


class Bearing(msgspec.Struct, frozen=True, kw_only=True, tag_field="$type", tag="Bearing", rename=_SIGHT):
    bearing_deg: float


class BearingElevation(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="$type", tag="BearingElevation", rename=_SIGHT
):
    bearing_deg: float
    elevation_deg: float


class BearingElevationDistance(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="$type",
    tag="BearingElevationDistance",
    rename=_SIGHT,
):
    bearing_deg: float
    elevation_deg: float
    distance_m: float


class Position2d(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="$type", tag="Position2d", rename=_PLACE
):
    lat_deg: float
    lon_deg: float


class Position3d(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="$type", tag="Position3d", rename=_PLACE
):
    lat_deg: float
    lon_deg: float
    height_amsl_m: float


Location = Arc | Quad | Bearing | BearingElevation | BearingElevationDistance | Position2d | Position3d


class Velocity(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename={"east_mps": "east", "north_mps": "north", "up_mps": "up"},
):
    east_mps: float
    north_mps: float
    up_mps: float


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    active: bool
    certainty: float


class DetectionRecord(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"time_utc_ms": "time"}
):
    time_utc_ms: int
    record_number: int
    classification: Classification
    alarm: Alarm | None = None
    location: Location | None = None
    velocity: Velocity | None = None
    identification: str | None = None
    cuas_location: Place | None = None


class TrackRecord(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"time_utc_ms": "time"}
):
    time_utc_ms: int
    record_number: int
    classification: Classification
    alarm: Alarm
    location: Location
    velocity: Velocity | None = None
    identification: str | None = None
    cuas_location: Place | None = None


class DetectionSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    records: tuple[DetectionRecord, ...]
    uas_id: int | None = None
    name: str | None = None
    uav_home_location: Place | None = None


class TrackSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    uas_id: int
    records: tuple[TrackRecord, ...]
    name: str | None = None
    uav_home_location: Place | None = None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """All that one system said in one trial."""

    static_cuas_location: Place
    vendor_name: str
    system_name: str
    detection: tuple[DetectionSet, ...]
    tracks: tuple[TrackSet, ...]
    version: Literal["0.4.0", "0.4.1"]


_decoder = msgspec.json.Decoder(Document)
_raw_decoder = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])
_AT = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
_EXPECTED = re.compile(r"^Expected (?P<must>.*), got (?P<found>.*)$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<name>.*)`$", re.DOTALL)
_INVALID = re.compile(r"^Invalid (?:enum )?value (?P<found>.*)$", re.DOTALL)


def decode(data: bytes) -> Document:
    """Return the document that `data` is; DecodeError names the member by its path."""
    try:
        # Members that are not read are not looked into, but the whole must be text.
        data.decode()
        document = _decoder.decode(data)
    except msgspec.ValidationError as error:
        _explain(str(error))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError("document", str(error) or "nesting without end", "JSON in UTF-8") from error
    beyond = _beyond_bounds(document, ())
    if beyond is not None:
        raise beyond
    return document


def encode(document: Document) -> bytes:
    """Return the document as JSON; ValueError where it holds what `decode` would refuse."""
    beyond = _beyond_bounds(document, ())
    if beyond is not None:
        raise ValueError(str(beyond))
    return msgspec.json.encode(document)


def why_not(record: DetectionRecord | TrackRecord) -> DecodeError | None:
    """Return what is wrong with a record's numbers, None where all can be."""
    return _beyond_bounds(record, ())


def unread_members(data: bytes) -> tuple[str, ...]:
    """Return the paths of members that the format does not know, of a document that decodes: its own, and
    those of its sets and records.
    """
    # What is not read is not parsed here either: it may hold what JSON allows and no number of ours does.
    document = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    found = _unknown(document, Document, "")
    for kind, sets, records in (
        ("detection", DetectionSet, DetectionRecord),
        ("tracks", TrackSet, TrackRecord),
    ):
        for k, one in enumerate(_raw_decoder.decode(document[kind])):
            found += _unknown(one, sets, f"{kind}[{k}].")
            for j, record in enumerate(_raw_decoder.decode(one["records"])):
                found += _unknown(record, records, f"{kind}[{k}].records[{j}].")
    return tuple(found)


def _unknown(found: dict[str, msgspec.Raw], struct: type[msgspec.Struct], path: str) -> list[str]:
    return [path + name for name in found if name not in struct.__struct_encode_fields__]


def _explain(sentence: str) -> NoReturn:
    """Raise what msgspec says in one sentence as field, found and must."""
    told = _AT.match(sentence)
    assert told is not None
    what, path = told["what"], (told["path"] or "").removeprefix(".") or "document"
    if (missing := _MISSING.match(what)) is not None:
        at = missing["name"] if path == "document" else f"{path}.{missing['name']}"
        raise DecodeError(at, "missing", "there")
    if (expected := _EXPECTED.match(what)) is not None:
        raise DecodeError(path, expected["found"].strip("`"), expected["must"].replace("`", ""))
    if (invalid := _INVALID.match(what)) is not None:
        raise DecodeError(path, invalid["found"], "one of the words that the format knows here")
    raise DecodeError(path, what, "as the format says")


def _beyond_bounds(value: Any, path: tuple[str | int, ...]) -> DecodeError | None:
    """Return an error about the first number that cannot be, None where there is none."""
    if isinstance(value, tuple):
        for k, one in enumerate(value):
            if (beyond := _beyond_bounds(one, (*path, k))) is not None:
                return beyond
        return None
    assert isinstance(value, msgspec.Struct)
    names = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
    for name, outside in names:
        member = getattr(value, name)
        if isinstance(member, msgspec.Struct | tuple):
            if (beyond := _beyond_bounds(member, (*path, outside))) is not None:
                return beyond
        elif name in BOUNDS and member is not None:
            low, high = BOUNDS[name]
            if not low <= member <= high:
                return DecodeError(_path((*path, outside)), f"{member:.15g}", _within(name, low, high))
    return None


def _within(name: str, low: float, high: float) -> str:
    if name == "time_utc_ms":
        return f"milliseconds since 1970, {low:.0f} to {high:.0f}"
    return f"within {low:g} and {high:g}"


def _path(parts: tuple[str | int, ...]) -> str:
    joined = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return joined.removeprefix(".")
