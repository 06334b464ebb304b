"""YAML read without trust: mappings, lists and texts, nothing else.

Built from the parser's events, not by a constructor: every scalar stays the text that it is (`null`, `~` and
nothing become None), tags mean nothing, and an alias is refused, so no small file can grow. Depth and the
number of values have bounds. A key given twice is reported and the first kept.
"""

from __future__ import annotations

from typing import Union

import yaml

from skykeep.base.errors import DecodeError
from skykeep.wire.aero_notes import Notes

DEEPEST = 32
MOST_VALUES = 2_000_000
Yaml = Union[None, str, "list[Yaml]", "dict[str, Yaml]"]
Mapping = dict[str, Yaml]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = ("", "~", "null", "Null", "NULL")


def decode_yaml(text: str, notes: Notes) -> Yaml:
    """Return the one document of a text; DecodeError where it is none."""
    builder = _Builder(notes)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        raise DecodeError("document", " ".join(str(error).split())[:300], "YAML") from error
    except (ValueError, UnicodeError) as error:
        raise DecodeError("document", str(error)[:200], "YAML") from error
    if builder.documents != 1:
        raise DecodeError("document", f"{builder.documents} documents", "one")
    return builder.value


class _Builder:
    """Puts events together; a mapping waits for the key of its next value."""

    def __init__(self, notes: Notes) -> None:
        self.value: Yaml = None
        self.documents = 0
        self._notes = notes
        self._open: list[tuple[list[Yaml] | dict[str, Yaml], list[str]]] = []
        self._count = 0

    def take(self, event: object) -> None:
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style is None or event.implicit[0]
            self._put(None if plain and event.value in _NOTHING else str(event.value), str(event.value))
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin({})
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin([])
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.AliasEvent):
            raise DecodeError("document", "an alias", "without aliases")
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1

    def _begin(self, value: list[Yaml] | dict[str, Yaml]) -> None:
        if self._open and isinstance(self._open[-1][0], dict) and not self._open[-1][1]:
            raise DecodeError("document", "a list or mapping as a key", "text as keys")
        if len(self._open) >= DEEPEST:
            raise DecodeError("document", f"nested over {DEEPEST} deep", f"at most {DEEPEST}")
        self._put(value, "")
        self._open.append((value, []))

    def _put(self, value: Yaml, text: str) -> None:
        self._count += 1
        if self._count > MOST_VALUES:
            raise DecodeError("document", f"over {MOST_VALUES} values", f"at most {MOST_VALUES}")
        if not self._open:
            self.value = value
            return
        inside, key = self._open[-1]
        if isinstance(inside, list):
            inside.append(value)
        elif not key:
            key.append(text)
        else:
            name = key.pop()
            if name in inside:
                self._notes.noted("", name, "given twice", "given once", "the first is kept")
            else:
                inside[name] = value
