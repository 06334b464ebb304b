"""Why it is taken for what it is: the parts add up to the whole, and the weightiest is said first."""

from __future__ import annotations

import numpy as np
import pytest

from judged_scenes import picture, site
from skykeep.domain.identity import Identification, TargetClass
from skykeep.identity import Identifier

STATE = [[1500.0, 0.0, 80.0, 12.0, 5.0, 0.0]]


def judged(**echo: float) -> Identification:
    scene = picture(1.0, STATE, rcs_spread_db=4.0, **echo)  # type: ignore[arg-type]
    return Identifier(site()).judge(scene, np.array([80.0]))[0]


def test_the_parts_add_up_to_the_probabilities() -> None:
    found = judged(rcs_dbsm=-16.0, modulation_db=-10.0)
    total = np.sum([one.log_odds for one in found.class_evidence], axis=0)
    likely = np.exp(total - total.max())
    assert np.array(found.class_probabilities) == pytest.approx(likely / likely.sum(), abs=0.01)


def test_rotors_speak_loudest_and_say_so() -> None:
    found = judged(rcs_dbsm=-16.0, modulation_db=-9.0)
    names = [one.name for one in found.class_evidence]
    assert {"prior", "speed", "height", "echo", "rotors"} <= set(names)
    rotors = next(one for one in found.class_evidence if one.name == "rotors")
    assert rotors.says == "Its echo has sidebands of -9 dB, as rotors make, most like a multirotor."
    assert int(np.argmax(rotors.log_odds)) == TargetClass.MULTIROTOR
    spreads = [max(one.log_odds) - min(one.log_odds) for one in found.class_evidence]
    assert spreads == sorted(spreads, reverse=True)


def test_what_no_sensor_told_is_not_among_the_evidence() -> None:
    names = {one.name for one in judged(rcs_dbsm=float("nan"), modulation_db=float("nan")).class_evidence}
    assert not names & {"echo", "rotors", "claims"}


def test_each_weight_is_against_the_average_class() -> None:
    for one in judged(rcs_dbsm=-16.0, modulation_db=-10.0).class_evidence:
        assert sum(one.log_odds) == pytest.approx(0.0, abs=1e-9)
        assert one.says.endswith(".")


def test_it_is_told_anew_when_it_changes_and_not_before() -> None:
    identifier = Identifier(site())
    first = identifier.judge(picture(1.0, STATE, rcs_dbsm=-16.0), np.array([80.0]))[0]
    same = identifier.judge(picture(1.0, STATE, rcs_dbsm=-16.1), np.array([80.0]))[0]
    other = identifier.judge(picture(1.0, STATE, rcs_dbsm=20.0), np.array([80.0]))[0]
    assert same.class_evidence is first.class_evidence
    assert other.class_evidence != first.class_evidence
