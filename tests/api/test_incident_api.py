"""Incidents over HTTP: what the console shows and does, and who may not."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from fake_night import FakeNight
from skykeep.api.application import create_app
from skykeep.api.incident_desk import LARGEST_ACT_BYTES, IncidentDesk
from skykeep.api.server import Server
from skykeep.app.case_desk import CaseInMemory
from skykeep.domain.place import Person
from skykeep.store.case_folder import CaseFolder, read_case

T0 = 1_900_000_000_000_000_000
PEOPLE = (Person(person_id="ada", name="Ada", role="duty"), Person(person_id="ben", name="Ben", role="duty"))


def photograph() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (0, 60, 90)).save(out, "JPEG")
    return out.getvalue()


class Door:
    """The console's interface over one case, on a real socket of the loopback."""

    def __init__(self, case: Any, tmp_path: Path, doors: ExitStack, folder: Path | None = None) -> None:
        self.case = case
        desk = IncidentDesk(case, PEOPLE, lambda: T0, folder)
        app = create_app(FakeNight(tmp_path / "none.pdf"), tmp_path, incidents=desk)
        server = doors.enter_context(Server(app, port=0))
        self.own = {"origin": server.url.rstrip("/")}
        self.client = doors.enter_context(httpx.Client(base_url=server.url, trust_env=False))

    def act(self, headers: dict[str, str] | None = None, **asked: Any) -> Any:
        return self.client.post(
            "/api/incidents", json=asked, headers=self.own if headers is None else headers
        )

    def hand_in(self, data: bytes, incident_id: str = "I-1", name: str = "a", **params: str) -> Any:
        path = f"/api/incidents/{incident_id}/media"
        asked = {"name": name, "by": "ada", **params}
        return self.client.post(path, params=asked, content=data, headers=self.own)

    def get(self, path: str) -> Any:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def doors() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def door(tmp_path: Path, doors: ExitStack) -> Door:
    return Door(doors.enter_context(CaseFolder.open(tmp_path / "case")), tmp_path, doors)


def opened(door: Door, title: str = "Two drones") -> str:
    answer = door.act(act="open", by="ada", title=title, reason="Told by telephone")
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["incident_id"]
    return found


def test_an_incident_is_opened_noted_merged_split_and_closed(door: Door) -> None:
    first, second = opened(door), opened(door, "A light")
    assert (first, second) == ("I-1", "I-2")
    door.act(act="note", by="ben", incident_id="I-1", text="Called the harbour office")
    door.hand_in(photograph(), "I-2", "a.jpg")
    door.hand_in(b"A note", "I-2", "b.txt")
    assert (
        door.act(act="merge", by="ada", incident_id="I-1", incident_ids=["I-2"], reason="One").status_code
        == 200
    )
    part = door.act(
        act="split", by="ada", incident_id="I-1", items=["media:M-2"], title="The note", reason="Apart"
    )
    assert part.json()["split_from"] == "I-1"
    assert door.act(act="close", by="ada", incident_id="I-3", reason="Done").json()["state"] == "closed"

    lines = door.get("/api/incidents")
    assert [(line["incident_id"], line["state"]) for line in lines] == [
        ("I-3", "closed"),
        ("I-2", "merged"),
        ("I-1", "open"),
    ]
    assert lines[0]["opened_utc_ns"] == str(T0)
    shown = door.get("/api/incidents/I-1")
    assert [moment["kind"] for moment in shown["view"]["timeline"]].count("media") == 1
    assert shown["media"][0]["media_type"] == "image/jpeg"


def test_a_file_comes_back_whole_to_be_saved_and_its_picture_is_ours(door: Door) -> None:
    opened(door)
    data = photograph()
    answer = door.hand_in(data, name="clip.jpg", reason="From a resident")
    assert answer.status_code == 200, answer.text

    file = door.client.get("/api/incidents/media/M-1")
    assert file.content == data
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"] == "attachment"
    assert file.headers["x-content-type-options"] == "nosniff"
    small = door.client.get("/api/incidents/media/M-1/thumbnail")
    assert small.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(small.content)) as image:
        assert max(image.size) == 320


def test_a_page_handed_in_is_never_shown(door: Door) -> None:
    opened(door)
    door.hand_in(b"<script>alert(1)</script>", name="holiday.jpg")

    assert door.get("/api/incidents/I-1")["media"][0]["media_type"] == "text/html"
    assert door.client.get("/api/incidents/media/M-1/thumbnail").status_code == 404
    assert door.client.get("/api/incidents/media/M-1").headers["content-type"] == "application/octet-stream"


