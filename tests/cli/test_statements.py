"""`skykeep statements`: one command from files to the matrix; in a case, a person's word on proposals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from exported_night import write_log
from skykeep.app import dossier as app
from skykeep.app.dossier import case_of_night
from skykeep.app.measured import measured
from skykeep.base.errors import SkykeepError
from skykeep.cli import skykeep
from skykeep.evidence.printable import hidden

OPEN = Path(__file__).parents[1] / "statements" / "open"
COPIES = [str(OPEN / "wire-copy" / f"{name}.txt") for name in "abc"]
MAIL = [str(OPEN / "forwarded-mail" / name) for name in ("a.eml", "b.txt")]


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(skykeep, ["statements", *arguments])


def told(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_one_command_makes_the_matrix_in_a_hundred_columns() -> None:
    done = run("compare", *COPIES)
    assert done.exit_code == 0, done.output
    assert max(len(line) for line in done.stdout.splitlines()) <= 100
    told_of = "A, B, C: three documents, one lineage: much of their text is the same; their words come from"
    assert told_of in " ".join(done.stdout.split())
    assert "word for word 56 % of A, 75 % of B" in done.stdout
    assert "proposed, not reviewed" in done.stdout
    assert "Nothing here says who is right." in done.stdout


def test_the_matrix_as_json_holds_documents_whole_and_every_reading_with_its_place() -> None:
    matrix = told("compare", *MAIL)
    texts = {one["document_id"]: one["text"] for one in matrix["documents"]}
    assert [one["name"] for one in matrix["documents"]] == ["a.eml", "b.txt"]
    assert matrix["unreviewed"] == len(matrix["assertions"]) > 20
    for one in matrix["assertions"]:
        passage = one["passage"]
        assert texts[passage["document_id"]][passage["start"] : passage["end"]].strip()


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_compared(tmp_path: Path) -> None:
    broken, gone, page = tmp_path / "broken.pdf", tmp_path / "gone.txt", tmp_path / "matrix.html"
    broken.write_bytes(b"%PDF-1.7 and no more")
    files = (COPIES[0], str(broken), str(gone), COPIES[1])
    done = run("compare", *files, "--html", str(page))
    assert done.exit_code == 1
    assert "A, B: two documents, one lineage" in done.stdout
    assert "broken.pdf could not be read: " in done.stdout
    assert "gone.txt could not be read: No such file or directory" in done.stdout
    assert "gone.txt could not be read: No such file or directory" in page.read_text(encoding="utf-8")
    done = run("compare", *files, "--json")
    assert done.exit_code == 1
    matrix = json.loads(done.stdout)
    assert [one["name"] for one in matrix["documents"]] == ["a.txt", "b.txt"]
    assert [one["name"] for one in matrix["refused"]] == ["broken.pdf", "gone.txt"]
    assert all(one["reason"] for one in matrix["refused"])


def test_nothing_in_a_document_is_hidden_at_a_terminal(tmp_path: Path) -> None:
    paper = tmp_path / "Quay\u202etsoP.txt"
    paper.write_text("The mayor\u202e said that two drones fell into the harbour.", encoding="utf-8")
    done = run("compare", COPIES[0], str(paper))

    assert done.exit_code == 0, done.output
    assert not any(hidden(each) for each in done.output.replace("\n", ""))
    assert "Quay[U+202E]tsoP" in done.output
    assert "mayor[U+202E] said" in done.output


def test_a_file_given_twice_is_one_document() -> None:
    assert len(told("compare", COPIES[0], COPIES[0])["documents"]) == 1


def test_pasted_texts_are_compared_with_what_is_said_of_each(tmp_path: Path) -> None:
    words = "Three drones fell into the harbour, the mayor said."
    arguments = ("compare", COPIES[0], "-", "--text", words, "--publisher", "Quay Post", "--publisher", "M",
        "--published", "2031-05-03", "--retrieved", "2031-05-04T07:00+02:00", "--url", "https://quay.example/1",
        "--json")  # fmt: skip
    done = CliRunner().invoke(skykeep, ["statements", *arguments], input="Two drones fell, the office said.")
    assert done.exit_code == 0, done.output
    of_file, first, second = json.loads(done.stdout)["documents"]
    assert (of_file["name"], of_file["retrieved_from"]) == ("a.txt", "")
    assert (first["publisher"], first["published"], first["published_from"]) == (
        "Quay Post",
        "2031-05-03",
        "person",
    )
    assert first["retrieved_from"] == "https://quay.example/1"
    assert first["retrieved_utc_ns"] == 1_935_637_200 * 10**9
    assert (second["text"], second["publisher"], second["published"]) == (words, "M", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("compare", "-", "-"), "given twice"),
        (("compare", "--text", "Two drones.", "--url", "a", "--url", "b"), "--url: given 2 times, for 1"),
        (("compare", "--text", "Two.", "--retrieved", "2031-05-04T07:00"), "with its zone"),
        (("compare",), "give files or --text, or --case"),
        (("add", "--case", "c", "--as", "Ada Vell"), "give a file, `-` or --text"),
        (
            ("add", COPIES[0], "--text", "Two.", "--case", "c", "--as", "Ada Vell"),
            "give a file, `-` or --text",
        ),
    ],
)
def test_what_is_handed_in_wrongly_is_refused_in_words(arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert says in done.stderr


def test_a_pasted_text_is_kept_in_a_case_with_what_is_said_of_it(tmp_path: Path) -> None:
    case = str(tmp_path / "case")
    by = ("--case", case, "--as", "Ada Vell", "--json")
    said = ("--publisher", "Quay Post", "--retrieved", "2031-05-04T07:00Z", "--url", "https://quay.example/1")
    done = CliRunner().invoke(skykeep, ["statements", "add", "-", *said, *by], input="Two drones fell.")
    assert done.exit_code == 0, done.output
    kept = json.loads(done.stdout)
    assert (kept["name"], kept["publisher"], kept["text"]) == (
        "pasted-1.txt",
        "Quay Post",
        "Two drones fell.",
    )
    assert (kept["retrieved_from"], kept["retrieved_utc_ns"]) == (said[-1], 1_935_644_400 * 10**9)
    assert told("add", "--text", "Nobody saw any.", "--case", case, "--as", "Ada Vell")["publisher"] == ""
    assert len(told("compare", "--case", case)["documents"]) == 2


def test_what_a_night_measured_stands_beside_what_is_said_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "cache_dir", lambda: tmp_path / "cache")
    write_log(tmp_path / "night.db")
    matrix = told("compare", COPIES[0], "--record", str(tmp_path))
    case = case_of_night(tmp_path / "night.db")
    sentences = {row["slot"]: tuple(row["measured"]) for row in matrix["rows"] if row["measured"]}
    assert sentences == {slot.value: said for slot, said in measured(case).items()}
    assert sentences
    done = run("compare", COPIES[0], "--record", str(tmp_path))
    assert "our record: " in done.stdout


def test_how_a_text_was_read_is_said_where_it_is_not_plain(tmp_path: Path) -> None:
    mixed, page = tmp_path / "mixed.txt", tmp_path / "page.html"
    mixed.write_bytes("Two drones “fell”. ".encode() + "Café".encode("latin-1"))
    done = run("compare", str(mixed), "--html", str(page))
    sentence = "1 byte of its file cannot be read in its encoding; each is shown as \ufffd"
    assert sentence in done.stdout
    assert sentence in page.read_text(encoding="utf-8")


def test_a_case_keeps_what_a_person_made_of_each_proposal(tmp_path: Path) -> None:
    case = str(tmp_path / "case")
    by = ("--case", case, "--as", "Ada Vell")
    for name in COPIES:
        assert told("add", name, *by, "--from", "a reader")["retrieved_from"] == "a reader"
    new = told("propose", *by)
    assert told("propose", *by) == []
    first, second, third = (one["assertion_id"] for one in new[:3])
    assert run("confirm", first, *by).exit_code == 0
    assert run("refuse", second, *by, "--reason", "not said").exit_code == 0
    assert run("correct", third, *by, "--value", "both fell", "--reason", "both").exit_code == 0
    matrix = told("compare", "--case", case)
    held = {one["assertion_id"]: one for one in matrix["assertions"]}
    assert first in held
    assert second not in held
    assert held[third]["value"] == "both fell"
    assert matrix["unreviewed"] == len(new) - 3
    assert {one["by"] for one in matrix["reviews"]} == {"Ada Vell"}
    listed = run("list", "--case", case).stdout
    assert "refused by Ada Vell: not said" in listed
    assert "[Two drones] brought down near" in listed
    assert second not in run("list", "--case", case, "--open").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("confirm", "nope"), "must be of an assertion that was proposed"),
        (("correct", "first", "--reason", "x"), "nothing that differs"),
        (("correct", "first", "--reason", "x", "--act", "swears"), "one of claims"),
        (("add", COPIES[0]), "one that no other document has"),
        (("add", COPIES[1], "--published", "lately"), "must be an ISO date"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    arguments: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    by = ("--case", str(tmp_path / "case"), "--as", "Ada Vell")
    told("add", COPIES[0], *by)
    first = told("propose", *by)[0]["assertion_id"]
    done = run(*(first if one == "first" else one for one in arguments), *by)
    assert isinstance(done.exception, SkykeepError)
    assert says in str(done.exception)


PLUG_IN = """
from skykeep.domain.statement import Assertion, Passage, Slot, SpeechAct
from skykeep.statements.proposer import Offer

