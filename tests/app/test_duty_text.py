"""Playbooks, postures, the calendar, the ground and the population of a site's file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.app.ground_text import (
    PopulationText,
    TerrainText,
    keep_ground,
    kept_ground,
    population_of,
    terrain_of,
    wind_of,
)
from skykeep.app.night import terrain_sha256
from skykeep.app.playbook_text import PACKAGED, packaged
from skykeep.app.site_text import read_site_file, site_of
from skykeep.base.clock import from_iso_utc
from skykeep.base.errors import SetupError
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.domain.place import PopulationGrid
from skykeep.domain.site import BreachTime, Site
from skykeep.geo.frames import LocalFrame
from skykeep.response.population import persons_per_m2

SITE = """
[site]
id = "haven"
name = "Haven"
latitude_deg = 10.0
longitude_deg = 20.0
time_zone = "Europe/Paris"
wind_mps = 5.0
wind_from_deg = 270.0

[[assets]]
id = "house"
name = "Haven House"
latitude_deg = 10.0
longitude_deg = 20.0
breach_radius_m = 100.0
warning_radius_m = 900.0
principal_present = false

[[people]]
id = "lead"
name = "Lead"
role = "watch lead"
may_approve = true

[[people]]
id = "second"
name = "Second"
role = "deputy"
may_approve = true

