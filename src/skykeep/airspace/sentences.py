"""The verdicts in words. An operator reads them aloud as they are."""

from __future__ import annotations

from skykeep.airspace.outlines import place_of
from skykeep.airspace.permits import Condition, Finding, Fix
from skykeep.airspace.schedule import DAY_NS, LAST_UTC_NS, in_force_until_utc_ns, say_time
from skykeep.domain.permit import Permit, PermitState
from skykeep.domain.zone import HeightReference, LengthUnit, Limit, Zone, limit_m

STATE_SAYS = {
    PermitState.DRAFT: "is a draft and was never asked for",
    PermitState.SUBMITTED: "is asked for but not granted",
    PermitState.FURTHER_COORDINATION: "is asked for but not granted",
    PermitState.ALTERNATIVE_OFFERED: "is not granted: another time or place was offered instead",
    PermitState.DENIED: "was denied",
    PermitState.WITHDRAWN: "was withdrawn",
    PermitState.REVOKED: "was revoked",
    PermitState.SUSPENDED: "is suspended",
    PermitState.EXPIRED: "has expired",
    PermitState.CLOSED: "is closed",
}
# States that something was done to, and when it was is worth saying.
WITH_TIME = frozenset(
    {
        PermitState.DENIED,
        PermitState.WITHDRAWN,
        PermitState.REVOKED,
        PermitState.CLOSED,
        PermitState.SUSPENDED,
    }
)
REFERENCE_SAYS = {
    HeightReference.AGL: "above ground",
    HeightReference.AMSL: "above sea level",
    HeightReference.HAE: "above the ellipsoid",
    HeightReference.STD: "by pressure",
}


