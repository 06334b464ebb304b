"""Scripted people: they acknowledge, decide and do, in their own time. Real people replace them.

They see what a console shows and nothing of the truth. Each decision has dice of its own, keyed by what it is
about. Their rule for a proposal: the gentlest effect that has not been tried on that track, soft before hard;
where the expected number of persons under the pieces passes `MOST_PERSONS`, they look for an option with
fewer, and if there is none they take the one with the fewest: doing nothing is worse for the people in the
asset.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from skykeep.base.clock import seconds_to_ns
from skykeep.domain.commands import AcknowledgeAlert, ApproveResponse, Command, CompleteTask
from skykeep.domain.place import Person
from skykeep.domain.response import (
    Alert,
    AlertState,
    EffectLayer,
    EffectOption,
    Proposal,
    ProposalState,
    Task,
    TaskState,
)
from skykeep.domain.site import Site
from skykeep.sim.dice import stream
from skykeep.sim.scenario import Scenario

MOST_PERSONS = 0.2


class ScriptedPeople:
    """The people of a simulated night. `react` is called as time goes by, with the lists as they stand."""

    def __init__(self, scenario: Scenario, seed: int, site: Site) -> None:
        self._reactions, self._seed = scenario.reactions, seed
        self._approvers = [person for person in site.people if person.may_approve]
        self._watch = next((person for person in site.people if not person.may_approve), site.people[0])
        self._by_role = {person.role: person for person in reversed(site.people)}
        self._due: dict[tuple[str, ...], int] = {}
        self._done: set[tuple[str, ...]] = set()
        self._rounds: dict[str, tuple[int, int]] = {}
        self._tried: dict[int, set[EffectLayer]] = {}

    def react(
        self,
        time_utc_ns: int,
        alerts: Iterable[Alert],
        tasks: Iterable[Task],
        proposals: Iterable[Proposal],
    ) -> list[Command]:
        """Return what people do by `time_utc_ns`, in the order in which it came due."""
        found: list[tuple[int, Command]] = []
        for alert in alerts:
            if alert.state in (AlertState.RAISED, AlertState.ESCALATED) and not alert.acknowledged_by:
                again = (str(alert.came_back),) if alert.came_back else ()
                key = ("acknowledge", alert.alert_id, *again)
                if self._ready(key, time_utc_ns, self._reactions.acknowledge_s):
                    command = AcknowledgeAlert(
                        alert_id=alert.alert_id, by=self._watch.person_id, time_utc_ns=time_utc_ns
                    )
                    found.append((self._due[key], command))
        for proposal in proposals:
            found += self._decide(proposal, time_utc_ns)
        for task in tasks:
            if task.state in (TaskState.OPEN, TaskState.OVERDUE):
                key = ("task", task.task_id)
                if self._ready(key, time_utc_ns, self._reactions.task_s):
                    who = self._by_role.get(task.owner_role, self._watch)
                    done = CompleteTask(task_id=task.task_id, by=who.person_id, time_utc_ns=time_utc_ns)
                    found.append((self._due[key], done))
        return [command for _, command in sorted(found, key=lambda item: item[0])]

    def _decide(self, proposal: Proposal, time_utc_ns: int) -> list[tuple[int, Command]]:
        if proposal.state is not ProposalState.PROPOSED or not proposal.options:
            return []
        given = {approval.by for approval in proposal.approvals}
        left = [person for person in self._approvers if person.person_id not in given]
        left = _useful(left, proposal)
        if not left:
            return []
        # Approvals can lapse when the consequences grow; then people think again.
        rounds, seen = self._rounds.get(proposal.proposal_id, (0, 0))
        rounds += len(given) < seen
        self._rounds[proposal.proposal_id] = (rounds, len(given))
        key = ("approve", proposal.proposal_id, str(rounds), str(len(given)))
        median_s = self._reactions.further_approval_s if given else self._reactions.first_approval_s
        if not self._ready(key, time_utc_ns, median_s):
            return []
        if proposal.approvals:
            option_id = proposal.approvals[0].option_id
        else:
            option = self._choose(proposal)
            self._tried.setdefault(proposal.track_id, set()).add(option.layer)
            option_id = option.option_id
        # Which of those who may begins is drawn, so that the roles share the watch.
        person = left[int(stream(self._seed, "people", "who", *key).integers(len(left)))]
        command = ApproveResponse(
            proposal_id=proposal.proposal_id,
            option_id=option_id,
            by=person.person_id,
            time_utc_ns=time_utc_ns,
            terms_sha256=proposal.terms_sha256,
            approval_id="/".join((*key[1:], person.person_id)),
            proven_by="scripted",
        )
        return [(self._due[key], command)]

    def _choose(self, proposal: Proposal) -> EffectOption:
        tried = self._tried.get(proposal.track_id, set())
        gentle_first = sorted(
            proposal.options,
            key=lambda option: (option.layer in tried, option.layer is EffectLayer.HARD, option.option_id),
        )
        for option in gentle_first:
            if option.debris.persons_expected <= MOST_PERSONS:
                return option
        return min(gentle_first, key=lambda option: option.debris.persons_expected)

    def _ready(self, key: tuple[str, ...], time_utc_ns: int, median_s: float) -> bool:
        """Return whether what was first seen earlier has come due now; once only."""
        if key not in self._due:
            dice = stream(self._seed, "people", *key)
            wait_s = median_s * float(np.exp(self._reactions.spread * dice.standard_normal()))
            self._due[key] = time_utc_ns + seconds_to_ns(wait_s)
        if key in self._done or time_utc_ns < self._due[key]:
            return False
        self._done.add(key)
        return True


def _useful(people: list[Person], proposal: Proposal) -> list[Person]:
    """Return those whose yes is still of use: never whoever proposed it, and where all that are still to come
    must be of certain roles, only those.
    """
    people = [person for person in people if person.person_id != proposal.proposed_by]
    missing = Counter(proposal.roles_needed) - Counter(approval.role for approval in proposal.approvals)
    still = max(proposal.approvals_needed - len(proposal.approvals), missing.total())
    if still == 0:
        return []
    return [person for person in people if missing[person.role]] if missing.total() == still else people
