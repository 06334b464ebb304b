"""A small case with something in every chapter, and text that tries to be markup."""

from __future__ import annotations

import math

from drawn import drawn_permit, drawn_zone
from sample_matrix import MATRIX
from skykeep.base.clock import NS_PER_S, from_iso_utc
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import ClaimTest, ClaimVerdict
from skykeep.domain.permit import PermitPriority
from skykeep.domain.place import Asset, AssetKind, Person, Point
from skykeep.domain.response import (
    Alert,
    AlertState,
    Approval,
    DebrisContour,
    DebrisFootprint,
    EffectLayer,
    EffectOption,
    EffectOutcome,
    Proposal,
    ProposalState,
    Task,
    TaskState,
)
from skykeep.domain.sensing import ClaimKind, MeasurementKind, Report, Sensor, SensorKind
from skykeep.domain.site import Site
from skykeep.domain.threat import Interval
from skykeep.evidence.case import (
    Case,
    Decision,
    KnownThen,
    KnownTrack,
    LateItem,
    LogReference,
    MapFigure,
    MapTrack,
    SensorHealth,
    Story,
)
from skykeep.geo.frames import LocalFrame

START_UTC_NS = from_iso_utc("2031-05-03T02:10:00Z")
HOSTILE = '#panic("x") *bold* _it_ $x$ \\ ] [ } { " <a> & `raw` // /* @ref ~ = -- \n\r\t https://a.b'
CYRILLIC, ARABIC, HAN = "Пётр Ильич Щёголев", "ليلى بنت يوسف", "无人机"


def at(seconds: float) -> int:
    return START_UTC_NS + round(seconds * NS_PER_S)


def ring(east_m: float, north_m: float, radius_m: float) -> tuple[Point, ...]:
    angles = [2 * math.pi * k / 32 for k in range(32)]
    return tuple((east_m + radius_m * math.cos(a), north_m + radius_m * math.sin(a)) for a in angles)


RADAR = Sensor(
    sensor_id="radar-1",
    name="Hill radar",
    kind=SensorKind.RADAR,
    measures=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
    position_enu_m=(-1_500.0, 900.0, 60.0),
    coverage_range_m=5_000.0,
)
FOOTPRINT = DebrisFootprint(
    track_id=7,
    time_utc_ns=at(70),
    impact_enu_m=(400.0, -350.0),
    contours=tuple(DebrisContour(percent=p, ring_enu_m=ring(400.0, -350.0, 1.5 * p)) for p in (50, 95)),
    persons_expected=0.0123,
)
ORIGIN = LocalFrame(latitude_deg=44.0, longitude_deg=-31.5, height_hae_m=0.0)
PERMIT = drawn_permit(
    ORIGIN,
    "P-1",
    ring(1_500.0, 800.0, 300.0),
    holder="Harbour Survey Office",
    priority=PermitPriority.STATE,
    serials=("X1",),
    start_utc_ns=at(-3_600),
    end_utc_ns=at(3_600),
    unlocks=("ban",),
    document="Special permit 1",
)
SITE = Site(
    site_id="sample",
    name="Порт Мерен / ميناء",
    origin=ORIGIN,
    assets=(
        Asset(
            asset_id="residence",
            name="Residence",
            kind=AssetKind.RESIDENCE,
            position_enu_m=(0.0, 0.0, 30.0),
            breach_radius_m=200.0,
            warning_radius_m=1_200.0,
        ),
    ),
    sensors=(RADAR,),
    zones=(drawn_zone(ORIGIN, "ban", (ring(0.0, 0.0, 2_500.0),), name="City-wide ban"),),
    permits=(PERMIT,),
    playbooks=(),
    people=(Person(person_id="cmd", name=CYRILLIC, role="commander", may_approve=True),),
)


def verdict(permission: Permission, document: str, reason: str) -> AirspaceVerdict:
    return AirspaceVerdict(
        track_id=7,
        permission=permission,
        zone_id="ban",
        permit_id="",
        document=document,
        failing_condition="",
        reason=reason,
    )


