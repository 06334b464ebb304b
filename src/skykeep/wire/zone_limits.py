"""Floors and ceilings as files of zones have them, both ways.

A number with a unit and a reference beside it, or text that says it all:

| text | is |
|---|---|
| `SFC`, `GND`, `GND/SFC` | 0 above ground |
| `UNL`, `UNLTD`, `UNLIMITED` | no ceiling: 99,999 |
| `FL095`, `FL 95` | a flight level |
| `1000 FT ALT`, `2500 FT AMSL`, `30766 m MSL` | above mean sea level |
| `120 M AGL`, `400 ft GND`, `50 M SFC`, `300 ft ASFC` | above ground |

Where unit or reference is not said, or is none that we know, the limit is read as the one that shuts more
air: a ceiling in metres above ground, a floor in feet above mean sea level. What cannot be read is no limit.
"""

from __future__ import annotations

import re

import msgspec

from skykeep.domain.zone import METRES, NO_CEILING, HeightReference, LengthUnit, Limit, limit_m
from skykeep.wire.zone_report import Json, Place, number_of

_UNITS = {
    "M": LengthUnit.M,
    "METER": LengthUnit.M,
    "METERS": LengthUnit.M,
    "METRE": LengthUnit.M,
    "METRES": LengthUnit.M,
    "MT": LengthUnit.M,
    "FT": LengthUnit.FT,
    "FEET": LengthUnit.FT,
    "F": LengthUnit.FT,
    "FL": LengthUnit.FL,
}
_REFERENCES = {
    "AGL": HeightReference.AGL,
    "GND": HeightReference.AGL,
    "SFC": HeightReference.AGL,
    "ASFC": HeightReference.AGL,
    "AMSL": HeightReference.AMSL,
    "MSL": HeightReference.AMSL,
    "ALT": HeightReference.AMSL,
    "HAE": HeightReference.HAE,
    "WGS84": HeightReference.HAE,
    "W84": HeightReference.HAE,
    "STD": HeightReference.STD,
}
_LEVEL = re.compile(r"FL\s*(\d{1,4})", re.ASCII)
_HEIGHT = re.compile(r"([+-]?\d{1,7}(?:[.,]\d{1,6})?)\s*([A-Z]{1,6})?\.?\s*([A-Z]{1,5}(?:84)?)?", re.ASCII)
_WITH_UNIT = re.compile(r"([+-]?\d{1,7}(?:\.\d{1,6})?)\s*([A-Z]{1,6})\.?", re.ASCII)
_SURFACE = frozenset({"SFC", "GND", "GND/SFC", "SFC/GND", "0 SFC", "GROUND", "SURFACE"})
_UNLIMITED = frozenset({"UNL", "UNLTD", "UNLIM", "UNLIMITED"})
_FT = frozenset({LengthUnit.FT, LengthUnit.FL})


class LimitWords(msgspec.Struct, frozen=True, kw_only=True):
    """How a format spells its references and units, and the unit where it may be left unsaid."""

    agl: str = "AGL"
    amsl: str = "AMSL"
    hae: str = ""
    std: str = ""
    metres: str = "M"
    feet: str = "FT"
    unit_unsaid: LengthUnit | None = None

    def reference(self, reference: HeightReference) -> str:
        """Return the word, "" where the format has none."""
        words = {
            HeightReference.AGL: self.agl,
            HeightReference.AMSL: self.amsl,
            HeightReference.HAE: self.hae,
        }
        return words.get(reference, "")


def limit_of_text(text: str) -> Limit | None:
    """Return what a text says, None where it says no whole limit that we can read."""
    word = re.sub(r"\s+", " ", text.strip().upper()[:40])
    if word in _SURFACE:
        return Limit(value=0.0)
    if word in _UNLIMITED:
        return Limit(value=NO_CEILING, reference=HeightReference.AMSL)
    if level := _LEVEL.fullmatch(word):
        return Limit(value=float(level[1]), unit=LengthUnit.FL, reference=HeightReference.STD)
    height = _HEIGHT.fullmatch(word)
    if height is None or (height[2] or "M") not in _UNITS:
        return None
    reference = _REFERENCES.get(height[3] or "")
    if reference is None or height[2] is None:
        return None
    return Limit(value=float(height[1].replace(",", ".")), unit=_UNITS[height[2]], reference=reference)


class LimitFields(msgspec.Struct, frozen=True, kw_only=True):
    """What the members are called that hold a limit, its unit and its reference."""

    value: str
    unit: str
    reference: str
    is_ceiling: bool


