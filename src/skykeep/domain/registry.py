"""What a register of aircraft says of an identity: asked beside the watch, told to it as an input."""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.sensing import ClaimKind


class RegistryStatus(enum.StrEnum):
    """`UNREACHABLE` is no answer: nothing follows from it."""

    VALID = "valid"
    NOT_REGISTERED = "not_registered"
    EXPIRED = "expired"
    REVOKED = "revoked"
    STOLEN = "stolen"
    UNREACHABLE = "unreachable"


class RegistryAnswer(msgspec.Struct, frozen=True, kw_only=True, tag="registry_answer"):
    """What a register (`source`) answered about one identity. `operator_id` and `model` are as it has
    them, "" where it does not say; `target_class` is the name of the class that its model is of, "" unknown.
    """

    kind: ClaimKind
    claimed_id: str
    status: RegistryStatus
    source: str
    time_utc_ns: int
    operator_id: str = ""
    model: str = ""
    target_class: str = ""
    says: str = ""
