"""Lists of zones in and out of the register: by hand, and a history replayed, ours and a real one."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import pytest

from made_register import S, notice, release, restriction, restriction_step, subscription, zone, zone_list
from recordings import RECORDINGS, needs_recordings
from skykeep.app.zone_lists import accept, export_zones, list_at, refuse, report_of, take_in
from skykeep.base.errors import InputError
from skykeep.domain.register import ReleaseState
from skykeep.domain.zone import Zone, ZoneList
from skykeep.store.register import DatabaseRegister
from skykeep.wire.yaixm import read_yaixm
from skykeep.wire.zone_files import read_zones

TEN = tuple(zone(f"Z{number}") for number in range(10))
HISTORY = RECORDINGS / "zones" / "uk_yaixm" / "rat_history_2022_2026"
DAY_NS = 86_400 * S


def ids(zones: tuple[Zone, ...]) -> list[str]:
    return [each.zone_id for each in zones]


def test_a_list_that_loses_too_much_waits_until_a_person_says_yes(register: DatabaseRegister) -> None:
    register.change(
        lambda writer: writer.put_subscription(
            subscription("police", kinds=("release.in_force", "release.held"))
        )
    )
    first = take_in(register, zone_list(*TEN), "town", "clerk", 10 * S)
    assert (first.number, first.state) == (1, ReleaseState.IN_FORCE)
    held = take_in(register, zone_list(*TEN[5:]), "town", "clerk", 20 * S)
    assert (held.number, held.state, held.waits) == (2, ReleaseState.HELD, True)
    assert held.difference.went == ("Z0", "Z1", "Z2", "Z3", "Z4")
    assert len(register.read().zones_at(25 * S)) == 10

    again = take_in(register, zone_list(*TEN[5:]), "town", "clerk", 25 * S)
    assert (again.number, again.because) == (None, "Release 2 says the same and waits.")
    same = take_in(register, zone_list(*TEN), "town", "clerk", 26 * S)
    assert (same.number, same.because) == (None, "Release 1, in force, says the same.")

    let_in = accept(register, "town", None, "chief", "the parks were opened", 30 * S)
    assert let_in.because == (
        "It loses 5 of 10 zones (50 %), more than 20 %. Let in by chief: the parks were opened"
    )
    assert [len(register.read().zones_at(t * S)) for t in (10, 29, 30)] == [10, 10, 5]
    assert report_of(register.read(), "town").number == 2
    assert [d.notice.says.split(":")[0] for d in register.read().deliveries()] == [
        "Release 1 of town is in force",
        "Release 2 of town waits for a person",
        "Release 2 of town is in force",
    ]


def test_what_was_refused_never_comes_into_force(register: DatabaseRegister) -> None:
    take_in(register, zone_list(*TEN), "town", "clerk", 10 * S)
    take_in(register, zone_list(), "town", "clerk", 20 * S)
    assert refuse(register, "town", 2, "chief", "a broken export", 30 * S).state is ReleaseState.REFUSED
    assert len(register.read().zones_at(40 * S)) == 10
    with pytest.raises(InputError, match="release: 2, must be one of those that wait: none does"):
        accept(register, "town", 2, "chief", "after all", 50 * S)
    # The same broken export tomorrow waits again: a no is for one list, once.
    assert take_in(register, zone_list(), "town", "clerk", 60 * S).waits


def test_a_yes_needs_a_reason_a_name_and_something_that_waits(register: DatabaseRegister) -> None:
    take_in(register, zone_list(*TEN), "town", "clerk", 10 * S)
    for arguments in (
        ("town", None, "chief", "yes", 20 * S),
        ("village", None, "chief", "yes", 20 * S),
        ("town", 1, "chief", "yes", 20 * S),
        ("town", None, "chief", " ", 20 * S),
        ("town", None, "", "yes", 20 * S),
    ):
        with pytest.raises(InputError):
            accept(register, *arguments)
    for number in (2, 3):
        take_in(register, zone_list(*TEN[2 * number :]), "town", "clerk", 30 * S)
    with pytest.raises(InputError, match="no number, must be one of 2, 3"):
        accept(register, "town", None, "chief", "yes", 40 * S)
    assert accept(register, "town", 3, "chief", "yes", 40 * S).number == 3


@pytest.mark.parametrize("name", ["", " ", "a\x00b", "a\nb", "\ud800"])
def test_a_source_has_a_name_that_can_be_read(register: DatabaseRegister, name: str) -> None:
    with pytest.raises(InputError, match="source"):
        take_in(register, zone_list(*TEN), name, "clerk", 10 * S)


def test_a_list_goes_out_as_it_was_at_a_time(register: DatabaseRegister) -> None:
    take_in(register, zone_list(*TEN[:2]), "town", "clerk", 10 * S)
    take_in(register, zone_list(*TEN[:3]), "town", "clerk", 20 * S)
    take_in(register, zone_list(TEN[9]), "harbour", "clerk", 20 * S)
    drawn = restriction("R1")
    register.change(lambda writer: writer.put_restriction(drawn, restriction_step(drawn, time_s=30)))
    read = register.read()
    for time_s, source, expected in (
        (5, None, []),
        (15, None, ["Z0", "Z1"]),
        (25, None, ["Z9", "Z0", "Z1", "Z2"]),
        (25, "town", ["Z0", "Z1", "Z2"]),
        (15, "harbour", []),
        (30, None, ["Z9", "Z0", "Z1", "Z2", "R1"]),
    ):
        assert ids(list_at(read, time_s * S, source).zones) == expected
        data, _, count = export_zones(read, "ed269", time_s * S, source)
        assert count == len(expected)
        assert ids(read_zones(data, "again").zones) == expected
    with pytest.raises(InputError, match="'village', must be one of harbour, town"):
        list_at(read, 0, "village")
    with pytest.raises(InputError, match="format"):
        export_zones(read, "papyrus", 0)


def test_a_notice_of_another_kind_of_change_is_not_lost_on_the_way(register: DatabaseRegister) -> None:
    register.change(lambda writer: writer.put_subscription(subscription("a")))
    take_in(register, zone_list(*TEN), "a/1/held", "clerk", 10 * S)
    register.change(lambda writer: writer.post(notice(1)))
    assert len(register.read().deliveries()) == 2


def replay(register: DatabaseRegister, revisions: list[tuple[int, ZoneList]]) -> tuple[int, int]:
    """Bring one revision after the other into force, each at its time; return how many waited for the yes
    that was given, and how many were no new release.
    """
    held = same = 0
    for time_utc_ns, listed in revisions:
        report = take_in(register, listed, "temporary", "clerk", time_utc_ns, "as published")
        held += report.number is not None and "Let in by clerk: as published" in report.because
        same += report.number is None
    return held, same


def then_current(revisions: list[tuple[int, ZoneList]], time_utc_ns: int) -> tuple[Zone, ...]:
    """Return the zones of the revision then current, from the revisions alone."""
    current: tuple[Zone, ...] = ()
    for from_utc_ns, listed in revisions:
        if from_utc_ns <= time_utc_ns:
            current = listed.zones
    return current


def test_a_made_up_history_replays(register: DatabaseRegister) -> None:
    dice = random.Random(7)
    revisions = []
    for day in range(30):
        for hour in range(dice.randint(0, 3)):
            some = dice.sample(TEN, dice.randint(1, 10))
            revisions.append((day * DAY_NS + hour, zone_list(*sorted(some, key=lambda z: z.zone_id))))
    held, same = replay(register, revisions)
    # Lists drawn at random lose zones all the time: a history that never waits would prove nothing.
    assert held > 10
    assert held + same < len(revisions)
    for _ in range(200):
        moment = dice.randrange(-DAY_NS, 31 * DAY_NS)
        assert register.read().zones_at(moment) == then_current(revisions, moment)


def real_revisions() -> list[tuple[int, ZoneList]]:
    """Return the dated revisions; of those of one day each a nanosecond after the one before, by name."""
    revisions: list[tuple[int, ZoneList]] = []
    for path in sorted(Path(HISTORY).glob("*.yaml")):
        day = datetime.datetime.fromisoformat(path.name[:10]).replace(tzinfo=datetime.UTC)
        time_utc_ns = int(day.timestamp()) * S
        if revisions and revisions[-1][0] >= time_utc_ns:
            time_utc_ns = revisions[-1][0] + 1
        revisions.append((time_utc_ns, read_yaixm(path.read_bytes(), "temporary")))
    return revisions


@needs_recordings
def test_four_years_of_real_temporary_restrictions_replay(register: DatabaseRegister) -> None:
    revisions = real_revisions()
    assert len(revisions) == 137
    held, same = replay(register, revisions)
    # Most by a fifth or more of what was listed: a temporary restriction is over, and its line is gone.
    assert (held, same) == (42, 0)
    dice = random.Random(2026)
    first, last = revisions[0][0] // DAY_NS, revisions[-1][0] // DAY_NS
    some = 0
    for _ in range(200):
        moment = dice.randrange(first - 10, last + 30) * DAY_NS + dice.randrange(DAY_NS)
        expected = then_current(revisions, moment)
        assert register.read().zones_at(moment) == expected
        some += bool(expected)
    assert some > 150
    assert register.read().releases("temporary", with_lists=False)[-1].until_utc_ns is None


def test_a_release_keeps_the_very_list(register: DatabaseRegister) -> None:
    listed = zone_list(*TEN, issued_s=4)
    take_in(register, listed, "town", "clerk", 10 * S)
    kept = register.read().release("town")
    assert kept is not None
    assert kept.listed == listed
    assert kept.sha256 == release(listed).sha256
