"""Listeners: the score against the truth, the narration, and what the case file is written from."""

from __future__ import annotations

from collections.abc import Callable

from skykeep.domain.response import Alert, EffectOrder, EffectOutcome, Proposal, Task
from skykeep.domain.sensing import Report
from skykeep.domain.track import Picture
from skykeep.engine.inputs import Input, time_of
from skykeep.engine.outputs import Judgement, Rejection
from skykeep.response import ResponseEvent
from skykeep.sim import Narrator, NightScore, Scorer


class Quiet:
    """A listener that takes note of nothing; the others override what they care for."""

    def on_input(self, record: Input) -> None: ...

    def on_judgement(self, judgement: Judgement) -> None: ...

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None: ...

    def on_rejection(self, rejection: Rejection, time_utc_ns: int) -> None: ...


class NightMemory(Quiet):
    """Keeps what a case file tells: judgements, the last word on every alert, task and proposal, outcomes."""

    def __init__(self) -> None:
        self.judgements: list[Judgement] = []
        self.alerts: dict[str, Alert] = {}
        self.tasks: dict[str, Task] = {}
        self.proposals: dict[str, Proposal] = {}
        self.orders: list[EffectOrder] = []
        self.outcomes: list[EffectOutcome] = []
        self.reports: list[Report] = []

    @property
    def pictures(self) -> list[Picture]:
        return [judgement.picture for judgement in self.judgements]

    def on_input(self, record: Input) -> None:
        if isinstance(record, EffectOutcome):
            self.outcomes.append(record)
        elif isinstance(record, Report):
            self.reports.append(record)

    def on_judgement(self, judgement: Judgement) -> None:
        self.judgements.append(judgement)

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        del time_utc_ns
        match event:
            case Alert():
                self.alerts[event.alert_id] = event
            case Task():
                self.tasks[event.task_id] = event
            case Proposal():
                self.proposals[event.proposal_id] = event
            case EffectOrder():
                self.orders.append(event)


class ScoreKeeper(Quiet):
    """Sets what the pipeline says beside the truth, which only the simulator knows."""

    def __init__(self, scorer: Scorer, memory: NightMemory) -> None:
        self._scorer = scorer
        self._memory = memory

    def on_judgement(self, judgement: Judgement) -> None:
        self._scorer.observe(judgement.picture, judgement.identifications, judgement.verdicts)

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        del time_utc_ns
        if isinstance(event, Alert):
            self._scorer.alert(event)

    def score(self) -> NightScore:
        """Return the figures of the night; once it is over."""
        return self._scorer.score(self._memory.proposals.values(), self._memory.outcomes)


class Telling(Quiet):
    """Says the narrator's lines as the night goes by."""

    def __init__(self, narrator: Narrator, memory: NightMemory, say: Callable[[str], None]) -> None:
        self._narrator = narrator
        self._memory = memory
        self._say = say
        self._now_utc_ns = 0

    def on_input(self, record: Input) -> None:
        self._now_utc_ns = max(self._now_utc_ns, time_of(record))

    def on_judgement(self, judgement: Judgement) -> None:
        del judgement
        self.tell()

    def tell(self, *, over: bool = False) -> None:
        """Say what is due by now."""
        lines = self._narrator.tell(
            self._now_utc_ns,
            alerts=self._memory.alerts.values(),
            proposals=self._memory.proposals.values(),
            outcomes=self._memory.outcomes,
            reports=self._memory.reports,
            over=over,
        )
        for line in lines:
            self._say(line.text)
