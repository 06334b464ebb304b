"""A rule set's TOML file: every number of judging and responding, under a name and a version.

What a file leaves out is as in the rules that come with Skykeep. Every key that is wrong is named with its
line and its bound. `docs/threat.md` explains the rules; `skykeep rules show` writes them all.
"""

from __future__ import annotations

import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from skykeep.base.errors import SetupError
from skykeep.base.toml_lines import KeyPath
from skykeep.base.toml_records import line_of, path_of, record_of_toml, spell
from skykeep.domain.rule_bounds import faults_of
from skykeep.domain.rules import RuleSet

PACKAGED = "default"


class Change(NamedTuple):
    """One rule that two rule sets do not have alike."""

    field: str
    was: str
    now: str


def read_rules(path: Path) -> RuleSet:
    """Return the rule set in a file; SetupError names file, line, key and bound of what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: cannot be read: {error}") from error
    return parse_rules(text, path.name)


def packaged_rules_text() -> str:
    """Return the text of the rules that come with Skykeep."""
    return (resources.files("skykeep.app") / "rules" / f"{PACKAGED}.toml").read_text(encoding="utf-8")


def parse_rules(text: str, source: str) -> RuleSet:
    """Return the rule set that a TOML text holds; `source` is how errors name the file."""
    rules = record_of_toml(text, source, RuleSet)
    unknown = _unknown(tomllib.loads(text), rules, ())
    if unknown is not None:
        path, known = unknown
        where = f"{source}, line {line_of(text, path)}"
        raise SetupError(f"{where}: unknown key {spell(path)}, must be one of {', '.join(known)}")
    for fault in faults_of(rules):
        where = f"{source}, line {line_of(text, path_of(fault.field))}"
        raise SetupError(f"{where}: {fault.field} is {fault.found}, must be {fault.must}")
    return rules


def rules_text(rules: RuleSet) -> str:
    """Return a rule set as TOML, every rule in it, in the order of the record."""
    return "\n".join(_tables((), msgspec.to_builtins(rules))).strip() + "\n"


def changes_between(was: RuleSet, now: RuleSet) -> tuple[Change, ...]:
    """Return every rule that is otherwise, in the order of the record; name and version too."""
    before, after = dict(_leaves("", was)), dict(_leaves("", now))
    return tuple(
        Change(field, before[field], after[field]) for field in after if before[field] != after[field]
    )


def _unknown(raw: Any, record: Any, path: KeyPath) -> tuple[KeyPath, tuple[str, ...]] | None:
    """Return the first key that no rule has, and what there is; steps of a ladder are looked into too."""
    if isinstance(raw, list):
        steps = enumerate(zip(raw, record, strict=True))
        found = [_unknown(one, made, (*path, number)) for number, (one, made) in steps]
        return next((each for each in found if each is not None), None)
    if not isinstance(record, msgspec.Struct):
        return None
    for key, value in raw.items():
        if key not in record.__struct_fields__:
            return (*path, key), record.__struct_fields__
        found_in = _unknown(value, getattr(record, key), (*path, key))
        if found_in is not None:
            return found_in
    return None


def _leaves(prefix: str, record: msgspec.Struct) -> list[tuple[str, str]]:
    leaves = []
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if isinstance(value, msgspec.Struct):
            leaves.extend(_leaves(f"{prefix}{name}.", value))
        else:
            leaves.append((f"{prefix}{name}", _spelt(msgspec.to_builtins(value))))
    return leaves


def _tables(path: tuple[str, ...], table: dict[str, Any]) -> list[str]:
    """Return the lines of a table: its own keys, then the tables in it."""
    lines = [f"{key} = {_spelt(value)}" for key, value in table.items() if not isinstance(value, dict)]
    if path:
        lines.insert(0, f"\n[{'.'.join(path)}]")
    for key, value in table.items():
        if isinstance(value, dict):
            lines.extend(_tables((*path, key), value))
    return lines


def _spelt(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON's way of writing text is TOML's, but for one character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_spelt(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_spelt(each) for each in value) + "]"
    return repr(value)
