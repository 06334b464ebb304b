"""ArduPilot's on-board logs (DataFlash, .BIN): messages that describe themselves.

| octets | what |
|---|---|
| 2 | `A3 95` |
| 1 | type; 128 is FMT, which says what the other types are |
| n | the fields one after the other, little-endian; n comes from the FMT of the type |

FMT (86 octets): type, length with these 3 octets, name (4), letters (16), column names with commas (64).
FMTU gives each column of a type a letter for its unit and one for its multiplier, UNIT and MULT say what
those letters are. Values come as the tools of ArduPilot show them: `c C e E` are hundredths, `L` is 1e-7
degrees; every other letter is as it was stored, and its multiplier takes it to its unit.
There is no checksum: only types, lengths and the two octets in front say that a message is one.
Source: ArduPilot's public description of the log format.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError

MAGIC = b"\xa3\x95"
FMT = 128
HEAD_OCTETS = 3
# letter: (letter of struct, what the stored value is divided by)
LETTERS: dict[str, tuple[str, float | None]] = {
    "a": ("64s", None),
    "b": ("b", None),
    "B": ("B", None),
    "h": ("h", None),
    "H": ("H", None),
    "i": ("i", None),
    "I": ("I", None),
    "q": ("q", None),
    "Q": ("Q", None),
    "f": ("f", None),
    "g": ("e", None),
    "d": ("d", None),
    "n": ("4s", None),
    "N": ("16s", None),
    "Z": ("64s", None),
    "c": ("h", 100.0),
    "C": ("H", 100.0),
    "e": ("i", 100.0),
    "E": ("I", 100.0),
    "L": ("i", 1e7),
    "M": ("B", None),
}


class LogMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a log: its `fields` by the column names that the log itself gives."""

    name: str
    fields: dict[str, Any]


class LogFormat:
    """How one type of message lies in this log. The letters of its units come as the log tells them."""

    def __init__(self, number: int, name: str, length: int, letters: str, columns: tuple[str, ...]) -> None:
        self.number, self.name, self.length = number, name, length
        self.letters, self.columns = letters, columns
        self.unit_letters = self.multiplier_letters = ""
        self._struct = struct.Struct("<" + "".join(LETTERS[letter][0] for letter in letters))
        if self._struct.size + HEAD_OCTETS != length:
            raise DecodeError(
                f"FMT {name}", f"length {length}", f"{self._struct.size + HEAD_OCTETS} for {letters!r}"
            )
        if len(columns) != len(letters) or len(set(columns)) != len(columns):
            raise DecodeError(
                f"FMT {name}", f"columns {','.join(columns)}", f"{len(letters)} different names"
            )
        self._scaled = [(at, LETTERS[letter][1]) for at, letter in enumerate(letters) if LETTERS[letter][1]]
        # The Z of FILE is a piece of a file, which is no text whatever its letter says.
        texts = "nN" if name == "FILE" else "nNZ"
        self._texts = [at for at, letter in enumerate(letters) if letter in texts]
        self.describes = number == FMT or name in ("UNIT", "MULT", "FMTU")
        self.met = 0
        self._arrays = [at for at, letter in enumerate(letters) if letter == "a"]
        self._plain = not (self._scaled or self._texts or self._arrays)

    def read(self, data: bytes, at: int) -> dict[str, Any]:
        """Return the fields of the message whose first octet (`A3`) stands at `at`."""
        values: Any = self._struct.unpack_from(data, at + HEAD_OCTETS)
        if not self._plain:
            values = list(values)
            for place, divisor in self._scaled:
                values[place] /= divisor
            for place in self._texts:
                values[place] = values[place].partition(b"\0")[0].decode("utf-8", "backslashreplace")
            for place in self._arrays:
                values[place] = struct.unpack("<32h", values[place])
        return dict(zip(self.columns, values, strict=True))


def is_dataflash(data: bytes) -> bool:
    """Return whether these octets begin like a DataFlash log."""
    return data[:3] == MAGIC + bytes((FMT,))