def test_search_sees_what_was_written_since(door: Door) -> None:
    opened(door)
    assert door.get("/api/incidents/search?q=harbour") == []
    door.act(act="note", by="ben", incident_id="I-1", text="Called the harbour office")

    (hit,) = door.get("/api/incidents/search?q=HARB")
    assert (hit["kind"], hit["incident_ids"], hit["match"]) == ("note", ["I-1"], "harb")


@pytest.mark.parametrize("origin", [{}, {"origin": "http://elsewhere.example"}, {"origin": "null"}])
def test_another_page_changes_nothing(door: Door, origin: dict[str, str]) -> None:
    assert door.act(headers=origin, act="open", by="ada", title="A", reason="B").status_code == 403
    sent = door.client.post("/api/incidents/I-1/media?name=a&by=ada", content=b"a", headers=origin)
    assert sent.status_code == 403
    assert door.case.book.incidents.incidents == ()


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a stranger": (
        {"act": "note", "by": "eve", "incident_id": "I-1", "text": "x"},
        "by: 'eve', must be somebody on duty",
    ),
    "no such act": ({"act": "burn", "by": "ada"}, "act: 'burn', must be one of open"),
    "no such incident": (
        {"act": "close", "by": "ada", "incident_id": "I-9", "reason": "x"},
        "incident_id: 'I-9'",
    ),
    "no reason": ({"act": "close", "by": "ada", "incident_id": "I-1"}, "reason: ''"),
    "a field that is none": ({"act": "close", "by": "ada", "force": True}, "unknown field `force`"),
    "a note of numbers": ({"act": "note", "by": "ada", "incident_id": "I-1", "text": 7}, "Expected `str`"),
    "a track without a night": (
        {
            "act": "split",
            "by": "ada",
            "incident_id": "I-1",
            "items": ["track:1"],
            "title": "A",
            "reason": "B",
        },
        "item: 'track:1'",
    ),
}


@pytest.mark.parametrize("story", REFUSED)
def test_what_cannot_be_done_is_answered_with_its_field(door: Door, story: str) -> None:
    asked, says = REFUSED[story]
    opened(door)

    answer = door.act(**asked)

    assert answer.status_code == 422
    assert says in answer.json()["detail"]


def test_too_much_is_not_read_to_its_end(door: Door) -> None:
    answer = door.client.post("/api/incidents", content=b" " * (LARGEST_ACT_BYTES + 1), headers=door.own)

    assert answer.status_code == 413


def test_unknown_files_and_empty_ones_are_refused(door: Door) -> None:
    opened(door)

    assert door.client.get("/api/incidents/media/M-9").status_code == 422
    empty = door.hand_in(b"")
    assert "file: 0 bytes" in empty.json()["detail"]


def test_a_file_that_was_swapped_is_not_handed_out(door: Door) -> None:
    opened(door)
    door.hand_in(b"as it was")
    (blob,) = (door.case.folder / "blobs").iterdir()
    blob.chmod(0o644)
    blob.write_bytes(b"as it never was")

    answer = door.client.get("/api/incidents/media/M-1")

    assert answer.status_code == 500
    assert "holds something else" in answer.json()["detail"]


def test_a_case_that_is_only_shown_shows_its_files_and_changes_nothing(
    door: Door, tmp_path: Path, doors: ExitStack
) -> None:
    opened(door)
    door.hand_in(b"as it was")
    before = door.case.book.state()
    shown = Door(CaseInMemory(read_case(door.case.folder)), tmp_path, doors, door.case.folder)

    assert shown.client.get("/api/incidents/media/M-1").content == b"as it was"
    answer = shown.act(act="note", by="ada", incident_id="I-1", text="Seen")
    assert answer.status_code == 422
    assert "case: only shown here" in answer.json()["detail"]
    assert "only shown here" in shown.hand_in(b"more").json()["detail"]
    assert read_case(door.case.folder).state() == before


def test_what_was_done_is_on_the_disk(door: Door) -> None:
    opened(door)

    assert read_case(door.case.folder).incidents.incident("I-1").opened_by == "ada"


def test_a_watch_that_goes_on_shows_the_case_of_its_new_folder(tmp_path: Path, doors: ExitStack) -> None:
    monday, tuesday = (doors.enter_context(CaseFolder.open(tmp_path / name)) for name in ("mon", "tue"))
    desk = IncidentDesk(monday, PEOPLE, lambda: T0)

    def opened_there(title: str) -> str:
        asked = {"act": "open", "by": "ada", "title": title, "reason": "told"}
        return desk.act(json.dumps(asked).encode()).incident_id

    opened_there("Two drones")
    assert desk.search("drones")
    desk.go_on(tuesday)
    assert desk.lines() == ()
    assert desk.search("drones") == ()
    assert opened_there("A light") == "I-1", "a case numbers its own"
    assert [line.title for line in desk.lines()] == ["A light"]
    assert list(monday.book.incidents.incidents) != list(tuesday.book.incidents.incidents)
