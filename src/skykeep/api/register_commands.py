"""What a person at the console may ask of the register of who may fly: on permits and on restrictions.

Every field has a bound. A command on something that can change meanwhile names the `version` that the person
had before them: what was decided on another one is refused.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

MOST_CORNERS = 200
MOST_HOURS = 14
LARGEST_RADIUS_M = 200_000.0

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
MaybeReason = Annotated[str, msgspec.Meta(max_length=300)]
Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Longitude = Annotated[float, msgspec.Meta(ge=-180.0, le=180.0)]
Latitude = Annotated[float, msgspec.Meta(ge=-90.0, le=90.0)]
Radius = Annotated[float, msgspec.Meta(gt=0.0, le=LARGEST_RADIUS_M)]
Height = Annotated[float, msgspec.Meta(ge=-1_000.0, le=99_999.0)]
SecondOfDay = Annotated[float, msgspec.Meta(ge=0.0, le=86_400.0)]
Weekday = Annotated[int, msgspec.Meta(ge=0, le=6)]
TimeAsInt = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
TimeAsFloat = Annotated[float, msgspec.Meta(ge=0.0, lt=2.0**63)]
TimeAsText = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,18}$|^[1-8][0-9]{18}$")]
Time = TimeAsInt | TimeAsFloat | TimeAsText
Corners = Annotated[
    tuple[tuple[Longitude, Latitude], ...], msgspec.Meta(min_length=3, max_length=MOST_CORNERS)
]


class _Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """An imperative from a person at the console."""


class DecidePermit(_Command, frozen=True, kw_only=True, tag="decide_permit"):
    """`offer` puts the alternative that the office proposed; deny, suspend and revoke need a reason."""

    permit_id: Name
    version: Version
    action: Literal["coordinate", "approve", "deny", "offer", "suspend", "resume", "revoke", "close"]
    by: Name
    reason: MaybeReason = ""


class DrawnCircle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    lon: Longitude
    lat: Latitude
    radius_m: Radius


class DrawnHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As `HoursView`: part of some days of the week."""

    weekdays: Annotated[tuple[Weekday, ...], msgspec.Meta(max_length=7)] = ()
    from_s: SecondOfDay | None = None
    to_s: SecondOfDay | None = None


class Drawn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A restriction as it is to be: an outline (`polygon` or `circle`), limits, times and why.

    No start is from publication on, no end until it is cancelled.
    """

    title: Name
    template: Annotated[str, msgspec.Meta(max_length=100)] = ""
    restriction: Literal["PROHIBITED", "REQ_AUTHORISATION", "CONDITIONAL"] = "PROHIBITED"
    polygon: Corners | None = None
    circle: DrawnCircle | None = None
    floor_m: Height | None = None
    ceiling_m: Height | None = None
    reference: Literal["AGL", "AMSL"] = "AGL"
    start_utc_ns: Time | None = None
    end_utc_ns: Time | None = None
    hours: Annotated[tuple[DrawnHours, ...], msgspec.Meta(max_length=MOST_HOURS)] = ()
    time_zone: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] = "UTC"
    lead_in_s: Annotated[float, msgspec.Meta(ge=0.0, le=30 * 86_400.0)] = 0.0


class DrawRestriction(_Command, frozen=True, kw_only=True, tag="draw_restriction"):
    drawn: Drawn
    by: Name
    reason: Reason


class AmendRestriction(_Command, frozen=True, kw_only=True, tag="amend_restriction"):
    restriction_id: Name
    version: Version
    drawn: Drawn
    by: Name
    reason: Reason


class SignRestriction(_Command, frozen=True, kw_only=True, tag="sign_restriction"):
    """The second signature publishes it."""

    restriction_id: Name
    version: Version
    by: Name


class CancelRestriction(_Command, frozen=True, kw_only=True, tag="cancel_restriction"):
    restriction_id: Name
    version: Version
    by: Name
    reason: Reason


class EmergencyRing(_Command, frozen=True, kw_only=True, tag="emergency_ring"):
    """A ban round a track, or round the first track of an alert, in force at once by one person."""

    track_id: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
    alert_id: Annotated[str, msgspec.Meta(max_length=100)] = ""
    radius_m: Radius | None = None
    by: Name


RegisterCommand = (
    DecidePermit | DrawRestriction | AmendRestriction | SignRestriction | CancelRestriction | EmergencyRing
)
REGISTER_COMMANDS = (
    DecidePermit,
    DrawRestriction,
    AmendRestriction,
    SignRestriction,
    CancelRestriction,
    EmergencyRing,
)
REGISTER_COMMAND_NAMES = (
    "decide_permit",
    "draw_restriction",
    "amend_restriction",
    "sign_restriction",
    "cancel_restriction",
    "emergency_ring",
)