class DataflashReader:
    """Reads one log. `formats` fills as the log describes itself; `refusals` are what could not be used."""

    def __init__(self, data: bytes, counts: Counter[str]) -> None:
        if not is_dataflash(data):
            raise DecodeError("log", f"starts with {data[:3].hex()}", "a39580: a DataFlash log")
        self._data, self._counts = data, counts
        columns = ("Type", "Length", "Name", "Format", "Columns")
        self.formats: dict[int, LogFormat] = {FMT: LogFormat(FMT, "FMT", 89, "BBnNZ", columns)}
        self.refusals: list[tuple[DecodeError, bytes]] = []
        self._units: dict[int, str] = {}
        self._multipliers: dict[int, float] = {}

    def messages(self) -> Iterator[LogMessage]:
        """Yield the messages in the order of the log; what is damaged is stepped over and counted."""
        data, at, lost_from = self._data, 0, -1
        while at < len(data):
            form = self.formats.get(data[at + 2]) if at + 2 < len(data) else None
            if form is None or not data.startswith(MAGIC, at) or at + form.length > len(data):
                lost_from = at if lost_from < 0 else lost_from
                following = data.find(MAGIC, at + 1)
                at = following if following >= 0 else len(data)
                continue
            if lost_from >= 0:
                self._lose(lost_from, at)
                lost_from = -1
            fields = form.read(data, at)
            if form.describes:
                try:
                    self._learn(form, fields)
                except DecodeError as error:
                    self._counts["rejected: description"] += 1
                    self.refusals.append((error, data[at : at + form.length]))
            form.met += 1
            yield LogMessage(name=form.name, fields=fields)
            at += form.length
        if lost_from >= 0:
            self._lose(lost_from, len(data))
        for form in self.formats.values():
            self._counts[form.name] += form.met

    def units(self, name: str) -> dict[str, tuple[str, float]]:
        """Return the unit of each column of a message and what takes its values there, as far as told."""
        form = next((one for one in self.formats.values() if one.name == name), None)
        if form is None:
            return {}
        told = zip(form.columns, form.letters, form.unit_letters, form.multiplier_letters, strict=False)
        return {
            column: (
                self._units.get(ord(unit), ""),
                1.0 if LETTERS[letter][1] else self._multipliers.get(ord(multiplier), 1.0) or 1.0,
            )
            for column, letter, unit, multiplier in told
        }

    def _lose(self, start: int, end: int) -> None:
        octets = self._data[start:end]
        self._counts["rejected: octets between messages"] += len(octets)
        error = DecodeError("message", f"{len(octets)} octets at {start}", "a message of a type described")
        self.refusals.append((error, octets))

    def _learn(self, form: LogFormat, fields: dict[str, Any]) -> None:
        """Take what a message says about others; DecodeError where it makes no sense."""
        if form.number == FMT:
            self._learn_format(fields)
            return
        try:
            match form.name:
                case "UNIT":
                    self._units[int(fields["Id"])] = str(fields["Label"])
                case "MULT":
                    self._multipliers[int(fields["Id"])] = float(fields["Mult"])
                case "FMTU":
                    of = self.formats[int(fields["FmtType"])]
                    of.unit_letters, of.multiplier_letters = str(fields["UnitIds"]), str(fields["MultIds"])
        except (KeyError, ValueError, TypeError, OverflowError) as error:
            raise DecodeError(form.name, str(fields), "a description of units") from error

    def _learn_format(self, fields: dict[str, Any]) -> None:
        number, letters, name = fields["Type"], fields["Format"], fields["Name"]
        if number == FMT:
            return
        unknown = set(letters) - LETTERS.keys()
        if unknown or not letters or not name.isalnum():
            raise DecodeError(f"FMT {name}", f"letters {letters!r}", f"of {''.join(LETTERS)}")
        columns = tuple(fields["Columns"].split(","))
        if number in self.formats:
            self._counts[self.formats[number].name] += self.formats[number].met
        self.formats[number] = LogFormat(number, name, fields["Length"], letters, columns)
