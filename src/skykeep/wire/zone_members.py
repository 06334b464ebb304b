"""The members that zones have in ED-269, ED-318 and the exports made from them, read tolerantly.

What restricts is never read as less: an unknown restriction is PROHIBITED, a period that cannot be read is
always, an hour that cannot be read is the whole day.
"""

from __future__ import annotations

import re

from skykeep.domain.zone import Hours, Period, Restriction, Text, Texts, ZoneAuthority
from skykeep.wire.zone_report import Json, Place, chosen, extra_of, list_of, text_of, texts_of, words_for
from skykeep.wire.zone_times import hours_of, instant_ns, zone_of_offset

RESTRICTIONS = words_for(
    (word.value for word in Restriction),
    REQ_AUTHORIZATION="REQ_AUTHORISATION",
    AUTHORISATION_REQUIRED="REQ_AUTHORISATION",
    AUTHORIZATION_REQUIRED="REQ_AUTHORISATION",
    U_SPACE="USPACE",
    NO_RESTRICTIONS="NO_RESTRICTION",
)
REASONS_269 = (
    "AIR_TRAFFIC",
    "SENSITIVE",
    "PRIVACY",
    "POPULATION",
    "NATURE",
    "NOISE",
    "FOREIGN_TERRITORY",
    "EMERGENCY",
    "OTHER",
)
REASONS_318 = (
    "AIR_TRAFFIC",
    "SENSITIVE",
    "PRIVACY",
    "POPULATION",
    "NATURE",
    "NOISE",
    "EMERGENCY",
    "DAR",
    "OTHER",
)
LONGEST_ID = 7
PURPOSES = words_for(("AUTHORIZATION", "NOTIFICATION", "INFORMATION"), AUTHORISATION="AUTHORIZATION")
YES_NO = words_for(("YES", "NO"), Y="YES", N="NO", TRUE="YES", FALSE="NO")
VARIANTS = words_for(("COMMON", "CUSTOMIZED"), CUSTOMISED="CUSTOMIZED")
_COUNTRY = re.compile(r"[A-Z]{3}", re.ASCII)
_AUTHORITY = frozenset(
    {
        "name",
        "service",
        "contactName",
        "siteURL",
        "siteUrl",
        "email",
        "phone",
        "purpose",
        "intervalBefore",
    }
)


def identifier_of(value: object, number: int, place: Place, field: str) -> str:
    """Return a zone's identifier; the `number`th zone that has none is named by its place in the file."""
    identifier = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(identifier, str) or not identifier.strip():
        place.read_as(field, "none" if value is None else value, "an identifier", f"named #{number}")
        return f"#{number}"
    return identifier


def restriction_of(
    value: object, place: Place, field: str, *, spelt: str = "REQ_AUTHORISATION"
) -> Restriction:
    """Return the restriction; `spelt` is how this format has REQ_AUTHORISATION."""
    if value == spelt:
        return Restriction.REQ_AUTHORISATION
    if value == Restriction.REQ_AUTHORISATION.value:
        place.noted(field, value, spelt, "read as such")
    return Restriction(chosen(value, RESTRICTIONS, place, field, Restriction.PROHIBITED.value))


def country_of(value: object, place: Place, field: str = "country") -> str:
    country = text_of(value, place, field)
    if not _COUNTRY.fullmatch(country):
        place.noted(field, country or "none", "three capital letters (ISO 3166)")
    return country


def variant_of(value: object, place: Place, field: str) -> str:
    return chosen(value, VARIANTS, place, field, "COMMON")


def yes_no_of(value: object, place: Place, field: str) -> str:
    if isinstance(value, bool):
        place.noted(field, value, "YES or NO", "read as such")
        return "YES" if value else "NO"
    return "" if value is None or value == "" else chosen(value, YES_NO, place, field, "")


def region_of(value: object, place: Place) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value.strip(), re.ASCII):
        place.noted("region", f'"{value}"', "a number, not text", "read as a number")
        return int(value)
    place.noted("region", value, "a whole number", "read as none")
    return None


def reasons_of(
    value: object, allowed: tuple[str, ...], place: Place, field: str = "reason"
) -> tuple[str, ...]:
    """Return the reasons; one that is none of ours becomes OTHER, its own words are in the report."""
    if value is None or value == "":
        return ()
    both = words_for(dict.fromkeys((*allowed, *REASONS_269, *REASONS_318)))
    found = []
    for k, one in enumerate(list_of(value, place, field)):
        word = chosen(one, both, place, f"{field}[{k}]", "OTHER")
        if word not in allowed:
            place.noted(f"{field}[{k}]", word, f"one of {', '.join(allowed)}")
        found.append(word)
    if len(set(found)) < len(found):
        place.noted(field, found, "each reason once", "said once")
    return tuple(dict.fromkeys(found))


def conditions_of(value: object, place: Place) -> Texts:
    """Return the conditions: a text, or a list of texts."""
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        return (Text(text=value),)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(Text(text=one) for one in value)
    return texts_of(value, place, "restrictionConditions", plain=True)


