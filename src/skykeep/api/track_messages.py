"""All that is known of one track, and the evidence for it, as the console is sent it."""

from __future__ import annotations

from typing import Literal

import msgspec

from skykeep.api.register_messages import AirspaceView

LowMidHigh = tuple[float, float, float]
VerdictName = Literal["consistent", "contradicted", "untested"]


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a message."""


class ClaimCheckView(_Record, frozen=True, kw_only=True):
    """One way in which a claim was tested: what was measured, and how likely as much is by chance."""

    kind: str
    verdict: VerdictName
    because: str
    value: float | None = None
    unit: str = ""
    p_value: float | None = None


class DetailClaim(_Record, frozen=True, kw_only=True):
    source: str
    claimed_id: str
    verdict: VerdictName
    residual_m: float | None = None
    p_value: float | None = None
    because: str = ""
    checks: tuple[ClaimCheckView, ...] = ()
    heard_by: tuple[str, ...] = ()


class ClassEvidenceView(_Record, frozen=True, kw_only=True):
    """One kind of evidence for what it is: `log_odds` a number for each of `hello.classes`."""

    name: str
    says: str
    log_odds: tuple[float, ...]


class ThreatView(_Record, frozen=True, kw_only=True):
    asset: str
    aims_percent: float
    breach_s: LowMidHigh | None = None
    worst_case_s: float | None = None
    closest_approach_m: float


class TrackDetails(_Record, frozen=True, kw_only=True, tag_field="type", tag="track_details"):
    """All that is known of one track, or was known of it at the moment looked at.

    Rows of `history` are (time_s, lon, lat, height_m), `time_s` counted from the start of the night.
    `class_percents` go by `hello.classes`. `standing_set_by` is `machine` or a person's id.
    """

    id: int
    label: str
    lines: tuple[str, ...] = ()
    class_percents: tuple[float, ...] = ()
    class_evidence: tuple[ClassEvidenceView, ...] = ()
    standing_set_by: str | None = None
    claims: tuple[DetailClaim, ...] = ()
    airspace: AirspaceView
    threat: ThreatView | None = None
    history: tuple[tuple[float, float, float, float], ...] = ()
