"""The desk where judgements become alerts, tasks and proposals, and where people's decisions are taken.

Each call returns the records it changed, whole. Time comes in with every call and never goes back; ids count
up; nothing is left to chance, so the same calls give the same records.
"""

from __future__ import annotations

from skykeep.base.compile import FloatArray
from skykeep.base.errors import InputError
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.commands import (
    AlertCommand,
    CallOffTask,
    CompleteTask,
    ProposalCommand,
    ResponseCommand,
    TakeTask,
)
from skykeep.domain.days import NumbersGiven
from skykeep.domain.identity import Identification
from skykeep.domain.orders import NO_ORDERS, OrdersInForce
from skykeep.domain.place import Person
from skykeep.domain.posture import EVERYDAY, Situation
from skykeep.domain.response import AlarmRate, Alert, EffectOrder, EffectOutcome, Proposal, Task
from skykeep.domain.rules import EscalationStep, ResponseRules
from skykeep.domain.site import Site
from skykeep.domain.threat import Threat
from skykeep.domain.track import Picture
from skykeep.geo.terrain import Terrain
from skykeep.response.aftermath import PREFIX, AftermathBook, flew_on_says
from skykeep.response.alerts import AlertBook
from skykeep.response.alerts_acts import pass_upwards
from skykeep.response.alerts_follow import HEARD
from skykeep.response.occupancy import as_it_is
from skykeep.response.proposals import ProposalBook
from skykeep.response.quorum import check_quorums
from skykeep.response.sighting import View
from skykeep.response.tasks import TaskBook
from skykeep.response.words import Words

ResponseEvent = Alert | AlarmRate | Task | Proposal | EffectOrder

_DEFAULT_RULES = ResponseRules()


