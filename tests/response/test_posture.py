"""How watchful a site is and who is where: a parade day by hand, then what always holds."""

from __future__ import annotations

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import InputError, SetupError
from skykeep.domain.commands import SetOccupancy, SetPosture
from skykeep.domain.place import Asset, AssetKind, Person
from skykeep.domain.posture import CalendarEntry, Occupancy, Posture, PostureLevel
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Site
from skykeep.geo.frames import LocalFrame
from skykeep.response import Duty

NOON_UTC_NS = 1_935_540_000_000_000_000
HOUR_NS = seconds_to_ns(3600.0)
PARADE = CalendarEntry(
    entry_id="parade",
    name="The parade",
    level=2,
    start_utc_ns=NOON_UTC_NS + 4 * HOUR_NS,
    end_utc_ns=NOON_UTC_NS + 8 * HOUR_NS,
    because="Guests of state are on the stand.",
    lead_in_s=2 * 3600.0,
)
HOUSE = Asset(
    asset_id="house",
    name="the House",
    kind=AssetKind.RESIDENCE,
    position_enu_m=(0.0, 0.0, 0.0),
    breach_radius_m=150.0,
    warning_radius_m=1500.0,
    consequence=0.8,
    occupancy_persons=10,
    principal_present=False,
)
SITE = Site(
    site_id="site",
    name="Site",
    origin=LocalFrame(latitude_deg=10.0, longitude_deg=20.0, height_hae_m=0.0),
    assets=(HOUSE,),
    sensors=(),
    zones=(),
    permits=(),
    playbooks=(),
    people=(
        Person(person_id="ada", name="Ada", role="commander", may_approve=True),
        Person(person_id="gil", name="Gil", role="guard"),
    ),
    calendar=(PARADE,),
)


def duty(site: Site = SITE) -> Duty:
    made = Duty(site, ResponseRules())
    made.look(NOON_UTC_NS)
    return made


def at_hour(hour: float) -> int:
    return NOON_UTC_NS + round(hour * HOUR_NS)


def posture(level: int | None, hour: float = 0.0, **more: object) -> SetPosture:
    fields = {"reason": "Two drones this afternoon.", "by": "ada"} | more
    return msgspec.convert(
        {"type": "set_posture", "level": level, "time_utc_ns": at_hour(hour)} | fields, SetPosture
    )


def occupancy(hour: float = 0.0, **more: object) -> SetOccupancy:
    fields = {"type": "set_occupancy", "asset_id": "house", "by": "gil", "time_utc_ns": at_hour(hour)}
    return msgspec.convert(fields | more, SetOccupancy)


def postures(made: Duty, hour: float) -> list[Posture]:
    return [event for event in made.look(at_hour(hour)) if isinstance(event, Posture)]


def test_a_parade_day_raises_the_posture_by_itself_and_says_why() -> None:
    made = duty()
    assert made.situation.posture.name == "routine"
    assert postures(made, 1.9) == []
    (raised,) = postures(made, 2.0)
    assert (raised.level, raised.since_utc_ns) == (2, at_hour(2.0))
    assert raised.because == "High by the calendar: The parade. Guests of state are on the stand."
    assert (raised.set_by, raised.until_utc_ns) == ("", PARADE.end_utc_ns)
    assert made.situation.level.escalate_factor == 0.5
    (fallen,) = postures(made, 8.0)
    assert (fallen.level, fallen.because) == (0, "Nothing raises it.")


