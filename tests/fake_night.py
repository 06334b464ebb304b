"""A scripted night for the console's tests: two drones, a dozen birds, friends, one alert, one proposal.

The test moves time by hand with `advance_to`; nothing here reads a clock. Times are seconds since the start:
intruder 1 is seen at 5, the alert is raised at 10 with two tasks, the proposal comes at 15 with its debris,
an event at 20, and from 22 on the grounds say more;
the second intruder is seen at 25. Once two persons have approved, the first is gone two seconds later.
"""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import numpy as np

from fake_register import FakeRegister
from judged_scenes import picture as judged_picture
from skykeep.api import alert_commands as ac
from skykeep.api import alert_messages as am
from skykeep.api import commands as c
from skykeep.api import duty_messages as dm
from skykeep.api import messages as m
from skykeep.api.memory import ConsoleMemory
from skykeep.api.orders import orders_view, track_command
from skykeep.api.register_messages import CandidateView, CitesView
from skykeep.api.source import PictureColumns
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.domain.identity import STANDING_NAMES, TARGET_CLASS_NAMES
from skykeep.domain.place import Person
from skykeep.domain.track import TRACK_STATUS_NAMES
from skykeep.tracking import OrderBook

RIGHTS = ("decide", "restrict", "see_private", "read")
START_UTC_NS = 1_935_000_000 * NS_PER_S + 123_456_789
END_S = 120
# Open ocean: nobody's city.
ORIGIN_LAT_DEG, ORIGIN_LON_DEG = 44.5, -28.0
METRES_PER_DEG_LAT = 111_130.0
METRES_PER_DEG_LON = METRES_PER_DEG_LAT * math.cos(math.radians(ORIGIN_LAT_DEG))

ALERT, PROPOSAL, TASK = "alert-1", "proposal-1", "task-1"
LATER_GROUND = "It has turned straight at the Residence."
INTRUDERS = (1, 2)
RAISED_S, PROPOSED_S, REPORTED_S, TURNED_S = 10, 15, 20, 22

# id: (seen from s, east m, north m, height m, east m/s, north m/s, class, standing)
TRACKS: dict[int, tuple[float, float, float, float, float, float, str, str]] = {
    1: (5, 3000, 1800, 120, -17, -10, "multirotor", "hostile"),
    2: (25, -2600, 2400, 90, 13, -12, "multirotor", "suspect"),
    3: (0, 1200, -2500, 80, 6, 2, "multirotor", "friend"),
    4: (0, -900, -1100, 60, 0, 4, "multirotor", "friend"),
    5: (0, -5200, 4000, 900, 75, -8, "aircraft", "neutral"),
    6: (0, 4800, -3800, 300, -35, 20, "aircraft", "neutral"),
}
TRACKS |= {
    10 + k: (
        0,
        2500 * math.cos(k),
        2500 * math.sin(k),
        30 + 5 * k,
        9 * math.sin(k),
        -9 * math.cos(k),
        "bird",
        "neutral",
    )
    for k in range(14)
}


def lon_lat(east_m: float, north_m: float) -> tuple[float, float]:
    return ORIGIN_LON_DEG + east_m / METRES_PER_DEG_LON, ORIGIN_LAT_DEG + north_m / METRES_PER_DEG_LAT


def ellipse(east_m: float, north_m: float, along_m: float, across_m: float) -> m.Ring:
    turns = [2.0 * math.pi * k / 24 for k in range(25)]
    return tuple(lon_lat(east_m + along_m * math.cos(t), north_m + across_m * math.sin(t)) for t in turns)


