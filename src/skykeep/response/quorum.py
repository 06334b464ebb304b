"""Who must say yes: how many, in which roles, and who counts as another person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from skykeep.base.errors import SetupError
from skykeep.domain.actor import same_person
from skykeep.domain.place import Person
from skykeep.domain.posture import PostureLevel
from skykeep.domain.response import MACHINE, Approval
from skykeep.domain.site import Playbook, Quorum, Site

# However little a playbook asks for: one person never decides alone.
FEWEST = 2


def quorum_of(playbook: Playbook, level: int, levels: Iterable[PostureLevel]) -> Quorum:
    """Return who must say yes at a posture: what the highest of the playbook's quorums that the posture
    reaches says, else its own number; and what the posture itself puts on top.
    """
    reached = [quorum for quorum in playbook.quorums if quorum.from_level <= level]
    stated = max(
        reached,
        key=lambda quorum: quorum.from_level,
        default=Quorum(from_level=level, approvals_needed=playbook.approvals_needed),
    )
    more = sum(each.more_approvals for each in levels if each.level == level)
    needed = max(FEWEST, len(stated.roles), stated.approvals_needed + max(0, more))
    return Quorum(from_level=level, approvals_needed=needed, roles=tuple(sorted(stated.roles)))


def is_stricter(one: Quorum, needed: int, roles: Sequence[str]) -> bool:
    """Return whether a quorum asks for anything that `needed` and `roles` do not."""
    return one.approvals_needed > needed or bool(Counter(one.roles) - Counter(roles))


def is_met(approvals: Sequence[Approval], needed: int, roles: Sequence[str]) -> bool:
    """Return whether those who said yes are enough, and the roles among them."""
    return len(approvals) >= needed and not missing_roles(approvals, roles)


def missing_roles(approvals: Iterable[Approval], roles: Sequence[str]) -> tuple[str, ...]:
    """Return the roles that nobody has said yes in; a role that is named twice needs two."""
    left = Counter(roles) - Counter(approval.role for approval in approvals)
    return tuple(sorted(left.elements()))


def are_same(one: Person, other: Person) -> bool:
    """Return whether two entries of the duty list are one person's: their ids, or their names but for blanks,
    case and how letters are written.
    """
    return same_person(one.person_id, other.person_id) or same_person(one.name, other.name)


def can_be_met(quorum: Quorum, people: Iterable[Person], without: Person | None = None) -> bool:
    """Return whether there are enough who may approve, with the roles among them; `without` the one who asks,
    who may not.
    """
    able: list[Person] = []
    for person in people:
        if person.may_approve and not any(are_same(person, other) for other in able):
            able.append(person)
    if without is not None:
        able = [person for person in able if not are_same(person, without)]
    roles = Counter(quorum.roles) - Counter(person.role for person in able)
    return len(able) >= quorum.approvals_needed and not roles


def check_quorums(site: Site) -> None:
    """Raise SetupError where one person would do, or where nobody could ever agree."""
    if any(same_person(person.person_id, MACHINE) for person in site.people):
        raise SetupError(
            f"people: somebody goes by {MACHINE!r}, must go by another id: the rules propose as it"
        )
    for playbook in site.playbooks:
        asked = (playbook.approvals_needed, *(quorum.approvals_needed for quorum in playbook.quorums))
        if min(asked) < FEWEST:
            raise SetupError(
                f"playbook {playbook.playbook_id}: {min(asked)} approvals needed, must be at least {FEWEST}"
            )
        if not site.people or not playbook.effects:
            continue
        for level in sorted({0, *(each.level for each in site.postures)}):
            quorum = quorum_of(playbook, level, site.postures)
            if not can_be_met(quorum, site.people):
                roles = f" with {', '.join(quorum.roles)} among them" if quorum.roles else ""
                raise SetupError(
                    f"playbook {playbook.playbook_id}: at posture {level} {quorum.approvals_needed} must "
                    f"agree{roles}, must be no more than the different persons who may approve"
                )
