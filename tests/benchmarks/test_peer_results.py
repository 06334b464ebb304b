"""The comparison with other trackers: what is compared, what of a run that was cut, what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest
from _peer_results import (
    BEGIN,
    END,
    Machine,
    Results,
    Run,
    Scene,
    Score,
    read_results,
    replace_table,
    table_of,
    times_faster,
    write_results,
)

ROOT = Path(__file__).parents[2]
MACHINE = Machine(processor="a processor", cores=2, python="3.12", versions={"numpy": "2"})


def a_run(
    rate: float | None, gospa_m: float | None = 20.0, probe_s: float = 0.01, finished_s: float = 180.0
) -> Run:
    cut = finished_s < 180.0
    return Run(
        ended="time limit" if cut else "finished",
        finished_s=finished_s,
        finished_share=finished_s / 180.0,
        limit_s=300.0,
        detections_per_s=rate,
        probe_s=probe_s,
        score=None if gospa_m is None else Score(gospa_m=gospa_m, spurious=0.02, switches=3),
    )


def results_of(**peers: Run) -> Results:
    scene = Scene(
        detections_sha256="0" * 64,
        detections=1000,
        ours=a_run(50_000.0, gospa_m=30.0),
        ours_to={"180": a_run(1.0, gospa_m=30.0).score, "45": a_run(1.0, gospa_m=25.0).score},  # type: ignore[dict-item]
        peers=peers,
    )
    return Results(
        evaluator="an evaluator", peers_on=MACHINE, ours_on=MACHINE, tuning={}, scenes={"S": scene}
    )


def cells_of(results: Results, tracker: str) -> list[str]:
    found = [line for line in table_of(results).splitlines() if f"| {tracker} |" in line]
    assert len(found) == 1
    return [cell.strip() for cell in found[0].strip("|").split("|")]


def test_a_hundred_times_the_detections_per_second_is_a_hundred_times_faster() -> None:
    assert times_faster(a_run(50_000.0), a_run(500.0), same_processor=True) == pytest.approx(100.0)


def test_a_peer_that_ran_on_a_processor_half_as_fast_is_given_its_due() -> None:
    assert times_faster(a_run(50_000.0), a_run(500.0, probe_s=0.02), same_processor=False) == pytest.approx(
        50.0
    )


def test_a_run_that_finished_nothing_has_no_rate_and_no_ratio() -> None:
    assert times_faster(a_run(50_000.0), a_run(None), same_processor=True) is None
    assert cells_of(results_of(jpda=a_run(None, gospa_m=None, finished_s=0.0)), "JPDA")[4:] == [
        "-",
        "- x",
        "-",
        "-",
        "-",
        "-",
        "-",
    ]


def test_a_run_that_was_cut_says_how_far_it_came_and_is_compared_over_those_seconds() -> None:
    cells = cells_of(results_of(gnn=a_run(500.0, gospa_m=50.0, finished_s=45.0)), "GNN")

    assert cells[2] == "45 s, 25% (time limit of 300 s)"
    assert cells[6:9] == ["50.0", "25.0", "2.00"]


def test_a_run_that_finished_is_compared_over_the_whole_scene() -> None:
    assert cells_of(results_of(ehm2=a_run(400.0, gospa_m=36.0)), "JPDA by EHM2") == [
        "S",
        "JPDA by EHM2",
        "all",
        "10.0",
        "400",
        "125 x",
        "36.0",
        "30.0",
        "1.20",
        "0.020",
        "3",
    ]


def test_what_is_kept_is_read_back_as_it_was(tmp_path: Path) -> None:
    results = results_of(phd=a_run(700.0))
    write_results(tmp_path / "folder" / "kept.json", results)

    assert read_results(tmp_path / "folder" / "kept.json") == results
    assert read_results(tmp_path / "no.json") is None


def test_only_the_table_of_a_page_is_replaced() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"

    assert replace_table(page, "new") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    with pytest.raises(ValueError, match="the page has no"):
        replace_table("a page without marks", "new")


def test_the_page_says_what_was_measured() -> None:
    results = read_results(ROOT / "benchmarks" / "results" / "stone_soup.json")
    assert results is not None
    page = (ROOT / "docs" / "peers.md").read_text()

    assert replace_table(page, table_of(results)) == page
