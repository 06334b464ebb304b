"""What an ASTERIX record may say: a wrong edition decodes without error, and only its values give it away.

Every quantity of a category is bounded by its unit, in every edition, and the ones below by name. The
bounds are wide: what flies, drives or is measured stays inside them, nonsense seldom does. They come from
the standard where it gives a range, and from physics where it does not (an aircraft below 1.1 NM/s, a level
below 100,000 ft). A value is refused, never moved to the bound.

CAT048's flight level is 14 bits whose sign the standard named only in edition 1.32; senders always sent one
(an aircraft on the ground under high pressure is at level -3), so `flight_level` reads it with its sign.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from skykeep.wire.asterix import DAY_S, AsterixRecord
from skykeep.wire.asterix_editions import choose_edition, tables_of

# category: items that hold a time of day, the one to go by first
TIMES_OF_DAY = {
    2: ("030",), 8: ("090",), 10: ("140",), 15: ("145",), 16: ("140",), 19: ("140",), 20: ("140",),
    21: ("073", "071", "077", "030", "075", "072"), 23: ("070",), 34: ("030",), 48: ("140",), 62: ("070",),
    63: ("030",), 65: ("030",),
}  # fmt: skip
# CAT001 gives its time modulo 512 s.
TRUNCATED_TIMES = {1: ("141", 512.0)}

# unit: least, most
BY_UNIT = {
    "FL": (-15.0, 1_500.0),
    "ft": (-1_500.0, 150_000.0),
    "ft/min": (-30_000.0, 30_000.0),
    "NM/s": (-1.1, 1.1),
    "kt": (0.0, 4_000.0),
    "Mach": (0.0, 6.0),
    "m/s": (-2_000.0, 2_000.0),
    "m/s²": (-160.0, 160.0),
    "°C": (-100.0, 70.0),
    "°/s": (-90.0, 90.0),
}
LATITUDE, LONGITUDE = (-90.0, 90.0), (-180.0, 180.0)
# (category, path): least, most, where the unit does not tell, or not well
BY_NAME: dict[tuple[int, str], tuple[float, float]] = {
    (1, "090/HGT"): (-15.0, 1_000.0),
    (1, "040/RHO"): (0.0, 256.0),
    (2, "041"): (0.5, 60.0),
    (10, "040/RHO"): (0.0, 65_535.0),
    (10, "202/VX"): (-600.0, 600.0),
    (10, "202/VY"): (-600.0, 600.0),
    (15, "625/R"): (0.0, 500_000.0),
    (15, "601/GH"): (-450.0, 45_000.0),
    (15, "600/HPP/COSDHPXY"): (-1.0, 1.0),
    (16, "405"): (-450.0, 8_191.75),
    (20, "042/X"): (-700_000.0, 700_000.0),
    (20, "042/Y"): (-700_000.0, 700_000.0),
    (21, "160/GS"): (0.0, 1.1),
    (21, "220/WD"): (0.0, 360.0),
    (21, "220/WS"): (0.0, 300.0),
    (21, "230"): (-180.0, 180.0),
    (34, "041"): (0.5, 60.0),
    (34, "120/HGT"): (-450.0, 9_000.0),
    (48, "042/X"): (-250.0, 250.0),
    (48, "042/Y"): (-250.0, 250.0),
    (48, "090/FL"): (-15.0, 1_000.0),
    (48, "200/GSP"): (0.0, 1.1),
    (48, "120/RDS/DOP"): (0.0, 65_535.0),  # its sign is not told: wraps round
    (48, "120/RDS/AMB"): (0.0, 65_535.0),
    (62, "100/X"): (-3_000_000.0, 3_000_000.0),
    (62, "100/Y"): (-3_000_000.0, 3_000_000.0),
    (62, "340/HEIGHT"): (-1_500.0, 1_638_375.0),  # unsigned before edition 1.19
    (62, "380/RAN"): (-180.0, 180.0),
    (62, "380/MET/WDD"): (0.0, 360.0),
    (62, "380/MET/WSD"): (0.0, 300.0),
    (62, "390/CFL"): (0.0, 1_500.0),
}

Bound = tuple[tuple[str, ...], float, float]


@lru_cache(maxsize=256)
def bounds_of(category: int, edition: str) -> dict[str, tuple[Bound, ...]]:
    """Return {item: ((path below it, least, most), ...)} of an edition."""
    tables = tables_of(choose_edition(category, edition))
    records = [tables.cv_record] if hasattr(tables, "cv_record") else list(tables.cv_uap.cv_uaps.values())
    found: dict[str, list[Bound]] = {}
    for record in records:
        for number, item in record.cv_items_dict.items():
            for path, unit in _quantities(getattr(item.cv_rule, "cv_variation", None), ()):
                bound = _bound(category, (number, *path), unit)
                if bound is not None and (path, *bound) not in found.setdefault(number, []):
                    found[number].append((path, *bound))
    return {number: tuple(bounds) for number, bounds in found.items() if bounds}


def _bound(category: int, path: tuple[str, ...], unit: str) -> tuple[float, float] | None:
    named = BY_NAME.get((category, "/".join(path)))
    if named is not None:
        return named
    if unit == "°" and path[-1] in ("LAT", "LATITUDE"):
        return LATITUDE
    if unit == "°" and path[-1] in ("LON", "LONGITUDE"):
        return LONGITUDE
    return BY_UNIT.get(unit)


def _quantities(variation: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    from asterix import base

    match variation:
        case None:
            return []
        case _ if issubclass(variation, base.Element):
            content = getattr(variation.cv_rule, "cv_content", None)
            is_quantity = content is not None and issubclass(content, base.ContentQuantity)
            return [(path, content.cv_unit)] if content is not None and is_quantity else []
        case _ if issubclass(variation, base.Repetitive):
            return _quantities(variation.cv_variation, path)
        case _ if issubclass(variation, base.Group):
            subitems = [one.cv_non_spare for one, _ in variation.cv_items_list if issubclass(one, base.Item)]
        case _ if issubclass(variation, base.Extended | base.Compound):
            subitems = list(variation.cv_items_dict.values())
        case _:
            return []
    return [
        found
        for one in subitems
        for found in _quantities(getattr(one.cv_rule, "cv_variation", None), (*path, one.cv_name))
    ]


def implausible(
    record: AsterixRecord, received_s_of_day: float | None, clock_slack_s: float = 30.0
) -> str | None:
    """Return why a record cannot be believed, as `item: what, must be what`, or None.

    With a time of receipt (seconds of the UTC day) the record's own time must be within `clock_slack_s` of
    it, over midnight too.
    """
    items = record.items
    # In CAT001 and CAT002 the first record of a block names the source for all of them.
    if "010" not in items and (record.category not in (1, 2) or not items):
        return f"I{record.category:03d}/010: absent, must name the source"
    return _untimely(record, received_s_of_day, clock_slack_s) or _out_of_bounds(record)


def _untimely(record: AsterixRecord, received_s_of_day: float | None, clock_slack_s: float) -> str | None:
    for number in TIMES_OF_DAY.get(record.category, ()):
        value = record.items.get(number)
        if not isinstance(value, float):
            continue
        if not 0.0 <= value < DAY_S:
            return f"I{record.category:03d}/{number}: {value:.1f} s, must be under 86400"
        # CAT016 tells of a configuration, from whenever it was set.
        if received_s_of_day is None or record.category == 16:
            continue
        apart_s = (value - received_s_of_day + DAY_S / 2) % DAY_S - DAY_S / 2
        if abs(apart_s) > clock_slack_s:
            return (
                f"I{record.category:03d}/{number}: {apart_s:+.0f} s from its receipt, "
                f"must be within {clock_slack_s:.0f} s"
            )
    return None


def _out_of_bounds(record: AsterixRecord) -> str | None:
    bounds = bounds_of(record.category, record.edition)
    for number, item in record.items.items():
        for path, least, most in bounds.get(number, ()):
            for value in _values(item, path):
                value = _signed_level(value) if (record.category, number) == (48, "090") else value
                if not least <= value <= most:
                    name = "/".join((f"I{record.category:03d}", number, *path))
                    return f"{name}: {value:g}, must be in {least:g}..{most:g}"
    return None


def _values(item: Any, path: tuple[str, ...]) -> list[float]:
    if isinstance(item, list):
        return [value for one in item for value in _values(one, path)]
    if not path:
        return [item] if isinstance(item, int | float) else []
    below = item.get(path[0]) if isinstance(item, dict) else None
    return [] if below is None else _values(below, path[1:])


def _signed_level(level: float) -> float:
    return level - 4_096.0 if level >= 2_048.0 else level


def flight_level(record: AsterixRecord) -> float | None:
    """Return the flight level of a target report, with its sign; None when absent or not validated."""
    item = record.items.get("090")
    if not isinstance(item, dict) or item.get("V"):
        return None
    level = item.get("FL", item.get("HGT"))
    return _signed_level(level) if isinstance(level, int | float) else None
