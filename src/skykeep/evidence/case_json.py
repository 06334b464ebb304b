"""A case as JSON, for programs: the same record that the dossier prints, at the same level.

`{"format": "skykeep.case", "version": 1, "level": ..., "case": {...}}`, fields in the order of their class, a
number that is withheld as null, a text as `[withheld: why]`; `case.withheld` lists every field that was
(docs/dossier.md). The version rises when a field goes or changes its meaning, not when one is added.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from skykeep.base.errors import InputError
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.evidence.case import Case
from skykeep.evidence.levels import Level, spelt

FORMAT: Final = "skykeep.case"
VERSION: Final = 1


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds."""

    format: str
    version: int
    level: Level
    case: Case


def case_json(case: Case, level: Level) -> bytes:
    """Return the file's bytes, the same for the same case; `case` is as its level shows it."""
    return encode_json(CaseFile(format=FORMAT, version=VERSION, level=level, case=spelt(case))) + b"\n"


def read_case_json(data: bytes) -> Case:
    """Return the whole case that a file of level full holds; InputError when it is none."""
    try:
        file = decode_json(data, CaseFile)
    except (msgspec.DecodeError, ValueError) as error:
        raise InputError("case", str(error), f"a {FORMAT} of version {VERSION}") from error
    if (file.format, file.version, file.level) != (FORMAT, VERSION, Level.FULL):
        found = f"{file.format} {file.version}, level {file.level}"
        raise InputError("case", found, f"{FORMAT} {VERSION}, level {Level.FULL}")
    return file.case


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema of the file (draft 2020-12)."""

    def hook(wanted: type) -> dict[str, Any]:
        del wanted
        return {"type": ["array", "object"], "description": "rows of numbers, null where not known"}

    schema = msgspec.json.schema(CaseFile, schema_hook=hook)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": FORMAT, **schema}
