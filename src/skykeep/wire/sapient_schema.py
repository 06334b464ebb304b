"""The one door to the SAPIENT bindings (`sapient-msg`, generated from the standard's own .proto files).

They carry no types, so that everything that comes out of here is Any; and the standard's marks on its fields
(mandatory, ULID, UUID) are read here, once per kind of message.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from sapient_msg import proto_options_pb2 as _options  # type: ignore[import-untyped]
from sapient_msg.bsi_flex_335_v2_0 import (  # type: ignore[import-untyped]
    sapient_message_pb2 as _messages,
)

SapientMessage: Any = _messages.SapientMessage
CONTENTS: tuple[str, ...] = tuple(
    field.name for field in SapientMessage.DESCRIPTOR.oneofs_by_name["content"].fields
)


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What the standard asks of one field."""

    name: str
    mandatory: bool
    repeated: bool
    ulid: bool
    uuid: bool
    enumeration: frozenset[int] | None
    message: str
    number: bool


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What the standard asks of one kind of message; `choices` are the sets of fields of which one must be
    there.
    """

    full_name: str
    fields: dict[str, Rule]
    mandatory: tuple[str, ...]
    choices: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def _rules(full_name: str, descriptor: Descriptor) -> Rules:
    choices = tuple(
        (choice.name, tuple(field.name for field in choice.fields))
        for choice in descriptor.oneofs
        if choice.GetOptions().Extensions[_options.oneof_options].is_mandatory
    )
    fields = {field.name: _rule(field) for field in descriptor.fields}
    mandatory = tuple(name for name, rule in fields.items() if rule.mandatory)
    return Rules(full_name=full_name, fields=fields, mandatory=mandatory, choices=choices)


def rules_of(message: Any) -> Rules:
    """Return the rules of a message's kind."""
    descriptor = message.DESCRIPTOR
    return _rules(descriptor.full_name, descriptor)


def _rule(field: FieldDescriptor) -> Rule:
    asked = field.GetOptions().Extensions[_options.field_options]
    known = None if field.enum_type is None else frozenset(field.enum_type.values_by_number)
    return Rule(
        name=field.name,
        mandatory=asked.is_mandatory,
        repeated=bool(field.is_repeated),
        ulid=asked.is_ulid,
        uuid=asked.is_uuid,
        enumeration=known,
        message="" if field.message_type is None else field.message_type.full_name,
        number=field.type in (field.TYPE_DOUBLE, field.TYPE_FLOAT),
    )


def printable(text: str, most: int = 300) -> str:
    """Return a text of theirs as it may be shown: one line, no control characters, at most `most` long."""
    clean = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def number_or_none(message: Any, name: str) -> float | None:
    """Return a number that may be absent."""
    return float(getattr(message, name)) if message.HasField(name) else None


def enum_name(message: Any, name: str, prefix: str = "") -> str:
    """Return the name of an enumeration's value without its prefix, in small letters."""
    kind = message.DESCRIPTOR.fields_by_name[name].enum_type
    full: str = kind.values_by_number[getattr(message, name)].name
    return full.removeprefix(prefix).lower()
