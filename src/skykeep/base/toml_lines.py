"""Which line of a TOML text a key stands on: the standard library reads TOML but forgets where it stood.

Keys are paths such as ("radars", 0, "period_s"). Only what `tomllib` has already accepted is scanned, so
the scanner is lenient: it follows tables, arrays of tables, dotted keys, inline tables and arrays of them.
"""

from __future__ import annotations

from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the 1-based line of every key and table."""
    return _Scanner(text).lines


class _Scanner:
    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._text = text
        self._at = 0
        self._counts: dict[KeyPath, int] = {}
        table: KeyPath = ()
        while self._skip_blank():
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)

    def _line(self) -> int:
        return self._text.count("\n", 0, self._at) + 1

    def _skip_blank(self) -> bool:
        """Move past blanks, line ends and comments; return whether anything is left."""
        while self._at < len(self._text):
            character = self._text[self._at]
            if character == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif character.isspace():
                self._at += 1
            else:
                return True
        return False

    def _header(self) -> KeyPath:
        line = self._line()
        many = self._text.startswith("[[", self._at)
        self._at += 2 if many else 1
        path: KeyPath = ()
        names = self._key()
        for i, name in enumerate(names):
            path = (*path, name)
            if many and i == len(names) - 1:
                self._counts[path] = self._counts.get(path, 0) + 1
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        self._at = self._text.index("]", self._at) + (2 if many else 1)
        self.lines.setdefault(path, line)
        return path

    def _key(self) -> list[str]:
        names = []
        while True:
            self._skip_blank()
            if self._text[self._at] in "\"'":
                names.append(self._string().strip("\"'"))
            else:
                start = self._at
                while self._text[self._at].isalnum() or self._text[self._at] in "_-":
                    self._at += 1
                names.append(self._text[start : self._at])
            self._skip_blank()
            if self._text[self._at] != ".":
                return names
            self._at += 1

    def _pair(self, table: KeyPath) -> None:
        line = self._line()
        path = (*table, *self._key())
        self.lines.setdefault(path, line)
        self._at = self._text.index("=", self._at) + 1
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        self._skip_blank()
        character = self._text[self._at]
        if character in "\"'":
            self._string()
        elif character == "[":
            self._at += 1
            count = 0
            while self._skip_blank() and self._text[self._at] != "]":
                self.lines[(*path, count)] = self._line()
                self._value((*path, count))
                count += 1
                self._comma()
            self._at += 1
        elif character == "{":
            self._at += 1
            while self._skip_blank() and self._text[self._at] != "}":
                self._pair(path)
                self._comma()
            self._at += 1
        else:
            while self._at < len(self._text) and self._text[self._at] not in ",]}#\n":
                self._at += 1

    def _comma(self) -> None:
        if self._skip_blank() and self._text[self._at] == ",":
            self._at += 1

    def _string(self) -> str:
        start = self._at
        quote = self._text[self._at]
        mark = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._at += len(mark)
        while not self._text.startswith(mark, self._at):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        self._at += len(mark)
        return self._text[start : self._at]
