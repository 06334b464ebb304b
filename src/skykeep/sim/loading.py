"""Scenario files: read, checked and refused in words that name the key, its line and what must be."""

from __future__ import annotations

import enum
import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from skykeep.base.clock import from_iso_utc
from skykeep.base.errors import SetupError
from skykeep.sim.scenario import Scenario
from skykeep.sim.toml_lines import KeyPath, key_lines


def bundled_scenarios() -> list[str]:
    """Return the names of the scenarios that come with Skykeep."""
    folder = resources.files("skykeep.sim") / "scenarios"
    return sorted(item.name[:-5] for item in folder.iterdir() if item.name.endswith(".toml"))


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Return the bundled scenario of that name, or the one in that file; SetupError says what is wrong."""
    name = str(name_or_path)
    if name in bundled_scenarios():
        text = (resources.files("skykeep.sim") / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")
        return parse_scenario(text, f"{name}.toml")
    path = Path(name_or_path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(bundled_scenarios())
        raise SetupError(
            f"scenario {name!r} is neither one of {known} nor a readable file: {error}"
        ) from error
    return parse_scenario(text, path.name)


def parse_scenario(text: str, source: str) -> Scenario:
    """Return the scenario that a TOML text holds; `source` is how errors name the file."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{source}: {error}") from error
    try:
        scenario = msgspec.convert(raw, Scenario)
    except msgspec.ValidationError as error:
        raise SetupError(_explain(str(error), raw, text, source)) from error
    problem = _first_problem(scenario)
    if problem is not None:
        path, sentence = problem
        raise SetupError(f"{source}, line {_line(text, path)}: {_spell(path)} {sentence}")
    return scenario


def _explain(message: str, raw: dict[str, Any], text: str, source: str) -> str:
    """Turn msgspec's message into ours: file, line, key, what was found and what must be."""
    what, _, where = message.partition(" - at `")
    path = _parse_path(where.rstrip("`"))
    unknown = re.search(r"contains unknown field `(.+?)`", what)
    if unknown:
        path = (*path, unknown[1])
        known = ", ".join(_kind_at(path[:-1]).__struct_fields__)
        return f"{source}, line {_line(text, path)}: unknown key {_spell(path)}, must be one of {known}"
    missing = re.search(r"missing required field `(.+?)`", what)
    if missing:
        return f"{source}, line {_line(text, path)}: {_spell((*path, missing[1]))} is missing"
    found: Any = raw
    for step in path:
        found = found[step] if isinstance(step, int) or step in found else found
    if what.startswith("Invalid enum value"):
        must = "one of " + ", ".join(_choices(_kind_at(path)))
    else:
        must = re.sub(r", got .+$", "", what.replace("Expected ", "").replace("`", ""))
    return f"{source}, line {_line(text, path)}: {_spell(path)} is {found!r}, must be {must}"


def _parse_path(text: str) -> KeyPath:
    """Return ("radars", 0, "site") for `$.radars[0].site`."""
    steps = re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", text)
    return tuple(name if name else int(index) for name, index in steps)


def _line(text: str, path: KeyPath) -> int:
    """Return the line of a key, or of the nearest thing around it that has one."""
    lines = key_lines(text)
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _spell(path: KeyPath) -> str:
    """Return e.g. `radars[2].period_s`, counting from 1 as people do."""
    spelt = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
    return spelt.lstrip(".") or "the file"


def _kind_at(path: KeyPath) -> Any:
    """Return the type of what stands at `path`."""
    kind: Any = Scenario
    for step in path:
        if isinstance(step, int):
            kind = get_args(kind)[0]
        else:
            kind = get_type_hints(kind)[step]
            if type(None) in get_args(kind):
                kind = get_args(kind)[0]
    return kind


def _choices(kind: Any) -> tuple[str, ...]:
    """Return what may be chosen from where a type is a choice, or a table keyed by one."""
    if isinstance(kind, enum.EnumMeta):
        members: list[enum.Enum] = list(kind)
        return tuple(str(member.value) for member in members)
    if get_origin(kind) is dict:
        return _choices(get_args(kind)[0])
    return tuple(str(choice) for choice in get_args(kind))


def _first_problem(scenario: Scenario) -> tuple[KeyPath, str] | None:
    """Return where and how a scenario contradicts itself, or None."""
    for path, value in _times(scenario):
        try:
            from_iso_utc(value)
        except ValueError:
            return path, f"is {value!r}, must be a time with its zone, like 2031-05-03T02:10:00Z"
    for path, low, high in _pairs(scenario, ()):
        if low > high:
            return path, f"is [{low:g}, {high:g}], must be [low, high]"
    assets = {asset.asset_id for asset in scenario.assets}
    for i, intruder in enumerate(scenario.intruders):
        if intruder.asset_id not in assets:
            must = ", ".join(sorted(assets))
            return ("intruders", i, "asset_id"), f"is {intruder.asset_id!r}, must be one of {must}"
        if intruder.remote_id == "false" and scenario.false_identity is None:
            return (
                "intruders",
                i,
                "remote_id",
            ), "is 'false', and then [false_identity] must say what it may be"
        if not sum(intruder.failsafe_shares.values()) > 0.0:
            return ("intruders", i, "failsafe_shares"), "sum to nothing, must be more than 0"
    permits = {permit.permit_id for permit in scenario.permits}
    for i, flight in enumerate(scenario.permitted):
        if flight.permit_id not in permits:
            must = ", ".join(sorted(permits))
            return ("permitted", i, "permit_id"), f"is {flight.permit_id!r}, must be one of {must}"
    return _double_name(scenario)


def _double_name(scenario: Scenario) -> tuple[KeyPath, str] | None:
    """Dice are keyed by name, so no two things may share one."""
    groups: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
        ("radars", "sensor_id", scenario.radars),
        ("direction_finders", "sensor_id", scenario.direction_finders),
        ("remote_id_receivers", "sensor_id", scenario.remote_id_receivers),
        ("adsb_receivers", "sensor_id", scenario.adsb_receivers),
        ("cameras", "sensor_id", scenario.cameras),
        ("residents", "sensor_id", scenario.residents),
        ("intruders", "name", scenario.intruders),
        ("permitted", "name", scenario.permitted),
        ("aircraft", "name", scenario.aircraft),
        ("birds", "name", scenario.birds),
    )
    seen: set[tuple[str, str]] = set()
    for table, key, items in groups:
        for i, item in enumerate(items):
            name = (key, getattr(item, key))
            if name in seen:
                return (table, i, key), f"is {name[1]!r}, which something else is called already"
            seen.add(name)
    return None


def _times(scenario: Scenario) -> list[tuple[KeyPath, str]]:
    found: list[tuple[KeyPath, str]] = [(("night", "start"), scenario.night.start)]
    for i, permit in enumerate(scenario.permits):
        found += [(("permits", i, "start"), permit.start), (("permits", i, "end"), permit.end)]
    for i, zone in enumerate(scenario.zones):
        found += [(("zones", i, key), t) for key, t in (("start", zone.start), ("end", zone.end)) if t]
    return found


def _pairs(item: Any, path: KeyPath) -> list[tuple[KeyPath, float, float]]:
    """Return every [low, high] under `item`."""
    found: list[tuple[KeyPath, float, float]] = []
    if isinstance(item, msgspec.Struct):
        for key in item.__struct_fields__:
            found += _pairs(getattr(item, key), (*path, key))
    elif isinstance(item, tuple):
        if len(item) == 2 and all(isinstance(value, float | int) for value in item):
            found.append((path, item[0], item[1]))
        else:
            for i, value in enumerate(item):
                found += _pairs(value, (*path, i))
    return found
