"""JSON as publishers of zones write it: with a byte order mark, in another encoding, with NaN for a number.

What RFC 8259 allows is read as it is; what it does not, but what can still be understood, is read and named.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Deviation, Gravity

DEEPEST = 64
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decode_json(data: bytes) -> tuple[Any, tuple[Deviation, ...]]:
    """Return what a document holds, nested `DEEPEST` deep at most, and where it is not plain JSON."""
    noted: list[Deviation] = []
    body = _without_mark(data, noted)
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        value = _forgiven(body, error, noted)
    _check_depth(value)
    return value, tuple(noted)


def _without_mark(data: bytes, noted: list[Deviation]) -> bytes:
    for mark, encoding in _MARKS:
        if not data.startswith(mark):
            continue
        noted.append(_noted("a byte order mark", "none", "passed over"))
        if encoding == "utf-8":
            return data[len(mark) :]
        noted.append(_noted(encoding.upper(), "UTF-8", "read as such"))
        return data[len(mark) :].decode(encoding, "replace").encode()
    return data


def _forgiven(data: bytes, error: Exception, noted: list[Deviation]) -> Any:
    """Return what is understood though it is not JSON; DecodeError where nothing is."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        noted.append(_noted("octets that are not UTF-8", "UTF-8", "read as Windows-1252"))
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise DecodeError("file", str(error)[:200], "JSON") from None
    noted.append(_noted(str(error)[:200], "JSON by RFC 8259", "read as meant"))
    # A half of a surrogate pair cannot be written out again.
    return _sound(value, 0)


def _sound(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise DecodeError("file", f"nested over {DEEPEST} deep", f"at most {DEEPEST}")
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_sound(one, depth + 1) for one in value]
    if isinstance(value, dict):
        return {_sound(key, depth + 1): _sound(one, depth + 1) for key, one in value.items()}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**63:
        return float(value) if abs(value) < 2**1000 else float("inf")
    return value


def _check_depth(value: Any) -> None:
    level: list[Any] = [[value]]
    depth = 0
    while level:
        if depth > DEEPEST:
            raise DecodeError("file", f"nested over {DEEPEST} deep", f"at most {DEEPEST}")
        inner = (one.values() if type(one) is dict else one for one in level)
        level = [one for held in inner for one in held if type(one) is list or type(one) is dict]
        depth += 1


def _noted(found: str, must: str, done: str) -> Deviation:
    return Deviation(zone_id="", field="file", found=found, must=must, gravity=Gravity.NOTED, done=done)
