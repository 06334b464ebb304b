"""What every desk of the office stands on: the register, the clock, the dice, and how it tells."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

import msgspec

from skykeep.airspace.conflicts import Air
from skykeep.airspace.permit_fields import PermitBounds
from skykeep.airspace.rules import AutoRules
from skykeep.base.clock import Clock
from skykeep.domain.actor import Actor, Right
from skykeep.domain.encoding import encode_json
from skykeep.domain.faults import UnknownSubjectError
from skykeep.domain.permit import (
    ENDED,
    Permit,
    PermitConflict,
    PermitEvent,
    PermitPriority,
    PermitState,
    Scope,
)
from skykeep.domain.register import Notice, Register, RegisterReader, RegisterWriter
from skykeep.domain.restriction import AirspaceRestriction, RestrictionEvent

# Without letters that are taken for others when read aloud.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID_LETTERS = 12


class OfficeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the office does by rule. `auto` holds the rules of each authority that has any, by its id;
    `default_authority_id` is asked where an application names none.

    An emergency ring lapses after `ring_lapses_s` unless a second person signs it, and is over after
    `ring_lasts_s` in any case. An incident suspends all but the priorities in `spared`.
    """

    bounds: PermitBounds = PermitBounds()
    auto: dict[str, AutoRules] = {}
    default_authority_id: str = ""
    ring_radius_m: float = 1_000.0
    ring_widest_m: float = 10_000.0
    ring_ceiling_agl_m: float | None = None
    ring_lapses_s: float = 1_800.0
    ring_lasts_s: float = 21_600.0
    spared: frozenset[PermitPriority] = frozenset(
        {PermitPriority.POLICE, PermitPriority.MEDICAL, PermitPriority.FIRE, PermitPriority.STATE}
    )
    slot_within_s: float = 86_400.0
    shift_within_m: float = 2_000.0


class Desk:
    """The register, the clock and the dice; `dice(n)` gives n random bytes."""

    def __init__(
        self,
        register: Register,
        clock: Clock,
        settings: OfficeSettings,
        dice: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.register = register
        self.clock = clock
        self.settings = settings
        self._dice = dice

    def new_id(self, first_letter: str) -> str:
        """Return an id that nobody guesses: 60 bits after its first letter."""
        number = int.from_bytes(self._dice(8), "big")
        letters = [_ALPHABET[(number >> (5 * place)) & 31] for place in range(_ID_LETTERS)]
        return f"{first_letter}-{''.join(letters)}"

    def new_secret(self) -> str:
        """Return a secret of 128 bits, in letters."""
        return self._dice(16).hex()

    def tell_permit(self, writer: RegisterWriter, permit: Permit, event: PermitEvent, kind: str) -> None:
        """Post a step of a permit: to its owner, and to those who may see every permit."""
        words = permit.state.replace("_", " ")
        because = f": {event.reason}" if event.reason else ""
        body = {
            "permit_id": permit.permit_id,
            "version": permit.version,
            "state": permit.state,
            "action": event.action,
            "reason": event.reason,
            "time_utc_ns": event.time_utc_ns,
        }
        writer.post(
            Notice(
                notice_id=self.new_id("N"),
                kind=f"permit.{kind}",
                subject=permit.permit_id,
                says=f"Permit {permit.permit_id} is {words}{because}",
                body=encode_json(body).decode(),
                time_utc_ns=event.time_utc_ns,
                private=True,
                owner=permit.owner,
            )
        )

    def tell_restriction(
        self,
        writer: RegisterWriter,
        restriction: AirspaceRestriction,
        event: RestrictionEvent,
        kind: str,
    ) -> None:
        """Post a step of a restriction to everybody who wants to know."""
        writer.post(
            Notice(
                notice_id=self.new_id("N"),
                kind=f"restriction.{kind}",
                subject=restriction.restriction_id,
                says=f"{restriction.title} is {kind}: {event.reason or restriction.reason}",
                body=encode_json(restriction).decode(),
                time_utc_ns=event.time_utc_ns,
            )
        )


def air_of(
    reader: RegisterReader,
    scope: Scope,
    now_utc_ns: int,
    but_permit_id: str = "",
    margin_ns: int = 0,
) -> Air:
    """Return what a scope has to share the sky with: the zones and restrictions in force by publication now,
    and the permits that have a claim in its time, `margin_ns` longer at both ends.
    """
    claims = reader.permits(
        states=frozenset(PermitState) - ENDED,
        from_utc_ns=scope.start_utc_ns - margin_ns,
        until_utc_ns=scope.end_utc_ns + margin_ns,
    )
    return Air(
        zones=reader.zones_at(now_utc_ns),
        restriction_ids=frozenset(each.restriction_id for each in reader.restrictions()),
        permits=tuple(each for each in claims if each.permit_id != but_permit_id),
    )


def decides_on_all(actor: Actor) -> bool:
    """Return whether somebody may know of every permit, and so be told which one is in the way."""
    return Right.DECIDE in actor.rights and Right.SEE_PRIVATE in actor.rights


def conflicts_as_seen(
    actor: Actor, conflicts: tuple[PermitConflict, ...], scope: Scope
) -> tuple[PermitConflict, ...]:
    """Return conflicts as somebody may be told of them: who does not decide on all permits learns of other
    flights only that the air is not free, in the same words and times whoever flies there.
    """
    others = [each for each in conflicts if each.with_kind == "permit"]
    if decides_on_all(actor) or not others:
        return conflicts
    nameless = msgspec.structs.replace(
        others[0],
        with_id="",
        because="this air is not free for the whole of that time",
        start_utc_ns=scope.start_utc_ns,
        end_utc_ns=scope.end_utc_ns,
    )
    return (*(each for each in conflicts if each.with_kind != "permit"), nameless)


def may_see_permit(actor: Actor, permit: Permit) -> bool:
    """Return whether somebody may know that a permit exists: its owner may, and of a draft nobody else; a
    private one only those who may see what is private; any other those who decide for its authority, or read
    for an authority.
    """
    if permit.owner == actor.name:
        return True
    if permit.state is PermitState.DRAFT and permit.granted is None:
        return False  # Nobody was asked anything yet.
    if permit.private:
        return Right.SEE_PRIVATE in actor.rights
    if Right.DECIDE in actor.rights and permit.authority_id in ("", actor.authority_id):
        return True
    return bool(actor.authority_id) and not actor.rights.isdisjoint({Right.READ, Right.SEE_PRIVATE})


def permit_of(reader: RegisterReader, actor: Actor, permit_id: str) -> Permit:
    """Return a permit, or the same error whether it does not exist or is not this actor's to know of."""
    permit = reader.permit(permit_id)
    if permit is None or not may_see_permit(actor, permit):
        raise UnknownSubjectError("permit_id", f"{permit_id}", "a permit of yours")
    return permit


def restriction_of(reader: RegisterReader, restriction_id: str) -> AirspaceRestriction:
    restriction = reader.restriction(restriction_id)
    if restriction is None:
        raise UnknownSubjectError("restriction_id", f"{restriction_id}", "one that was drawn")
    return restriction


def owner_of_reference(reference: str) -> str:
    """Return under what name the register keeps whoever holds a reference: itself it is nowhere."""
    letters = "".join(letter for letter in reference.upper() if letter.isalnum())
    return f"reference {hashlib.sha256(letters.encode()).hexdigest()[:32]}"
