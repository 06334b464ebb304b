"""A simulated night, composed: world, targets, sensors, people, pipeline and log, and the loop that runs
them.

The truth stays in `SimulatedNight.truth`; the pipeline never sees it. Run again from the same scenario and
seed, a night makes the same log: that is how a broken-off one is resumed, and how a replay is verified.
"""

from __future__ import annotations

import contextlib
import hashlib
import queue
import threading
from collections.abc import Callable

from skykeep import __version__
from skykeep.app.pace import Pace
from skykeep.app.software import software_now
from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.commands import Command, Tick
from skykeep.engine.outputs import Rejection, RunHeader
from skykeep.engine.pipeline import Listener, Pipeline
from skykeep.engine.ports import Recorder
from skykeep.geo.terrain import Terrain
from skykeep.sim import Scenario, ScriptedPeople, SimulatedNight
from skykeep.sim.world import World

STEP_NS = NS_PER_S // 10
COMMAND_PATIENCE_S = 5.0


def terrain_sha256(terrain: Terrain) -> str:
    """Return the digest that ties a log to the ground its heights were taken over."""
    head = f"{terrain.west_m!r} {terrain.south_m!r} {terrain.spacing_m!r} {terrain.heights_m.shape}".encode()
    return hashlib.sha256(head + terrain.heights_m.astype("<f8").tobytes()).hexdigest()


class CommandDesk:
    """Passes what people decide at the console into the thread that runs the night, and the answer back."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[tuple[Command, queue.SimpleQueue[Rejection | None]]] = (
            queue.SimpleQueue()
        )

    def decide(self, command: Command) -> None:
        """Have a command carried out; InputError when it is refused or the night does not answer."""
        answer: queue.SimpleQueue[Rejection | None] = queue.SimpleQueue()
        self._waiting.put((command, answer))
        try:
            rejection = answer.get(timeout=COMMAND_PATIENCE_S)
        except queue.Empty as error:
            raise InputError("command", "no answer", f"answered within {COMMAND_PATIENCE_S:.0f} s") from error
        if rejection is not None:
            raise InputError(rejection.field, rejection.found, rejection.must)

    def pass_on(self, receive: Callable[[Command], Rejection | None]) -> None:
        """Feed what is waiting to the pipeline; called by the night's own thread."""
        while True:
            try:
                command, answer = self._waiting.get_nowait()
            except queue.Empty:
                return
            answer.put(receive(command))


class NightRun:
    """One run of a simulated night. Make it, give its pipeline listeners, `run` it once."""

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        world: World,
        recorder: Recorder,
        listeners: tuple[Listener, ...] = (),
        *,
        people_are_scripted: bool = True,
    ) -> None:
        self.scenario, self.seed = scenario, seed
        self.night = SimulatedNight(scenario, seed, world)
        self.desk = CommandDesk()
        self.changes: queue.SimpleQueue[AirspaceChange] = queue.SimpleQueue()
        self.on_rules: Callable[[], None] = lambda: None
        self.time_utc_ns = self.night.start_utc_ns
        self.header = RunHeader(
            mode="SIMULATION",
            scenario=scenario.night.name,
            seed=seed,
            simulated=True,
            version=__version__,
            terrain_sha256=terrain_sha256(self.night.terrain),
        )
        self.pipeline = Pipeline(
            self.header,
            self.night.site,
            self.night.terrain,
            recorder,
            self.night,
            listeners,
            start_utc_ns=self.night.start_utc_ns,
        )
        self.pipeline.receive(software_now(self.night.start_utc_ns))
        self._people = ScriptedPeople(scenario, seed, self.night.site) if people_are_scripted else None

    def run(
        self,
        pace: Pace | None = None,
        stop: threading.Event | None = None,
        seconds: float | None = None,
    ) -> None:
        """Run to the end, or for `seconds` of the night, as fast as it goes or in step with `pace`.

        `stop` breaks it off between two steps.
        """
        now_utc_ns = self.night.start_utc_ns
        limit_utc_ns = None if seconds is None else now_utc_ns + seconds_to_ns(seconds)
        while now_utc_ns < self.night.end_utc_ns and not (stop is not None and stop.is_set()):
            if limit_utc_ns is not None and now_utc_ns >= limit_utc_ns:
                break
            while pace is not None and not pace.wait(STEP_NS):
                self.desk.pass_on(self.pipeline.receive)
            now_utc_ns += STEP_NS
            self.time_utc_ns = now_utc_ns
            self._take_rules()
            for record in self.night.advance(now_utc_ns):
                self.pipeline.receive(record)
                if isinstance(record, Tick) and self._people is not None:
                    self._let_people_react(record.time_utc_ns)
            self.desk.pass_on(self.pipeline.receive)

    @property
    def is_over(self) -> bool:
        """Whether it ran to its end, and was not broken off."""
        return self.time_utc_ns >= self.night.end_utc_ns

    def now_utc_ns(self) -> int:
        """Return the night's own time: a night is the clock of whatever belongs to it."""
        return self.time_utc_ns

    def _take_rules(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self.pipeline.receive(self.changes.get_nowait())
                self.on_rules()

    def _let_people_react(self, time_utc_ns: int) -> None:
        assert self._people is not None
        desk = self.pipeline.desk
        for command in self._people.react(time_utc_ns, desk.alerts, desk.tasks, desk.proposals):
            self.pipeline.receive(command)
