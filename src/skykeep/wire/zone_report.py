"""What a reader of zones has to tell: every departure from the standard, by zone and field.

A `Report` gathers it for one file. The values that publishers get wrong in the same ways in every format are
read here: numbers as text, text where a list must be, enumerations in other spellings.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from skykeep.domain.zone import Deviation, Gravity, Text, Texts

Json = dict[str, Any]
_NUMBER = re.compile(r"\s*[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?\s*", re.ASCII)


class Report:
    """Gathers deviations of one file, and what could not be read as a zone with its raw text."""

    def __init__(self) -> None:
        self.deviations: list[Deviation] = []
        self.left_out: list[tuple[str, str]] = []

    def at(self, zone_id: str, path: str = "") -> Place:
        return Place(self, zone_id, path)


class Place:
    """A zone in a report, and where in it we are."""

    def __init__(self, report: Report, zone_id: str, path: str = "") -> None:
        self.report = report
        self.zone_id = zone_id
        self.path = path

    def inner(self, path: str) -> Place:
        joined = path if not self.path else f"{self.path}{'' if path.startswith('[') else '.'}{path}"
        return Place(self.report, self.zone_id, joined)

    def noted(self, field: str, found: object, must: str, done: str = "kept as published") -> None:
        self._say(field, found, must, Gravity.NOTED, done)

    def read_as(self, field: str, found: object, must: str, done: str) -> None:
        self._say(field, found, must, Gravity.READ_AS, done)

    def left_out(self, field: str, found: object, must: str, raw: object) -> None:
        """Say that an item is left out, and keep what it was."""
        self._say(field, found, must, Gravity.LEFT_OUT, "left out, kept with the list")
        where = self.inner(field).path
        self.report.left_out.append((f"{self.zone_id} {where}".strip(), raw_text(raw)))

    def _say(self, field: str, found: object, must: str, gravity: Gravity, done: str) -> None:
        self.report.deviations.append(
            Deviation(
                zone_id=self.zone_id,
                field=self.inner(field).path if field else self.path,
                found=shown(found),
                must=must,
                gravity=gravity,
                done=done,
            )
        )


def raw_text(value: object) -> str:
    """Return a value of a file as its text."""
    return value if isinstance(value, str) else json_text(value)


def json_text(value: object) -> str:
    """Return a decoded value as JSON; what JSON cannot hold becomes null."""
    return msgspec.json.encode(value).decode()


def shown(value: object) -> str:
    """Return a value for a sentence, cut short."""
    text = value if isinstance(value, str) else json_text(value)
    return text if len(text) <= 160 else text[:159] + "\u2026"


def number_of(value: object, place: Place, field: str) -> float | None:
    """Return a number, or None where there is none; text that is one is taken and noted."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        place.noted(field, value, "a number", "read as none")
        return None
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            place.noted(field, value, "a number", "read as none")
            return None
        place.noted(field, f'"{value}"', "a number, not text", "read as a number")
    elif not isinstance(value, int | float):
        place.noted(field, value, "a number", "read as none")
        return None
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        place.noted(field, repr(number), "a finite number", "read as none")
        return None
    return number


def text_of(value: object, place: Place, field: str) -> str:
    """Return a text; "" where there is none. Anything else is read as its JSON and noted."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, dict) and "text" in one for one in value) and value:
        place.noted(field, value, "text", "read as its first text")
        return text_of(value[0]["text"], place, field)
    place.noted(field, value, "text", "read as its JSON")
    return json_text(value)


def texts_of(value: object, place: Place, field: str, *, plain: bool) -> Texts:
    """Return texts in languages. `plain` says that the standard has one text without a language there."""
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        if not plain:
            place.noted(field, value, "a list of texts with languages", "read as one text, no language")
        return (Text(text=value),)
    if plain and not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
        place.noted(field, value, "text", "read as texts")
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return (Text(text=text_of(value, place, field)),)
    return tuple(_text(one, place.inner(f"{field}[{k}]"), plain=plain) for k, one in enumerate(value))


def _text(value: object, place: Place, *, plain: bool) -> Text:
    if isinstance(value, str):
        if not plain:
            place.noted("", value, "a text with its language", "read without a language")
        return Text(text=value)
    if not isinstance(value, dict):
        return Text(text=text_of(value, place, ""))
    language = value.get("lang")
    if not isinstance(language, str):
        place.noted("lang", "none" if language is None else language, "a language", "read as unknown")
        language = ""
    for key in sorted(set(value) - {"text", "lang"}):
        place.noted(key, value[key], "not there", "passed over")
    return Text(
        text=text_of(value.get("text"), place, "text"), language="" if language == "und" else language
    )


def chosen(value: object, words: Mapping[str, str], place: Place, field: str, otherwise: str) -> str:
    """Return what one of `words` stands for, spelt anyhow; `otherwise` where it is none, and say so."""
    must = "one of " + ", ".join(dict.fromkeys(words.values()))
    if isinstance(value, str) and value in words.values():
        return value
    spelt = re.sub(r"[\s-]+", "_", value.strip()).upper() if isinstance(value, str) else ""
    if spelt in words:
        place.noted(field, value, must, f"read as {words[spelt]}")
        return words[spelt]
    place.read_as(field, "none" if value is None else value, must, f"read as {otherwise or 'not said'}")
    return otherwise


def words_for(names: Iterable[str], **others: str) -> dict[str, str]:
    """Return a table for `chosen`: every name stands for itself, `others` for what they say."""
    return {**{name: name for name in names}, **others}


def list_of(value: object, place: Place, field: str) -> list[Any]:
    """Return a list; one thing where a list must be is read as a list of one."""
    if value is None:
        return []
    if isinstance(value, list):
        return value
    place.noted(field, value, "a list", "read as a list of one")
    return [value]


def extra_of(said: Json, known: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return what a source said beside what we know, by key, as JSON; nulls are nothing said."""
    return tuple((key, json_text(said[key])) for key in said if key not in known and said[key] is not None)
