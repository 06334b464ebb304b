"""Bytes of the sensor contract to its records and back, lines out of a stream, and the contract's schema.

| framing | one message is |
|---|---|
| HTTP `application/json`, MQTT | the whole body or payload |
| HTTP `application/x-ndjson`, TCP | one line, ended by LF (CR before it and empty lines are passed over) |

Text is UTF-8, at most `LONGEST_MESSAGE_BYTES` a message. Whatever is wrong is a DecodeError that names the
field by its path (`detections[0].bearing_deg`), what was found there and what must be.
Source: RFC 8259 (JSON); NDJSON is JSON texts separated by LF.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.wire.contract import Message

LONGEST_MESSAGE_BYTES = 262_144
_SHOWN = 60

_DECODER: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)
_ENCODER = msgspec.json.Encoder()

# What msgspec says, and how we say it: a pattern for its words, then the field and what must be.
_SENTENCES = (
    (r"Object missing required field `(.+)`", r"\1", "given"),
    (r"Object contains unknown field `(.*)`", r"\1", "left out: the contract has no such field"),
    (r"Number out of range", "", "a number of no more than 300 digits"),
    (r"Invalid RFC3339 encoded datetime", "", "ISO 8601 as 2031-05-03T02:14:07.250Z"),
    (r"Expected (.*), got .*", "", r"\1"),
    (r"Expected (.*)", "", r"\1"),
)
_CHOICES = {
    "type": "detections, claims, status or report",
    "kind": "bearing, range_bearing, position or presence",
    "claim": "remote_id, adsb, network_remote_id or telemetry",
    "state": "ok, degraded, failed or off",
    "what": "heard, saw, filmed or other",
    "version": "1",
}


def decode(data: bytes) -> Message:
    """Return the message that these bytes are; DecodeError names the field."""
    if len(data) > LONGEST_MESSAGE_BYTES:
        raise DecodeError("message", f"{len(data):,} bytes", f"at most {LONGEST_MESSAGE_BYTES:,}")
    try:
        return _DECODER.decode(data)
    except msgspec.ValidationError as error:
        raise _explain(str(error), data) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DecodeError("message", _short(str(error)), "one JSON object in UTF-8") from None
    except RecursionError:
        raise DecodeError("message", "nested too deeply", "as the contract says") from None


def encode(message: Message) -> bytes:
    """Return a message as one line of JSON without its end; fields that say nothing are left out."""
    return _ENCODER.encode(message)


class LineFramer:
    """Cuts NDJSON into messages."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that are whole now; DecodeError when one is longer than any message may be."""
        self._rest += data
        lines: list[bytes] = []
        if b"\n" in data:  # and only then: a stream that drips must not be copied at each drop
            *lines, rest = bytes(self._rest).split(b"\n")
            self._rest = bytearray(rest)
        if len(self._rest) > LONGEST_MESSAGE_BYTES:
            found = f"{len(self._rest):,} bytes so far"
            raise DecodeError("line", found, f"at most {LONGEST_MESSAGE_BYTES:,}")
        return [line for line in (line.strip(b"\r \t") for line in lines) if line]


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one message."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Message)}


def schema_components(template: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of one message and the records it refers to, for an OpenAPI document."""
    (message,), components = msgspec.json.schema_components((Message,), ref_template=template)
    return message, components


def _explain(error_text: str, data: bytes) -> DecodeError:
    sentence, _, place = (
        error_text.rpartition(" - at `$") if " - at `$" in error_text else (error_text, "", "")
    )
    path = place.removesuffix("`").removeprefix(".")
    if "\x1f" in sentence:  # our own words, said while the record was built
        field, found, must = sentence.split("\x1f", 2)
        return DecodeError(_join(path, field), found, must)
    if sentence.startswith("Invalid") and "RFC3339" not in sentence:
        name = path.rpartition(".")[2]
        must = _CHOICES.get("claim" if path.startswith("claims[") else name, "as the contract says")
        return DecodeError(path or "type", _found(data, path), f"one of {must}")
    for pattern, field, must in _SENTENCES:
        match = re.fullmatch(pattern, sentence, re.DOTALL)
        if match is not None:
            name = match.expand(field)
            where = _join(path, _short(name)) or "message"
            return DecodeError(where, _found(data, path, name), match.expand(must).replace("`", ""))
    return DecodeError(path or "message", _short(sentence), "as the contract says")


def _join(path: str, field: str) -> str:
    return f"{path}.{field}" if path and field else path or field


def _found(data: bytes, path: str, name: str = "") -> str:
    """Return in short what stands at a path, or under a name there."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "what cannot be read"
    try:
        for index, key in re.findall(r"\[(\d+)\]|([^.\[\]]+)", path):
            value = value[int(index)] if index else value[key]
        if name:
            if name not in value:
                return "missing"
            value = value[name]
    except (KeyError, IndexError, TypeError):
        return "more than one of it"  # a name that comes twice: what was wrong has been written over
    return _short(_ENCODER.encode(value).decode())


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
