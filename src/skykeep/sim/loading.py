"""Scenario files: read, checked and refused in words that name the key, its line and what must be."""

from __future__ import annotations

import enum
import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from skykeep.base.errors import SetupError
from skykeep.sim.checks import first_problem
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
    problem = first_problem(scenario)
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
