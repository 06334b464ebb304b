"""What is written of a night is filed once, as a person would file it, also where a night is gone on with."""

from __future__ import annotations

from pathlib import Path

from skykeep.app.night_papers import FROM, file_papers
from skykeep.base.clock import NS_PER_S, from_iso_utc
from skykeep.sim import load_scenario
from skykeep.store.case_folder import CaseFolder

START_UTC_NS = from_iso_utc("2031-05-03T02:10:00Z")


def test_papers_are_filed_once_in_the_order_they_came_and_nobody_reviewed_them(tmp_path: Path) -> None:
    papers = load_scenario("the-night").papers
    case = CaseFolder.open(tmp_path / "case")
    try:
        assert file_papers(case, papers[:2], START_UTC_NS) > 0
        first = case.book.state()
        file_papers(case, reversed(papers), START_UTC_NS)
        state = case.book.state()
        assert file_papers(case, papers, START_UTC_NS) == 0
        assert case.book.state() == state
    finally:
        case.close()

    assert state.documents[:2] == first.documents
    assert [one.name for one in state.documents] == [paper.name for paper in papers]
    assert {one.retrieved_from for one in state.documents} == {FROM}
    times = [one.retrieved_utc_ns for one in state.documents]
    assert times == sorted(times)
    assert times[0] == START_UTC_NS + 1_440 * NS_PER_S
    assert (state.reviews, state.refusals) == ((), ())
    assert all(one.proposed_by.startswith("rule") for one in state.assertions)