def test_the_higher_holds_each_with_its_source() -> None:
    made = duty()
    made.command(posture(1), NOON_UTC_NS)
    (by_hand,) = postures(made, 0.1)
    assert by_hand.because == "Heightened by Ada: Two drones this afternoon."
    assert (by_hand.level, by_hand.set_by, by_hand.until_utc_ns) == (1, "ada", None)
    (parade,) = postures(made, 2.0)
    assert [(source.level, source.entry_id or source.set_by) for source in parade.sources] == [
        (2, "parade"),
        (1, "ada"),
    ]
    assert parade.because.startswith("High by the calendar: The parade.")
    assert parade.because.endswith("Heightened by Ada: Two drones this afternoon.")
    # Nobody can hold it below the calendar: what was set by hand shows once the parade is over.
    (after,) = postures(made, 8.0)
    assert (after.level, after.set_by) == (1, "ada")
    made.command(posture(None, 8.1, reason="All quiet."), at_hour(8.1))
    (quiet,) = postures(made, 8.1)
    assert quiet.level == 0


def test_what_was_set_until_an_hour_ends_by_itself() -> None:
    made = duty()
    made.command(posture(2, until_utc_ns=at_hour(1.0)), NOON_UTC_NS)
    (raised,) = postures(made, 0.0)
    assert raised.until_utc_ns == at_hour(1.0)
    assert postures(made, 0.999) == []
    (over,) = postures(made, 1.0)
    assert over.level == 0
    with pytest.raises(InputError, match="nobody has set one"):
        made.command(posture(None, 1.0), at_hour(1.0))


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (posture(7), r"level: '?7'?, must be one of 0 \(routine\), 1 \(heightened\), 2 \(high\)"),
        (posture(1, by="gil"), "gil, guard"),
        (posture(1, by="nobody"), "a person on duty"),
        (posture(1, reason=" "), "a sentence that says why"),
        (posture(None), "nobody has set one"),
        (posture(1, until_utc_ns=NOON_UTC_NS), "after now"),
        (occupancy(principal_present=True, asset_id="barn"), "one of house"),
        (occupancy(), "one of the two at least"),
        (occupancy(occupancy_persons=-1), "in 0 to"),
        (occupancy(principal_present=False, sure=0.4), "in 0.5"),
        (occupancy(principal_present=False, sure=float("nan")), "in 0.5"),
        (occupancy(principal_present=False, until_utc_ns=5), "after now"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    command: SetPosture | SetOccupancy, sentence: str
) -> None:
    made = duty()
    before = made.situation
    with pytest.raises(InputError, match=sentence):
        made.command(command, NOON_UTC_NS)
    assert made.look(NOON_UTC_NS) == ()
    assert made.situation == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"calendar": (PARADE, PARADE)}, "parade: must be named, and each name once"),
        ({"calendar": (msgspec.structs.replace(PARADE, level=5),)}, "level 5, must be one of"),
        ({"calendar": (msgspec.structs.replace(PARADE, end_utc_ns=0),)}, "must be after its start"),
        ({"postures": (PostureLevel(level=1, name="only"),)}, "must begin at 0"),
        (
            {"postures": (PostureLevel(level=0, name="off", alert_factor=0.0),)},
            "alert_factor 0, must be above 0",
        ),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(SetupError, match=sentence):
        Duty(msgspec.structs.replace(SITE, **change), ResponseRules())


# --- who is there -----------------------------------------------------------------------------------------


def here(made: Duty, hour: float = 0.0) -> Occupancy:
    made.look(at_hour(hour))
    (found,) = made.situation.occupancies
    return found


def test_away_is_only_who_is_surely_away() -> None:
    made = duty()
    assert not here(made).counts_as_present
    made.command(occupancy(principal_present=False, sure=0.6), NOON_UTC_NS)
    guess = here(made)
    assert (guess.principal_present, guess.sure, guess.counts_as_present) == (False, 0.6, True)
    assert made.assets[0].principal_present is None
    made.command(occupancy(principal_present=False, sure=0.95), NOON_UTC_NS)
    assert not here(made).counts_as_present
    assert made.assets[0].principal_present is False


