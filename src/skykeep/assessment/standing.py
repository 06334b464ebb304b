"""The final standing of a track: what identity found, weighed with what airspace ruled.

| airspace | identity | standing |
|---|---|---|
| allowed by a police, medical, fire or state permit | any | friend |
| allowed otherwise (permit, crewed aircraft) | any | neutral |
| not allowed | a claim contradicted, or an identity on the air twice | suspect |
| forbidden | likely a drone | suspect |
| not allowed | surely a bird, claiming nothing | neutral |
| not allowed | else | unknown |

A drone earns friend or neutral by a document that covers it, never by what it says. An identity on the
air twice makes both tracks suspect; the one that airspace then allows has earned its standing. The
machine never says hostile: that is for a person to say, and what a person says holds until it is lifted.
"""

from __future__ import annotations

import msgspec

from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import Identification, Standing, TargetClass
from skykeep.domain.permit import Permit, PermitPriority

FRIENDS = (PermitPriority.POLICE, PermitPriority.MEDICAL, PermitPriority.FIRE, PermitPriority.STATE)
LIKELY_DRONE = 0.6
SURE_BIRD = 0.9
# Looked up once: an enumeration's member takes longer to find than the probability itself.
_MULTIROTOR, _FIXED_WING, _BIRD = map(int, (TargetClass.MULTIROTOR, TargetClass.FIXED_WING, TargetClass.BIRD))
_ALLOWED, _FORBIDDEN = Permission.ALLOWED, Permission.FORBIDDEN
_UNKNOWN, _FRIEND, _NEUTRAL, _SUSPECT = Standing.UNKNOWN, Standing.FRIEND, Standing.NEUTRAL, Standing.SUSPECT


def final_standing(
    identification: Identification, verdict: AirspaceVerdict, priority: PermitPriority | None = None
) -> Standing:
    """Return the standing of one track; `priority` is that of the permit the verdict names, None if it
    names none.
    """
    if verdict.permission is _ALLOWED:
        return _FRIEND if priority in FRIENDS else _NEUTRAL
    if identification.standing is _SUSPECT:
        return _SUSPECT
    each = identification.class_probabilities
    if verdict.permission is _FORBIDDEN and each[_MULTIROTOR] + each[_FIXED_WING] >= LIKELY_DRONE:
        return _SUSPECT
    if each[_BIRD] >= SURE_BIRD and not identification.claims:
        return _NEUTRAL
    return _UNKNOWN


def settle(
    identifications: tuple[Identification, ...],
    verdicts: tuple[AirspaceVerdict, ...],
    permits: dict[str, Permit],
    told: tuple[tuple[int, Standing, str], ...] = (),
) -> tuple[Identification, ...]:
    """Return the identifications with their final standing; `permits` by identifier. What
    people `told` (track, standing, source) outranks it; the machine's own view is kept beside.
    """
    by_track = {track_id: (standing, source) for track_id, standing, source in told}
    settled = []
    for identification, verdict in zip(identifications, verdicts, strict=True):
        permit = permits.get(verdict.permit_id) if verdict.permit_id else None
        standing = final_standing(identification, verdict, None if permit is None else permit.priority)
        said, set_by = standing, identification.set_by
        if by_track:
            said, set_by = by_track.get(identification.track_id, (said, set_by))
        # What says so already need not be made anew.
        if not (
            identification.standing is said
            and identification.machine_standing is standing
            and identification.set_by == set_by
        ):
            identification = msgspec.structs.replace(
                identification, standing=said, set_by=set_by, machine_standing=standing
            )
        settled.append(identification)
    return tuple(settled)
