"""The table of nights: how one is read from its file, made into a scenario, and run through the pipeline
itself.

`stories/nights/base.toml` is the place, its people and a small set of sensors; `cast.toml` are those who
fly more than once; every other file there holds `[[nights]]`. `change` sets a value by its path
(`assets.residence.principal_present`: items of a list are found by their id or name).
"""

from __future__ import annotations

import copy
import functools
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from skykeep.app.night import NightRun
from skykeep.base.clock import NS_PER_S
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.identity import ClaimTest, Identification
from skykeep.domain.orders import StandingOrder
from skykeep.domain.posture import Occupancy, Posture
from skykeep.domain.record import EntryRole
from skykeep.domain.response import Alert
from skykeep.domain.threat import Threat
from skykeep.domain.track import TrackStatus
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import Judgement, Rejection
from skykeep.response import ResponseEvent
from skykeep.sim.checks import first_problem
from skykeep.sim.scenario import Scenario
from skykeep.sim.world import World

FOLDER = Path(__file__).parent / "stories" / "nights"
NOT_NIGHTS = {"base.toml", "cast.toml", "waiting.toml", "seen.toml"}
GATE_M = 150.0
# Kept of the log, beside what listeners are told.
KEPT_KINDS = frozenset({"posture", "occupancy", "alarm_rate", "standing_order"})
TABLES = ("intruders", "permitted", "aircraft", "birds", "flights", "events", "calendar", "permits", "zones")
IDS = (
    "name",
    "asset_id",
    "zone_id",
    "permit_id",
    "person_id",
    "playbook_id",
    "sensor_id",
    "option_id",
    "text",
)


class NightStory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One night of the table. `adds` are tables of a scenario to be added to the base."""

    name: str
    text: str
    expect: tuple[str, ...]
    seconds: float = 112.0
    seed: int = 1
    cast: tuple[str, ...] = ()
    change: dict[str, Any] = {}
    intruders: tuple[dict[str, Any], ...] = ()
    permitted: tuple[dict[str, Any], ...] = ()
    aircraft: tuple[dict[str, Any], ...] = ()
    birds: tuple[dict[str, Any], ...] = ()
    flights: tuple[dict[str, Any], ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    calendar: tuple[dict[str, Any], ...] = ()
    permits: tuple[dict[str, Any], ...] = ()
    zones: tuple[dict[str, Any], ...] = ()
    rain: dict[str, Any] | None = None


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What was thought of one target at one tick."""

    time_s: float
    track_id: int
    identification: Identification
    verdict: AirspaceVerdict
    threat: Threat | None


@functools.cache
def stories() -> dict[str, NightStory]:
    """Return every night by its name, in the order of files and of nights in them."""
    found: dict[str, NightStory] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        if path.name in NOT_NIGHTS:
            continue
        for raw in tomllib.loads(path.read_text(encoding="utf-8"))["nights"]:
            story = msgspec.convert(raw, NightStory)
            assert story.name not in found, f"two nights are called {story.name}"
            found[story.name] = story
    return found