def sentence(text: str) -> str:
    """Return `text` with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def say_zone(zone: Zone, now_utc_ns: int) -> str:
    """Return e.g. `the city-wide ban (Order 12) is in force here until 06:00 UTC`."""
    until_utc_ns = in_force_until_utc_ns(zone.periods, now_utc_ns, place_of(zone))
    when = "" if until_utc_ns is None else f" until {say_time(until_utc_ns, now_utc_ns)}"
    return f"{say_zone_name(zone)} is in force here{when}"


class ZoneWords:
    """What is said of zones in force, found anew only where it changes: when a zone is another, when its
    present stretch is over, or when that comes within a day and is said by the clock alone.
    """

    def __init__(self) -> None:
        self._said: dict[str, tuple[Zone, int, int, str]] = {}

    def say(self, zone: Zone, now_utc_ns: int) -> str:
        """Return what `say_zone` does."""
        known = self._said.get(zone.zone_id)
        if known is not None and known[0] is zone and known[1] <= now_utc_ns <= known[2]:
            return known[3]
        until_utc_ns = in_force_until_utc_ns(zone.periods, now_utc_ns, place_of(zone))
        holds_utc_ns = now_utc_ns
        if until_utc_ns is not None:
            far = until_utc_ns - now_utc_ns >= DAY_NS
            holds_utc_ns = until_utc_ns - DAY_NS if far else until_utc_ns
        elif not zone.periods:
            holds_utc_ns = LAST_UTC_NS
        text = say_zone(zone, now_utc_ns)
        self._said[zone.zone_id] = (zone, now_utc_ns, holds_utc_ns, text)
        return text

    def forget(self) -> None:
        """Forget all: the zones are others."""
        self._said.clear()


def say_zone_name(zone: Zone) -> str:
    """Return e.g. `the city-wide ban (Order 12)`."""
    name = zone.name or zone.zone_id
    name = name if name.lower().startswith("the ") else f"the {name}"
    return f"{name} ({zone.document})" if zone.document else name


def say_permit(permit: Permit) -> str:
    """Return e.g. `permit P-7 of Harbour Survey`."""
    return f"permit {permit.permit_id} of {permit.holder}"


def say_chance(probability: float) -> str:
    """Return e.g. `97 %`; never 0 or 100: nothing is as sure as that."""
    if probability > 0.995:
        return "over 99 %"
    return "under 1 %" if probability < 0.005 else f"{100.0 * probability:.0f} %"


def say_match(permit: Permit, probability: float) -> str:
    """Return e.g. `with 97 % it is the survey flight of Harbour Survey, permit P-7`."""
    purpose = permit.scope.flight.purpose
    flight = f"the {purpose} flight" if purpose else "the flight"
    return f"with {say_chance(probability)} it is {flight} of {permit.holder}, permit {permit.permit_id}"


def say_failing(permit: Permit, finding: Finding, fix: Fix, claimed_id: str) -> str:
    """Return what of a permit fails for a flight, to follow its name: `which was revoked at 02:09 UTC`."""
    now_utc_ns, scope = fix.time_utc_ns, permit.scope
    if permit.state in STATE_SAYS:
        return f"which {_say_state(permit, now_utc_ns)}"
    match finding.condition:
        case Condition.TIME if now_utc_ns < scope.start_utc_ns:
            return f"which does not begin until {say_time(scope.start_utc_ns, now_utc_ns)}"
        case Condition.TIME if now_utc_ns > scope.end_utc_ns:
            return f"which ended at {say_time(scope.end_utc_ns, now_utc_ns)}"
        case Condition.TIME:
            return "which is not for this time"
        case Condition.VOLUME:
            return "outside its permitted area"
        case Condition.HEIGHT if fix.height_agl_m == fix.height_agl_m:
            return f"which is for {_say_heights(permit)}; it is {fix.height_agl_m:.0f} m above ground"
        case Condition.HEIGHT:
            return f"which is for {_say_heights(permit)}; how high it is, is not known"
        case Condition.CLASS:
            return "which is for another kind of aircraft"
        case Condition.OPERATOR:
            return "but the operator it names is not the permit's"
        case Condition.SERIAL:
            return f"but it sends {claimed_id}, which the permit does not name"
    begun = [filed.end_utc_ns for filed in scope.volumes if filed.start_utc_ns <= now_utc_ns]
    until = max(begun, default=scope.end_utc_ns)
    inside = f"inside its volume until {say_time(until, now_utc_ns)}"
    if finding.zone is None:
        return inside
    return f"{inside}; it does not open this zone: {say_zone(finding.zone, now_utc_ns)}"


def _say_state(permit: Permit, now_utc_ns: int) -> str:
    says = STATE_SAYS[permit.state]
    if permit.state in WITH_TIME and permit.changed_utc_ns:
        word = "since" if permit.state is PermitState.SUSPENDED else "at"
        says += f" {word} {say_time(permit.changed_utc_ns, now_utc_ns)}"
    elif permit.state is PermitState.EXPIRED:
        says = f"ended at {say_time(permit.scope.end_utc_ns, now_utc_ns)}"
    return f"{says}: {permit.reason}" if permit.reason else says


def _say_heights(permit: Permit) -> str:
    bands = []
    for filed in permit.scope.volumes:
        floor, ceiling = filed.volume.floor, filed.volume.ceiling
        if limit_m(ceiling) is None:
            band = "the surface" if limit_m(floor) is None else _say_limit(floor)
            band = f"{band} and up"
        elif floor is None or (limit_m(floor) == 0.0 and floor.reference is HeightReference.AGL):
            band = f"up to {_say_limit(ceiling)}"
        else:
            band = f"{_say_limit(floor)} to {_say_limit(ceiling)}"
        if band not in bands:
            bands.append(band)
    return " or ".join(bands)


def _say_limit(limit: Limit | None) -> str:
    if limit is None:
        return "the surface"
    metres = limit_m(limit)
    if limit.unit is LengthUnit.FL:
        return f"flight level {limit.value:.0f}"
    return f"{metres or 0.0:.0f} m {REFERENCE_SAYS[limit.reference]}"