def hello() -> m.Hello:
    lon, lat = lon_lat(0, 0)
    return m.Hello(
        mode="SIMULATION",
        scenario="a scripted night",
        seed=7,
        start_utc_ns=START_UTC_NS,
        end_utc_ns=START_UTC_NS + END_S * NS_PER_S,
        site=m.Site(
            name="Haven Rock",
            origin=m.OriginView(lat_deg=lat, lon_deg=lon, height_hae_m=50.0),
            tiles=m.TilesView(url="/tiles/world.pmtiles", attribution="A made-up place"),
            assets=(
                m.AssetView(
                    id="residence",
                    name="The Residence",
                    kind="residence",
                    lat_deg=lat,
                    lon_deg=lon,
                    rings=(m.RingView(name="inner", radius_m=500), m.RingView(name="outer", radius_m=2000)),
                    footprint=ellipse(0, 0, 80, 60),
                ),
            ),
            zones=(
                m.ZoneView(
                    id="zone-1",
                    name="Residence closed area",
                    kind="prohibited",
                    polygon=ellipse(0, 0, 2000, 2000),
                    floor_m=0,
                    ceiling_m=600,
                    reference="AGL",
                    document="Order 12",
                ),
            ),
            sensors=tuple(
                m.SensorView(
                    id=sensor_id,
                    name=name,
                    kind=kind,
                    lat_deg=lat,
                    lon_deg=lon,
                    range_m=range_m,
                    azimuth_from_deg=0,
                    azimuth_to_deg=360,
                )
                for sensor_id, name, kind, range_m in (
                    ("radar-1", "Roof radar", "radar_3d", 6000),
                    ("df-1", "Direction finder", "direction_finder", 5000),
                )
            ),
        ),
        classes=TARGET_CLASS_NAMES,
        standings=STANDING_NAMES,
        statuses=TRACK_STATUS_NAMES,
        people=(
            m.PersonView(id="watch", name="Officer on watch", role="operator"),
            m.PersonView(id="commander", name="Commander", role="commander", may_approve=True, rights=RIGHTS),
            m.PersonView(
                id="deputy", name="Deputy", role="deputy commander", may_approve=True, rights=RIGHTS
            ),
        ),
        can_control_time=True,
    )


def picture(time_s: float, gone: frozenset[int] = frozenset()) -> PictureColumns:
    """Return all tracks at a moment, on straight lines."""
    rows = [(track, *row) for track, row in TRACKS.items() if row[0] <= time_s and track not in gone]
    count = len(rows)
    number = np.array([row[2:7] for row in rows], dtype=np.float64).reshape(count, 5)
    east_m, north_m = number[:, 0] + number[:, 3] * time_s, number[:, 1] + number[:, 4] * time_s
    return PictureColumns(
        time_utc_ns=START_UTC_NS + round(time_s * NS_PER_S),
        track_id=np.array([row[0] for row in rows], dtype=np.int64),
        longitude_deg=ORIGIN_LON_DEG + east_m / METRES_PER_DEG_LON,
        latitude_deg=ORIGIN_LAT_DEG + north_m / METRES_PER_DEG_LAT,
        height_hae_m=number[:, 2] + 50.0,
        velocity_enu_mps=np.column_stack([number[:, 3], number[:, 4], np.zeros(count)]),
        class_index=np.array([TARGET_CLASS_NAMES.index(row[7]) for row in rows], dtype=np.int64),
        standing_index=np.array([STANDING_NAMES.index(row[8]) for row in rows], dtype=np.int64),
        status_index=np.full(count, TRACK_STATUS_NAMES.index("confirmed"), dtype=np.int64),
        class_probability=np.full(count, 0.9),
        sigma_major_m=np.full(count, 25.0),
        sigma_minor_m=np.full(count, 8.0),
        sigma_bearing_rad=np.full(count, 0.7),
        priority=np.array([0.9 if row[0] in INTRUDERS else 0.1 for row in rows], dtype=np.float64),
    )


IF_NOTHING = "It reaches the Residence in 70 to 99 s."


def evidence(track_id: int) -> dict[str, object]:
    """Return what the intruder is thought to be, and the tests of who it says it is."""
    if track_id not in INTRUDERS:
        return {}
    place = m.ClaimCheckView(
        kind="place",
        verdict="contradicted",
        because="It says it is 900 m from where the radar sees it.",
        value=900.0,
        unit="m",
        p_value=0.0004,
    )
    registry = m.ClaimCheckView(kind="registry", verdict="untested", because="No register was asked.")
    return {
        "class_percents": (91.0, 5.0, 3.0, 0.5, 0.5),
        "class_evidence": (
            m.ClassEvidenceView(
                name="speed", says="It flies at a steady 20 m/s.", log_odds=(1.0, 0.4, -0.8, -2.0, 0.0)
            ),
            m.ClassEvidenceView(
                name="echo", says="Its echo flickers as rotors do.", log_odds=(1.6, -0.4, -1.0, -0.2, 0.0)
            ),
        ),
        "standing_set_by": "machine",
        "claims": (
            m.DetailClaim(
                source="remote_id",
                claimed_id="POLICE-1",
                verdict="contradicted",
                residual_m=900.0,
                p_value=0.0004,
                because="It is not where it says.",
                checks=(place, registry),
                heard_by=("df-1",),
            ),
            m.DetailClaim(source="remote_id", claimed_id="SURVEY-7", verdict="untested"),
        ),
    }


