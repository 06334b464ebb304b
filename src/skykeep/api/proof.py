"""Who says yes: proof of person at the doors, before anything is asked of the watch.

| door | how a person is known | recorded as |
|---|---|---|
| the console of a live watch | with each act, their passphrase or a token | `passphrase`, `token` |
| the console of the demo | not at all: the persons are made up | `console of the demo` |
| the interface over HTTP | a token of the issuer, with the scope | `token` |
| the console of a replay | nothing is decided there | |

What proves a person is looked at here and goes no further: neither the log nor a message holds it.
"""

from __future__ import annotations

from typing import Protocol

from skykeep.api.tokens import Gatekeeper, NotLetInError
from skykeep.base.errors import InputError, SetupError

APPROVE = "skykeep.response.approve"
MADE_UP = "console of the demo"


class Proofs(Protocol):
    """Who knows persons by what only they have."""

    def prove(self, person_id: str, proof: str) -> str:
        """Return how a person was known by a proof; InputError where they were not."""
        ...


class Passphrases(Protocol):
    """Where persons' passphrases are kept; `PeopleFile` is one."""

    def check(self, person_id: str, passphrase: str) -> None:
        """Raise InputError where a passphrase is not this person's."""
        ...


class NobodyProven:
    """The door of a console that no proof was set up for: nobody decides there."""

    def prove(self, person_id: str, proof: str) -> str:
        del proof
        raise InputError(
            "proof",
            f"none can be given for {person_id}",
            "set up first: `skykeep people enrol`, or an issuer",
        )


class MadeUpPersons:
    """The door of the demo's console: whoever sits there plays every part. Never in live mode."""

    def __init__(self, mode: str, host: str) -> None:
        if mode != "SIMULATION":
            raise SetupError(f"made-up persons in mode {mode}, must be SIMULATION: others prove who they are")
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise SetupError(f"made-up persons at {host}, must be on this machine alone: 127.0.0.1")

    def prove(self, person_id: str, proof: str) -> str:
        del person_id, proof
        return MADE_UP


class ProvenPersons:
    """The door of a live watch: a passphrase, or a token whose subject is the person and whose scope lets
    them approve.
    """

    def __init__(
        self, passphrases: Passphrases | None, gatekeeper: Gatekeeper | None, scope: str = APPROVE
    ) -> None:
        if passphrases is None and gatekeeper is None:
            raise SetupError("no proof of persons: must have a file of passphrases or an issuer of tokens")
        self._passphrases, self._gatekeeper, self._scope = passphrases, gatekeeper, scope

    def prove(self, person_id: str, proof: str) -> str:
        if not proof:
            raise InputError("proof", "missing", f"the passphrase of {person_id}, or a token of theirs")
        # Three parts with dots between and no blank: nobody's passphrase may look like that (see `enrol`).
        if self._gatekeeper is not None and looks_like_token(proof):
            self._token(self._gatekeeper, person_id, proof)
            return "token"
        if self._passphrases is None:
            raise InputError("proof", "no token", "a token of the issuer")
        self._passphrases.check(person_id, proof)
        return "passphrase"

    def _token(self, gatekeeper: Gatekeeper, person_id: str, token: str) -> None:
        try:
            caller = gatekeeper.let_in(f"Bearer {token}")
        except NotLetInError as error:
            raise InputError("proof", error.found, error.must) from None
        if self._scope not in caller.scopes:
            raise InputError("proof", "a token without the scope", self._scope)
        if caller.actor.name != person_id:
            raise InputError("by", f"{person_id}, with a token of somebody else", "the subject of the token")


def looks_like_token(proof: str) -> bool:
    """Return whether a proof can only be a token."""
    return proof.count(".") == 2 and proof.startswith("eyJ") and proof.isascii() and " " not in proof
