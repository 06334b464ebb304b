"""Figures of broadcasts on nights that a person can follow."""

import numpy as np

from skykeep.sim.generate_facts import Flight, Lie, Role, Way
from skykeep.sim.score_claims import ClaimFigures, Heard, lasting_doubt, score_claims

LIAR = Flight("liar", Role.INTRUDER, way=Way.LYING, asset_id="h", lie=Lie.DISPLACED, claimed_id="S")
COPIER = Flight("copier", Role.INTRUDER, way=Way.LYING, asset_id="h", lie=Lie.COPIED, claimed_id="T")
OWNER = Flight("owner", Role.PERMITTED, claimed_id="T", covered=np.ones(3_000, dtype=bool))
STRAY = Flight("stray", Role.PERMITTED, claimed_id="U", covered=np.arange(3_000) < 1_000)
GHOST = Flight("ghost", Role.GHOST, lie=Lie.GHOST, claimed_id="S")
HELICOPTER = Flight("helicopter", Role.AIRCRAFT, claimed_id="4CA7F1")
BREACHES: dict[str, float | None] = {"liar": 100.0, "copier": 100.0}


def heard(name: str, from_s: float, to_s: float, doubt_s: tuple[float, float] | None = None) -> list[Heard]:
    """Return a broadcast heard twice a second, in doubt from and until."""
    times = np.arange(from_s, to_s, 0.5).tolist()
    return [
        Heard(at_s, name, "why" if doubt_s and doubt_s[0] <= at_s <= doubt_s[1] else "") for at_s in times
    ]


def score(*broadcasts: list[Heard]) -> ClaimFigures:
    flights = {flight.name: flight for flight in (LIAR, COPIER, OWNER, STRAY, GHOST, HELICOPTER)}
    mentioned = {one.name for broadcast in broadcasts for one in broadcast}
    if "copier" not in mentioned:
        del flights["copier"]
    return score_claims(flights, BREACHES, [one for broadcast in broadcasts for one in broadcast])


def test_a_lie_that_is_doubted_for_two_seconds_is_caught() -> None:
    assert score(heard("liar", 20, 120, (50, 52))).lies == (("liar", Lie.DISPLACED, "why"),)


def test_a_flicker_of_doubt_catches_nobody() -> None:
    assert score(heard("liar", 20, 120, (50, 51))).lies == (("liar", Lie.DISPLACED, ""),)


def test_doubt_after_the_breach_is_too_late() -> None:
    assert score(heard("liar", 20, 160, (99, 160))).lies == (("liar", Lie.DISPLACED, ""),)


def test_a_ghost_has_until_the_night_ends() -> None:
    assert score(heard("ghost", 20, 260, (250, 258))).lies == (("ghost", Lie.GHOST, "why"),)


def test_true_claims_are_never_to_be_doubted() -> None:
    figures = score(heard("owner", 20, 120), heard("helicopter", 20, 120, (60, 70)))
    assert (figures.honest, figures.doubted) == (2, (("helicopter", "why"),))


def test_doubt_of_a_stray_outside_its_permit_is_not_false() -> None:
    assert score(heard("stray", 20, 180, (101, 180))).doubted == ()
    assert score(heard("stray", 20, 180, (60, 70))).doubted == (("stray", "why"),)


def test_the_owner_of_a_copied_serial_is_counted_apart() -> None:
    figures = score(heard("owner", 20, 120, (50, 70)), heard("copier", 20, 120, (50, 70)))
    assert (figures.honest, figures.doubted) == (0, ())
    assert (figures.copied_owners, figures.copied_owners_doubted) == (1, 1)


def test_who_is_hardly_heard_is_not_counted() -> None:
    figures = score(heard("liar", 20, 29), heard("owner", 20, 29))
    assert (figures.lies, figures.honest) == ((), 0)


def test_doubt_may_pause_for_a_second_and_no_longer() -> None:
    def doubts(*times: float) -> str:
        return lasting_doubt([Heard(at_s, "x", "why") for at_s in times])

    assert doubts(0.0, 1.0, 2.0) == "why"
    assert doubts(0.0, 1.2, 2.4) == ""
    assert doubts() == ""