class Model:
    name = "toy"

    def propose(self, document):
        for words in ("Two drones", "Nine drones"):
            start = max(document.text.find(words), 0)
            passage = Passage(document_id=document.document_id, start=start, end=start + len(words))
            yield Offer(Assertion(
                assertion_id="", passage=passage, slot=Slot.AIRCRAFT_COUNT, value="2", speaker="",
                speaker_passage=None, via=(), act=SpeechAct.CLAIMS, is_direct=False, is_hedged=False,
                proposed_by="",
            ), words)

model = Model()
"""


def test_a_plug_in_is_marked_wherever_it_speaks_and_what_is_not_in_the_text_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "toy_model.py").write_text(PLUG_IN, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    case = str(tmp_path / "case")
    by = ("--case", case, "--as", "Ada Vell")
    told("add", COPIES[0], *by)
    done = run("propose", *by, "--plug-in", "toy_model:model", "--json")
    assert "refused: toy, offer 1: passage is said to be 'Nine drones'" in done.stderr
    marks = [one["proposed_by"] for one in json.loads(done.stdout)]
    assert marks.count("model:toy") == 1
    assert "proposed, not reviewed (model:toy)" in run("list", "--case", case).stdout
    assert told("propose", *by, "--plug-in", "toy_model:model") == []
    missing = run("propose", *by, "--plug-in", "toy_model:nobody")
    assert "must be MODULE:NAME of one that is installed" in str(missing.exception)
