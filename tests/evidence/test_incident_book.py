"""Incidents: opened, filled, merged, split, closed; whatever people do in any order, nothing is lost."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from skykeep.base.errors import InputError
from skykeep.domain.encoding import encode_json
from skykeep.domain.incident import (
    LONGEST_NOTE,
    LONGEST_TITLE,
    AddToIncident,
    CloseIncident,
    Incident,
    IncidentCommand,
    IncidentState,
    Item,
    ItemKey,
    ItemKind,
    MergeIncidents,
    NoteOnIncident,
    OpenIncident,
    RemoveFromIncident,
    RenameIncident,
    ReopenIncident,
    SplitIncident,
)
from skykeep.evidence.incident_book import IncidentBook

T0 = 1_900_000_000_000_000_000


def item(number: int, kind: ItemKind = ItemKind.TRACK) -> Item:
    key = ItemKey(kind=kind, item_id=str(number), night_id="N-1")
    return Item(key=key, time_utc_ns=T0 + number, says=f"{kind} {number}")


def opened(book: IncidentBook, *numbers: int, title: str = "Two drones") -> Incident:
    return book.apply(
        OpenIncident(
            title=title, reason="They came", by="op", time_utc_ns=T0, items=tuple(map(item, numbers))
        )
    )


def numbers(incident: Incident) -> list[str]:
    return [each.item.key.item_id for each in incident.items]


def test_merging_two_and_splitting_them_again_says_where_all_of_it_came_from() -> None:
    book = IncidentBook()
    opened(book, 1, 2)
    opened(book, 2, 3)

    merged = book.apply(
        MergeIncidents(incident_ids=("I-2",), into="I-1", reason="One story", by="ada", time_utc_ns=T0 + 9)
    )

    assert numbers(merged) == ["1", "2", "3"]
    assert [origin.incident_id for origin in merged.items[1].origins] == ["I-1", "I-2"]
    gone = book.incident("I-2")
    assert (gone.state, gone.merged_into, gone.items) == (IncidentState.MERGED, "I-1", ())
    assert gone.history[-1].items == 2
    assert gone.history[-1].because == "One story"

    part = book.apply(
        SplitIncident(
            incident_id="I-1",
            items=(item(3).key,),
            title="The third",
            reason="Another pilot",
            by="ben",
            time_utc_ns=T0 + 10,
        )
    )

    assert (part.incident_id, part.split_from, numbers(part)) == ("I-3", "I-1", ["3"])
    assert part.items[0].origins[0].incident_id == "I-2"
    assert book.incident("I-1").split_into == ("I-3",)
    assert numbers(book.incident("I-1")) == ["1", "2"]


def test_what_is_taken_out_stays_on_the_list_with_who_and_why() -> None:
    book = IncidentBook()
    opened(book, 1, 2)

    now = book.apply(
        RemoveFromIncident(
            incident_id="I-1", items=(item(1).key,), reason="A gull", by="op", time_utc_ns=T0 + 5
        )
    )

    assert numbers(now) == ["2"]
    assert now.removed[0].held.item == item(1)
    assert (now.removed[0].by, now.removed[0].because) == ("op", "A gull")
    assert book.ever_held(item(1).key)
    assert book.holding(item(1).key) == ()


def test_a_closed_one_takes_what_is_found_later_and_gives_nothing_away() -> None:
    book = IncidentBook()
    opened(book, 1)
    book.apply(CloseIncident(incident_id="I-1", reason="Done", by="op", time_utc_ns=T0))

    book.apply(
        AddToIncident(incident_id="I-1", items=(item(7),), reason="Found", by="op", time_utc_ns=T0 + 1)
    )
    with pytest.raises(InputError, match="incident_id: I-1 is closed, must be open"):
        book.apply(
            RemoveFromIncident(
                incident_id="I-1", items=(item(7).key,), reason="No", by="op", time_utc_ns=T0 + 2
            )
        )
    again = book.apply(ReopenIncident(incident_id="I-1", reason="More came", by="op", time_utc_ns=T0 + 3))

    assert again.state is IncidentState.OPEN
    assert [step.what for step in again.history] == ["opened", "closed", "added", "reopened"]


_GOOD = {"reason": "Why", "by": "op", "time_utc_ns": T0}
REFUSED: dict[str, tuple[IncidentCommand, str]] = {
    "nobody says it": (OpenIncident(title="A", reason="Why", by=" ", time_utc_ns=T0), "by: ' '"),
    "no reason": (OpenIncident(title="A", reason="", by="op", time_utc_ns=T0), "reason: ''"),
    "before 1970": (OpenIncident(title="A", reason="Why", by="op", time_utc_ns=-1), "time_utc_ns: -1"),
    "a title too long": (
        OpenIncident(title="A" * (LONGEST_TITLE + 1), reason="Why", by="op", time_utc_ns=T0),
        "title: 201 characters, must be at most 200",
    ),
    "a line break in a title": (
        OpenIncident(title="A\nB", reason="Why", by="op", time_utc_ns=T0),
        "title: the character U\\+000A",
    ),
    "half a character": (
        OpenIncident(title="A\ud800", reason="Why", by="op", time_utc_ns=T0),
        "title: the character U\\+D800",
    ),
    "the same item twice": (
        OpenIncident(title="A", reason="Why", by="op", time_utc_ns=T0, items=(item(1), item(1))),
        "items: one of them twice",
    ),
    "no such incident": (
        NoteOnIncident(incident_id="I-9", text="Hm", by="op", time_utc_ns=T0),
        "incident_id: 'I-9', must be the number of an incident",
    ),
    "a note too long": (
        NoteOnIncident(incident_id="I-1", text="x" * (LONGEST_NOTE + 1), by="op", time_utc_ns=T0),
        "text: 10001 characters, must be at most 10000",
    ),
    "what it holds already": (
        AddToIncident(incident_id="I-1", items=(item(1),), reason="Why", by="op", time_utc_ns=T0),
        "items: track 1 of N-1, which I-1 holds already",
    ),
    "nothing to add": (
        AddToIncident(incident_id="I-1", items=(), reason="Why", by="op", time_utc_ns=T0),
        "items: 0 items, must be 1 to 1000",
    ),
    "a file of a night": (
        AddToIncident(
            incident_id="I-1",
            items=(item(1, ItemKind.MEDIA),),
            reason="Why",
            by="op",
            time_utc_ns=T0,
        ),
        "items.night_id: 'N-1' for a media",
    ),
    "taking out what is not in it": (
        RemoveFromIncident(incident_id="I-1", items=(item(8).key,), reason="Why", by="op", time_utc_ns=T0),
        "items: track 8 of N-1, must be one that I-1 holds",
    ),
    "merging with itself": (
        MergeIncidents(incident_ids=("I-1",), into="I-1", reason="Why", by="op", time_utc_ns=T0),
        "incident_ids: I-1, must be different ones",
    ),
    "splitting all of it off": (
        SplitIncident(
            incident_id="I-1",
            items=(item(1).key,),
            title="All",
            reason="Why",
            by="op",
            time_utc_ns=T0,
        ),
        "items: all that it holds, must be fewer",
    ),
    "reopening an open one": (
        ReopenIncident(incident_id="I-1", reason="Why", by="op", time_utc_ns=T0),
        "incident_id: I-1 is open, must be closed",
    ),
}


@pytest.mark.parametrize("story", REFUSED)
def test_what_cannot_be_followed_is_refused_with_its_field_and_changes_nothing(story: str) -> None:
    command, says = REFUSED[story]
    book = IncidentBook()
    opened(book, 1)
    before = book.incidents

    with pytest.raises(InputError, match=says):
        book.apply(command)

    assert book.incidents == before


def test_nothing_happens_any_more_to_one_that_was_merged() -> None:
    book = IncidentBook()
    opened(book, 1)
    opened(book, 2)
    book.apply(MergeIncidents(incident_ids=("I-2",), into="I-1", reason="One", by="op", time_utc_ns=T0))

    with pytest.raises(InputError, match="I-2, which is part of I-1, must be one by itself"):
        book.apply(NoteOnIncident(incident_id="I-2", text="Still?", by="op", time_utc_ns=T0))


IDS = st.sampled_from([f"I-{n}" for n in range(1, 7)])
ITEMS = st.lists(st.integers(1, 6), min_size=0, max_size=3)
STATES = set(IncidentState)


class Incidents(RuleBasedStateMachine):
    """Anything in any order: what was taken is accounted for once, and the fold made again is the same."""

    def __init__(self) -> None:
        super().__init__()
        self.book = IncidentBook()
        self.taken: list[IncidentCommand] = []
        self.asked: list[IncidentCommand] = []
        self.came: Counter[tuple[str, str]] = Counter()
        self.seen: set[str] = set()

    def ask(self, command: IncidentCommand) -> None:
        self.asked.append(command)
        before = self.book.incidents
        try:
            now = self.book.apply(command)
        except InputError:
            assert self.book.incidents == before
            return
        self.taken.append(command)
        if isinstance(command, OpenIncident | SplitIncident):
            assert now.incident_id not in self.seen
        self.seen.add(now.incident_id)
        if isinstance(command, OpenIncident | AddToIncident):
            self.came.update((now.incident_id, each.key.item_id) for each in command.items)

    @rule(of=ITEMS)
    def open(self, of: list[int]) -> None:
        self.ask(OpenIncident(title="A", items=tuple(map(item, of)), **_GOOD))  # type: ignore[arg-type]

    @rule(incident_id=IDS, of=ITEMS)
    def add(self, incident_id: str, of: list[int]) -> None:
        items = tuple(map(item, of))
        self.ask(AddToIncident(incident_id=incident_id, items=items, **_GOOD))  # type: ignore[arg-type]

    @rule(incident_id=IDS, of=ITEMS)
    def remove(self, incident_id: str, of: list[int]) -> None:
        keys = tuple(item(n).key for n in of)
        self.ask(RemoveFromIncident(incident_id=incident_id, items=keys, **_GOOD))  # type: ignore[arg-type]

    @rule(ids=st.lists(IDS, min_size=1, max_size=3), into=IDS)
    def merge(self, ids: list[str], into: str) -> None:
        self.ask(MergeIncidents(incident_ids=tuple(ids), into=into, **_GOOD))  # type: ignore[arg-type]

    @rule(incident_id=IDS, of=ITEMS)
    def split(self, incident_id: str, of: list[int]) -> None:
        keys = tuple(item(n).key for n in of)
        self.ask(
            SplitIncident(incident_id=incident_id, items=keys, title="B", **_GOOD)  # type: ignore[arg-type]
        )

    @rule(incident_id=IDS, title=st.sampled_from(["C", ""]))
    def rename(self, incident_id: str, title: str) -> None:
        self.ask(RenameIncident(incident_id=incident_id, title=title, **_GOOD))  # type: ignore[arg-type]

    @rule(incident_id=IDS)
    def close(self, incident_id: str) -> None:
        self.ask(CloseIncident(incident_id=incident_id, **_GOOD))  # type: ignore[arg-type]

    @rule(incident_id=IDS)
    def reopen(self, incident_id: str) -> None:
        self.ask(ReopenIncident(incident_id=incident_id, **_GOOD))  # type: ignore[arg-type]

    @rule(incident_id=IDS, text=st.text(max_size=5))
    def note(self, incident_id: str, text: str) -> None:
        self.ask(NoteOnIncident(incident_id=incident_id, text=text, by="op", time_utc_ns=T0))

    @invariant()
    def everything_that_came_is_somewhere_and_once(self) -> None:
        held = [each for one in self.book.incidents for each in one.items]
        out = [gone.held for one in self.book.incidents for gone in one.removed]
        found = Counter(
            (origin.incident_id, each.item.key.item_id) for each in held + out for origin in each.origins
        )

        assert found == self.came

    @invariant()
    def who_holds_what_is_known_from_both_sides(self) -> None:
        for number in range(1, 7):
            key = item(number).key
            holders = {one.incident_id for one in self.book.incidents if one.held(key) is not None}

            assert {one.incident_id for one in self.book.holding(key)} == holders
            assert self.book.ever_held(key) == any(str(number) == which for _, which in self.came)

    @invariant()
    def notes_are_all_there(self) -> None:
        notes = sum(len(one.notes) for one in self.book.incidents)

        assert notes == sum(isinstance(command, NoteOnIncident) for command in self.taken)

    @invariant()
    def a_merged_one_holds_nothing_and_says_where_it_went(self) -> None:
        for one in self.book.incidents:
            assert (one.state is IncidentState.MERGED) == bool(one.merged_into)
            if one.merged_into:
                assert one.items == ()
                assert one.incident_id in self.book.incident(one.merged_into).merged_from

    @invariant()
    def the_same_commands_give_the_same_incidents(self) -> None:
        again = IncidentBook()
        for command in self.taken:
            again.apply(command)

        assert encode_json(again.incidents) == encode_json(self.book.incidents)


TestIncidents = Incidents.TestCase
TestIncidents.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
