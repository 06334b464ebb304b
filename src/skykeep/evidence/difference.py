"""Where two canonical payloads part: the first field that differs, by its path, with both values."""

from __future__ import annotations

from typing import Any

import msgspec

_SHOWN = 120


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """The first place where two payloads differ: a path such as `tracks[3].priority`, "" for the whole."""

    path: str
    found: str
    must: str


def first_difference(found: bytes, must: bytes) -> Difference | None:
    """Return the first difference in the order of the fields, or None when the bytes are equal."""
    if found == must:
        return None
    try:
        found_value, must_value = msgspec.json.decode(found), msgspec.json.decode(must)
    except msgspec.DecodeError:
        return Difference(path="", found=_bytes_around(found, must), must=_bytes_around(must, found))
    difference = _walk("", found_value, must_value)
    # The same values in other bytes: a float spelt differently, or fields in another order.
    return difference or Difference(
        path="", found=_bytes_around(found, must), must=_bytes_around(must, found)
    )


def _walk(path: str, found: Any, must: Any) -> Difference | None:
    if isinstance(found, dict) and isinstance(must, dict):
        for name in (*must, *(name for name in found if name not in must)):
            inner = f"{path}.{name}" if path else str(name)
            if name not in found:
                return Difference(path=inner, found="no such field", must=_show(must[name]))
            if name not in must:
                return Difference(path=inner, found=_show(found[name]), must="no such field")
            if (difference := _walk(inner, found[name], must[name])) is not None:
                return difference
        return None
    if isinstance(found, list) and isinstance(must, list):
        for index, (one, other) in enumerate(zip(found, must, strict=False)):
            if (difference := _walk(f"{path}[{index}]", one, other)) is not None:
                return difference
        if len(found) != len(must):
            return Difference(path=path, found=f"{len(found)} items", must=f"{len(must)} items")
        return None
    if type(found) is type(must) and found == must:
        return None
    return Difference(path=path, found=_show(found), must=_show(must))


def _show(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


def _bytes_around(data: bytes, other: bytes) -> str:
    first = next(
        (i for i, (a, b) in enumerate(zip(data, other, strict=False)) if a != b), min(len(data), len(other))
    )
    return f"{data[max(first - 10, 0) : first + 30]!r} at byte {first}"
