"""TOML texts into records, refused in words that name the file, the line, the key and what must be."""

from __future__ import annotations

import enum
import re
import tomllib
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from skykeep.base.errors import SetupError
from skykeep.base.toml_lines import KeyPath, key_lines

T = TypeVar("T")


def record_of_toml(text: str, source: str, wanted: type[T]) -> T:
    """Return the record that a TOML text holds; `source` is how errors name the file."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{source}: {error}") from error
    except RecursionError as error:
        raise SetupError(f"{source}: is nested too deep to be read") from error
    try:
        return msgspec.convert(raw, wanted)
    except msgspec.ValidationError as error:
        raise SetupError(_Explainer(raw, text, source, wanted).explain(str(error))) from error


def line_of(text: str, path: KeyPath) -> int:
    """Return the line of a key, or of the nearest thing around it that has one."""
    lines = key_lines(text)
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def spell(path: KeyPath) -> str:
    """Return e.g. `radars[2].period_s`, counting from 1 as people do."""
    spelt = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
    return spelt.lstrip(".") or "the file"


def path_of(spelt: str) -> KeyPath:
    """Return the path that `spell` spells so: ("radars", 1, "period_s") for `radars[2].period_s`."""
    return tuple(step - 1 if isinstance(step, int) else step for step in _parse_path(f".{spelt}"))


class _Explainer:
    """Turns msgspec's messages into ours."""

    def __init__(self, raw: dict[str, Any], text: str, source: str, wanted: Any) -> None:
        self._raw, self._text, self._source, self._wanted = raw, text, source, wanted

    def explain(self, message: str) -> str:
        """Return file, line, key, what was found and what must be."""
        what, _, where = message.partition(" - at `")
        path = _parse_path(where.rstrip("`"))
        unknown = re.search(r"contains unknown field `(.+?)`", what)
        if unknown:
            known = ", ".join(self._kind_at(path).__struct_fields__)
            path = (*path, unknown[1])
            return f"{self._at(path)}: unknown key {spell(path)}, must be one of {known}"
        missing = re.search(r"missing required field `(.+?)`", what)
        if missing:
            return f"{self._at(path)}: {spell((*path, missing[1]))} is missing"
        found = self._found(path)
        if what.startswith("Invalid enum value"):
            must = "one of " + ", ".join(_choices(self._kind_at(path)))
        elif what.startswith("Invalid value") and path:
            must = "one of " + ", ".join(_tags(self._kind_at(path[:-1], choose=False)))
        else:
            must = re.sub(r", got .+$", "", what.replace("Expected ", "").replace("`", ""))
        return f"{self._at(path)}: {spell(path)} is {found!r}, must be {must}"

    def _at(self, path: KeyPath) -> str:
        return f"{self._source}, line {line_of(self._text, path)}"

    def _found(self, path: KeyPath) -> Any:
        found: Any = self._raw
        for step in path:
            found = found[step] if isinstance(step, int) or step in found else found
        return found

    def _kind_at(self, path: KeyPath, choose: bool = True) -> Any:
        """Return the type of what stands at `path`; of several, with `choose`, the one that is told there."""
        kind: Any = self._wanted
        for depth, step in enumerate(path):
            kind = _without_none(kind)
            if isinstance(step, int):
                kind = get_args(kind)[0]
            else:
                kind = get_type_hints(_chosen(kind, self._found(path[:depth])))[step]
        kind = _without_none(kind)
        return _chosen(kind, self._found(path)) if choose else kind


def _parse_path(text: str) -> KeyPath:
    """Return ("radars", 0, "site") for `$.radars[0].site`."""
    steps = re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", text)
    return tuple(name if name else int(index) for name, index in steps)


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        rest = [each for each in get_args(kind) if each is not type(None)]
        return rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007
    return kind


def _chosen(kind: Any, found: Any) -> Any:
    """Return which of several records is meant, by its tag."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    for each in get_args(kind):
        settings = each.__struct_config__
        if isinstance(found, dict) and found.get(settings.tag_field) == settings.tag:
            return each
    return get_args(kind)[0]


def _tags(kind: Any) -> tuple[str, ...]:
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    return tuple(str(each.__struct_config__.tag) for each in kinds)


def _choices(kind: Any) -> tuple[str, ...]:
    """Return what may be chosen from where a type is a choice, or a table keyed by one."""
    if isinstance(kind, enum.EnumMeta):
        members: list[enum.Enum] = list(kind)
        return tuple(str(member.value) for member in members)
    if get_origin(kind) is dict:
        return _choices(get_args(kind)[0])
    return tuple(str(choice) for choice in get_args(kind))