[[people]]
id = "gate"
name = "Gate"
role = "guard"
"""
PLAYBOOK = """
[[playbooks]]
id = "house"
asset = "house"
use = "residence"
leave_out = ["medics"]
authority = "Order 7"
tasks = [
    { key = "shelter", text = "Cellar", owner = "guard", due_before_breach_s = 40.0, due_of = "median" },
    { key = "dogs", text = "Dogs in", owner = "guard", due_before_breach_s = 10.0, principal = "away" },
]
roles."guard leader" = "guard"
roles."duty officer" = "watch lead"
roles."close protection" = "guard"
roles."police liaison" = "deputy"
"""
PARADE = """
[[calendar]]
id = "parade"
name = "The parade"
level = "high"
start = 2031-05-09T10:00:00
end = 2031-05-09T14:00:00
lead_in_h = 12.0
"""
EFFECT = """
[[playbooks.effects]]
id = "net"
name = "Net"
layer = "hard"
says = "A net is shot at it."
success_probability = 0.7
delay_s = 4.0
max_range_m = 400.0
"""
MARKET = """
[[calendar]]
id = "market"
name = "Market"
level = "heightened"
start = 2031-03-22T08:00:00
end = 2031-03-22T12:00:00
repeats = "weekly"
until = 2031-04-05
"""


def made(folder: Path, text: str) -> Site:
    path = folder / "site.toml"
    path.write_text(text)
    return site_of(read_site_file(path), folder)


def grid(
    path: Path, values: str, columns: int, rows: int, corner: str = "19.98 9.98", cell: float = 0.01
) -> None:
    west, south = corner.split()
    head = f"ncols {columns}\nnrows {rows}\nxllcorner {west}\nyllcorner {south}\ncellsize {cell}\n"
    head += "NODATA_value -9999\n"
    path.write_text(head + values)


def test_a_packaged_playbook_under_the_sites_own_roles(tmp_path: Path) -> None:
    site = made(tmp_path, SITE + PLAYBOOK)
    (playbook,) = site.playbooks
    tasks = {task.key: task for task in playbook.tasks}
    assert tasks["shelter"].text == "Cellar"
    assert tasks["shelter"].due_of is BreachTime.MEDIAN
    assert tasks["move"].due_of is BreachTime.WORST_CASE
    assert (tasks["move"].owner_role, tasks["move"].escalates_to_role) == ("guard", "watch lead")
    assert (tasks["move"].when_principal, tasks["dogs"].when_principal) == (True, False)
    assert "medics" not in tasks
    # No effect, not even a simulated one, is proposed where nobody asked for it.
    assert playbook.effects == ()
    assert site.assets[0].principal_present is False
    proposing = made(tmp_path, SITE + PLAYBOOK + "propose = true\n")
    assert [effect.option_id for effect in proposing.playbooks[0].effects] == ["soft", "hard"]


def test_every_packaged_playbook_stands_by_itself() -> None:
    for name in PACKAGED:
        found = packaged(name)
        keys = [task.key for task in found.tasks]
        assert len(set(keys)) == len(keys) >= 5
        assert any("police" in task.text.lower() for task in found.tasks)
        assert all("imulated" in effect.says for effect in found.effects)
        owners = {task.owner for task in found.tasks}
        assert {task.escalates_to for task in found.tasks} - {""} <= owners


def test_summer_time_is_reckoned_at_the_place(tmp_path: Path) -> None:
    site = made(tmp_path, SITE + PARADE + MARKET)
    assert [entry.entry_id for entry in site.calendar] == ["market-1", "market-2", "market-3", "parade"]
    starts = [entry.start_utc_ns for entry in site.calendar]
    # Clocks go forward on the 30th of March.
    assert starts[:3] == [
        from_iso_utc(f"2031-{day}Z") for day in ("03-22T07:00:00", "03-29T07:00:00", "04-05T06:00:00")
    ]
    parade = site.calendar[-1]
    assert (parade.level, parade.lead_in_s) == (2, 43_200.0)
    assert parade.end_utc_ns == from_iso_utc("2031-05-09T12:00:00Z")
    assert decode_json(encode_json(site), Site) == site


def test_own_postures_have_own_names(tmp_path: Path) -> None:
    levels = (
        '[[postures]]\nlevel = 0\nname = "green"\n[[postures]]\nlevel = 3\nname = "red"\nmore_approvals = 1\n'
    )
    site = made(tmp_path, SITE + levels + PARADE.replace('"high"', '"red"'))
    assert [level.name for level in site.postures] == ["green", "red"]
    assert site.calendar[0].level == 3


QUORUM = 'quorums = [{ from_level = 1, approvals_needed = 2, roles = ["guard"] }]\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (PLAYBOOK.replace('asset = "house"', 'asset = "barn"'), "asset is 'barn', must be one of house"),
        (
            PLAYBOOK.replace('"residence"', '"palace"'),
            r"line 40: playbooks\[1\].use is 'palace', must be one of",
        ),
        (
            PLAYBOOK.replace('roles."guard leader" = "guard"', ""),
            "nobody has the role 'guard leader', must be one of",
        ),
        (PLAYBOOK.replace('"guard leader"', '"head guard"'), "roles names 'head guard', must be one of"),
        (PLAYBOOK.replace('["medics"]', '["medicine"]'), "leave_out names 'medicine', must be one of"),
        (PLAYBOOK.replace('key = "dogs"', 'key = "shelter"'), "tasks has a key twice"),
        (
            PLAYBOOK + EFFECT + EFFECT.replace("0.7", "0.9"),
            "'house': effects has an id twice, must have each",
        ),
        (
            PLAYBOOK.replace("10.0, principal", "-1.0, principal"),
            r"due_before_breach_s is -1.0, must be float >= 0",
        ),
        (PLAYBOOK + QUORUM, "quorum role 'guard', must be of who may approve: deputy, watch lead"),
        (PLAYBOOK + "approvals_needed = 1\n", r"approvals_needed is 1, must be int >= 2"),
        (
            PLAYBOOK + "approvals_needed = 3\npropose = true\n",
            "at posture routine it takes 3 approvals, must be at most 2, as many as may approve",
        ),
        (
            PLAYBOOK + PLAYBOOK.replace('id = "house"', 'id = "two"'),
            "asset 'house' has two, must have one at most",
        ),
        (PARADE.replace('"high"', '"red"'), "level is 'red', must be one of routine, heightened, high"),
        (PARADE.replace("T14", "T09"), "must be after its start"),
        (PARADE.replace("T14:00:00", "T14:00:00Z"), "must both have an offset from UTC or neither"),
        (PARADE.replace("2031-05-09T10:00:00", '"noon"'), r"calendar\[1\].start is 'noon', must be"),
        (MARKET.replace("until = 2031-04-05", ""), "repeats and until, must be both there or neither"),
        (MARKET.replace("2031-04-05", "2061-04-05"), "comes more than 400 times"),
        (PARADE + PARADE, "calendar has 'parade' twice"),
        ('[[postures]]\nlevel = 1\nname = "red"\n', "the least level is 1, must be 0"),
        ('[terrain]\nfile = "a.asc"\nspacing_m = 1.0\n', "terrain.spacing_m is 1.0, must be float >= 5.0"),
        ('[population]\nnight = "none.asc"\n', r"none\.asc: cannot be read"),
    ],
)
def test_what_cannot_be_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SetupError, match=sentence):
        made(tmp_path, SITE + text)


def test_a_zone_of_no_clock_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"site\.time_zone is 'Mars/Olympus', must be an IANA name"):
        made(tmp_path, SITE.replace("Europe/Paris", "Mars/Olympus"))


# --- the ground and the people on it ----------------------------------------------------------------------

FRAME = LocalFrame(latitude_deg=10.0, longitude_deg=20.0, height_hae_m=0.0)


def test_the_ground_by_hand(tmp_path: Path) -> None:
    """A slope of 10 m for each hundredth of a degree to the east, above the sea, which is 5 m up."""
    row = " ".join(str(10 * column) for column in range(4))
    grid(tmp_path / "heights.asc", "\n".join([row] * 4), 4, 4)
    text = TerrainText(file="heights.asc", geoid_m=5.0, reach_m=1000.0, spacing_m=100.0)
    terrain = terrain_of(text, FRAME, tmp_path)
    assert terrain.heights_m.shape == (21, 21)
    assert terrain.height_m(0.0, 0.0) == pytest.approx(15.0 + 5.0, abs=0.01)
    # A hundredth of a degree is 1,096 m of longitude here.
    assert terrain.height_m(500.0, 0.0) == pytest.approx(20.0 + 10.0 * 500.0 / 1096.0, abs=0.02)


def test_the_ground_beside_a_log_is_the_same_bit_for_bit(tmp_path: Path) -> None:
    grid(tmp_path / "heights.asc", "\n".join(["1 2 3 5"] * 4), 4, 4)
    terrain = terrain_of(TerrainText(file="heights.asc", reach_m=900.0), FRAME, tmp_path)
    assert kept_ground(tmp_path) is None
    keep_ground(terrain, tmp_path)
    kept = kept_ground(tmp_path)
    assert kept is not None
    assert terrain_sha256(kept) == terrain_sha256(terrain)
    (tmp_path / "ground.npz").write_bytes(b"not a ground")
    with pytest.raises(SetupError, match=r"ground\.npz: cannot be read"):
        kept_ground(tmp_path)


@pytest.mark.parametrize(
    ("values", "change", "sentence"),
    [
        ("1 2 3", {}, "3 values, must be 4 x 4 = 16"),
        ("\n".join(["1 2 x 4"] * 4), {}, "must be numbers"),
        ("\n".join(["1 2 -9999 4"] * 4), {}, "heights are unknown, must be none"),
        ("\n".join(["1 2 inf 4"] * 4), {}, "a height of inf m, must be in -12,000 to 10,000"),
        (
            "\n".join(["1 2 3 4"] * 4),
            {"corner": "21.0 9.98"},
            r"lies from 21\.0+, 9\.98.* must reach from 19\.99",
        ),
        ("\n".join(["1 2 3 4"] * 4), {"corner": "200.0 89.99"}, "must be degrees of longitude and latitude"),
        ("\n".join(["1 2 3 4"] * 4), {"cell": -1.0}, "cellsize is -1, must be above 0"),
    ],
)
def test_a_bad_grid_is_named(tmp_path: Path, values: str, change: dict[str, object], sentence: str) -> None:
    grid(tmp_path / "heights.asc", values, 4, 4, **change)  # type: ignore[arg-type]
    with pytest.raises(SetupError, match=sentence):
        terrain_of(TerrainText(file="heights.asc", reach_m=500.0), FRAME, tmp_path)


def test_a_file_of_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "heights.asc").write_text("PNG not a grid")
    with pytest.raises(SetupError, match="must begin with ncols"):
        terrain_of(TerrainText(file="heights.asc"), FRAME, tmp_path)


@given(
    st.lists(st.floats(0.0, 5_000.0), min_size=36, max_size=36),
    st.sampled_from([50.0, 100.0, 250.0]),
    st.sampled_from([1.0, 0.1]),
)
def test_nobody_is_lost_or_counted_twice(
    tmp_path_factory: pytest.TempPathFactory, persons: list[float], cell_m: float, share: float
) -> None:
    """All cells with people lie within reach: as many are there after as before, by night and by day."""
    folder = tmp_path_factory.mktemp("people")
    inner = np.zeros((20, 20))
    inner[7:13, 7:13] = np.array(persons).reshape(6, 6)
    values = "\n".join(" ".join(f"{value!r}" for value in row) for row in inner.tolist())
    grid(folder / "people.asc", values, 20, 20, corner="19.98 9.98", cell=0.002)
    text = PopulationText(night="people.asc", night_share=share, reach_m=1500.0, cell_m=cell_m)
    found = population_of(text, FRAME, folder)
    assert found.night_persons.sum() == pytest.approx(share * inner.sum(), rel=1e-4, abs=0.2)
    assert found.day_persons.sum() == pytest.approx(inner.sum(), rel=1e-4, abs=0.2)
    assert found.night_persons.shape == (round(3000.0 / cell_m),) * 2


def test_people_stand_where_the_file_says(tmp_path: Path) -> None:
    """A hundred persons in the one cell north-east of the middle."""
    inner = np.zeros((20, 20))
    inner[9, 10] = 100.0  # the tenth row from the north, the eleventh column: just north and east of 10, 20
    grid(tmp_path / "n.asc", "\n".join(" ".join(map(str, row)) for row in inner), 20, 20, cell=0.002)
    found = population_of(PopulationText(night="n.asc", reach_m=1000.0), FRAME, tmp_path)
    rows, columns = np.nonzero(found.night_persons)
    assert set(rows.tolist()) == set(columns.tolist()) == {10, 11, 12}
    assert found.night_persons.sum() == pytest.approx(100.0, abs=0.01)


def people(folder: Path, change: dict[tuple[int, int], float], every: float = 49.0) -> PopulationGrid:
    """Return the population of a file with `every` persons in all cells (about 1,000 per km²) but some."""
    values = np.full((20, 20), every)
    for (row, column), persons in change.items():
        values[row, column] = persons
    lines = "\n".join(" ".join(map(str, row)) for row in values.tolist())
    grid(folder / "n.asc", lines, 20, 20, cell=0.002)
    return population_of(PopulationText(night="n.asc", reach_m=1000.0), FRAME, folder)


def test_no_data_is_not_known_and_never_nobody(tmp_path: Path) -> None:
    whole, holed = people(tmp_path, {}), people(tmp_path, {(9, 10): -9999.0})
    # The cell just north-east of the middle is 219 m by 221 m: two by two squares of 100 m in it whole.
    hole = np.isnan(holed.night_persons)
    assert hole[10:12, 10:12].all()
    assert np.count_nonzero(hole) == np.count_nonzero(np.isnan(holed.day_persons)) == 4
    # The squares that it covers in part are as full as their other part.
    assert holed.night_persons[~hole] == pytest.approx(whole.night_persons[~hole], rel=1e-4)
    points_m = np.array([[50.0, 50.0], [550.0, 550.0]])
    before, after = (1e6 * persons_per_m2(each, (1.0, 0.0, 0.0), points_m, 5000.0) for each in (whole, holed))
    assert after[0] == 5000.0
    assert after[1] == before[1] > 0.0
    kept = decode_json(encode_json(holed), PopulationGrid)
    assert np.array_equal(kept.night_persons, holed.night_persons, equal_nan=True)


def test_a_file_of_no_data_alone_is_as_no_population(tmp_path: Path) -> None:
    nothing = people(tmp_path, {}, every=-9999.0)
    assert np.isnan(nothing.night_persons).all()
    density = 1e6 * persons_per_m2(nothing, (0.0, 1.0, 0.0), np.zeros((1, 2)), 5000.0)
    assert density.tolist() == [5000.0]
    # Far larger cells than the squares: most squares have no part of their own.
    grid(tmp_path / "far.asc", "\n".join(["-9999 -9999"] * 2), 2, 2, corner="19 9", cell=1.0)
    far = population_of(PopulationText(night="far.asc", reach_m=1000.0), FRAME, tmp_path)
    assert np.isnan(far.night_persons).all()


def test_an_empty_cell_is_nobody(tmp_path: Path) -> None:
    assert people(tmp_path, {}, every=0.0).night_persons.sum() == 0.0


@pytest.mark.parametrize(
    ("persons", "sentence"),
    [
        (1e308, r"1e\+308 persons in a cell, must be 48[0-9],\d{3} at most: 10 to the square metre"),
        (float("inf"), r"inf persons in a cell, must be 48[0-9],\d{3} at most: 10 to the square metre"),
        (600_000.0, r"600000 persons in a cell, must be 48[0-9],\d{3} at most"),
        (-1.0, "-1 persons in a cell, must be 0 or more"),
    ],
)
def test_cells_that_cannot_be_are_refused(tmp_path: Path, persons: float, sentence: str) -> None:
    with pytest.raises(SetupError, match=sentence):
        people(tmp_path, {(3, 4): persons})


def test_a_west_wind_blows_to_the_east() -> None:
    assert wind_of(5.0, 270.0) == (5.0, 0.0)
    assert wind_of(2.0, 0.0) == (0.0, -2.0)