def limit_of(said: Json, fields: LimitFields, words: LimitWords, place: Place) -> Limit | None:
    """Return one limit of a volume, None where it has none."""
    value = said.get(fields.value)
    if isinstance(value, str) and value.strip() and (limit := limit_of_text(value)) is not None:
        place.noted(fields.value, value, "a number", f"read as {spoken(limit)}")
        return limit
    if isinstance(value, str) and (split := _WITH_UNIT.fullmatch(value.strip().upper()[:40])):
        place.noted(fields.value, value, "a number", "read with its unit")
        said = {**said, fields.value: float(split[1]), fields.unit: split[2]}
        value = said[fields.value]
    before = len(place.report.deviations)
    number = number_of(value, place, fields.value)
    if number is None:
        if len(place.report.deviations) > before:
            end = "no ceiling" if fields.is_ceiling else "from the surface"
            place.read_as(fields.value, value, "a limit", f"read as none: {end}")
        return None
    unit = _unit(said.get(fields.unit), fields, words, place, number)
    reference = _reference(said.get(fields.reference), fields, words, place, number)
    return Limit(value=number, unit=unit, reference=reference)


def _unit(value: object, fields: LimitFields, words: LimitWords, place: Place, number: float) -> LengthUnit:
    if isinstance(value, str) and (found := _UNITS.get(value.strip().upper())) is not None:
        if value not in (words.metres, words.feet):
            place.noted(fields.unit, value, f"{words.metres} or {words.feet}", f"read as {found.value}")
        return found
    if value is None and words.unit_unsaid is not None:
        return words.unit_unsaid
    safer = LengthUnit.M if fields.is_ceiling else LengthUnit.FT
    if number != 0.0:
        must = f"{words.metres} or {words.feet}"
        place.read_as(
            fields.unit, "none" if value is None else value, must, f"read as {safer.value}, the safer"
        )
    return safer if number != 0.0 else LengthUnit.M


def _reference(
    value: object, fields: LimitFields, words: LimitWords, place: Place, number: float
) -> HeightReference:
    if isinstance(value, str) and (found := _REFERENCES.get(value.strip().upper())) is not None:
        if value != words.reference(found):
            place.noted(fields.reference, value, "AGL or AMSL", f"read as {found.value}")
        return found
    safer = HeightReference.AGL if fields.is_ceiling or number <= 0.0 else HeightReference.AMSL
    if number != 0.0:
        found_word = "none" if value is None else value
        place.read_as(fields.reference, found_word, "AGL or AMSL", f"read as {safer.value}, the safer")
    return safer


def ordered(floor: Limit | None, ceiling: Limit | None, place: Place) -> tuple[Limit | None, Limit | None]:
    """Return floor and ceiling; the wrong way round over one reference they are read the other way."""
    low, high = limit_m(floor), limit_m(ceiling)
    if (
        floor is None
        or ceiling is None
        or low is None
        or high is None
        or floor.reference is not ceiling.reference
    ):
        if floor is not None and low is None:
            place.read_as(
                "", spoken(floor), "a floor that something is above", "read as none: from the surface"
            )
            return None, ceiling
        return floor, ceiling
    if low <= high:
        return floor, ceiling
    found = f"{spoken(floor)} to {spoken(ceiling)}"
    place.read_as("", found, "a floor below its ceiling", "read the other way round")
    return ceiling, floor


def spoken(limit: Limit | None) -> str:
    """Return e.g. `120 M AGL`."""
    if limit is None:
        return "none"
    if limit.value >= NO_CEILING:
        return "unlimited"
    return f"{limit.value:g} {limit.unit.value} {limit.reference.value}"


def limits_json(
    floor: Limit | None, ceiling: Limit | None, words: LimitWords
) -> tuple[str, tuple[float, str] | None, tuple[float, str] | None]:
    """Return unit, floor and ceiling in words of a format that has one unit for both; None: none is said.

    A reference that the format has no word for becomes no limit: more air is shut, never less.
    """
    floor = None if floor is None or not words.reference(floor.reference) else floor
    ceiling = None if ceiling is None or not words.reference(ceiling.reference) else ceiling
    first = ceiling if ceiling is not None and ceiling.value < NO_CEILING else floor
    unit = LengthUnit.FT if first is not None and first.unit in _FT else LengthUnit.M

    def said(limit: Limit | None) -> tuple[float, str] | None:
        if limit is None:
            return None
        value = limit.value
        if limit.unit is not unit and value < NO_CEILING:
            value = value * METRES[limit.unit] / METRES[unit]
        return value, words.reference(limit.reference)

    return (words.feet if unit is LengthUnit.FT else words.metres), said(floor), said(ceiling)
