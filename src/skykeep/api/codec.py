"""Messages to frames and frames to commands, as msgpack or as JSON.

Any bytes become a command or an `InputError` that names the field and its bound: nothing else escapes.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec
import numpy as np

from skykeep.api.alert_commands import ALERT_COMMAND_NAMES
from skykeep.api.commands import Command
from skykeep.api.duty_commands import DUTY_COMMAND_NAMES
from skykeep.api.messages import ServerMessage
from skykeep.api.register_commands import REGISTER_COMMAND_NAMES
from skykeep.base.errors import DecodeError, InputError

Format = Literal["msgpack", "json"]

# The longest command in the protocol is a restriction with all its corners: under 12,000 bytes.
LONGEST_COMMAND_BYTES = 16_384
COMMAND_NAMES = (
    "acknowledge", "approve", "refuse", "propose", "withdraw", "take_back", "task_done", "correlate",
    "decorrelate", "rename", "lift", "use_again", "grade",
    *ALERT_COMMAND_NAMES, *DUTY_COMMAND_NAMES, *REGISTER_COMMAND_NAMES,
    "play", "pause", "speed", "select", "seek", "follow",
)  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a NumPy number as Python's: one that strays into a message must not cut a page off."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} in a message, must be a record, a list, a map, text or a number")


_TO_MSGPACK = msgspec.msgpack.Encoder(enc_hook=_plain)
_TO_JSON = msgspec.json.Encoder()
_FROM_MSGPACK: msgspec.msgpack.Decoder[Command] = msgspec.msgpack.Decoder(Command)
_FROM_JSON: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)


class _AnyCommand(msgspec.Struct):
    """Enough of a bad command to say which one it was meant to be."""

    type: str


_NAME_FROM_MSGPACK = msgspec.msgpack.Decoder(_AnyCommand)
_NAME_FROM_JSON = msgspec.json.Decoder(_AnyCommand)


def to_msgpack(message: ServerMessage) -> bytes:
    """Return the binary frame of a message."""
    return _TO_MSGPACK.encode(message)


def to_json(message: msgspec.Struct) -> str:
    """Return the text of a record, with every time as a decimal string."""
    return _TO_JSON.encode(to_json_object(message)).decode()


def to_json_object(message: Any) -> Any:
    """Return a record as maps and lists, with every `*_utc_ns` as a decimal string."""
    return _times_as_text(msgspec.to_builtins(message, enc_hook=_plain))


def _times_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: str(item) if key.endswith("_utc_ns") and isinstance(item, int) else _times_as_text(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_times_as_text(item) for item in value]
    return value


def decode_command(data: bytes, form: Format) -> Command:
    """Return the command in one frame, or raise DecodeError naming what is wrong with it."""
    size = len(data)
    if size > LONGEST_COMMAND_BYTES:
        raise DecodeError("message", f"{size:,} bytes", f"at most {LONGEST_COMMAND_BYTES:,}")
    try:
        return (_FROM_JSON if form == "json" else _FROM_MSGPACK).decode(data)
    except msgspec.ValidationError as error:
        raise _explain(str(error)) from None
    except msgspec.DecodeError as error:
        raise DecodeError("message", str(error), form) from None
    except RecursionError:
        raise DecodeError("message", "nested too deeply", "one flat map") from None


def name_of_command(data: bytes, form: Format) -> str:
    """Return which command a frame was meant to be, or "?" when it does not say."""
    if len(data) > LONGEST_COMMAND_BYTES:
        return "?"
    try:
        name = (_NAME_FROM_JSON if form == "json" else _NAME_FROM_MSGPACK).decode(data).type
    except (msgspec.DecodeError, RecursionError):
        return "?"
    return name[:40]


# What msgspec says, and how we say it: a pattern for its words, then field, found and must as templates.
_SENTENCES = (
    (r"Object missing required field `(.*)`", r"\1", "missing", "given"),
    (r"Object contains unknown field `(.*)`", r"\1", "given", "left out: this command has no such field"),
    (r"Invalid value (.*)", "", r"\1", "one of " + ", ".join(COMMAND_NAMES)),
    (r"Expected `(.*)`, got `(.*)`", "", r"\2", r"\1"),
    (r"Expected (.*)", "", "out of bounds", r"\1"),
)


def _explain(error_text: str) -> InputError:
    sentence, _, place = error_text.partition(" - at ")
    field_of_place = place[3:-1] if place.startswith("`$.") else "message"
    for pattern, field, found, must in _SENTENCES:
        match = re.fullmatch(pattern, sentence, re.DOTALL)
        if match is not None:
            return DecodeError(
                (match.expand(field) or field_of_place)[:60],
                match.expand(found)[:60],
                match.expand(must).replace("`", ""),
            )
    return DecodeError(field_of_place, sentence[:100], "as the protocol says")
