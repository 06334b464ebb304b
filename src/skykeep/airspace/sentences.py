"""The verdicts in words. An operator reads them aloud as they are."""

from __future__ import annotations

from skykeep.airspace.permits import Condition
from skykeep.airspace.schedule import in_force_until_utc_ns, say_time
from skykeep.domain.airspace import Permit, Zone


def sentence(text: str) -> str:
    """Return `text` with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def say_zone(zone: Zone, now_utc_ns: int) -> str:
    """Return e.g. `the city-wide ban (Order 12) is in force here until 06:00 UTC`."""
    until_utc_ns = in_force_until_utc_ns(zone.periods, now_utc_ns)
    when = "" if until_utc_ns is None else f" until {say_time(until_utc_ns, now_utc_ns)}"
    name = zone.name if zone.name.lower().startswith("the ") else f"the {zone.name}"
    return f"{name} ({zone.document}) is in force here{when}"


def say_permit(permit: Permit) -> str:
    """Return e.g. `permit P-7 of Harbour Survey`."""
    return f"permit {permit.permit_id} of {permit.holder}"


def say_failing(
    permit: Permit, fails: Condition, zone: Zone | None, height_agl_m: float, now_utc_ns: int
) -> str:
    """Return why a permit does not cover a flight that it names."""
    said = sentence(say_permit(permit))
    match fails:
        case Condition.REVOKED:
            return f"{said} was revoked at {say_time(permit.revoked_utc_ns or now_utc_ns, now_utc_ns)}."
        case Condition.TIME if now_utc_ns < permit.start_utc_ns:
            return f"{said} does not begin until {say_time(permit.start_utc_ns, now_utc_ns)}."
        case Condition.TIME:
            return f"{said} ended at {say_time(permit.end_utc_ns, now_utc_ns)}."
        case Condition.VOLUME:
            return f"{said} does not reach here: it is outside the permitted area."
        case Condition.HEIGHT if height_agl_m == height_agl_m:
            return (
                f"{said} is for {permit.floor_agl_m:.0f} to {permit.ceiling_agl_m:.0f} m above ground; "
                f"it is at {height_agl_m:.0f} m."
            )
        case Condition.HEIGHT:
            return f"{said} is for a band of heights; how high it is, is not known."
        case _:
            where = "this zone" if zone is None else say_zone(zone, now_utc_ns)
            return f"{said} does not open this zone: {where}."
