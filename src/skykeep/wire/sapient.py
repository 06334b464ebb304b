"""SAPIENT (BSI Flex 335 v2): a stream of protobuf messages, and each message as octets, as JSON, as checked.

| octets | what |
|---|---|
| 0-3 | length of what follows, unsigned, little-endian; `LARGEST_BYTES` at most here |
| 4- | one `SapientMessage`: timestamp, node_id, destination_id, and one of the nine contents |

| content | from | to |
|---|---|---|
| registration, status_report, detection_report, alert, task_ack | edge node | fusion node |
| registration_ack, task, alert_ack | fusion node | edge node |
| error | either | either |

The record of a message is the standard's own: the class that its .proto files give. Nothing comes out of
`decode_message` or `from_json` that breaks a rule of `sapient_rules`. Fields that the schema does not know
(those of version 1, of a later one) are kept and counted by `unknown_fields`.
Source: BSI Flex 335 v2.0 and its .proto files; the length prefix as in the Apex middleware.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError as ProtobufError
from google.protobuf.unknown_fields import UnknownFieldSet

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.wire.sapient_rules import problems
from skykeep.wire.sapient_schema import SapientMessage, rules_of

PREFIX_BYTES = 4
LARGEST_BYTES = 1 << 20
MOST_PROBLEMS = 16
_BETWEEN_OBJECTS = " \t\r\n[],"


def frame_message(payload: bytes) -> bytes:
    """Return a message's octets with their length before them."""
    if len(payload) > LARGEST_BYTES:
        raise ValueError(f"{len(payload)} bytes of message, at most {LARGEST_BYTES}")
    return len(payload).to_bytes(PREFIX_BYTES, "little") + payload


class SapientFramer:
    """Cuts a stream into messages, without their lengths."""

    def __init__(self, largest_bytes: int = LARGEST_BYTES) -> None:
        self._largest_bytes = largest_bytes
        self._held = bytearray()

    @property
    def held_bytes(self) -> int:
        """How much of an unfinished message is waiting."""
        return len(self._held)

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages that are whole now; DecodeError at a length that cannot be. What was whole
        before such a length comes first, the error at the next call.
        """
        self._held += data
        whole: list[bytes] = []
        at = 0
        while len(self._held) - at >= PREFIX_BYTES:
            length = int.from_bytes(self._held[at : at + PREFIX_BYTES], "little")
            if not 0 < length <= self._largest_bytes:
                if whole:
                    break
                raise DecodeError("length", f"{length} bytes", f"1 to {self._largest_bytes} bytes")
            end = at + PREFIX_BYTES + length
            if end > len(self._held):
                break
            whole.append(bytes(self._held[at + PREFIX_BYTES : end]))
            at = end
        del self._held[:at]
        return whole


def parse_message(payload: bytes) -> Any:
    """Return the message, not yet checked; DecodeError when protobuf cannot read it."""
    try:
        return SapientMessage.FromString(payload)
    except ProtobufError as error:
        found = f"{len(payload)} bytes that protobuf cannot read"
        raise DecodeError("message", found, "a SapientMessage of BSI Flex 335 v2") from error


def faults_of(message: Any) -> list[DecodeError]:
    """Return what is wrong with a message, the first `MOST_PROBLEMS`."""
    return list(islice(problems(message), MOST_PROBLEMS))


def check_message(message: Any) -> Any:
    """Return the message; DecodeError of the first thing that is wrong with it."""
    for problem in problems(message):
        raise problem
    return message


def decode_message(payload: bytes) -> Any:
    """Return the message of one frame, checked."""
    return check_message(parse_message(payload))


def encode_message(message: Any) -> bytes:
    """Return a message of ours as octets; our own mistake is a ValueError."""
    for problem in problems(message):
        raise ValueError(str(problem)) from problem
    octets: bytes = message.SerializeToString(deterministic=True)
    return octets


def parse_json(text: str | bytes) -> Any:
    """Return the message of protobuf's own JSON form, not yet checked."""
    message = SapientMessage()
    try:
        json_format.Parse(text, message)
    except (json_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError("json", " ".join(str(error).split())[:400], "a SapientMessage as JSON") from error
    return message


def from_json(text: str | bytes) -> Any:
    """Return the message of protobuf's own JSON form, checked."""
    return check_message(parse_json(text))


def json_objects(text: str) -> Iterator[str]:
    """Yield the texts of the JSON objects in a text: one, one a line, or a list; DecodeError where it is
    none, behind what was read.
    """
    reader, at, end = json.JSONDecoder(), 0, len(text)
    while True:
        while at < end and text[at] in _BETWEEN_OBJECTS:
            at += 1
        if at == end:
            return
        try:
            _, after = reader.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise DecodeError("json", f"{text[at : at + 40]!r} at {at}", "a JSON object") from error
        yield text[at:after]
        at = after


def to_plain(message: Any) -> dict[str, Any]:
    """Return a message as plain values, with the schema's own field names."""
    plain: dict[str, Any] = json_format.MessageToDict(message, preserving_proto_field_name=True)
    return plain


def content_of(message: Any) -> str:
    """Return which of the nine contents it has, "" for none."""
    return message.WhichOneof("content") or ""


def time_utc_ns_of(stamp: Any) -> int:
    """Return a protobuf timestamp in nanoseconds since 1970."""
    return int(stamp.seconds) * NS_PER_S + int(stamp.nanos)


def unknown_fields(message: Any) -> int:
    """Return how many fields the schema does not know, in the message and all that is in it."""
    count = len(UnknownFieldSet(message))
    fields = rules_of(message).fields
    for field, value in message.ListFields():
        rule = fields.get(field.name)
        if rule is not None and rule.message:
            count += sum(unknown_fields(one) for one in (value if rule.repeated else (value,)))
    return count
