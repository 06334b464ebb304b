"""Persons' passphrases, as argon2id digests in one file that nobody but its owner may read.

| kept of a person | |
|---|---|
| `digest` | argon2id with salt and cost: 64 MiB, 3 rounds, 4 lanes, the second choice of RFC 9106 |
| `enrolled_utc_ns`, `enrolled_by` | when and by whom |
| `revoked_utc_ns`, `revoked_by` | when the passphrase ceased to be theirs |

The file is read again when it changed, so that a revocation holds at once. A passphrase of twelve characters
or more is taken; one that is somebody else's already is not: one person must not be two.
"""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from skykeep.base.clock import Clock, ns_to_seconds
from skykeep.base.errors import InputError, SetupError

SHORTEST, LONGEST = 12, 256
WRONG_IN_A_ROW = 5
WAIT_S = 30.0


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What one guess costs."""

    memory_kib: int = 65_536
    rounds: int = 3
    lanes: int = 4


class Enrolled(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person's passphrase, and since when."""

    person_id: str
    digest: str
    enrolled_utc_ns: int
    enrolled_by: str
    revoked_utc_ns: int | None = None
    revoked_by: str = ""


class _Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: int = 1
    people: tuple[Enrolled, ...] = ()


class PeopleFile:
    """The file, opened. SetupError where it cannot be read, or others may read it."""

    def __init__(self, path: Path, clock: Clock, cost: Cost | None = None) -> None:
        self._path, self._clock, self._cost = path, clock, cost or Cost()
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._kept = _Kept()
        self._wrong: dict[str, tuple[int, int]] = {}
        self._look()

    @property
    def people(self) -> tuple[Enrolled, ...]:
        """Everybody who was ever enrolled, in that order."""
        self._look()
        return self._kept.people

    def enrol(self, person_id: str, passphrase: str, by: str) -> None:
        """Give a person a passphrase, in the place of any they had."""
        self._check_fit(passphrase)
        self._look()
        for other in self._kept.people:
            if other.revoked_utc_ns is None and other.person_id != person_id and _is(passphrase, other):
                raise InputError("passphrase", "one that is somebody else's", "this person's own")
        cost = self._cost
        digest = Argon2id(
            salt=os.urandom(16),
            length=32,
            iterations=cost.rounds,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        ).derive_phc_encoded(passphrase.encode())
        now_utc_ns = self._clock.now_utc_ns()
        new = Enrolled(person_id=person_id, digest=digest, enrolled_utc_ns=now_utc_ns, enrolled_by=by)
        self._write((*self._ended(person_id, by), new))

    def revoke(self, person_id: str, by: str) -> None:
        """End a person's passphrase at once; InputError where they have none."""
        self._look()
        if self._of(person_id) is None:
            raise InputError("person_id", repr(person_id), "somebody who is enrolled")
        self._write(self._ended(person_id, by))

    def check(self, person_id: str, passphrase: str) -> None:
        """Raise InputError where a passphrase is not this person's. The answer is one and the same for who is
        not enrolled and for what is wrong; after five wrong ones in a row nothing is looked at for 30 s.
        """
        with self._lock:
            self._look()
            now_utc_ns = self._clock.now_utc_ns()
            times, since_utc_ns = self._wrong.get(person_id, (0, now_utc_ns))
            if times >= WRONG_IN_A_ROW and ns_to_seconds(now_utc_ns - since_utc_ns) < WAIT_S:
                found = f"{times} wrong ones in a row for {person_id}"
                raise InputError("proof", found, f"tried again {WAIT_S:.0f} s after the last")
            known = self._of(person_id)
            if known is None or len(passphrase) > LONGEST or not _is(passphrase, known):
                self._wrong[person_id] = (times % WRONG_IN_A_ROW + 1, now_utc_ns)
                raise InputError("proof", "a wrong passphrase", f"that of {person_id}")
            self._wrong.pop(person_id, None)

    def _of(self, person_id: str) -> Enrolled | None:
        for each in self._kept.people:
            if each.person_id == person_id and each.revoked_utc_ns is None:
                return each
        return None

    def _ended(self, person_id: str, by: str) -> tuple[Enrolled, ...]:
        now_utc_ns = self._clock.now_utc_ns()
        return tuple(
            msgspec.structs.replace(each, revoked_utc_ns=now_utc_ns, revoked_by=by)
            if each.person_id == person_id and each.revoked_utc_ns is None
            else each
            for each in self._kept.people
        )

    @staticmethod
    def _check_fit(passphrase: str) -> None:
        if not SHORTEST <= len(passphrase) <= LONGEST or passphrase.strip() != passphrase:
            must = f"{SHORTEST} to {LONGEST}, none of them a blank at an end"
            raise InputError("passphrase", f"{len(passphrase)} characters", must)
        if passphrase.startswith("eyJ"):
            raise InputError("passphrase", "one that looks like a token", "another")

    def _look(self) -> None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._stamp, self._kept = None, _Kept()
            return
        except OSError as error:
            raise SetupError(f"{self._path}: {error.strerror}") from error
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if stamp == self._stamp:
            return
        if stat.S_IMODE(status.st_mode) & 0o077:
            mode = f"{stat.S_IMODE(status.st_mode):03o}"
            raise SetupError(f"{self._path}: mode {mode}, must be 600: only its owner may read it")
        try:
            self._kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError) as error:
            raise SetupError(f"{self._path}: cannot be read: {error}") from error
        self._stamp = stamp

    def _write(self, people: tuple[Enrolled, ...]) -> None:
        """Put the file in the place of the old one, whole."""
        data = msgspec.json.format(msgspec.json.encode(_Kept(people=people)), indent=2) + b"\n"
        fresh = self._path.with_name(self._path.name + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        self._look()


def _is(passphrase: str, known: Enrolled) -> bool:
    try:
        Argon2id.verify_phc_encoded(passphrase.encode(), known.digest)
    except (InvalidKey, ValueError):
        return False
    return True