def authorities_of(value: object, place: Place, field: str, *, plain: bool) -> tuple[ZoneAuthority, ...]:
    """Return the authorities; what a source says of one beside the standard goes into the report."""
    found = []
    for k, one in enumerate(list_of(value, place, field)):
        inner = place.inner(f"{field}[{k}]")
        if not isinstance(one, dict):
            inner.read_as("", one, "an authority", "read as its name")
            found.append(ZoneAuthority(name=(Text(text=text_of(one, inner, "")),)))
            continue
        if "siteUrl" in one:
            inner.noted("siteUrl", one["siteUrl"], "named siteURL", "read as siteURL")
        for key, _ in extra_of(one, _AUTHORITY):
            inner.noted(key, one[key], "not there", "passed over")
        purpose = one.get("purpose")
        if purpose is None:
            inner.noted(
                "purpose", "none", f"one of {', '.join(dict.fromkeys(PURPOSES.values()))}", "not said"
            )
        found.append(
            ZoneAuthority(
                name=texts_of(one.get("name"), inner, "name", plain=plain),
                service=texts_of(one.get("service"), inner, "service", plain=plain),
                contact_name=texts_of(one.get("contactName"), inner, "contactName", plain=plain),
                site_url=text_of(one.get("siteURL", one.get("siteUrl")), inner, "siteURL"),
                email=text_of(one.get("email"), inner, "email"),
                phone=text_of(one.get("phone"), inner, "phone"),
                purpose="" if purpose in (None, "") else chosen(purpose, PURPOSES, inner, "purpose", ""),
                interval_before=text_of(one.get("intervalBefore"), inner, "intervalBefore"),
            )
        )
    return tuple(found)


_PERIOD = frozenset({"permanent", "startDateTime", "endDateTime", "schedule", "dailyPeriod"})


def periods_of(value: object, place: Place, field: str, *, with_permanent: bool) -> tuple[Period, ...]:
    """Return when it holds. `with_permanent`: the format says `permanent`; without dates or hours it must."""
    found: list[Period] = []
    for k, one in enumerate(list_of(value, place, field)):
        inner = place.inner(f"{field}[{k}]")
        if isinstance(one, dict):
            found += _periods(one, inner, with_permanent=with_permanent)
        else:
            inner.read_as("", one, "a period", "read as always")
            found.append(Period())
    return tuple(found)


def _periods(said: Json, place: Place, *, with_permanent: bool) -> list[Period]:
    permanent = False
    if said.get("permanent") is not None:
        permanent = yes_no_of(said["permanent"], place, "permanent") == "YES"
        if not with_permanent:
            place.noted("permanent", said["permanent"], "not there", "read as in ED-269")
    start = instant_ns(said.get("startDateTime"), place, "startDateTime")
    end = instant_ns(said.get("endDateTime"), place, "endDateTime", end=True)
    if start is not None and end is not None and end < start:
        found = f"{said.get('startDateTime')} to {said.get('endDateTime')}"
        place.read_as("", found, "an end after its start", "read as open: its end is not known")
        end = None
    by_offset = _hours_by_offset(said, place)
    if permanent and (start is not None or end is not None or by_offset):
        place.noted("permanent", "YES together with dates or hours", "alone", "read as always; the rest kept")
    if with_permanent and not permanent and start is None and end is None and not by_offset:
        place.noted("permanent", said.get("permanent") or "none", "YES where no dates are", "read as always")
    for key, _ in extra_of(said, _PERIOD):
        place.noted(key, said[key], "not there", "passed over")
    return [
        Period(permanent=permanent, start_utc_ns=start, end_utc_ns=end, hours=hours, time_zone=zone)
        for zone, hours in (by_offset or {"UTC": ()}).items()
    ]


def _hours_by_offset(said: Json, place: Place) -> dict[str, tuple[Hours, ...]]:
    if "dailyPeriod" in said:
        place.noted("dailyPeriod", "it", "named schedule", "read as schedule")
    key = "schedule" if said.get("schedule") is not None else "dailyPeriod"
    by_zone: dict[str, tuple[Hours, ...]] = {}
    for k, one in enumerate(list_of(said.get(key), place, key)):
        inner = place.inner(f"{key}[{k}]")
        if not isinstance(one, dict):
            inner.read_as("", one, "days and times", "read as all day, every day")
            by_zone["UTC"] = (*by_zone.get("UTC", ()), Hours())
            continue
        if not any(one.values()):
            inner.noted("", one, "days and times", "read as not there")
            continue
        for hours, offset in hours_of(one, inner):
            zone = zone_of_offset(offset)
            if zone is None:
                inner.read_as("", one, "an offset of whole hours", "read as all day, every day")
                zone, hours = "UTC", Hours()
            by_zone[zone] = (*by_zone.get(zone, ()), hours)
    return by_zone


def name_and_texts(value: object, place: Place, *, plain: bool) -> tuple[str, Texts]:
    """Return a zone's name and, where it has languages, its names; English first where there is a choice."""
    texts = texts_of(value, place, "name", plain=plain)
    if not texts:
        place.noted("name", "none", "a name", "named by its identifier")
        return "", ()
    english = next((one for one in texts if one.language.lower().startswith("en")), texts[0])
    return english.text, () if len(texts) == 1 and not texts[0].language else texts


def document_of(name: str, identifier: str, provider: Texts) -> str:
    """Return what a verdict cites: the zone as its list has it, and who publishes it."""
    cited = f"{name} ({identifier})" if name and name != identifier else identifier
    return f"{cited}, {provider[0].text}" if provider else cited
