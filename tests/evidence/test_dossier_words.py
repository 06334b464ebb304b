"""Two lines of a dossier that stand side by side do not contradict each other."""

from __future__ import annotations

from msgspec.structs import replace

from sample_case import SAMPLE
from skykeep.app.dossier import printed
from skykeep.domain.response import AlertState, AlertStep
from skykeep.evidence.case import Case
from skykeep.evidence.levels import Level

T0 = SAMPLE.alerts[0].raised_utc_ns
S = 1_000_000_000


def step(after_s: int, state: AlertState, by: str = "") -> AlertStep:
    return AlertStep(time_utc_ns=T0 + after_s * S, state=state, by=by, because="It is so.")


def page(case: Case) -> str:
    return printed(case, Level.FULL, "html").decode()


def with_history(*steps: AlertStep, acknowledged_by: str = "") -> Case:
    alert = replace(SAMPLE.alerts[0], history=steps, acknowledged_by=acknowledged_by)
    return replace(SAMPLE, alerts=(alert,))


def test_who_heard_an_alert_first_is_told_also_where_it_was_raised_again() -> None:
    again = with_history(
        step(0, AlertState.RAISED),
        step(5, AlertState.ACKNOWLEDGED, "somebody"),
        step(60, AlertState.RAISED),
        step(104, AlertState.ESCALATED),
    )
    told = page(again)

    assert "somebody, at " in told
    assert "; raised again at " in told
    assert ", not acknowledged since" in told
    assert "It was raised again, the last time at " in told


def test_an_alert_that_was_heard_once_or_twice_or_never() -> None:
    once = (step(0, AlertState.RAISED), step(5, AlertState.ACKNOWLEDGED, "somebody"))
    twice = (*once, step(60, AlertState.RAISED), step(70, AlertState.ACKNOWLEDGED, "another"))

    assert "not acknowledged since" not in page(with_history(*once, acknowledged_by="somebody"))
    assert "; last by another, at " in page(with_history(*twice, acknowledged_by="another"))
    assert "raised again" not in page(with_history(step(0, AlertState.RAISED)))


def test_a_proposal_with_an_authority_and_no_other_basis_says_so() -> None:
    told = page(SAMPLE)

    assert "none cited beside the authority above" in told
    proposals = tuple(replace(one, legal_basis="Decree 7") for one in SAMPLE.proposals)
    assert "none cited beside" not in page(replace(SAMPLE, proposals=proposals))
