"""What registers of aircraft answered: one check for each claim, from the answers given so far.

Registers may disagree; the gravest answer counts, and every one is said. No answer is no answer: a register
that cannot be reached says nothing for or against anybody, and that paper has run out makes nobody a liar.
The check stands beside the claim's verdict and never changes it; whoever is not registered, revoked or stolen
is suspect until a permit covers it.
"""

from __future__ import annotations

from skykeep.base.errors import InputError
from skykeep.domain.identity import ClaimCheck, ClaimCheckKind, ClaimVerdict
from skykeep.domain.registry import RegistryAnswer, RegistryStatus
from skykeep.domain.sensing import ClaimKind

# Gravest first.
_GRAVITY = (
    RegistryStatus.STOLEN,
    RegistryStatus.REVOKED,
    RegistryStatus.NOT_REGISTERED,
    RegistryStatus.EXPIRED,
    RegistryStatus.VALID,
    RegistryStatus.UNREACHABLE,
)
_VERDICTS = {
    RegistryStatus.VALID: ClaimVerdict.CONSISTENT,
    RegistryStatus.EXPIRED: ClaimVerdict.UNTESTED,
    RegistryStatus.UNREACHABLE: ClaimVerdict.UNTESTED,
}
_SAYS = {
    RegistryStatus.STOLEN: "{source} has {claimed_id} as stolen.",
    RegistryStatus.REVOKED: "{source} says that the registration of {claimed_id} was revoked.",
    RegistryStatus.NOT_REGISTERED: "{source} does not know {claimed_id}.",
    RegistryStatus.EXPIRED: "{source} says that the registration of {claimed_id} has expired.",
    RegistryStatus.VALID: "{source} knows {claimed_id}{model}.",
    RegistryStatus.UNREACHABLE: "{source} could not be asked about {claimed_id}.",
}
MOST_IDENTITIES = 20_000


class RegisterAnswers:
    """The last answer of each register about each identity; the oldest identities are forgotten first."""

    def __init__(self, most: int = MOST_IDENTITIES) -> None:
        self._most = most
        self._answers: dict[tuple[ClaimKind, str], dict[str, RegistryAnswer]] = {}

    def receive(self, answer: RegistryAnswer) -> None:
        """Take in an answer; InputError when it is about nobody or from nobody."""
        if not answer.claimed_id:
            raise InputError("claimed_id", "empty", "an identity")
        if not answer.source:
            raise InputError("source", "empty", "the name of a register")
        key = (answer.kind, answer.claimed_id)
        if key not in self._answers and len(self._answers) >= self._most:
            del self._answers[next(iter(self._answers))]
        own = self._answers.setdefault(key, {})
        before = own.get(answer.source)
        # A register that is out of reach now has not taken back what it said.
        if before is None or answer.status is not RegistryStatus.UNREACHABLE:
            own[answer.source] = answer

    def status(self, kind: ClaimKind, claimed_id: str) -> RegistryStatus | None:
        """Return the gravest answer, None where nobody was asked."""
        own = self._answers.get((kind, claimed_id))
        if not own:
            return None
        return min((answer.status for answer in own.values()), key=_GRAVITY.index)

    def is_disowned(self, kind: ClaimKind, claimed_id: str) -> bool:
        """Return whether the name is nobody's to use any more: it earns nothing, whatever permit holds it."""
        return self.status(kind, claimed_id) in (RegistryStatus.STOLEN, RegistryStatus.REVOKED)

    def check(self, kind: ClaimKind, claimed_id: str) -> ClaimCheck | None:
        """Return what registers make of an identity, None where nobody was asked."""
        status = self.status(kind, claimed_id)
        if status is None:
            return None
        verdict = _VERDICTS.get(status, ClaimVerdict.CONTRADICTED)
        own = self._answers[kind, claimed_id]
        ordered = sorted(own.values(), key=lambda answer: (_GRAVITY.index(answer.status), answer.source))
        return ClaimCheck(
            kind=ClaimCheckKind.REGISTRY, verdict=verdict, because=" ".join(_sentence(a) for a in ordered)
        )


def _sentence(answer: RegistryAnswer) -> str:
    model = f" as {answer.model}" if answer.model else ""
    said = _SAYS[answer.status].format(source=answer.source, claimed_id=answer.claimed_id, model=model)
    return f"{said} {answer.says}" if answer.says else said