@functools.cache
def _raw(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def scenario_of(story: NightStory) -> Scenario:
    """Return the scenario of a night; what is wrong with it is an assertion with its place."""
    raw = copy.deepcopy(_raw("base.toml"))
    raw["night"] |= {"name": story.name, "title": story.name, "duration_s": story.seconds}
    pieces = [_raw("cast.toml")[name] for name in story.cast]
    pieces.append({table: list(getattr(story, table)) for table in TABLES})
    for piece in pieces:
        for table, items in copy.deepcopy(piece).items():
            raw[table] = [*raw.get(table, []), *items]
    if story.rain is not None:
        raw["rain"] = story.rain
    for path, value in story.change.items():
        _set(raw, path.split("/"), value)
    scenario = msgspec.convert(raw, Scenario)
    problem = first_problem(scenario)
    assert problem is None, f"{story.name}: {problem}"
    return scenario


def _set(raw: Any, path: list[str], value: Any) -> None:
    for step in path[:-1]:
        raw = _item(raw, step) if isinstance(raw, list) else raw[step]
    if isinstance(raw, list):
        raw[raw.index(_item(raw, path[-1]))] = value
    else:
        raw[path[-1]] = value


def _item(items: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    return next(item for item in items if wanted in [item.get(key) for key in IDS])


class Watch:
    """Everything that was seen of one night: a listener and a recorder, and afterwards what expectations
    ask.
    """

    def __init__(self) -> None:
        self.sights: dict[str, list[Sight]] = {}
        self.events: list[tuple[float, ResponseEvent]] = []
        self.inputs: list[Input] = []
        self.rejections: list[tuple[float, Rejection]] = []
        self.records: list[tuple[float, str, dict[str, Any]]] = []
        self.owners: dict[int, Counter[str]] = {}
        self.tests: list[ClaimTest] = []
        self.run: NightRun | None = None
        self.start_utc_ns = 0

    def join(self, run: NightRun) -> None:
        """Begin to listen to a night."""
        self.run, self.start_utc_ns = run, run.night.start_utc_ns
        self.names = {target.truth_id: target.name for target in run.night.truth.targets}
        self.sights = {name: [] for name in self.names.values()}
        run.pipeline.listeners = (self,)

    def seconds(self, time_utc_ns: int) -> float:
        return (time_utc_ns - self.start_utc_ns) / NS_PER_S

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        if kind in KEPT_KINDS:
            self.records.append((self.seconds(time_utc_ns), kind, msgspec.json.decode(payload)))
        return len(self.records)

    def on_input(self, record: Input) -> None:
        if not hasattr(record, "measured"):
            self.inputs.append(record)

    def on_judgement(self, judgement: Judgement) -> None:
        assert self.run is not None
        picture = judgement.picture
        # Those that belong to no track too: a ghost has none.
        self.tests += [state.test for state in self.run.pipeline.identifier.claims(picture.time_utc_ns)]
        ids, states = self.run.night.truth.states_at(picture.time_utc_ns)
        threats = {threat.track_id: threat for threat in judgement.threats}
        rows = np.flatnonzero(picture.status != TrackStatus.ENDED)
        away_m = np.linalg.norm(picture.state[rows, np.newaxis, :3] - states[np.newaxis, :, :3], axis=2)
        used: set[int] = set()
        for flat in np.argsort(away_m, axis=None, kind="stable").tolist():
            row, column = divmod(flat, len(ids))
            track_id, name = int(picture.track_id[rows[row]]), self.names[int(ids[column])]
            if away_m[row, column] > GATE_M:
                break
            if row in used or -1 - column in used:
                continue
            used |= {row, -1 - column}
            self.owners.setdefault(track_id, Counter())[name] += 1
            self.sights[name].append(
                Sight(
                    time_s=self.seconds(picture.time_utc_ns),
                    track_id=track_id,
                    identification=judgement.identifications[rows[row]],
                    verdict=judgement.verdicts[rows[row]],
                    threat=threats.get(track_id),
                )
            )

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        self.events.append((self.seconds(time_utc_ns), event))

    def on_order(self, order: StandingOrder) -> None:
        pass

    def on_duty(self, event: Posture | Occupancy) -> None:
        pass  # read from the log

    def on_rejection(self, rejection: Rejection, time_utc_ns: int) -> None:
        self.rejections.append((self.seconds(time_utc_ns), rejection))

    # --- what expectations ask ---------------------------------------------------------------------------

    def members(self, name: str) -> list[str]:
        """Return the targets of a flight, a swarm or a flock."""
        found = [each for each in self.sights if each == name or each.rpartition("-")[0] == name]
        assert found, f"nothing that flies is called {name}: {', '.join(self.sights)}"
        return found

    def seen(self, name: str) -> list[Sight]:
        """Return all that was thought of a target, or of all of a swarm, in order of time."""
        return sorted((s for each in self.members(name) for s in self.sights[each]), key=lambda s: s.time_s)

    def who(self, track_id: int) -> str:
        """Return the target that a track was most of its time, "" for none."""
        owners = self.owners.get(track_id)
        return owners.most_common(1)[0][0] if owners else ""

    def alerts(self) -> list[Alert]:
        """Return every alert as it ended, in order of raising."""
        last = {event.alert_id: event for _, event in self.events if isinstance(event, Alert)}
        return sorted(last.values(), key=lambda alert: (alert.raised_utc_ns, alert.alert_id))

    def alerted(self, name: str) -> dict[str, float]:
        """Return the members that an alert was about, and from when."""
        found: dict[str, float] = {}
        wanted = set(self.members(name))
        for time_s, event in self.events:
            if isinstance(event, Alert):
                for who in {self.who(track_id) for track_id in event.track_ids} & wanted:
                    found.setdefault(who, time_s)
        return found

    def alerts_on(self, name: str) -> list[Alert]:
        """Return the alerts that were about any of them."""
        wanted = set(self.members(name))
        return [a for a in self.alerts() if wanted & {self.who(track_id) for track_id in a.track_ids}]

    def appears_s(self, name: str) -> float:
        """Return when the first of them is in the air."""
        assert self.run is not None
        found = [self.run.night.truth.path_of(i)[1] for i, n in self.names.items() if n in self.members(name)]
        return min(float(np.argmax(aloft)) / 10.0 for aloft in found if aloft.any())

    def breach_s(self, name: str) -> float | None:
        """Return when the first of them would have been inside its asset's keep-out circle."""
        assert self.run is not None
        truths = [t for t in self.run.night.truth.targets if t.name in self.members(name)]
        times = [self.seconds(t.breach_utc_ns) for t in truths if t.breach_utc_ns is not None]
        return min(times, default=None)


def run_story(story: NightStory, world: World) -> Watch:
    """Run one night through the pipeline of the product, with people as scripted."""
    watch = Watch()
    run = NightRun(scenario_of(story), story.seed, world, watch)
    watch.join(run)
    run.run()
    return watch
