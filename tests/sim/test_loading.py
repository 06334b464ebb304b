"""Scenario files: what is refused, and whether the sentence says where and why."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.errors import SetupError
from skykeep.base.toml_lines import key_lines
from skykeep.sim.loading import bundled_scenarios, load_scenario, parse_scenario

THE_NIGHT = (resources.files("skykeep.sim") / "scenarios" / "the-night.toml").read_text(encoding="utf-8")


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


def test_every_bundled_scenario_loads() -> None:
    assert "the-night" in bundled_scenarios()
    for name in bundled_scenarios():
        assert load_scenario(name).night.name == name


def test_a_file_loads_like_the_bundled_one(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(THE_NIGHT, encoding="utf-8")
    assert load_scenario(path) == load_scenario("the-night")


def test_serials_are_as_long_as_their_length_code_says() -> None:
    scenario = load_scenario("the-night")
    assert scenario.false_identity is not None
    serials = [serial for permit in scenario.permits for serial in permit.serials]
    serials += [flight.serial for flight in scenario.permitted]
    serials += [scenario.false_identity.unused_serial, scenario.false_identity.unknown_serial]
    for serial in serials:
        assert len(serial) == 5 + int(serial[4], 16), serial


REFUSED = {
    "a misspelt key": ("mass_kg = 6.0", "mass_kgs = 6.0", "unknown key intruders[1].mass_kgs", "mass_kg,"),
    "a misspelt table": ("[reactions]", "[reaktions]", "unknown key reaktions", "reactions"),
    "a misspelt inline key": (
        'place = "vessamar" }',
        'plaice = "vessamar" }',
        "unknown key zones[1].outline.at.plaice",
        "place, bearing_deg, distance_m",
    ),
    "a number out of bounds": (
        "period_s = 1.0",
        "period_s = 0.01",
        "radars[1].period_s is 0.01",
        ">= 0.2",
    ),
    "a word for a number": ("count = 6", 'count = "six"', "birds[1].count is 'six'", "int"),
    "no such kind": (
        'kind = "stadium"',
        'kind = "stadion"',
        "assets[4].kind is 'stadion'",
        "residence, airport",
    ),
    "no such failsafe": ("land = 0.1,", "lend = 0.1,", "intruders[1].failsafe_shares", "return, land, hover"),
    "a pair the wrong way round": (
        "from_deg = [175.0, 214.0]",
        "from_deg = [250.0, 214.0]",
        "intruders[1].from_deg is [250, 214]",
        "[low, high]",
    ),
    "a time without its zone": (
        'start = "2031-05-03T02:10:00Z"',
        'start = "2031-05-03T02:10:00"',
        "night.start",
        "time with its zone",
    ),
    "an asset that is not there": (
        'asset_id = "residence"\nfrom_deg',
        'asset_id = "palace"\nfrom_deg',
        "intruders[1].asset_id is 'palace'",
        "airport, parade-square, residence, stadium",
    ),
    "two of one name": ('name = "wader"', 'name = "gull"  # again', "birds[2].name is 'gull'", "already"),
    "a number deep in an array": (
        "due_before_breach_s = 75.0",
        "due_before_breach_s = -75.0",
        "playbooks[1].tasks[2].due_before_breach_s is -75.0",
        ">= 0.0",
    ),
}


@pytest.mark.parametrize("story", REFUSED)
def test_what_is_wrong_is_refused_with_its_key_and_line(story: str) -> None:
    found, written, key, must = REFUSED[story]
    text = THE_NIGHT.replace(found, written, 1)
    assert text != THE_NIGHT
    with pytest.raises(SetupError) as caught:
        parse_scenario(text, "own.toml")
    sentence = str(caught.value)
    line = line_of(text, written)
    assert f"own.toml, line {line}:" in sentence
    assert key in sentence
    assert must in sentence


def test_a_missing_key_is_named_at_its_table() -> None:
    text = THE_NIGHT.replace('stand = { site = "camera_tower" }\n', "", 1)
    with pytest.raises(
        SetupError, match=rf"line {line_of(text, '[[cameras]]')}: cameras\[1\].stand is missing"
    ):
        parse_scenario(text, "own.toml")


def test_what_is_not_toml_is_refused_with_its_line() -> None:
    with pytest.raises(SetupError, match="line 2"):
        parse_scenario("[night]\nname = \n", "own.toml")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="the-night"):
        load_scenario(tmp_path / "nowhere.toml")


def test_lines_of_keys_by_hand() -> None:
    text = """# "a" = [
