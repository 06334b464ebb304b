"""Zones and restrictions as the register's API says them; unknown fields are refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from skykeep.api.register_api_models import Reason
from skykeep.api.register_api_places import (
    Latitude,
    Longitude,
    Name,
    PeriodBody,
    Sentence,
    VolumeBody,
    Word,
    period_body,
    period_of,
    time_of,
    volume_body,
    volume_of,
)
from skykeep.domain.restriction import (
    AirspaceRestriction,
    RestrictionAction,
    RestrictionEvent,
    RestrictionState,
)
from skykeep.domain.zone import STRICTNESS, Restriction, Text, Zone

LeadIn = Annotated[float, Meta(ge=0, le=31_536_000)]


class ZoneBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is restricted, where and when. No periods is always; no strictness is that of its kind."""

    restriction: Restriction
    volumes: Annotated[tuple[VolumeBody, ...], Meta(min_length=1, max_length=50)]
    periods: Annotated[tuple[PeriodBody, ...], Meta(max_length=100)] = ()
    strictness: Annotated[int, Meta(ge=0, le=100)] | None = None
    document: Word = ""
    message: Sentence = ""
    conditions: Sentence = ""


class DrawBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Name
    reason: Reason
    zone: ZoneBody
    template: Word = ""
    lead_in_s: LeadIn = 0.0
    incident_id: Word = ""


class AmendZoneBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be otherwise; what is left out stays as it is."""

    reason: Reason
    title: Name | None = None
    zone: ZoneBody | None = None
    lead_in_s: LeadIn | None = None


class RingBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ring round a live incident: put up by one person at once, it lapses unless a second one signs."""

    incident_id: Name
    longitude_deg: Longitude
    latitude_deg: Latitude
    radius_m: Annotated[float, Meta(gt=0, le=100_000)] | None = None
    ceiling_agl_m: Annotated[float, Meta(gt=0, le=100_000)] | None = None
    reason: Sentence = ""


class SignatureView(msgspec.Struct, frozen=True):
    by: str
    time: datetime


class ZoneView(msgspec.Struct, frozen=True):
    """A zone in short: `source` is the list that it came from, "" for a restriction of our own."""

    zone_id: str
    name: str
    restriction: Restriction
    strictness: int
    document: str
    authority_id: str
    source: str
    volumes: tuple[VolumeBody, ...]
    periods: tuple[PeriodBody, ...]
    message: str
    conditions: str


class RestrictionView(msgspec.Struct, frozen=True):
    """A restriction as it stands: `zone` as it was last drawn, `published` as it is in force."""

    restriction_id: str
    state: RestrictionState
    version: int
    title: str
    zone: ZoneView
    authority_id: str
    reason: str
    published: ZoneView | None
    signatures: tuple[SignatureView, ...]
    template: str
    lead_in_s: float
    emergency: bool
    lapses: datetime | None
    incident_id: str
    made: datetime
    changed: datetime


class RestrictionEventView(msgspec.Struct, frozen=True):
    version: int
    action: RestrictionAction
    by: str
    role: str
    reason: str
    time: datetime
    before: RestrictionState | None
    after: RestrictionState


class RestrictionWithEvents(msgspec.Struct, frozen=True):
    restriction: RestrictionView
    events: tuple[RestrictionEventView, ...]


class RestrictionList(msgspec.Struct, frozen=True):
    restrictions: tuple[RestrictionView, ...]


def zone_of(body: ZoneBody, name: str, field: str = "zone") -> Zone:
    """Return a zone; InputError names what is wrong in it."""
    kind = body.restriction
    return Zone(
        zone_id="",
        name=name,
        restriction=kind,
        volumes=tuple(
            volume_of(volume, f"{field}.volumes[{index}]") for index, volume in enumerate(body.volumes)
        ),
        periods=tuple(
            period_of(period, f"{field}.periods[{index}]") for index, period in enumerate(body.periods)
        ),
        strictness=STRICTNESS[kind] if body.strictness is None else body.strictness,
        document=body.document,
        message=(Text(text=body.message),) if body.message else (),
        conditions=(Text(text=body.conditions),) if body.conditions else (),
    )


def zone_view(zone: Zone) -> ZoneView:
    """Return how a zone is said."""
    return ZoneView(
        zone_id=zone.zone_id,
        name=zone.name,
        restriction=zone.restriction,
        strictness=zone.strictness,
        document=zone.document,
        authority_id=zone.authority_id,
        source=zone.source,
        volumes=tuple(volume_body(volume) for volume in zone.volumes),
        periods=tuple(period_body(period) for period in zone.periods),
        message=" ".join(text.text for text in zone.message),
        conditions=" ".join(text.text for text in zone.conditions),
    )


def restriction_view(restriction: AirspaceRestriction) -> RestrictionView:
    """Return how a restriction is said."""
    lapses = restriction.lapses_utc_ns
    return RestrictionView(
        restriction_id=restriction.restriction_id,
        state=restriction.state,
        version=restriction.version,
        title=restriction.title,
        zone=zone_view(restriction.zone),
        authority_id=restriction.authority_id,
        reason=restriction.reason,
        published=None if restriction.published is None else zone_view(restriction.published),
        signatures=tuple(
            SignatureView(each.by, time_of(each.time_utc_ns)) for each in restriction.signatures
        ),
        template=restriction.template,
        lead_in_s=restriction.lead_in_s,
        emergency=restriction.emergency,
        lapses=None if lapses is None else time_of(lapses),
        incident_id=restriction.incident_id,
        made=time_of(restriction.made_utc_ns),
        changed=time_of(restriction.changed_utc_ns),
    )


def event_view(event: RestrictionEvent) -> RestrictionEventView:
    """Return how a step is said."""
    said = {name: getattr(event, name) for name in RestrictionEventView.__struct_fields__ if name != "time"}
    return RestrictionEventView(**said, time=time_of(event.time_utc_ns))
