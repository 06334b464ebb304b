"""Other rules in mid-watch: an input in the log, refused in words, and named by what it judged."""

from __future__ import annotations

import msgspec
import pytest

from judged_scenes import START_UTC_NS, site
from skykeep.domain.commands import ChangeRules
from skykeep.domain.place import Person
from skykeep.domain.record import EntryRole
from skykeep.domain.rules import DEFAULT_RULES, RuleSet, ThreatRules
from skykeep.engine.outputs import RunHeader
from skykeep.engine.pipeline import Pipeline

NEXT = RuleSet(rules_id="far shelter", version=2, threat=ThreatRules(response_s=300.0))
PEOPLE = (
    Person(person_id="chief", name="Chief", role="commander", may_approve=True),
    Person(person_id="watch", name="Watch", role="operator"),
)


class Kept:
    def __init__(self) -> None:
        self.kinds: list[str] = []

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        del time_utc_ns, role, payload
        self.kinds.append(kind)
        return len(self.kinds)


def watch() -> tuple[Pipeline, Kept]:
    kept = Kept()
    header = RunHeader(mode="LIVE", scenario="", seed=0, simulated=False, version="", terrain_sha256="")
    place = msgspec.structs.replace(site(), people=PEOPLE)
    return Pipeline(header, place, None, kept, start_utc_ns=START_UTC_NS), kept


def ask(rules: RuleSet = NEXT, by: str = "chief", reason: str = "Shelter is far tonight.") -> ChangeRules:
    return ChangeRules(rules=rules, by=by, reason=reason, time_utc_ns=START_UTC_NS)


def test_rules_are_changed_by_an_input_and_everybody_is_judged_anew() -> None:
    pipeline, kept = watch()
    assert pipeline.rules == DEFAULT_RULES
    assert pipeline.receive(ask()) is None
    assert pipeline.rules.called == "far shelter v2"
    assert [kind for kind in kept.kinds if kind != "posture"][-2:] == ["change_rules", "picture"]


REFUSED = {
    "by somebody who may not": (ask(by="watch"), "by"),
    "by nobody": (ask(by="x"), "by"),
    "without a reason": (ask(reason=" "), "reason"),
    "an old version": (ask(DEFAULT_RULES), "rules.version"),
    "out of bounds": (ask(RuleSet(version=2, threat=ThreatRules(habit=-1.0))), "rules.threat.habit"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what: str) -> None:
    pipeline, _ = watch()
    command, field = REFUSED[what]
    rejection = pipeline.receive(command)
    assert rejection is not None
    assert rejection.field == field
    assert pipeline.rules == DEFAULT_RULES
