"""Identity, airspace and assessment in a row, as the pipeline runs them: a night for each kind of liar."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from judged_scenes import BAN, INNER, POLICE, POLICE_SERIAL, RESIDENCE, SERIAL, SURVEY, claim, picture, site
from skykeep.airspace import Airspace
from skykeep.assessment import Assessor, settle
from skykeep.base.compile import FloatArray
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import Identification, Standing
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.threat import Threat
from skykeep.identity import Identifier

Path = Callable[[float], list[float]]
INTRUDER, SURVEYOR, PATROL, HELICOPTER, GULL = 1, 2, 3, 4, 5
SECONDS = 130


def intruder(s: float) -> list[float]:
    return [-200.0 + 1.5 * s, 3400.0 - 18.0 * s, 90.0, 1.5, -18.0, 0.0]


def surveyor(s: float) -> list[float]:
    turn = s * 8.0 / 150.0
    east, north = np.sin(turn), np.cos(turn)
    return [2000.0 + 150.0 * east, 150.0 * north, 80.0, 8.0 * north, -8.0 * east, 0.0]


def patrol(s: float) -> list[float]:
    return [-900.0 + 9.0 * s, -1200.0, 100.0, 9.0, 0.0, 0.0]


def helicopter(s: float) -> list[float]:
    return [-3500.0 + 52.0 * s, 1000.0, 320.0, 52.0, 0.0, 0.0]


def gull(s: float) -> list[float]:
    return [2600.0 - 12.0 * s, -1800.0 + 9.0 * s, 50.0, -12.0, 9.0, 0.3 * np.sin(s)]


def elsewhere(s: float) -> list[float]:
    return [-2500.0, -1000.0 + 6.0 * s, 60.0, 0.0, 6.0, 0.0]


PATHS = (intruder, surveyor, patrol, helicopter, gull)
RCS_DBSM = np.array([-17.0, -15.0, -16.0, 6.0, -23.0])
MODULATION_DB = np.array([-10.5, -10.0, -9.5, -7.0, -20.0])
LIES: dict[str, tuple[str, Path] | None] = {
    "silent": None,
    "copies the survey's serial at its own place": (SERIAL, intruder),
    "copies the survey's serial somewhere else": (SERIAL, elsewhere),
    "copies the police serial at its own place": (POLICE_SERIAL, intruder),
    "a serial that nobody knows": ("QVTX9H3K81ZZ0P", intruder),
    "copies the survey's serial and its place": (SERIAL, surveyor),
}


def night(
    lie: tuple[str, Path] | None,
) -> list[tuple[tuple[Identification, ...], tuple[AirspaceVerdict, ...], tuple[Threat, ...]]]:
    """Return what is thought at each second."""
    dice = np.random.default_rng(8)
    place = site()
    identifier, airspace = Identifier(place), Airspace(place.origin, (BAN, INNER), (SURVEY, POLICE))
    assessor = Assessor((RESIDENCE,))
    senders: list[tuple[str, Path, ClaimKind]] = [
        (SERIAL, surveyor, ClaimKind.REMOTE_ID),
        (POLICE_SERIAL, patrol, ClaimKind.REMOTE_ID),
    ]
    senders.append(("3F0B52", helicopter, ClaimKind.ADSB))
    if lie is not None:
        senders.append((*lie, ClaimKind.REMOTE_ID))
    thoughts = []
    for second in range(SECONDS):
        for claimed_id, path, kind in senders:
            state = path(second - 0.6)
            identifier.receive_claim(
                claim(second - 0.6, state[:3], state[3:], claimed_id=claimed_id, kind=kind)
            )
        states: FloatArray = np.array([path(second) for path in PATHS])
        states = states + dice.normal(0.0, [6.0, 6.0, 8.0, 0.6, 0.6, 0.5], states.shape)
        seen = picture(
            second,
            states,
            rcs_dbsm=RCS_DBSM,
            rcs_spread_db=4.6,
            modulation_db=MODULATION_DB,
            hits=min(3 + second, 60),
        )
        height_m = states[:, 2]
        found = identifier.judge(seen, height_m)
        verdicts = airspace.judge(seen, found, height_m, height_m)
        settled = settle(found, verdicts, airspace.permits)
        thoughts.append((settled, verdicts, assessor.judge(seen, settled, verdicts)))
    return thoughts


@pytest.mark.parametrize("name", LIES)
def test_the_intruder_is_found_out_and_nobody_else_is_accused(name: str) -> None:
    thoughts = night(LIES[name])
    for second, (settled, verdicts, threats) in enumerate(thoughts):
        priority = {threat.track_id: threat.priority for threat in threats}
        standing = {each.track_id: each.standing for each in settled}
        permission = {each.track_id: each.permission for each in verdicts}
        assert permission[INTRUDER] is Permission.FORBIDDEN
        assert standing[INTRUDER] in (Standing.SUSPECT, Standing.UNKNOWN)
        for track_id in (SURVEYOR, PATROL, HELICOPTER, GULL):
            assert priority.get(track_id, 0.0) < 0.25
        if second >= 6:
            assert permission[SURVEYOR] is permission[PATROL] is permission[HELICOPTER] is Permission.ALLOWED
            assert standing[PATROL] is Standing.FRIEND
            assert standing[SURVEYOR] is standing[HELICOPTER] is Standing.NEUTRAL
        if 105 <= second <= 120:
            assert priority[INTRUDER] > 0.5
            assert standing[INTRUDER] is Standing.SUSPECT


def test_a_copied_serial_is_told_with_its_distance() -> None:
    _, _, threats = night(LIES["copies the survey's serial at its own place"])[110]
    assert threats[0].track_id == INTRUDER
    assert (
        f"It says it is {SERIAL} (permit P-7 of Harbour Survey), but that aircraft is sensed"
        in threats[0].grounds[0]
    )


def test_the_same_night_gives_the_same_thoughts() -> None:
    assert night(LIES["silent"]) == night(LIES["silent"])
