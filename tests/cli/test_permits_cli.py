"""The office from the command line: what is done, what is refused and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from skykeep.base.errors import SkykeepError
from skykeep.cli import skykeep

FORM = """
holder = "Harbour surveys"
contact = "surveys@example.org"
priority = "commercial"
serials = ["1AF49UL5CC5J6K"]
operator_ids = ["CHEo5kut30e0mt01-qwe"]
[flight]
operation_category = "Open"
operation_mode = "Vlos"
uas_class = "C0"
identification_technologies = ["ASTMNetRID"]
connectivity_methods = ["cellular"]
endurance_minutes = 30
[[volumes]]
circle = {{ longitude_deg = 20.0, latitude_deg = 48.0, radius_m = 200.0 }}
ceiling_m = 60.0
start = "{start}"
end = "{end}"
"""
BAN = """
title = "City-wide ban"
reason = "stray flights obstruct the police"
template = "city-wide ban"
[[volumes]]
circle = { longitude_deg = 20.0, latitude_deg = 48.0, radius_m = 9000.0 }
"""
WAY = """
title = "A guest's way"
reason = "a visit"
template = "VIP movement"
way = [
  { longitude_deg = 20.0, latitude_deg = 48.0, time = "2090-05-03T18:00:00Z" },
  { longitude_deg = 20.1, latitude_deg = 48.0, time = "2090-05-03T18:20:00Z" },
  { longitude_deg = 20.1, latitude_deg = 48.1, time = "2090-05-03T18:40:00Z" },
]
"""
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    start = datetime.now(UTC) + timedelta(days=1)
    form = FORM.format(start=start.isoformat(), end=(start + timedelta(hours=1)).isoformat())
    (tmp_path / "form.toml").write_text(form)
    (tmp_path / "ban.toml").write_text(BAN)
    (tmp_path / "way.toml").write_text(WAY)
    (tmp_path / "people.toml").write_text(
        '[[people]]\nname = "ana"\nrole = "applicant"\nrights = ["apply"]\n'
        + "".join(
            f'[[people]]\nname = "{name}"\nrole = "officer"\nauthority_id = "city"\n'
            'rights = ["decide", "restrict", "see_private", "read"]\n'
            for name in ("chief", "deputy")
        )
    )

    def run(verb: str, *words: str, who: str = "ana") -> Result:
        spelt = [str(tmp_path / word) if word.endswith(".toml") else word for word in words]
        people = ["--register", str(tmp_path / "register.db"), "--people", str(tmp_path / "people.toml")]
        return CliRunner().invoke(skykeep, [verb, *spelt, "--as", who, *people])

    return run


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_asked_for_decided_and_flown(run: Run) -> None:
    permit_id = told(run("permits", "request", "form.toml", "--json"))["permit_id"]
    assert told(run("permits", "submit", permit_id, "--json"))["state"] == "further_coordination"
    assert told(run("permits", "list", "--inbox", "--json", who="chief"))[0]["permit_id"] == permit_id
    assert told(run("permits", "approve", permit_id, "--json", who="chief"))["state"] == "approved"
    shown = told(run("permits", "show", permit_id, "--json"))
    assert [each["action"] for each in shown["events"]] == ["request", "submit", "coordinate", "approve"]
    assert "qwe" not in json.dumps(shown)
    assert "further coordination" not in run("permits", "list").output
    assert told(run("permits", "withdraw", permit_id, "--json"))["state"] == "withdrawn"


def test_what_is_refused_says_why_and_does_not_end_well(run: Run) -> None:
    permit_id = told(run("permits", "request", "form.toml", "--submit", "--json"))["permit_id"]
    for words, who, says in (
        (("approve", permit_id), "ana", "right to decide"),
        (("close", permit_id), "ana", "must be one of"),
        (("show", "P-NONE"), "ana", "a permit of yours"),
    ):
        result = run("permits", *words, who=who)
        assert result.exit_code == 1
        assert isinstance(result.exception, SkykeepError)
        assert says in str(result.exception)
    assert run("permits", "list", who="nobody").exit_code == 2
    assert run("permits", "list", "--state", "bogus").exit_code == 2
    assert run("permits", "refuse", permit_id, who="chief").exit_code == 2


def test_two_people_publish_a_ban_and_the_check_finds_it(run: Run) -> None:
    assert run("permits", "check", "form.toml").exit_code == 0
    (drawn,) = told(run("restrictions", "draw", "ban.toml", "--json", who="chief"))
    restriction_id = drawn["restriction_id"]
    assert told(run("restrictions", "sign", restriction_id, "--json", who="chief"))[0]["state"] == "signed"
    again = run("restrictions", "sign", restriction_id, who="chief")
    assert (again.exit_code, "second, different person" in str(again.exception)) == (1, True)
    assert (
        told(run("restrictions", "sign", restriction_id, "--json", who="deputy"))[0]["state"] == "published"
    )
    checked = run("permits", "check", "form.toml")
    assert checked.exit_code == 1
    assert "City-wide ban" in checked.output
    assert run("restrictions", "cancel", restriction_id, "--reason", "rain", who="chief").exit_code == 0
    assert run("permits", "check", "form.toml").exit_code == 0
    shown = told(run("restrictions", "show", restriction_id, "--json"))
    assert [each["by"] for each in shown["events"]] == ["chief", "chief", "deputy", "chief"]


def test_a_way_is_a_corridor_for_each_leg_and_a_ring_is_up_at_once(run: Run) -> None:
    drawn = told(run("restrictions", "draw", "way.toml", "--json", who="chief"))
    assert [each["title"][-10:] for each in drawn] == ["leg 1 of 2", "leg 2 of 2"]
    ring = run("restrictions", "ring", "i1", "--at", "20.0,48.0", "--json", who="chief")
    assert told(ring)[0]["state"] == "published"
    assert run("restrictions", "ring", "i1", "--at", "here", who="chief").exit_code == 2
    assert len(told(run("restrictions", "list", "--in-force", "--json"))) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"holder = 3",
        b"[[volumes]]\n",
        b"holder = 'x'\nbogus = 1",
        b"x = " + b"[" * 5_000,
        b"\xef\xbb\xbfholder=''\npriority='king'",
    ],
)
def test_a_form_that_is_none_is_refused_by_name(run: Run, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "bad.toml").write_bytes(data)
    result = run("permits", "request", "bad.toml")
    assert result.exit_code == 1
    assert isinstance(result.exception, SkykeepError)
    assert "bad.toml" in str(result.exception)


def test_an_offer_can_be_what_the_office_finds(run: Run) -> None:
    first = told(run("permits", "request", "form.toml", "--submit", "--json"))["permit_id"]
    second = told(run("permits", "request", "form.toml", "--submit", "--json"))["permit_id"]
    assert run("permits", "approve", first, who="chief").exit_code == 0
    assert run("permits", "approve", second, who="chief").exit_code == 1
    offered = run("permits", "offer", second, "--reason", "it is taken", "--kind", "time", who="chief")
    assert offered.exit_code == 0
    assert told(run("permits", "accept", second, "--json"))["state"] == "approved"


def test_while_an_amendment_waits_the_list_says_what_stands(run: Run) -> None:
    permit_id = told(run("permits", "request", "form.toml", "--submit", "--json"))["permit_id"]
    assert run("permits", "approve", permit_id, who="chief").exit_code == 0
    assert "stands until then" not in run("permits", "list").output
    assert run("permits", "amend", permit_id, "form.toml", "--reason", "once more").exit_code == 0
    assert (
        "v2 further coordination, what was approved before stands until then" in run("permits", "list").output
    )
