"""The verdict on a track that is no permitted flight: crewed, a bird, unknown, or one that says it is what it
is not.
"""

from __future__ import annotations

from skykeep.airspace.permits import Condition, Finding
from skykeep.airspace.sentences import say_chance, say_failing, say_permit, sentence
from skykeep.airspace.verdicts import Candidates, Where
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import ClaimVerdict, Identification, TargetClass
from skykeep.domain.permit import Permit
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.wording import say_distance

# Above this probability a thing is taken for a bird, and the rules for flights are not put to it.
TAKEN_FOR_A_BIRD = 0.9
# A lesser chance to be a permit's flight is kept with the verdict, and not said.
WORTH_SAYING = 0.1
CREWED_AT_LEAST = 0.5
# A track that is rather not the flight it says it is, is a mimic; above, nobody can tell yet.
RATHER = 0.5
# Looked up once: an enumeration's member takes longer to find than the probability itself.
_AIRCRAFT, _BIRD = int(TargetClass.AIRCRAFT), int(TargetClass.BIRD)


def crewed(identification: Identification) -> bool:
    """Return whether it is a crewed aircraft whose ADS-B agrees with a sensor."""
    # What says nothing is asked no more: that is most of the sky.
    claims = identification.claims
    return (
        bool(claims)
        and identification.class_probabilities[_AIRCRAFT] > CREWED_AT_LEAST
        and any(test.kind is ClaimKind.ADSB and test.verdict is ClaimVerdict.CONSISTENT for test in claims)
    )


def of_unnamed(identification: Identification, where: Where, candidates: Candidates) -> AirspaceVerdict:
    """Return the verdict on a track that says nothing that any permit names."""
    zone = where.zone
    permission, condition = Permission.FORBIDDEN if zone else Permission.UNKNOWN, "no_permit"
    document = zone.document if zone else ""
    if crewed(identification):
        permission, condition, document = Permission.ALLOWED, "", ""
        reason = "Crewed aircraft, ADS-B agrees."
    elif identification.class_probabilities[_BIRD] >= TAKEN_FOR_A_BIRD:
        permission = Permission.UNKNOWN
        reason = "Taken for a bird: the rules for flights are not put to it."
    elif zone is None:
        reason = "No zone is in force here, and no permit says who it is."
    else:
        reason = f"No permit covers it: {where.rule}."
    if identification.claimed_id and condition:
        condition = "serial"
        reason = f"It is {identification.claimed_id}, which no permit names. {reason}"
    elif candidates and condition and permission is not Permission.UNKNOWN:
        name, probability = candidates[0]
        if probability >= WORTH_SAYING:
            reason = f"{reason} It may yet be the flight of permit {name} ({say_chance(probability)})."
    return AirspaceVerdict(
        track_id=identification.track_id,
        permission=permission,
        zone_id=zone.zone_id if zone else "",
        permit_id="",
        document=document,
        failing_condition=condition,
        reason=reason,
        candidates=candidates if condition else (),
    )


def of_mimic(
    identification: Identification,
    where: Where,
    permit: Permit,
    finding: Finding,
    probability: float,
    away_m: float | None,
    candidates: Candidates,
) -> AirspaceVerdict:
    """Return the verdict on a track that sends what `permit` names, and is not (surely) its flight, which is
    sensed `away_m` from here, None where it is not sensed.
    """
    serial = identification.claimed_id
    contradicted = next(
        (test for test in identification.claims if test.verdict is ClaimVerdict.CONTRADICTED), None
    )
    document, zone = permit.document, where.zone
    if away_m is not None and serial:
        condition = "covered_by_another"
        where_is = f"but that aircraft is sensed {say_distance(away_m)} away"
        reason = f"It says it is {serial} ({say_permit(permit)}), {where_is}."
    elif not serial and contradicted is not None:
        condition = "claim_contradicted"
        document = zone.document if zone else ""
        reason = f"It says it is {contradicted.claimed_id} ({say_permit(permit)}), but sensors disagree."
    elif finding.condition <= Condition.TIME:
        condition = finding.condition.name.lower()
        failing = say_failing(permit, finding, where.fix, serial)
        reason = f"It says it is {serial}: {say_permit(permit)} {failing}."
    elif probability < RATHER:
        condition = "spoofed"
        how = f"but by where it began and how it flies the chance of that is {say_chance(probability)}"
        reason = f"It says it is {serial} ({say_permit(permit)}), {how}."
    else:
        condition = "no_permit"
        reason = (
            f"It says it is {serial} ({say_permit(permit)}); that is not sure ({say_chance(probability)})."
        )
    if zone:
        reason += f" {sentence(where.rule)}."
    return AirspaceVerdict(
        track_id=identification.track_id,
        permission=where.permission,
        zone_id=zone.zone_id if zone else "",
        permit_id=permit.permit_id,
        document=document,
        failing_condition=condition,
        reason=reason,
        permit_probability=probability,
        candidates=candidates,
    )
