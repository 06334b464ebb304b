"""`skykeep evaluate`: what it prints and writes, which moments it compares, and what it will not take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import scored_air
from skykeep.base.errors import InputError, SetupError, SkykeepError
from skykeep.cli import skykeep
from toy_scene import ToyScene

AUTHORITIES = Path(__file__).parents[2] / "authorities"


def evaluate(*arguments: Any) -> Result:
    result = CliRunner().invoke(skykeep, ["evaluate", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def air(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the tables of the made-up air: tracks and truth."""
    folder = tmp_path_factory.mktemp("air")
    tracks, truth = folder / "tracks.parquet", folder / "truth.parquet"
    pq.write_table(pa.table(scored_air.tracks()), tracks)
    pq.write_table(pa.table(scored_air.truth()), truth)
    return tracks, truth


def test_the_figures_are_those_of_the_other_evaluator(air: tuple[Path, Path]) -> None:
    found = json.loads(evaluate(*air, "--from", 5, "--json").stdout)
    expected = json.loads((AUTHORITIES / "evaluator_figures.json").read_text())["figures"]
    assert found["sets"]["gospa_m"]["value"] == pytest.approx(expected["gospa_rms"], rel=1e-9)
    assert found["extent"] | {"first_s": 1.0, "from_s": 5.0, "to_s": 40.0, "moments": 36} == found["extent"]


def test_a_person_reads_the_figure_and_its_interval(air: tuple[Path, Path]) -> None:
    lines = evaluate(*air, "--from", 5).stdout.splitlines()
    assert lines[0].startswith("12 targets and 22 tracks from 1 s to 40 s, every 1 s; 36 moments count")
    (gospa,) = [line.split() for line in lines if line.startswith("  gospa_m ")]
    assert gospa[:3] == ["gospa_m", "66.93", "63.2"]
    assert [line for line in lines if line and not line.startswith(" ")][1:] == [
        line.ljust(len(lines[1])) for line in
        ("figure" + lines[1][6:], "Sets", "SIAP", "Continuity", "Errors of matched pairs",
         "Honesty of covariances", "Kind: bird", "Kind: fixed_wing", "Kind: multirotor")
    ]  # fmt: skip


def test_the_same_tables_as_csv_give_the_same_bytes(air: tuple[Path, Path], tmp_path: Path) -> None:
    texts = []
    for path in air:
        texts.append(tmp_path / f"{path.stem}.csv")
        pa.csv.write_csv(pq.read_table(path), texts[-1])
    assert evaluate(*texts, "--json").stdout == evaluate(*air, "--json").stdout


def test_the_file_holds_what_is_printed(air: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "score.json"
    printed = evaluate(*air, "--json", "--out", out).stdout
    assert json.loads(out.read_text()) == json.loads(printed)


def test_a_scene_folder_says_itself_which_moments_are_judged(air: tuple[Path, Path], tmp_path: Path) -> None:
    scene = ToyScene()
    scene.header["eval"] = {"t_from": 10.0, "t_to": 30.0, "step_s": 2.0}
    folder = scene.write(tmp_path / "toy")
    pq.write_table(pa.table(scored_air.truth()), folder / "truth.parquet")
    said = json.loads(evaluate(air[0], folder, "--json").stdout)["extent"]
    assert (said["from_s"], said["to_s"], said["step_s"]) == (10.0, 30.0, 2.0)
    # Who asks for other moments gets them.
    asked = json.loads(evaluate(air[0], folder, "--to", 20, "--json").stdout)["extent"]
    assert (asked["from_s"], asked["to_s"], asked["step_s"]) == (10.0, 20.0, 2.0)


def test_several_pairs_have_a_mean_and_a_spread(air: tuple[Path, Path], tmp_path: Path) -> None:
    columns = scored_air.tracks()
    better = tmp_path / "better.parquet"
    real = columns["track_id"] < 300
    pq.write_table(pa.table({name: column[real] for name, column in columns.items()}), better)
    found = json.loads(evaluate(*air, better, air[1], "--json").stdout)
    values = [run["score"]["sets"]["gospa_m"]["value"] for run in found["runs"]]
    spread = found["together"]["sets"]["gospa_m"]
    assert values[1] < values[0]
    assert spread["mean"] == pytest.approx(np.mean(values))
    assert spread["deviation"] == pytest.approx(np.std(values, ddof=1))
    assert (spread["least"], spread["most"], spread["runs"]) == (values[1], values[0], 2)
    assert "deviation" in evaluate(*air, better, air[1]).stdout


def test_tracks_without_their_truth_are_a_usage_error(air: tuple[Path, Path]) -> None:
    result = evaluate(*air, air[0])
    assert result.exit_code == 2
    assert "3 tables; each TRACKS needs its TRUTH" in result.output


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("", SetupError, "no table"),
        ("t,track_id\n1,2\n", InputError, r"bad\.csv: columns .* must be a table that has also x, y"),
        (
            "t,track_id,x,y,z,vx,vy,vz\n1,2,3,,5,6,7,8\n",
            InputError,
            r"bad\.csv: y: nan in row 0, must be from -1e\+08 to 1e\+08 m",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_one_sentence(
    air: tuple[Path, Path], tmp_path: Path, text: str, error: type[SkykeepError], sentence: str
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(text)
    with pytest.raises(error, match=sentence):
        evaluate(bad, air[1])


def test_a_folder_without_truth_is_refused(air: tuple[Path, Path], tmp_path: Path) -> None:
    folder = ToyScene().write(tmp_path / "toy")
    with pytest.raises(SetupError, match="holds no truth"):
        evaluate(air[0], folder)