INTRUDER = Story(
    name="Intruder 1",
    looks="hostile",
    track_ids=(7,),
    target_class="multirotor",
    class_probability=0.93,
    first_seen_utc_ns=at(4),
    first_seen_by="radar-1",
    last_seen_utc_ns=at(80),
    claims=(
        ClaimTest(
            kind=ClaimKind.REMOTE_ID,
            claimed_id=HOSTILE,
            track_id=7,
            verdict=ClaimVerdict.CONTRADICTED,
            residual_m=812.0,
            p_value=0.0000004,
            because="It says it is 812 m from where two sensors see it.",
            operator_id="OPERATOR-4711",
            operator_position_enu_m=(1234.5, -987.6, 12.3),
        ),
    ),
    verdicts=((at(4), verdict(Permission.FORBIDDEN, "Order 12", "No permit covers it.")),),
    grounds=("It closes on the Residence.", HOSTILE),
    alert_ids=("alert-1",),
    alerted_utc_ns=at(20),
    warning_s=61.0,
    outcome="Fell (simulated) into the sea.",
)
SURVEY = Story(
    name="Harbour survey",
    looks="friend",
    track_ids=(3,),
    target_class="multirotor",
    class_probability=0.9,
    first_seen_utc_ns=at(1),
    first_seen_by="radar-1",
    last_seen_utc_ns=at(90),
    claims=(),
    verdicts=((at(1), verdict(Permission.ALLOWED, "Special permit 1", "Its permit covers it.")),),
    grounds=(),
    alert_ids=(),
    alerted_utc_ns=None,
    warning_s=None,
    outcome="Let be.",
)
ALERT = Alert(
    alert_id="alert-1",
    state=AlertState.ACKNOWLEDGED,
    title=f"Multirotor {HAN} with a false identity",
    track_ids=(7,),
    asset_id="residence",
    priority=0.8,
    raised_utc_ns=at(20),
    changed_utc_ns=at(24),
    breach=Interval(low_s=50.0, mid_s=61.0, high_s=75.0),
    grounds=INTRUDER.grounds,
    acknowledged_by="cmd",
)
PROPOSAL = Proposal(
    proposal_id="proposal-1",
    alert_id="alert-1",
    track_id=7,
    state=ProposalState.CARRIED_OUT,
    proposed_utc_ns=at(30),
    expires_utc_ns=at(75),
    if_nothing="It is over the Residence in about 51 s.",
    options=(
        EffectOption(
            option_id="hard",
            name="Strike the aircraft",
            layer=EffectLayer.HARD,
            says="Simulated: it falls in pieces.",
            success_probability=0.9,
            delay_s=5.0,
            debris=FOOTPRINT,
        ),
    ),
    approvals=(Approval(by="cmd", role="commander", option_id="hard", time_utc_ns=at(40)),),
    approvals_needed=2,
    authority="Protection Act, section 9",
    chosen_option_id="hard",
    outcome="Fell.",
)

