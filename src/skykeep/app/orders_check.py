"""Were the orders of a night rightly given? Told from the inputs of its log alone."""

from __future__ import annotations

from pathlib import Path

from skykeep.app.replay import NoRecorder, Recording
from skykeep.app.watchers import Quiet
from skykeep.domain.commands import ProposalCommand
from skykeep.domain.posture import Occupancy, Posture
from skykeep.domain.response import EffectOrder, Proposal
from skykeep.engine.inputs import Input
from skykeep.response import ResponseEvent
from skykeep.response.verify import OrderCheck, verify_order
from skykeep.sim.world import World


class OrderWatch(Quiet):
    """A listener that checks every order as it comes."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._told: list[Proposal | ProposalCommand] = []
        self._level = 0
        self.checks: list[OrderCheck] = []

    def on_duty(self, event: Posture | Occupancy) -> None:
        if isinstance(event, Posture):
            self._level = event.level

    def on_input(self, record: Input) -> None:
        if isinstance(record, ProposalCommand):
            self._told.append(record)

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:  # noqa: ARG002
        if isinstance(event, Proposal):
            self._told.append(event)
        elif isinstance(event, EffectOrder):
            header, site = self._recording.header, self._recording.site
            check = verify_order(event, site, self._told, simulated=header.simulated, level=self._level)
            self.checks.append(check)


def check_orders(path: Path, world: World | None = None) -> list[OrderCheck]:
    """Return what came of looking at every order of a log; what was shown is made again from the inputs."""
    recording = Recording(path)
    watch = OrderWatch(recording)
    pipeline = recording.pipeline(NoRecorder(), (watch,), world)
    for record in recording.inputs():
        pipeline.receive(record)
    return watch.checks