class ResponseDesk:
    """Alerts, tasks and proposals of one site. It decides nothing: it asks, and keeps the answers.

    `simulated` says that all of the watch is made up: only then may a yes be that of a scripted person.
    """

    def __init__(
        self,
        site: Site,
        rules: ResponseRules = _DEFAULT_RULES,
        *,
        simulated: bool = False,
        terrain: Terrain | None = None,
    ) -> None:
        check_quorums(site)
        self._assets = site.assets
        self._people = {person.person_id: person for person in site.people}
        # The first playbook of an asset is the one that holds.
        self._playbooks = {playbook.asset_id: playbook for playbook in reversed(site.playbooks)}
        words = Words(site)
        self._alerts = AlertBook(site, words, rules)
        self._aftermath = AftermathBook(site, words, rules)
        self._words = words
        self._tasks = TaskBook(self._playbooks, words, rules, self._people)
        self._proposals = ProposalBook(site, words, rules, simulated=simulated, terrain=terrain)
        self._now_utc_ns = 0
        self._situation = EVERYDAY

    def take_rules(self, rules: ResponseRules) -> None:
        """Respond by other rules from now on; what is open stays open and is looked at by them."""
        self._alerts.take_rules(rules)
        self._aftermath.take_rules(rules)
        self._tasks.take_rules(rules)
        self._proposals.take_rules(rules)

    @property
    def counted(self) -> NumbersGiven:
        """How many alerts, tasks and proposals there were, on the desk before this one too."""
        return NumbersGiven(
            alerts=self._alerts.before + len(self._alerts.alerts),
            tasks=self._tasks.before + len(self._tasks.tasks),
            proposals=self._proposals.before + len(self._proposals.proposals),
        )

    def count_on(self, numbers: NumbersGiven) -> None:
        """Number alerts, tasks and proposals as if there had been so many before."""
        self._alerts.before = numbers.alerts
        self._tasks.before = numbers.tasks
        self._proposals.before = numbers.proposals

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """All alerts, the most urgent first, cleared ones last."""
        return self._alerts.alerts + self._aftermath.alerts

    @property
    def alarm_rate(self) -> AlarmRate:
        """How much people are asked to bear."""
        return self._alerts.rate

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All tasks, the next due first, done ones last."""
        return self._tasks.tasks

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """All proposals, those that wait for a decision first."""
        return self._proposals.proposals

    def take_situation(self, situation: Situation) -> None:
        """Go by another posture, and by who is where, from the next look on."""
        self._situation = situation
        self._alerts.posture(situation.level)
        self._aftermath.posture(situation.level)
        there = {each.asset_id: each for each in situation.occupancies}
        if all(asset.asset_id in there for asset in self._assets):
            assets = tuple(as_it_is(asset, there[asset.asset_id]) for asset in self._assets)
            self._words.take_assets(assets)
            self._proposals.take_assets(assets)

    def update(
        self,
        time_utc_ns: int,
        picture: Picture,
        identifications: tuple[Identification, ...],
        verdicts: tuple[AirspaceVerdict, ...],
        threats: tuple[Threat, ...],
        height_agl_m: FloatArray,
        orders: OrdersInForce = NO_ORDERS,
        *,
        rules_changed: bool = False,
    ) -> tuple[ResponseEvent, ...]:
        """Look once: `height_agl_m` has one entry per row of the picture, NaN where the ground is unknown;
        `orders` are people's own about tracks, which the picture obeys already. `rules_changed` says that
        this look is made because other rules hold now.
        """
        if time_utc_ns < self._now_utc_ns:
            raise ValueError(f"time went back from {self._now_utc_ns} to {time_utc_ns}")
        self._now_utc_ns = time_utc_ns
        view = View(
            time_utc_ns,
            picture,
            identifications,
            verdicts,
            threats,
            height_agl_m,
            rules_changed=rules_changed,
        )
        rate = self._alerts.look(view, orders)
        alerts = self._alerts.changed(time_utc_ns) + self._aftermath.look(time_utc_ns)
        tasks = self._tasks.look(time_utc_ns, self._alerts.alerts, self._situation)
        proposals = self._proposals.look(
            time_utc_ns, self._playbooks, self._alerts.cases, self._situation.posture
        )
        return (*alerts, *([rate] if rate else []), *tasks, *proposals)

    def command(self, command: ResponseCommand) -> tuple[ResponseEvent, ...]:
        """Carry out what a person asks; InputError says which field stands in the way, and why."""
        person = self._person(command.by)
        if isinstance(command, AlertCommand) and command.alert_id.startswith(PREFIX):
            return (self._aftermath.command(command, self._now_utc_ns),)
        if isinstance(command, AlertCommand):
            return (self._alerts.command(command),)
        if isinstance(command, CompleteTask | TakeTask | CallOffTask):
            return (self._tasks.command(command, person, self._now_utc_ns),)
        if isinstance(command, ProposalCommand):
            cases = self._alerts.cases
            return self._proposals.command(command, person, self._now_utc_ns, self._playbooks, cases)
        raise InputError("command", type(command).__name__, "one that this desk takes")

    def outcome(self, outcome: EffectOutcome) -> tuple[ResponseEvent, ...]:
        """Record what the simulated world says came of an order."""
        proposal = self._proposals.outcome(outcome, self._now_utc_ns)
        return (*self._follow_up(outcome, proposal), proposal)

    def _follow_up(self, outcome: EffectOutcome, proposal: Proposal) -> list[Alert]:
        """Return the alerts that an outcome changes or raises: somebody must go to what came down, and those
        who decide are told of what flew on.
        """
        case = self._alerts.cases.get(proposal.alert_id)
        if case is not None and outcome.result == "flew_on" and case.alert.state in HEARD:
            names = {each.option_id: each.name for each in proposal.options}
            because = flew_on_says(names[proposal.chosen_option_id], self._words.name(case.alert.asset_id))
            deciders = (person.role for person in self._people.values() if person.may_approve)
            rung = EscalationStep(role=next(deciders, ""), after_s=0.0)
            pass_upwards(case, rung, self._now_utc_ns, because)
        changed = self._alerts.changed(self._now_utc_ns)
        known = [alert for alert in self._alerts.alerts if alert.alert_id == proposal.alert_id]
        fresh = self._aftermath.hear(outcome, known[0], self._now_utc_ns) if known else None
        return changed if fresh is None else [*changed, fresh]

    def _person(self, person_id: str) -> Person:
        person = self._people.get(person_id)
        if person is None:
            raise InputError("by", repr(person_id), "a person on duty at this site")
        return person