def test_a_word_that_runs_out_leaves_nobody_knowing_and_that_counts_as_there() -> None:
    made = duty()
    made.command(occupancy(principal_present=False, until_utc_ns=at_hour(1.0), reason="At sea."), NOON_UTC_NS)
    away = here(made)
    assert (away.set_by, away.reason, away.until_utc_ns) == ("gil", "At sea.", at_hour(1.0))
    assert not away.counts_as_present
    unknown = here(made, 1.0)
    assert (unknown.principal_present, unknown.counts_as_present) == (None, True)
    assert unknown.since_utc_ns == at_hour(1.0)


def test_half_a_word_leaves_the_other_half() -> None:
    made = duty()
    made.command(occupancy(principal_present=True), NOON_UTC_NS)
    made.command(occupancy(0.1, occupancy_persons=200, until_utc_ns=at_hour(1.0)), at_hour(0.1))
    both = here(made, 0.1)
    assert (both.principal_present, both.occupancy_persons) == (True, 200)
    later = here(made, 1.0)
    assert (later.principal_present, later.occupancy_persons) == (True, 10)


def test_consequence_by_hand() -> None:
    levels = (
        PostureLevel(level=0, name="routine"),
        PostureLevel(level=2, name="high", consequence_factor=1.2),
    )
    made = duty(msgspec.structs.replace(SITE, postures=levels))
    assert made.consequence_factor == {"house": 1.0}
    # Half of ten are there, and an empty house counts half: 0.5 + 0.5 x 0.5.
    made.command(occupancy(occupancy_persons=5), NOON_UTC_NS)
    here(made)
    assert made.consequence_factor == {"house": 0.75}
    made.command(posture(2), NOON_UTC_NS)
    here(made)
    assert made.consequence_factor["house"] == pytest.approx(0.9)
    # Twice as many: 0.8 x 1.2 x 1.5 would be above 1.
    made.command(occupancy(occupancy_persons=20), NOON_UTC_NS)
    here(made)
    assert made.consequence_factor["house"] * HOUSE.consequence == pytest.approx(1.0)


WORDS = st.lists(
    st.tuples(
        st.floats(0.0, 10.0),
        st.one_of(
            st.builds(
                posture,
                st.sampled_from([None, 0, 1, 2]),
                until_utc_ns=st.none() | st.floats(0.0, 12.0).map(at_hour),
            ),
            st.builds(
                occupancy,
                principal_present=st.sampled_from([None, True, False]),
                occupancy_persons=st.none() | st.integers(0, 40),
                sure=st.sampled_from([0.5, 0.8, 0.9, 1.0]),
                until_utc_ns=st.none() | st.floats(0.0, 12.0).map(at_hour),
            ),
        ),
    ),
    max_size=12,
).map(lambda said: sorted(said, key=lambda each: each[0]))


@given(WORDS)
def test_whatever_people_say(said: list[tuple[float, SetPosture | SetOccupancy]]) -> None:
    """The level is the highest asked for and never below the calendar's; what is unknown counts as there;
    nothing is said twice; and the same words give the same records.
    """
    first, second = duty(), duty()
    for hour, word in said:
        command = msgspec.structs.replace(word, time_utc_ns=at_hour(hour))
        events = []
        for made in (first, second):
            with contextlib.suppress(InputError):
                made.command(command, at_hour(hour))
            events.append(made.look(at_hour(hour)))
            assert made.look(at_hour(hour)) == ()
        assert events[0] == events[1]
        now = first.situation
        assert now.posture.level == max((source.level for source in now.posture.sources), default=0)
        assert now.posture.level == now.level.level
        if 2.0 <= hour < 8.0:
            assert now.posture.level >= PARADE.level
        (there,) = now.occupancies
        assert there.counts_as_present or (there.principal_present is False and there.sure >= 0.9)
        assert 0.0 < first.consequence_factor["house"] * HOUSE.consequence <= 1.0 + 1e-12
        ends = [end for end in (now.posture.until_utc_ns, there.until_utc_ns) if end is not None]
        assert all(end > at_hour(hour) for end in ends)
