"""What registers of aircraft answered: one check for each claim, from the answers given so far.

Registers may disagree; the gravest answer counts, and every one is said. No answer is no answer: a register
that cannot be reached says nothing for or against anybody, and that paper has run out makes nobody a liar.
The check stands beside the claim's verdict and never changes it; whoever is not registered, revoked or stolen
is suspect until a permit covers it.

What a register has is compared with what is broadcast. Another operator than the registered one contradicts
it. Another kind of aircraft only takes the register's good word away: that field is often set wrong in good
faith. Whom a register has as operator is never said: sentences leave the house.
"""

from __future__ import annotations

from skykeep.base.errors import InputError
from skykeep.domain.identity import ClaimCheck, ClaimCheckKind, ClaimVerdict, TargetClass
from skykeep.domain.registry import RegistryAnswer, RegistryStatus
from skykeep.domain.sensing import Claim, ClaimKind

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
# What may be registered as for each kind that a broadcast can name; of any other kind nothing follows.
_MULTIROTOR, _FIXED_WING, _AIRCRAFT = (
    each.name.lower() for each in (TargetClass.MULTIROTOR, TargetClass.FIXED_WING, TargetClass.AIRCRAFT)
)
_MAY_BE = {
    "multirotor": (_MULTIROTOR,),
    "aeroplane": (_FIXED_WING, _AIRCRAFT),
    "glider": (_FIXED_WING, _AIRCRAFT),
    "hybrid_lift": (_MULTIROTOR, _FIXED_WING),
    "drone": (_MULTIROTOR, _FIXED_WING),
    "helicopter": (_MULTIROTOR, _AIRCRAFT),
    "rotorcraft": (_MULTIROTOR, _AIRCRAFT),
    "light aircraft": (_AIRCRAFT,),
    "small aircraft": (_AIRCRAFT,),
    "large aircraft": (_AIRCRAFT,),
    "heavy aircraft": (_AIRCRAFT,),
}
# An operator's number in the EU is 16 characters; a hyphen and three more are secret and not broadcast.
_PUBLIC = 16
# Remote ID has room for so many; what is longer is cut off.
_ROOM = 20
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

    def check(self, claim: Claim) -> ClaimCheck | None:
        """Return what registers make of a claim, None where nobody was asked."""
        status = self.status(claim.kind, claim.claimed_id)
        if status is None:
            return None
        verdict = _VERDICTS.get(status, ClaimVerdict.CONTRADICTED)
        answers = self._answers[claim.kind, claim.claimed_id].values()
        if any(is_another_operator(claim, answer) for answer in answers):
            verdict = ClaimVerdict.CONTRADICTED
        elif verdict is ClaimVerdict.CONSISTENT and any(is_another_kind(claim, each) for each in answers):
            verdict = ClaimVerdict.UNTESTED
        ordered = sorted(answers, key=lambda answer: (_GRAVITY.index(answer.status), answer.source))
        because = " ".join(_sentences(claim, answer) for answer in ordered)
        return ClaimCheck(kind=ClaimCheckKind.REGISTRY, verdict=verdict, because=because)


def is_another_operator(claim: Claim, answer: RegistryAnswer) -> bool:
    """Return whether a broadcast names another operator than the registered one; False where either says
    nothing.
    """
    claimed, registered = _operator(claim.operator_id), _operator(answer.operator_id)
    if not claimed or not registered:
        return False
    return claimed != (registered[:_ROOM] if len(claimed) == _ROOM else registered)


def is_another_kind(claim: Claim, answer: RegistryAnswer) -> bool:
    """Return whether a broadcast names a kind of aircraft that the registered one cannot be."""
    known = answer.target_class in (_MULTIROTOR, _FIXED_WING, _AIRCRAFT)
    return known and answer.target_class not in _MAY_BE.get(claim.aircraft_category, (answer.target_class,))


def _operator(operator_id: str) -> str:
    bare = operator_id.strip().casefold()
    secret = len(bare) == _PUBLIC + 4 and bare[_PUBLIC] == "-"
    return bare[:_PUBLIC] if secret else bare


def _sentences(claim: Claim, answer: RegistryAnswer) -> str:
    model = f" as {answer.model}" if answer.model else ""
    said = [_SAYS[answer.status].format(source=answer.source, claimed_id=answer.claimed_id, model=model)]
    if is_another_operator(claim, answer):
        said.append(f"It says its operator is {claim.operator_id.strip()}; {answer.source} has another.")
    if is_another_kind(claim, answer):
        category, registered = (
            claim.aircraft_category.replace("_", " "),
            answer.target_class.replace("_", " "),
        )
        said.append(f"It says it is of the kind {category}; {answer.source} has it as {registered}.")
    if answer.says:
        said.append(answer.says)
    return " ".join(said)
