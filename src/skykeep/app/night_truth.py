"""The truth of a simulated night beside its log: made again from scenario and seed, and moved by the effects
that the log says were ordered. No sensor looks: it costs next to nothing.
"""

from __future__ import annotations

import msgspec

from skykeep.app.watchers import Quiet
from skykeep.base.errors import SetupError
from skykeep.domain.encoding import encode_json
from skykeep.domain.response import Alert, EffectOrder, EffectOutcome, Proposal
from skykeep.domain.site import Site
from skykeep.engine.inputs import Input, time_of
from skykeep.engine.outputs import Judgement, RunHeader
from skykeep.response import ResponseEvent
from skykeep.sim import NightScore, Scenario, Scorer, SimulatedNight, TargetTruth, load_scenario
from skykeep.sim.world import World


class NightTruth(msgspec.Struct, frozen=True, kw_only=True):
    """What only a simulation knows: the night's title, its figures, and those that meant harm."""

    title: str
    score: NightScore
    intruders: tuple[TargetTruth, ...]


class TruthKeeper(Quiet):
    """Follows a night as its log tells it; ask for `truth` when the log has ended."""

    def __init__(self, scenario: Scenario, night: SimulatedNight) -> None:
        self._title = scenario.night.title
        self._night = night
        self._scorer = Scorer(night.truth)
        self._proposals: dict[str, Proposal] = {}
        self._outcomes: list[EffectOutcome] = []

    def on_input(self, record: Input) -> None:
        self._night.follow(time_of(record))
        if isinstance(record, EffectOutcome):
            self._outcomes.append(record)

    def on_judgement(self, judgement: Judgement) -> None:
        self._scorer.observe(judgement.picture, judgement.identifications, judgement.verdicts)

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        del time_utc_ns
        match event:
            case Alert():
                self._scorer.alert(event)
            case Proposal():
                self._proposals[event.proposal_id] = event
            case EffectOrder():
                self._night.carry_out(event)

    def truth(self) -> NightTruth:
        """Return what was true, with the figures of the night."""
        score = self._scorer.score(self._proposals.values(), self._outcomes)
        return NightTruth(title=self._title, score=score, intruders=self._night.truth.intruders)


def truth_keeper(header: RunHeader, site: Site, world: World) -> TruthKeeper | None:
    """Return who keeps the truth of a log, None where nobody can: a live watch has none, and that of a
    scenario which is not at hand, or has changed since, cannot be made again.
    """
    if not header.simulated:
        return None
    try:
        scenario = load_scenario(header.scenario)
    except SetupError:
        return None
    night = SimulatedNight(scenario, header.seed, world)
    return TruthKeeper(scenario, night) if encode_json(night.site) == encode_json(site) else None
