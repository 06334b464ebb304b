"""What is asked about zones and lists of them, and how it is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from skykeep.api.register_api_models import Reason
from skykeep.api.register_api_places import Latitude, Longitude, Time, time_of
from skykeep.api.register_api_zone_models import ZoneView
from skykeep.domain.register import Release, ReleaseState
from skykeep.domain.zone import Restriction, Zone

MOST_POINTS = 10_000


class PointBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place, and when. A height or a ground that is not given is not known, and so inside."""

    longitude_deg: Longitude
    latitude_deg: Latitude
    height_agl_m: float | None = None
    ground_amsl_m: float | None = None
    time: Time | None = None


class QueryBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points to be asked about, now where they have no time; `published_at` asks the register of then."""

    points: Annotated[tuple[PointBody, ...], Meta(min_length=1, max_length=MOST_POINTS)]
    published_at: Time | None = None


class ZoneHere(msgspec.Struct, frozen=True):
    zone_id: str
    name: str
    restriction: Restriction
    strictness: int
    authority_id: str
    document: str
    source: str


class PointView(msgspec.Struct, frozen=True):
    zones: tuple[ZoneHere, ...]


class QueryView(msgspec.Struct, frozen=True):
    points: tuple[PointView, ...]


class ZoneList(msgspec.Struct, frozen=True):
    """`next_offset` is where to go on; None at the end."""

    zones: tuple[ZoneView, ...]
    next_offset: int | None


class BecauseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    because: Reason


class ReleaseView(msgspec.Struct, frozen=True):
    source: str
    number: int
    state: ReleaseState
    starts: datetime
    ends: datetime | None
    zones: int
    by: str
    because: str


class ReleaseList(msgspec.Struct, frozen=True):
    releases: tuple[ReleaseView, ...]


def zone_here(zone: Zone) -> ZoneHere:
    """Return a zone in a line."""
    return ZoneHere(**{name: getattr(zone, name) for name in ZoneHere.__struct_fields__})


def release_view(release: Release) -> ReleaseView:
    """Return a list's release without its zones."""
    until = release.until_utc_ns
    return ReleaseView(
        source=release.source,
        number=release.number,
        state=release.state,
        starts=time_of(release.from_utc_ns),
        ends=None if until is None else time_of(until),
        zones=release.zones,
        by=release.by,
        because=release.because,
    )
