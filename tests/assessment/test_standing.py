"""The final standing, as a table of stories."""

from __future__ import annotations

import msgspec
import pytest

from judged_scenes import POLICE, SURVEY, identification
from skykeep.assessment import final_standing, settle
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import ClaimTest, ClaimVerdict, Standing
from skykeep.domain.permit import PermitPriority
from skykeep.domain.sensing import ClaimKind

ALLOWED, FORBIDDEN, UNKNOWN = Permission.ALLOWED, Permission.FORBIDDEN, Permission.UNKNOWN
DRONE, BIRD = (0.96, 0.01, 0.01, 0.01, 0.01), (0.02, 0.01, 0.95, 0.01, 0.01)
UNSURE = (0.4, 0.0, 0.5, 0.0, 0.1)
CLAIM = ClaimTest(
    kind=ClaimKind.REMOTE_ID,
    claimed_id="X",
    track_id=1,
    verdict=ClaimVerdict.CONSISTENT,
    residual_m=1.0,
    p_value=0.9,
    because="",
)


def verdict(permission: Permission, permit_id: str = "") -> AirspaceVerdict:
    return AirspaceVerdict(
        track_id=1,
        permission=permission,
        zone_id="",
        permit_id=permit_id,
        document="",
        failing_condition="",
        reason="",
    )


STORIES: dict[
    str,
    tuple[
        Permission, PermitPriority | None, Standing, tuple[float, float, float, float, float], bool, Standing
    ],
] = {
    "police under permit": (ALLOWED, PermitPriority.POLICE, Standing.NEUTRAL, DRONE, True, Standing.FRIEND),
    "police whose serial is copied": (
        ALLOWED,
        PermitPriority.POLICE,
        Standing.SUSPECT,
        DRONE,
        True,
        Standing.FRIEND,
    ),
    "a survey under permit": (
        ALLOWED,
        PermitPriority.COMMERCIAL,
        Standing.NEUTRAL,
        DRONE,
        True,
        Standing.NEUTRAL,
    ),
    "a crewed aircraft": (ALLOWED, None, Standing.NEUTRAL, DRONE, True, Standing.NEUTRAL),
    "a drone where drones are banned": (FORBIDDEN, None, Standing.UNKNOWN, DRONE, False, Standing.SUSPECT),
    "one that is what it says, and banned": (
        FORBIDDEN,
        None,
        Standing.NEUTRAL,
        DRONE,
        True,
        Standing.SUSPECT,
    ),
    "a police drone out of its permit": (
        FORBIDDEN,
        PermitPriority.POLICE,
        Standing.NEUTRAL,
        DRONE,
        True,
        Standing.SUSPECT,
    ),
    "a bird": (UNKNOWN, None, Standing.NEUTRAL, BIRD, False, Standing.NEUTRAL),
    "perhaps a bird": (FORBIDDEN, None, Standing.UNKNOWN, UNSURE, False, Standing.UNKNOWN),
    "a bird that broadcasts is no bird": (UNKNOWN, None, Standing.NEUTRAL, BIRD, True, Standing.UNKNOWN),
    "a liar outside every zone": (UNKNOWN, None, Standing.SUSPECT, DRONE, True, Standing.SUSPECT),
    "what it says is true, and nothing vouches for it": (
        UNKNOWN,
        None,
        Standing.NEUTRAL,
        DRONE,
        True,
        Standing.UNKNOWN,
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_story(story: str) -> None:
    permission, priority, found, classes, claims, expected = STORIES[story]
    who = identification(classes=classes, standing=found, claims=(CLAIM,) if claims else ())
    assert final_standing(who, verdict(permission), priority) is expected


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("found", list(Standing))
@pytest.mark.parametrize("priority", [None, *PermitPriority])
def test_friend_only_by_a_permit_and_hostile_never(
    permission: Permission, found: Standing, priority: PermitPriority | None
) -> None:
    standing = final_standing(identification(standing=found), verdict(permission), priority)
    assert standing is not Standing.HOSTILE
    if standing is Standing.FRIEND:
        assert permission is ALLOWED
        assert priority is not None
    if permission is not ALLOWED:
        assert standing in (Standing.UNKNOWN, Standing.SUSPECT)


def test_settle_looks_up_the_permit_and_changes_nothing_else() -> None:
    permits = {permit.permit_id: permit for permit in (SURVEY, POLICE)}
    who = (identification(1, standing=Standing.UNKNOWN), identification(2, standing=Standing.SUSPECT))
    settled = settle(who, (verdict(ALLOWED, "P-9"), verdict(ALLOWED, "P-7")), permits)
    assert [each.standing for each in settled] == [Standing.FRIEND, Standing.NEUTRAL]
    assert settled[0].machine_standing is Standing.FRIEND
    unsettled = {"standing": Standing.UNKNOWN, "machine_standing": who[0].machine_standing}
    assert msgspec.structs.replace(settled[0], **unsettled) == who[0]