SAMPLE = Case(
    case_id="sample-1",
    title="The night before the parade",
    site=SITE,
    start_utc_ns=START_UTC_NS,
    end_utc_ns=at(196),
    simulated=True,
    version="0.1.0",
    summary=("One intruder was stopped.", HOSTILE),
    stories=(INTRUDER,),
    authorised=(SURVEY,),
    permits_used=(PERMIT,),
    alerts=(ALERT,),
    decisions=(
        Decision(time_utc_ns=at(24), by="cmd", role="commander", decided="acknowledged", on="alert-1"),
        Decision(
            time_utc_ns=at(25),
            by="cmd",
            role="commander",
            decided="said that the principal is not there",
            on="residence",
            kind="set_occupancy",
        ),
        Decision(time_utc_ns=at(26), by="cmd", role="commander", decided="did the task", on="task-1"),
        Decision(
            time_utc_ns=at(40), by="cmd", role="commander", decided="approved", on="proposal-1", basis="Act 9"
        ),
    ),
    tasks=(
        Task(
            task_id="task-1",
            alert_id="alert-1",
            text="Staff to the shelter",
            owner_role="commander",
            due_utc_ns=at(50),
            state=TaskState.DONE,
            done_by="cmd",
        ),
    ),
    proposals=(PROPOSAL,),
    outcomes=(EffectOutcome(order_id="order-1", time_utc_ns=at(70), result="flew_on", says="It flies on."),),
    footprints=(FOOTPRINT,),
    sensors=(SensorHealth(sensor=RADAR, messages=196, detections=9_310, rejected=2, longest_silence_s=1.4),),
    reports=(
        Report(
            sensor_id="resident",
            sequence=1,
            heard_utc_ns=at(70),
            received_utc_ns=at(90),
            position_enu_m=(0.0, 0.0, 0.0),
            text=f"Two bangs. {ARABIC}",
            kind="bang",
        ),
    ),
    not_known=("Who flew it.",),
    method=("Every input was logged before anyone acted.",),
    log=LogReference(
        file="night.db",
        entries=8_002,
        note="sample.invalid/night\n8002\nzc3Nzc0=\nstate sealed\n\n\u2014 sample.invalid/night AbCd1234\n",
        verified=True,
        replay_identical=None,
    ),
    map=MapFigure(
        extent_enu_m=(-3_000.0, -2_600.0, 3_000.0, 2_600.0),
        water=(((-3_000.0, -2_600.0), (3_000.0, -2_600.0), (3_000.0, -900.0), (-3_000.0, -500.0)),),
        green=(ring(-1_800.0, 1_500.0, 500.0),),
        coast=(((3_000.0, -900.0), (-3_000.0, -500.0)),),
        major_roads=(((-3_000.0, 600.0), (3_000.0, 900.0)),),
        tracks=(
            MapTrack(
                label="Intruder 1",
                looks="hostile",
                times_utc_ns=tuple(at(4 + k) for k in range(76)),
                points_enu_m=tuple((1_600.0 - 16.0 * k, -1_500.0 + 15.0 * k) for k in range(76)),
            ),
            MapTrack(
                label="Harbour <survey>",
                looks="friend",
                times_utc_ns=tuple(at(k) for k in range(90)),
                points_enu_m=tuple((1_500.0 + 3.0 * k, 800.0 + 40.0 * (k % 9)) for k in range(90)),
            ),
        ),
        credit="A made-up place.",
    ),
    known=(
        KnownThen(
            at_utc_ns=at(72),
            because="asked for",
            entries=4_000,
            picture_utc_ns=at(72),
            tracks=(
                KnownTrack(
                    track_id=7,
                    status="confirmed",
                    looks="hostile",
                    target_class="multirotor",
                    percent=90,
                    claimed_id="",
                    permission="forbidden",
                    document="Order 12",
                    position_enu_m=(520.0, -480.0),
                    speed_mps=21.0,
                    asset_id="residence",
                    priority=0.8,
                    breach=Interval(low_s=20.0, mid_s=24.0, high_s=30.0),
                ),
                KnownTrack(
                    track_id=3,
                    status="confirmed",
                    looks="friend",
                    target_class="multirotor",
                    percent=90,
                    claimed_id="X1",
                    permission="allowed",
                    document="Special permit 1",
                    position_enu_m=(1_600.0, 900.0),
                    speed_mps=5.0,
                ),
            ),
            alerts=(ALERT,),
            tasks=(),
            proposals=(PROPOSAL,),
            effect_orders=(),
            track_orders=(),
            posture=None,
            occupancies=(),
            late=(
                LateItem(
                    source="resident",
                    kind="report",
                    says=f"a report of a person (bang): “Two bangs. {ARABIC}”",
                    count=1,
                    event_utc_ns=at(70),
                    received_utc_ns=at(90),
                ),
            ),
        ),
    ),
    statements=MATRIX,
)