a = "]#"
[b]
c = [
  1, # one
  { d = '''
"x" = 1
''', e.f = 2 },
]
[[g]]
h = 1
[[g]]
[g.i]
j = 1
"""
    assert key_lines(text) == {
        ("a",): 2,
        ("b",): 3,
        ("b", "c"): 4,
        ("b", "c", 0): 5,
        ("b", "c", 1): 6,
        ("b", "c", 1, "d"): 6,
        ("b", "c", 1, "e", "f"): 8,
        ("g", 0): 10,
        ("g", 0, "h"): 11,
        ("g", 1): 12,
        ("g", 1, "i"): 13,
        ("g", 1, "i", "j"): 14,
    }


CONTRADICTIONS = {
    "not a number": ("floor_m = 0.0", "floor_m = nan", "zones[1].floor_m is nan", "finite"),
    "no end": ("mass_kg = 6.0", "mass_kg = inf", "intruders[1].mass_kg is inf", "finite"),
    "a permit for no zone": (
        'unlocks = ["order-12"]',
        'unlocks = ["order-13"]',
        "permits[1].unlocks[1]",
        "order-12",
    ),
    "more approvals than approvers": (
        "approvals_needed = 2",
        "approvals_needed = 3",
        "playbooks[1].approvals_needed is 3",
        "at most 2",
    ),
    "one approval": (
        "approvals_needed = 2",
        "approvals_needed = 1",
        "playbooks[1].approvals_needed is 1",
        ">= 2",
    ),
    "a circle of nothing": ("radius_m = 6500.0", "radius_m = 0.0", "zones[1].outline", "radius_m"),
    "gone before it left": (
        "start_delay_s = [0.0, 2.0]",
        "start_delay_s = [0.0, 170.0]",
        "intruders[1].start_delay_s",
        "earliest arrive_s",
    ),
    "a survey without lines": (
        "line_spacing_m = 60.0",
        "line_spacing_m = 0.0",
        "permitted[1].pattern",
        "line_spacing_m",
    ),
    "an orbit without radius": (
        "orbit_radius_m = 300.0",
        "orbit_radius_m = 0.0",
        "permitted[2].pattern",
        "orbit_radius_m",
    ),
    "a lie without words": ("[false_identity]", "[captions_]", "unknown key captions_", "captions"),
}


@pytest.mark.parametrize("story", CONTRADICTIONS)
def test_contradictions_are_refused_with_their_key_and_line(story: str) -> None:
    found, written, key, must = CONTRADICTIONS[story]
    text = THE_NIGHT.replace(found, written, 1)
    assert text != THE_NIGHT
    with pytest.raises(SetupError) as caught:
        parse_scenario(text, "own.toml")
    assert re.match(r"own\.toml, line \d+: ", str(caught.value))
    assert key in str(caught.value)
    assert must in str(caught.value)


LINES = THE_NIGHT.splitlines(keepends=True)


@given(
    st.integers(0, len(LINES) - 1),
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["drop", "twice", "move", "nan", "negative", "empty", "text"]),
)
def test_a_damaged_file_is_read_or_refused_never_a_crash(at: int, to: int, damage: str) -> None:
    lines = LINES.copy()
    line = lines[at]
    if damage == "drop":
        del lines[at]
    elif damage == "twice":
        lines.insert(at, line)
    elif damage == "move":
        lines.insert(to, lines.pop(at))
    else:
        value = {"nan": "nan", "negative": "-1.0", "empty": '""', "text": '"x"'}[damage]
        lines[at] = re.sub(r"= .*", f"= {value}", line)
    try:
        refusal = ""
        assert parse_scenario("".join(lines), "own.toml").night.duration_s > 0.0
    except SetupError as error:
        refusal = str(error)
    assert not refusal or re.match(r"own\.toml.*line \d+", refusal)
