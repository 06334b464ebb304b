"""How long what is about persons is kept: rules as data, and what falls due by them."""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.record import Paper

# Who takes things out where nobody says that they do.
BY = "retention"


class PersonalDatum(enum.StrEnum):
    """What is kept of a person. `claimed_id` is what an aircraft broadcasts as its own name."""

    PILOT_POSITION = "pilot_position"
    PILOT_ID = "pilot_id"
    CLAIMED_ID = "claimed_id"
    REPORT_TEXT = "report_text"
    REPORT_PLACE = "report_place"
    PERMIT_HOLDER = "permit_holder"


class RetentionRule(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of datum is kept for `keep_h` hours after it came in, and why no longer. With
    `except_incidents` what belongs to an incident of the night's case is kept on.
    """

    rule_id: str
    datum: PersonalDatum
    keep_h: float
    reason: str
    except_incidents: bool = True


class DueDatum(msgspec.Struct, frozen=True, kw_only=True):
    """One datum that a rule no longer lets be kept: the field `path` of the entry `sequence`, which came in
    at `time_utc_ns`.
    """

    rule_id: str
    datum: PersonalDatum
    sequence: int
    path: str
    time_utc_ns: int


class RetentionReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules ask of one night: what is due, and how many data are kept on because of an incident.
    Once it was carried out, `remade` are the files beside the log that were made again or removed, and
    `papers` those that were not looked into. `next_look_utc_ns` is when something more falls due at the
    earliest, None for never.
    """

    night: str
    due: tuple[DueDatum, ...]
    kept_for_incidents: int
    papers: tuple[str, ...] = ()
    remade: tuple[Paper, ...] = ()
    next_look_utc_ns: int | None = None
