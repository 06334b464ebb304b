"""What tracks are seen to do, told by hand; the second axis; who is there; and other rules in mid-watch."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from grounds_scenes import STORIES, hill, told
from judged_scenes import RADAR, RESIDENCE, identification, picture
from skykeep.assessment import Assessor
from skykeep.assessment.axes import side
from skykeep.assessment.behaviours import GroundMask
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.rules import ThreatRules
from skykeep.domain.threat import Behaviour, Threat

SEEN = {
    "A silent drone comes straight in": {Behaviour.CLOSING},
    "It hovers outside the window": {Behaviour.LOITERING},
    "It comes, turns back, and comes again": {Behaviour.CLOSING, Behaviour.PROBING},
    "First seen 400 m away": {Behaviour.CLOSING, Behaviour.POP_UP},
    "It keeps behind a hill": {Behaviour.CLOSING, Behaviour.TERRAIN_MASKED},
    "It leaves": set(),
}


@pytest.mark.parametrize("title", SEEN)
def test_behaviours(title: str) -> None:
    threat = told(STORIES[title])
    assert threat is not None
    assert set(threat.behaviours) == SEEN[title]


def test_a_watcher_counts_for_more_after_a_minute_than_when_it_came() -> None:
    story = STORIES["It hovers outside the window"]
    soon, late = told(story._replace(seconds=20)), told(story)
    assert soon is not None
    assert late is not None
    assert late.priority > 0.5 > soon.priority


def test_the_quiet_second_axis_keeps_its_own_group_and_priority() -> None:
    """A lone one from the south weighs no less while twelve come from the north, and each side is told."""
    story = STORIES["One by itself from the other side, while the swarm comes"]
    together, alone = told(story), told(story._replace(flyers=story.flyers[:1]))
    assert together is not None
    assert alone is not None
    assert together.priority == pytest.approx(alone.priority, rel=0.03)
    assert together.group_id == ""
    assert "the south, is the quiet one" in " ".join(together.grounds)
    one_of_twelve = told(story._replace(flyers=(story.flyers[1], *story.flyers[2:], story.flyers[0])))
    assert one_of_twelve is not None
    assert one_of_twelve.group_id == "G-1"
    assert "Watch the south too: track 13 comes from there." in one_of_twelve.grounds


def test_a_ridge_hides_what_is_low_behind_it() -> None:
    scene = picture(
        0.0, [[0.0, 3500.0, 40.0, 0, 0, 0], [0.0, 3500.0, 900.0, 0, 0, 0], [0.0, 500.0, 40.0, 0, 0, 0]]
    )
    assert GroundMask(hill(), (RADAR,)).hidden(scene, [0, 1, 2]) == {0: (1, 1), 1: (0, 1), 2: (0, 1)}
    assert GroundMask(None, (RADAR,)).hidden(scene, [0]) == {}


def test_sides() -> None:
    assert [side(bearing) for bearing in (0.0, 44.0, 91.0, 359.0, 202.0)] == [
        "north",
        "north-east",
        "east",
        "north",
        "south",
    ]


RULED = AirspaceVerdict(
    track_id=1,
    permission=Permission.FORBIDDEN,
    zone_id="z",
    permit_id="",
    document="Order 12",
    failing_condition="no_permit",
    reason="No permit covers it.",
)


def one(assessor: Assessor, second: float = 0.0) -> Threat:
    scene = picture(second, [[0.0, 1500.0 - 16.0 * second, 90.0, 0.0, -16.0, 0.0]])
    (threat,) = assessor.judge(scene, (identification(),), (RULED,))
    return threat


def test_posture_and_presence_change_the_consequence_and_nothing_else() -> None:
    asset = msgspec.structs.replace(RESIDENCE, consequence=0.8)
    assessor = Assessor((asset,))
    before = one(assessor)
    away = msgspec.structs.replace(asset, principal_present=False)
    assessor.situation((away,), {"residence": 0.5})
    after = one(assessor)
    assert after.factors.consequence == pytest.approx(0.8 * 0.85 * 0.5)
    assert msgspec.structs.replace(after.factors, consequence=0.8) == before.factors
    assessor.situation((asset,), {"residence": 7.0})
    assert one(assessor).factors.consequence == 1.0
    with pytest.raises(ValueError, match="in order"):
        assessor.situation((), {})


def test_other_rules_hold_from_the_next_look_and_are_named() -> None:
    assessor = Assessor((RESIDENCE,), ThreatRules(), "default v1")
    before = one(assessor)
    assessor.change_rules(ThreatRules(response_s=600.0), "slow v2")
    after = one(assessor)
    assert (before.rules, after.rules) == ("default v1", "slow v2")
    assert after.factors.breach_before_response > before.factors.breach_before_response


def test_destinations_hold_nearly_everything_and_none_is_data() -> None:
    square = msgspec.structs.replace(RESIDENCE, asset_id="mirror", position_enu_m=(1000.0, 0.0, 0.0))
    scene = picture(0.0, [[500.0, 1500.0, 90.0, 0.0, -16.0, 0.0]])
    (threat,) = Assessor((RESIDENCE, square)).judge(scene, (identification(),), (RULED,))
    chance = dict(threat.destinations)
    assert chance["residence"] == pytest.approx(chance["mirror"], abs=1e-9)
    assert sum(chance.values()) == pytest.approx(1.0, abs=0.02)
    (sure,) = Assessor((RESIDENCE,), ThreatRules(prior_none=0.0)).judge(scene, (identification(),), (RULED,))
    assert sure.destinations == (("residence", 1.0),)
    assert np.isfinite(sure.priority)
