"""`skykeep zones`: a list in, held, let in, out again; each verb in words and as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from made_register import zone, zone_list
from skykeep.base.errors import SkykeepError
from skykeep.cli import skykeep
from skykeep.domain.zone import ZoneList
from skykeep.wire.zone_files import read_zones, write_zones

TEN = tuple(zone(f"Z{number}") for number in range(10))


class Desk:
    """Runs the command on one register."""

    def __init__(self, register_url: str, folder: Path) -> None:
        self.folder = folder
        self.url = register_url

    def zones(self, verb: str, *arguments: str) -> Result:
        return CliRunner().invoke(
            skykeep, ["zones", verb, *arguments], env={"SKYKEEP_REGISTER": self.url}, catch_exceptions=True
        )

    def json(self, verb: str, *arguments: str) -> object:
        result = self.zones(verb, *arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def file(self, name: str, listed: ZoneList) -> str:
        path = self.folder / name
        path.write_bytes(write_zones(listed, "ed269")[0])
        return str(path)


@pytest.fixture
def desk(register_url: str, tmp_path: Path) -> Desk:
    return Desk(register_url, tmp_path)


def test_a_list_comes_in_waits_is_let_in_and_goes_out(desk: Desk) -> None:
    whole, half = desk.file("town.json", zone_list(*TEN)), desk.file("half.json", zone_list(*TEN[5:]))
    first = desk.zones("import", whole)
    assert first.exit_code == 0, first.output
    assert "town: " in first.output
    assert "10 zones: release 1, in_force. It is the first of its source." in first.output

    held = desk.zones("import", half, "--source", "town", "--by", "clerk")
    assert held.exit_code == 4
    assert "release 2, held. It loses 5 of 10 zones (50 %), more than 20 %." in held.output
    assert "5 went: Z0, Z1, Z2, Z3, Z4" in held.output
    assert len(json.loads(desk.zones("list", "--json").stdout)) == 10

    again = desk.zones("import", half, "--source", "town")
    assert (again.exit_code, "no new release" in again.output) == (4, True)
    no_reason = desk.zones("accept", "town")
    assert isinstance(no_reason.exception, SkykeepError)
    assert desk.json("accept", "town", "--because", "checked by telephone", "--by", "chief") == {
        "source": "town",
        "number": 2,
        "state": "in_force",
    }
    rows = desk.json("history", "town")
    assert isinstance(rows, list)
    assert [(row["number"], row["state"], row["zones"], row["by"]) for row in rows][1:] == [
        (2, "in_force", 5, "chief")
    ]
    assert rows[0]["until"] == rows[1]["from"]
    assert "checked by telephone" in desk.zones("history").output

    out = desk.folder / "out.json"
    said = desk.json("export", "--format", "ed318", "--out", str(out))
    assert isinstance(said, dict)
    assert said["zones"] == 5
    assert {z.zone_id for z in read_zones(out.read_bytes(), "out").zones} == {z.zone_id for z in TEN[5:]}
    before = desk.json("list", "--at", "2001-02-03T04:05:06Z")
    assert before == []


def test_a_yes_beforehand_needs_its_reason(desk: Desk) -> None:
    whole, none = desk.file("town.json", zone_list(*TEN)), desk.file("none.json", zone_list())
    assert desk.zones("import", whole).exit_code == 0
    assert desk.zones("import", none, "--source", "town", "--yes").exit_code == 2
    let_in = desk.zones("import", none, "--source", "town", "--yes", "--because", "the ban is over")
    assert let_in.exit_code == 0, let_in.output
    assert "the ban is over" in let_in.output


def test_a_refused_list_is_told_in_the_history(desk: Desk) -> None:
    desk.zones("import", desk.file("town.json", zone_list(*TEN)))
    desk.zones("import", desk.file("none.json", zone_list()), "--source", "town")
    refused = desk.zones("refuse", "town", "2", "--because", "a broken export", "--by", "chief")
    assert (refused.exit_code, "state refused" in refused.output) == (0, True)
    assert "town 2: refused, 0 zones" in desk.zones("history").output


def test_everything_amiss_is_said_and_can_be_said_again(desk: Desk) -> None:
    document = json.loads(write_zones(zone_list(zone("A"), zone("B")), "ed269")[0])
    features = document if isinstance(document, list) else document.get("features") or document["UASZoneList"]
    features[0]["restriction"] = "PERHAPS"
    path = desk.folder / "town.json"
    path.write_text(json.dumps(document))
    imported = desk.zones("import", str(path))
    assert imported.exit_code == 0, imported.output
    said = desk.json("report", "town")
    assert isinstance(said, dict)
    amiss = [(d["zone_id"], d["found"]) for d in said["deviations"] if "PERHAPS" in d["found"]]
    assert [zone_id for zone_id, _ in amiss] == ["A"]
    assert "PERHAPS" in imported.output
    assert "PERHAPS" in desk.zones("report", "town", "1").output


def test_mistakes_are_sentences(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("These are words.")
    (tmp_path / "empty.json").write_bytes(b"")
    for name in ("words.txt", "empty.json"):
        assert isinstance(desk.zones("import", str(tmp_path / name)).exception, SkykeepError)
    desk.zones("import", desk.file("town.json", zone_list(*TEN)))
    for arguments in (
        ("report", "village"),
        ("report", "town", "7"),
        ("list", "--source", "village"),
        ("accept", "town", "9", "--because", "x"),
        ("export", "--format", "papyrus", "--out", str(tmp_path / "x")),
    ):
        assert isinstance(desk.zones(*arguments).exception, SkykeepError), arguments
    assert desk.zones("list", "--at", "tomorrow").exit_code == 2
    assert desk.zones("list", "--at", "2001-02-03T04:05:06").exit_code == 2


def test_only_an_import_begins_a_register(tmp_path: Path) -> None:
    for verb in (("list",), ("history",), ("accept", "town", "--because", "x")):
        place = str(tmp_path / "register.db")
        result = CliRunner().invoke(skykeep, ["zones", *verb, "--register", place])
        assert isinstance(result.exception, SkykeepError)
        assert "no register there" in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_the_help_names_every_verb_and_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom skykeep.cli import main\ntry:\n    main(['zones', '--help'])\n"
        "except SystemExit:\n    pass\nprint([m for m in ('sqlalchemy', 'numpy') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    for verb in ("import", "accept", "refuse", "export", "history", "list", "report"):
        assert f"  {verb} " in result.stdout
    assert result.stdout.splitlines()[-1] == "[]"
