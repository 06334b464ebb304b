"""Twenty short nights, each flown through identity, airspace and assessment as the pipeline runs them, and
what is said of one track at the end of each. `docs/grounds.md` is made of them: run this file to write it
anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from judged_scenes import (
    BAN,
    INNER,
    POLICE,
    POLICE_SERIAL,
    RADAR,
    RESIDENCE,
    SERIAL,
    SURVEY,
    claim,
    picture,
    site,
)
from skykeep.airspace import Airspace
from skykeep.assessment import Assessor, settle
from skykeep.domain.place import Asset, AssetKind
from skykeep.domain.rules import DEFAULT_RULES
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.threat import Threat
from skykeep.geo.terrain import Terrain
from skykeep.identity import Identifier

PAGE = Path(__file__).parents[1] / "docs" / "grounds.md"
Path_ = Callable[[float], list[float] | None]
SQUARE = Asset(
    asset_id="square",
    name="Parade Square",
    kind=AssetKind.SQUARE,
    position_enu_m=(2600.0, 0.0, 0.0),
    breach_radius_m=150.0,
    warning_radius_m=1200.0,
    consequence=0.6,
)
AWAY = msgspec.structs.replace(RESIDENCE, principal_present=False)
DRONE, WING, BIRD, HELICOPTER = (-17.0, -10.5), (-14.0, -12.0), (-23.0, -20.0), (6.0, -7.0)
UNSURE = (-20.0, -15.5)


class Story(NamedTuple):
    """One night: who flies, each with echo and modulation; whose grounds are told (the first's); who sends
    what from where.
    """

    flyers: Sequence[tuple[Path_, tuple[float, float]]]
    seconds: int = 40
    senders: Sequence[tuple[str, Path_, ClaimKind]] = ()
    assets: tuple[Asset, ...] = (RESIDENCE,)
    factor: float = 1.0
    hill: bool = False


def line(east_m: float, north_m: float, east_mps: float, north_mps: float, up_m: float = 90.0) -> Path_:
    """Return a straight flight."""
    return lambda s: [east_m + east_mps * s, north_m + north_mps * s, up_m, east_mps, north_mps, 0.0]


def circle(east_m: float, north_m: float, radius_m: float, speed_mps: float, up_m: float = 80.0) -> Path_:
    """Return a flight round a place."""

    def at(s: float) -> list[float]:
        turn = s * speed_mps / radius_m
        east, north = float(np.sin(turn)), float(np.cos(turn))
        place = [east_m + radius_m * east, north_m + radius_m * north, up_m]
        return [*place, speed_mps * north, -speed_mps * east, 0.0]

    return at


def later(path: Path_, from_s: float) -> Path_:
    """Return a flight that nobody sees before."""
    return lambda s: path(s) if s >= from_s else None


def to_and_fro(s: float) -> list[float]:
    """Come in from the north, turn back, and come again."""
    north_m = 1500.0 + 400.0 * float(np.cos(s / 20.0))
    return [100.0, north_m, 90.0, 0.0, -20.0 * float(np.sin(s / 20.0)), 0.0]


SWARM = [line(-150.0 + 50.0 * (k % 6), 2300.0 + 60.0 * (k // 6), 0.0, -15.0) for k in range(12)]
SURVEYOR = circle(2000.0, 0.0, 150.0, 8.0)
PATROL = line(-900.0, -1200.0, 9.0, 0.0, 100.0)
INTRUDER = line(-100.0, 2100.0, 1.0, -17.0)
OWN = ((SERIAL, SURVEYOR, ClaimKind.REMOTE_ID), (POLICE_SERIAL, PATROL, ClaimKind.REMOTE_ID))
LAWFUL = ((SURVEYOR, DRONE), (PATROL, DRONE))

STORIES: dict[str, Story] = {
    "A silent drone comes straight in": Story([(line(0.0, 2000.0, 0.0, -16.0), DRONE)]),
    "The same, four kilometres out": Story([(line(0.0, 4400.0, 0.0, -16.0), DRONE)]),
    "It is over the roof": Story([(line(0.0, 700.0, 0.0, -15.0), DRONE)]),
    "It hovers outside the window": Story([(circle(0.0, 400.0, 20.0, 1.0), DRONE)], seconds=80),
    "It comes, turns back, and comes again": Story([(to_and_fro, DRONE)], seconds=150),
    "First seen 400 m away": Story([(later(line(0.0, 1200.0, 0.0, -17.0), 38.0), DRONE)], seconds=44),
    "It keeps behind a hill": Story([(line(0.0, 2600.0, 0.0, -14.0, 40.0), DRONE)], hill=True),
    "It only passes by": Story([(line(900.0, 1200.0, 0.0, -16.0), DRONE)]),
    "It leaves": Story([(line(0.0, 700.0, 0.0, 14.0), DRONE)], seconds=30),
    "Drone or bird": Story([(line(0.0, 2000.0, 0.0, -13.0), UNSURE)], seconds=12),
    "It copies the survey's serial from its own place": Story(
        [(INTRUDER, DRONE), *LAWFUL], senders=(*OWN, (SERIAL, INTRUDER, ClaimKind.REMOTE_ID))
    ),
    "It copies the serial of the police": Story(
        [(INTRUDER, DRONE), *LAWFUL], senders=(*OWN, (POLICE_SERIAL, INTRUDER, ClaimKind.REMOTE_ID))
    ),
    "A serial that nobody knows": Story(
        [(INTRUDER, DRONE)], senders=(("QVTX9H3K81ZZ0P", INTRUDER, ClaimKind.REMOTE_ID),)
    ),
    "The survey strays out of its permit": Story(
        [(line(1400.0, 300.0, -8.0, 0.0), DRONE)],
        senders=((SERIAL, line(1400.0, 300.0, -8.0, 0.0), ClaimKind.REMOTE_ID),),
    ),
    "One of a swarm of twelve": Story([(path, DRONE) for path in SWARM]),
    "One by itself from the other side, while the swarm comes": Story(
        [(line(150.0, -1900.0, -1.0, 13.0, 50.0), DRONE), *((path, DRONE) for path in SWARM)]
    ),
    "Two from two sides": Story(
        [(line(0.0, 1900.0, 0.0, -16.0), DRONE), (line(-2000.0, -300.0, 16.0, 2.0), DRONE)]
    ),
    "Between two places": Story([(line(1000.0, 2600.0, 7.6, -13.0), DRONE)], assets=(RESIDENCE, SQUARE)),
    "The principal is away": Story([(line(0.0, 2000.0, 0.0, -16.0), DRONE)], assets=(AWAY,), factor=0.9),
    "A fast wing": Story([(line(1500.0, 3200.0, -14.0, -30.0, 120.0), WING)]),
}


def hill() -> Terrain:
    """Return a ridge 150 m high across the north, between the radar and whoever comes from there."""
    heights_m = np.zeros((161, 161))
    heights_m[120:124] = 150.0
    return Terrain(west_m=-4000.0, south_m=-4000.0, spacing_m=50.0, heights_m=heights_m)


def told(story: Story) -> Threat | None:
    """Fly a story to its end and return what is thought of the first flyer."""
    dice = np.random.default_rng(8)
    place = site()
    identifier, airspace = Identifier(place), Airspace(place.origin, (BAN, INNER), (SURVEY, POLICE))
    terrain = hill() if story.hill else None
    assessor = Assessor(story.assets, DEFAULT_RULES.threat, DEFAULT_RULES.called, terrain, (RADAR,))
    assessor.situation(story.assets, {asset.asset_id: story.factor for asset in story.assets})
    threats: tuple[Threat, ...] = ()
    for second in range(story.seconds):
        for claimed_id, path, kind in story.senders:
            state = path(second - 0.6)
            assert state is not None
            identifier.receive_claim(
                claim(second - 0.6, state[:3], state[3:], claimed_id=claimed_id, kind=kind)
            )
        flying = [(k + 1, path(second), echo) for k, (path, echo) in enumerate(story.flyers)]
        there = [(track_id, state, echo) for track_id, state, echo in flying if state is not None]
        noise = dice.normal(0.0, [5.0, 5.0, 6.0, 0.4, 0.4, 0.3], (len(there), 6))
        seen = picture(
            second,
            np.array([state for _, state, _ in there]).reshape(-1, 6) + noise,
            track_ids=[track_id for track_id, _, _ in there],
            rcs_dbsm=np.array([echo[0] for _, _, echo in there]),
            rcs_spread_db=4.6,
            modulation_db=np.array([echo[1] for _, _, echo in there]),
            hits=min(3 + second, 60),
        )
        height_m = seen.state[:, 2]
        found = identifier.judge(seen, height_m)
        verdicts = airspace.judge(seen, found, height_m, height_m)
        threats = assessor.judge(seen, settle(found, verdicts, airspace.permits), verdicts)
    return next((threat for threat in threats if threat.track_id == 1), None)


def page() -> str:
    """Return `docs/grounds.md`, made anew."""
    parts = [
        "# Grounds, read aloud\n\nWhat the operator is told of one track, whole and word for word, in twenty"
        " short nights. Each was flown through identity, airspace\nand assessment to the moment shown."
        " `tests/grounds_scenes.py` writes the page, and a test fails when it is no longer what the code\n"
        "says. What the numbers mean: [threat](threat.md).\n"
    ]
    for number, (title, story) in enumerate(STORIES.items(), 1):
        threat = told(story)
        assert threat is not None, title
        said = "\n".join(f"> {sentence}" + "  " for sentence in threat.grounds)
        parts.append(f"## {number}. {title}\n\n{said.rstrip()}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page()) if "--print" in sys.argv else PAGE.write_text(page(), encoding="utf-8")
