"""A change of the key that signs a log: the statement that becomes an entry of the log itself.

The statement is a signed note (`skykeep.evidence.signed_note`) of these lines; it is of the key, not of one
log, and stands in every log that is signed after it:

    skykeep key change 1
    from <verifier key>
    to <verifier key>
    because rotated | lost
    time <2031-05-03T02:14:07.250Z>
    by <who changed it>
    why <one line>

| because | signed by | what it shows |
|---|---|---|
| `rotated` | the old key and the new | whoever held the old key handed over to whoever holds the new |
| `lost` | the new key alone | that somebody with a new key says that the old one is gone, and nothing more |

After a loss, whoever knew the old key must learn the new one from a person whom they trust: no bytes can show
it. What the old key signed before stays shown by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from skykeep.base.clock import iso_utc
from skykeep.base.errors import InputError
from skykeep.evidence.signed_note import SigningKey, VerifierKey, open_note, read_note, read_verifier_key

KIND = "key_changed"
ROTATED, LOST = "rotated", "lost"
_FIRST = "skykeep key change 1"
_LINE = re.compile(r"[^\x00-\x1f\x7f]{1,500}")
_FIELDS = ("from", "to", "because", "time", "by", "why")


class KeyChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a statement says. `because` is `ROTATED` or `LOST`; `time` is ISO 8601 as it stands there."""

    old: VerifierKey
    new: VerifierKey
    because: str
    time: str
    by: str
    why: str


def state_change(
    old: SigningKey | VerifierKey,
    new: SigningKey,
    *,
    time_utc_ns: int,
    by: str,
    why: str,
) -> bytes:
    """Return the signed statement. With the old private key it is a rotation; with its public half only, a
    loss.
    """
    for field, text in (("by", by), ("why", why)):
        if not _LINE.fullmatch(text):
            raise InputError(field, repr(text[:80]), "one line of 1 to 500 characters")
    rotated = isinstance(old, SigningKey)
    old_key = old.verifier if isinstance(old, SigningKey) else old
    if old_key.public == new.verifier.public:
        raise InputError("new key", "the old one again", "another")
    lines = (
        _FIRST,
        f"from {old_key.text}",
        f"to {new.verifier.text}",
        f"because {ROTATED if rotated else LOST}",
        f"time {iso_utc(time_utc_ns)}",
        f"by {by}",
        f"why {why}",
    )
    body = ("\n".join(lines) + "\n").encode()
    return new.sign_also(old.sign(body)) if isinstance(old, SigningKey) else new.sign(body)


def read_change(note: bytes) -> KeyChange:
    """Return what a statement says, after checking that the keys which must have signed it did; InputError
    where it is none of ours, or is not so signed.
    """
    lines = read_note(note).text.decode().rstrip("\n").split("\n")
    said = [line.partition(" ") for line in lines[1:]]
    if lines[0] != _FIRST or tuple(field for field, _, _ in said) != _FIELDS:
        raise InputError("key change", repr(lines[0][:80]), f"{_FIRST!r} and {', '.join(_FIELDS)}")
    values = {field: value for field, _, value in said}
    change = KeyChange(
        old=read_verifier_key(values["from"]),
        new=read_verifier_key(values["to"]),
        because=values["because"],
        time=values["time"],
        by=values["by"],
        why=values["why"],
    )
    if change.because not in (ROTATED, LOST):
        raise InputError("key change", f"because {change.because!r}", f"{ROTATED} or {LOST}")
    must = (change.old, change.new) if change.because == ROTATED else (change.new,)
    for key in must:
        open_note(note, [key])
    return change


class KeyHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Which keys stand behind a log, in the order in which they did. `handed_over[i]` says whether key i
    signed for key i + 1; `from_entry[i]` is the entry from which on key i signs (1 for the first).
    """

    keys: tuple[VerifierKey, ...]
    handed_over: tuple[bool, ...]
    from_entry: tuple[int, ...]

    def signers_of(self, entries: int) -> tuple[VerifierKey, ...]:
        """Return whose signature may stand under a checkpoint over `entries` entries: the key of that time,
        or a later one, but none that was given up before.
        """
        place = max(place for place, since in enumerate(self.from_entry) if since <= max(entries, 1))
        return self.keys[place:]

    def shown_by(self, known: VerifierKey) -> tuple[VerifierKey, ...]:
        """Return the keys that hang together with `known`: those that it and its successors named, and those
        whose successor it is. A loss on the way ends that.
        """
        places = [place for place, key in enumerate(self.keys) if key.public == known.public]
        if not places:
            return ()
        first = last = places[0]
        while last < len(self.handed_over) and self.handed_over[last]:
            last += 1
        while first > 0 and self.handed_over[first - 1]:
            first -= 1
        return self.keys[first : last + 1]


def history(signer: VerifierKey, changes: Iterable[tuple[int, KeyChange]]) -> KeyHistory:
    """Return the keys of a log from the changes in it, as (sequence, change) in order. `signer` is whose key
    signed it where there is no change.

    InputError where a change does not follow from the one before.
    """
    keys: list[VerifierKey] = []
    handed_over: list[bool] = []
    since: list[int] = []
    for sequence, change in changes:
        if not keys:
            keys, since = [change.old], [1]
        if change.old.public != keys[-1].public:
            raise InputError("key change", f"from {change.old.text}", f"from {keys[-1].text}")
        keys.append(change.new)
        handed_over.append(change.because == ROTATED)
        since.append(sequence)
    if not keys:
        keys, since = [signer], [1]
    return KeyHistory(keys=tuple(keys), handed_over=tuple(handed_over), from_entry=tuple(since))