def option(option_id: str, name: str, layer: str, persons: float) -> m.OptionView:
    return msgspec.convert(
        {
            "id": option_id,
            "name": name,
            "layer": layer,
            "says": f"SIMULATED {name.lower()} from the roof.",
            "success_percent": 80,
            "delay_s": 4,
            "persons_expected": persons,
            "persons_error": persons / 12,
            "persons_at_most": 2 * persons,
            "rests_on": ["Wind 4 m/s from the west.", "Population of the night."],
            "results": [["landed", 55.0], ["returned", 30.0], ["flew_on", 15.0]],
            "if_nothing": IF_NOTHING,
            "debris": [
                {"percent": percent, "polygon": ellipse(900, 500, size_m, size_m / 2)}
                for percent, size_m in ((50, 60), (95, 140), (99, 220))
            ],
        },
        m.OptionView,
    )


class FakeNight(ConsoleMemory):
    """A `ConsoleSource` whose time the test moves."""

    def __init__(self, dossier: Path | None = None) -> None:
        self.sensors: tuple[m.SensorHealth, ...] = ()
        self.commands: list[c.SourceCommand] = []
        self.playing = True
        self.speed = 1.0
        self.time_s = 0.0
        self._dossier = dossier
        self._gone_tracks: frozenset[int] = frozenset()
        self._effect_s: float | None = None
        people = (Person(person_id=p.id, name=p.name, role=p.role) for p in hello().people)
        self._orders = OrderBook(tuple(people))
        self._orders.apply(judged_picture(0, np.zeros((len(TRACKS), 6)), track_ids=sorted(TRACKS)))
        self._alert: m.AlertView | None = None
        self._proposal: m.ProposalView | None = None
        self._tasks: tuple[m.TaskView, ...] = ()
        self._duty = m.Duty()
        super().__init__(self._make_status())
        self.register = FakeRegister(START_UTC_NS, ORIGIN_LON_DEG, ORIGIN_LAT_DEG)
        self.register.changed = self.show_register
        self._next_s = 0
        self.advance_to(0)

    # --- the script --------------------------------------------------------------------------------------

    def show_sensors(self, *sensors: m.SensorHealth) -> None:
        """Let the status say this of sensors from now on."""
        self.sensors = sensors
        self._show_now(self._make_status())

    def report(self, text: str, sequence: int, late_s: float | None = None) -> None:
        """Let a person have reported something, of `late_s` before."""
        of = m.ReportView(sensor_id="people", sequence=sequence)
        about_utc_ns = None if late_s is None else self.now_utc_ns() - round(late_s * NS_PER_S)
        line = m.Caption(
            time_utc_ns=self.now_utc_ns(), text=text, kind="event", report=of, about_utc_ns=about_utc_ns
        )
        self._show_now(line)

    def open_register(self) -> None:
        """Let there be permits, restrictions and zones."""
        self.register.fill()
        self.show_register()

    def show_register(self) -> None:
        for whole in (self.register.zones(), self.register.restrictions(), self.register.permits()):
            self._show_now(whole)

    def _place_tracks(self) -> None:
        self.register.track_positions = {
            track: lon_lat(row[1] + row[4] * self.time_s, row[2] + row[5] * self.time_s)
            for track, row in TRACKS.items()
        }

    def now_utc_ns(self) -> int:
        return START_UTC_NS + round(self.time_s * NS_PER_S)

    def advance_to(self, time_s: float) -> None:
        """Let the night run on to a moment, a picture a second."""
        while self._next_s <= time_s:
            self.time_s = float(self._next_s)
            self._next_s += 1
            self._second()

    def _second(self) -> None:
        if self.time_s == self._effect_s:
            self._gone_tracks |= {1}
            self._change_proposal(
                state="carried_out", outcome="SIMULATED: the drone fell inside the 50 % area."
            )
            self._change_alert(state="cleared", cleared_because="Track 1 is no longer there.")
            self.say("Two bangs: the first drone is down.", "narration")
        self.show_picture(picture(self.time_s, self._gone_tracks))
        self._show_now(self._make_status())
        self._show_now(self._claims())
        if self.time_s == 0:
            self.say("A quiet night over Haven Rock.", "narration")
            self._tell_duty()
        if self.time_s == TURNED_S and self._alert is not None:
            self._change_alert(grounds=(*self._alert.grounds, LATER_GROUND))
        if self.time_s == RAISED_S:
            self._raise_alert()
        if self.time_s == PROPOSED_S:
            self._propose()
        if self.time_s == REPORTED_S:
            self.say("A resident reports a humming noise.", "event")

    def say(self, text: str, kind: str) -> None:
        self._show_now(
            msgspec.convert(
                {"type": "caption", "time_utc_ns": self.now_utc_ns(), "text": text, "kind": kind}, m.Caption
            )
        )

    def finish(self) -> None:
        url = "/api/dossier" if self._dossier is not None else None
        self._show_now(m.Finished(summary={"scenario": "a scripted night", "breaches": 0}, dossier_url=url))

    def _raise_alert(self) -> None:
        now_utc_ns = self.now_utc_ns()
        self._alert = m.AlertView(
            id=ALERT,
            state="raised",
            title="Drone heading for the Residence",
            track_ids=(1,),
            members=(1,),
            asset="residence",
            priority=0.72,
            raised_utc_ns=now_utc_ns,
            breach_s=(70.0, 84.5, 99.0),
            worst_case_s=31.0,
            factors=am.FactorsView(
                unauthorised=0.96, aims_at_asset=0.98, breach_before_response=0.77, consequence=1.0
            ),
            grounds=("Nothing it broadcasts matches a permit.", "It has held its course for 9 s."),
        )
        self._change_alert("Priority reached 0.5.")
        self._tasks = (
            m.TaskView(
                id=TASK,
                alert_id=ALERT,
                asset="residence",
                text="Bring staff to the shelter",
                owner="watch",
                opened_utc_ns=now_utc_ns,
                due_utc_ns=now_utc_ns + 60 * NS_PER_S,
                because="Posture watchful; the principal counts as in.",
                state="open",
            ),
            m.TaskView(
                id="task-2",
                alert_id=ALERT,
                asset="residence",
                text="Close the square",
                owner="police liaison",
                opened_utc_ns=now_utc_ns,
                due_utc_ns=now_utc_ns + 5 * NS_PER_S,
                state="open",
                told="commander",
                notes=("It is late: the commander was told.",),
            ),
        )
        self._show_now(m.Tasks(tasks=self._tasks))

    def _tell_duty(self) -> None:
        self._duty = m.Duty(
            posture=dm.PostureView(
                level=1,
                name="watchful",
                because="Watchful by the calendar: The parade. Guests of state are on the stand.",
                since_utc_ns=START_UTC_NS,
            ),
            levels=(dm.LevelView(level=0, name="routine"), dm.LevelView(level=1, name="watchful")),
            occupancies=(
                dm.OccupancyView(
                    asset="residence",
                    persons=12,
                    principal="unknown",
                    counts_as_present=True,
                    sure_percent=100,
                    since_utc_ns=START_UTC_NS,
                ),
            ),
        )
        self._show_now(self._duty)

    def _propose(self) -> None:
        self._proposal = m.ProposalView(
            id=PROPOSAL,
            alert_id=ALERT,
            state="proposed",
            expires_utc_ns=self.now_utc_ns() + 90 * NS_PER_S,
            if_nothing=IF_NOTHING,
            if_nothing_debris=m.IfNothingView(persons_expected=0.31, persons_error=0.02),
            options=(
                option("soft", "Radio effect", "soft", 0.02),
                option("hard", "Net interceptor", "hard", 0.15),
            ),
            approvals_needed=2,
            roles_needed=("commander",),
            roles_missing=("commander",),
            proposed_by="machine",
            because="The alert was heard and it may be there in 70 s.",
            authority="Standing order 5",
            posture="watchful",
        )
        self._change_proposal()

    def _change_alert(self, because: str = "", by: str | None = None, **changes: object) -> None:
        assert self._alert is not None
        self._alert = msgspec.structs.replace(self._alert, **changes)
        if because:
            now_utc_ns, state = self.now_utc_ns(), self._alert.state
            step = am.AlertStepView(time_utc_ns=now_utc_ns, state=state, by=by, because=because)
            self._alert = msgspec.structs.replace(self._alert, history=(*self._alert.history, step))
        rate = am.AlarmRateView(in_ten_minutes=1, most_in_ten_minutes=1)
        self._show_now(m.Alerts(time_utc_ns=self.now_utc_ns(), alerts=(self._alert,), rate=rate))

    def flood(self) -> None:
        """Let there be more alarms than a person can bear."""
        assert self._alert is not None
        rate = am.AlarmRateView(in_ten_minutes=14, most_in_ten_minutes=14, flooded=True)
        self._show_now(m.Alerts(time_utc_ns=self.now_utc_ns(), alerts=(self._alert,), rate=rate))

    def _change_task(self, task_id: str, **changes: object) -> None:
        if task_id not in [task.id for task in self._tasks]:
            raise InputError("task_id", repr(task_id), "a task that was set")
        self._tasks = tuple(
            msgspec.structs.replace(task, **changes) if task.id == task_id else task for task in self._tasks
        )
        self._show_now(m.Tasks(tasks=self._tasks))

    def _change_proposal(self, **changes: object) -> None:
        assert self._proposal is not None
        self._proposal = msgspec.structs.replace(self._proposal, **changes)
        self._show_now(m.Proposals(proposals=(self._proposal,)))

    def _show_now(self, event: m.Event) -> None:
        self.show(event, self.now_utc_ns())

    def _make_status(self) -> m.Status:
        return m.Status(
            time_utc_ns=self.now_utc_ns(),
            mode="SIMULATION",
            playing=self.playing,
            speed=self.speed,
            start_utc_ns=START_UTC_NS,
            end_utc_ns=START_UTC_NS + END_S * NS_PER_S,
            latest_utc_ns=self.now_utc_ns(),
            sensors=self.sensors
            or tuple(
                m.SensorHealth(id=sensor_id, state="ok", last_utc_ns=self.now_utc_ns(), per_s=1.0)
                for sensor_id in ("radar-1", "df-1")
            ),
            counts=m.Counts(tracks=len(TRACKS), detections=round(60 * self.time_s), log_entries=1),
            light="night",
        )

    def _claims(self) -> m.Claims:
        def claim(track: int, source: str, claimed_id: str, verdict: str, apart_m: float) -> m.ClaimView:
            _, east, north, height, east_mps, north_mps, *_ = TRACKS[track]
            lon, lat = lon_lat(east + east_mps * self.time_s + apart_m, north + north_mps * self.time_s)
            return msgspec.convert(
                {
                    "source": source,
                    "claimed_id": claimed_id,
                    "lon": lon,
                    "lat": lat,
                    "height_m": height,
                    "course_deg": math.degrees(math.atan2(east_mps, north_mps)) % 360,
                    "matched_track": track if verdict == "consistent" else None,
                    "verdict": verdict,
                },
                m.ClaimView,
            )

        return m.Claims(
            claims=(
                claim(5, "adsb", "HAV123", "consistent", 0),
                claim(3, "remote_id", "SURVEY-7", "consistent", 0),
                claim(2, "remote_id", "POLICE-1", "contradicted", 900),
            )
        )

    # --- ConsoleSource -----------------------------------------------------------------------------------

    def hello(self) -> m.Hello:
        return hello()

    def dossier_path(self) -> Path | None:
        return self._dossier

    def track_details(self, track_id: int, time_utc_ns: int | None) -> m.TrackDetails | None:
        time_s = self.time_s if time_utc_ns is None else (time_utc_ns - START_UTC_NS) / NS_PER_S
        if track_id not in TRACKS or TRACKS[track_id][0] > time_s:
            return None
        _, east, north, height, east_mps, north_mps, *_ = TRACKS[track_id]
        return m.TrackDetails(
            id=track_id,
            label=f"Track {track_id}",
            lines=("Four rotors heard.", f"Seen for {time_s - TRACKS[track_id][0]:.0f} s."),
            airspace=m.AirspaceView(
                permission="forbidden",
                reason="No permit names it.",
                document="Order 12",
                permit_probability=0.12,
                failing="serial",
                candidates=(
                    CandidateView(
                        permit_id="P-1", holder="Harbour Roofing Ltd", probability=0.12, failing="serial"
                    ),
                ),
                cites=CitesView(kind="zone", id="zone-1"),
            ),
            threat=m.ThreatView(
                asset="The Residence", aims_percent=97.0, breach_s=None, closest_approach_m=12.0
            ),
            **evidence(track_id),  # type: ignore[arg-type]
            history=tuple(
                (float(t), *lon_lat(east + east_mps * t, north + north_mps * t), height)
                for t in range(int(TRACKS[track_id][0]), int(time_s) + 1)
            ),
        )

    def command(self, command: c.SourceCommand) -> None:
        match command:
            case c.Acknowledge():
                if self._alert is None or command.alert_id != ALERT:
                    raise InputError("alert_id", repr(command.alert_id), "an alert that was raised")
                self._change_alert("Heard.", command.by, state="acknowledged", acknowledged_by=command.by)
            case _ if isinstance(command, (*c.ALERT_COMMANDS, *c.DUTY_COMMANDS)):
                self._obey_duty(command)
            case c.Approve():
                self._approve(command)
            case c.Refuse():
                if self._proposal is None or command.proposal_id != PROPOSAL:
                    raise InputError("proposal_id", repr(command.proposal_id), "a proposal that was made")
                self._change_proposal(state="refused", outcome=f"{command.by}: {command.reason}")
            case c.TaskDone():
                self._change_task(command.task_id, state="done", done_by=command.by)
            case c.Correlate() | c.Decorrelate() | c.Rename() | c.Lift():
                self._orders.command(track_command(command, self.now_utc_ns()))
                self._show_now(orders_view(self._orders.in_force))
            case _ if isinstance(command, c.REGISTER_COMMANDS):
                self._place_tracks()
                self.register.command(command, self.now_utc_ns())
            case c.Play() | c.Pause():
                self.playing = isinstance(command, c.Play)
                self._show_now(self._make_status())
            case c.Speed():
                self.speed = command.factor
                self._show_now(self._make_status())
        self.commands.append(command)

    def _obey_duty(self, command: c.SourceCommand) -> None:
        match command:
            case ac.Assign():
                self._change_alert(
                    "Assigned.",
                    command.by,
                    state="assigned",
                    acknowledged_by=command.by,
                    assigned_to=command.to,
                )
            case ac.Shelve():
                until_utc_ns = self.now_utc_ns() + round(command.for_s * NS_PER_S)
                self._change_alert(
                    command.reason,
                    command.by,
                    state="shelved",
                    shelved_by=command.by,
                    shelved_because=command.reason,
                    shelved_until_utc_ns=until_utc_ns,
                )
            case ac.Unshelve():
                self._change_alert("Off the shelf.", command.by, state="acknowledged")
            case ac.Escalate():
                self._change_alert(command.reason, command.by, state="escalated", escalated_to="commander")
            case ac.ClearAway():
                self._change_alert(
                    command.reason,
                    command.by,
                    state="cleared",
                    cleared_by=command.by,
                    cleared_because=command.reason,
                )
            case c.TaskTake():
                self._change_task(command.task_id, state="taken", taken_by=command.by)
            case c.TaskCallOff():
                self._change_task(
                    command.task_id,
                    state="called_off",
                    called_off_by=command.by,
                    called_off_because=command.reason,
                )
            case c.PostureSet():
                assert self._duty.posture is not None
                level = command.level or 0
                posture = msgspec.structs.replace(
                    self._duty.posture,
                    level=level,
                    name=self._duty.levels[level].name,
                    because=command.reason,
                    set_by=command.by,
                )
                self._duty = msgspec.structs.replace(self._duty, posture=posture)
                self._show_now(self._duty)

    def _approve(self, command: c.Approve) -> None:
        proposal = self._proposal
        if proposal is None or command.proposal_id != PROPOSAL:
            raise InputError("proposal_id", repr(command.proposal_id), "a proposal that was made")
        person = next(person for person in hello().people if person.id == command.by)
        if not person.may_approve:
            raise InputError("by", repr(command.by), "a person who may approve")
        if any(approval.by == command.by for approval in proposal.approvals):
            raise InputError("by", repr(command.by), "a second person")
        approvals = (
            *proposal.approvals,
            m.ApprovalView(
                by=command.by, role=person.role, time_utc_ns=self.now_utc_ns(), option_id=command.option_id
            ),
        )
        self._change_proposal(approvals=approvals, chosen_option=command.option_id)
        if len(approvals) == proposal.approvals_needed:
            self._change_proposal(state="approved")
            self._effect_s = self._next_s + 1.0
