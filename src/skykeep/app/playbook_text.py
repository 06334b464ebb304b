"""`[[playbooks]]` of a site's file, and the packaged ones that it may build on.

A packaged playbook (`app/playbooks/`) says what is to be done at a residence, an airport, a stadium or in a
city; a site says on whose authority, who of its own people does it, and what is otherwise there. Nobody is
given a task whose role nobody has.
"""

from __future__ import annotations

from importlib import resources
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from skykeep.app.place_text import Name, Text
from skykeep.base.errors import SetupError
from skykeep.base.toml_records import record_of_toml
from skykeep.domain.place import Person
from skykeep.domain.posture import PostureLevel
from skykeep.domain.response import EffectLayer
from skykeep.domain.site import BreachTime, EffectTemplate, Playbook, Quorum, TaskTemplate

Sentence = Annotated[str, Meta(min_length=1, max_length=300)]
Seconds = Annotated[float, Meta(ge=0.0, le=86_400.0)]
Approvals = Annotated[int, Meta(ge=2, le=10)]
Packaged = Literal["residence", "airport", "stadium", "city"]
PACKAGED: tuple[Packaged, ...] = ("residence", "airport", "stadium", "city")


class TaskText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One task for a person. `principal` says while who is where it is opened: `there`, `away` or `any`."""

    key: Name
    text: Sentence
    owner: Name
    due_before_breach_s: Seconds
    due_of: BreachTime = BreachTime.EARLY
    principal: Literal["there", "away", "any"] = "any"
    from_level: Annotated[int, Meta(ge=0, le=9)] = 0
    escalates_to: str = ""


class EffectText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An effect that may be proposed, in simulation only."""

    id: Name
    name: Name
    layer: EffectLayer
    says: Sentence
    success_probability: Annotated[float, Meta(gt=0.0, lt=1.0)]
    delay_s: Seconds
    max_range_m: Annotated[float, Meta(gt=0.0, le=20_000.0)]


class QuorumText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    from_level: Annotated[int, Meta(ge=0, le=9)]
    approvals_needed: Approvals
    roles: tuple[Name, ...] = ()


class PackagedText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    says: Sentence
    tasks: tuple[TaskText, ...]
    effects: tuple[EffectText, ...] = ()


class PlaybookText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What opens with an alert on `asset`. `use` builds on a packaged one: its roles are called what `roles`
    says, tasks of the same key and effects of the same id are replaced, those in `leave_out` left out. Its
    effects are proposed, in simulation only, where `propose` says so.
    """

    id: Name
    asset: Name
    use: Packaged | None = None
    roles: dict[str, Name] = msgspec.field(default_factory=dict)
    leave_out: tuple[Name, ...] = ()
    tasks: tuple[TaskText, ...] = ()
    effects: tuple[EffectText, ...] = ()
    propose: bool = False
    approvals_needed: Approvals = 2
    proposal_expires_s: Annotated[float, Meta(ge=5.0, le=3600.0)] = 45.0
    quorums: tuple[QuorumText, ...] = ()
    authority: Annotated[str, Meta(max_length=300)] = ""
    legal_basis: Annotated[str, Meta(max_length=300)] = ""
    version: Annotated[int, Meta(ge=1)] = 1


def packaged(name: Packaged) -> PackagedText:
    """Return a packaged playbook."""
    text = (resources.files("skykeep.app") / "playbooks" / f"{name}.toml").read_text(encoding="utf-8")
    return record_of_toml(text, f"{name}.toml", PackagedText)


def playbooks_of(
    texts: tuple[PlaybookText, ...],
    assets: dict[str, str],
    people: tuple[Person, ...],
    postures: tuple[PostureLevel, ...],
) -> tuple[Playbook, ...]:
    """Return the playbooks of a site; SetupError names what it lacks for them."""
    asked = [text.asset for text in texts]
    twice = next((asset for asset in asked if asked.count(asset) > 1), None)
    if twice is not None:
        raise SetupError(f"playbooks: asset {twice!r} has two, must have one at most")
    return tuple(_playbook(text, assets, people, postures) for text in texts)


def _playbook(
    text: PlaybookText,
    assets: dict[str, str],
    people: tuple[Person, ...],
    postures: tuple[PostureLevel, ...],
) -> Playbook:
    where = f"playbook {text.id!r}"
    if text.asset not in assets:
        raise SetupError(f"{where}: asset is {text.asset!r}, must be one of {', '.join(assets) or 'none'}")
    base = None if text.use is None else packaged(text.use)
    tasks = _tasks(text, base, where)
    own = {each.id: each for each in text.effects}
    if len(own) != len(text.effects):
        raise SetupError(f"{where}: effects has an id twice, must have each once")
    given = base.effects if base is not None and text.propose else ()
    effects = {each.id: each for each in given} | own
    playbook = Playbook(
        playbook_id=text.id,
        asset_id=text.asset,
        tasks=tuple(_task(each) for each in tasks),
        effects=tuple(_effect(each) for each in effects.values()),
        approvals_needed=text.approvals_needed,
        proposal_expires_s=text.proposal_expires_s,
        authority=text.authority,
        legal_basis=text.legal_basis,
        quorums=tuple(
            Quorum(from_level=each.from_level, approvals_needed=each.approvals_needed, roles=each.roles)
            for each in sorted(text.quorums, key=lambda each: each.from_level)
        ),
        version=text.version,
    )
    _check_roles(playbook, where, people)
    _check_quorums(playbook, where, people, postures)
    return playbook


def _tasks(text: PlaybookText, base: PackagedText | None, where: str) -> list[TaskText]:
    """Return the packaged tasks under the site's own names of roles, then the site's own."""
    given = () if base is None else base.tasks
    known = {each.owner for each in given} | {each.escalates_to for each in given} - {""}
    for what, names, there in (
        ("roles", text.roles, known),
        ("leave_out", text.leave_out, {each.key for each in given}),
    ):
        strange = sorted(set(names) - there)
        if strange:
            must = f"one of {', '.join(sorted(there))}" if there else "left out without `use`"
            raise SetupError(f"{where}: {what} names {strange[0]!r}, must be {must}")
    own = {each.key: each for each in text.tasks}
    if len(own) != len(text.tasks):
        raise SetupError(f"{where}: tasks has a key twice, must have each once")
    kept = [own.pop(each.key, _called(each, text.roles)) for each in given if each.key not in text.leave_out]
    return [*kept, *own.values()]


def _called(task: TaskText, roles: dict[str, str]) -> TaskText:
    return msgspec.structs.replace(
        task,
        owner=roles.get(task.owner, task.owner),
        escalates_to=roles.get(task.escalates_to, task.escalates_to),
    )


def _task(each: TaskText) -> TaskTemplate:
    return TaskTemplate(
        text=each.text,
        owner_role=each.owner,
        due_before_breach_s=each.due_before_breach_s,
        task_key=each.key,
        from_level=each.from_level,
        when_principal=None if each.principal == "any" else each.principal == "there",
        escalates_to_role=each.escalates_to,
        due_of=each.due_of,
    )


def _effect(each: EffectText) -> EffectTemplate:
    return EffectTemplate(
        option_id=each.id,
        name=each.name,
        layer=each.layer,
        says=each.says,
        success_probability=each.success_probability,
        delay_s=each.delay_s,
        max_range_m=each.max_range_m,
    )


def _check_roles(playbook: Playbook, where: str, people: tuple[Person, ...]) -> None:
    there = {person.role for person in people}
    asked = [task.owner_role for task in playbook.tasks]
    asked += [task.escalates_to_role for task in playbook.tasks if task.escalates_to_role]
    missing = sorted(set(asked) - there)
    if missing:
        raise SetupError(
            f"{where}: nobody has the role {', '.join(map(repr, missing))}, "
            f"must be one of {', '.join(sorted(there)) or 'none'}: say in `roles` who does it here"
        )


def _check_quorums(
    playbook: Playbook, where: str, people: tuple[Person, ...], postures: tuple[PostureLevel, ...]
) -> None:
    """Refuse a quorum that the people on duty can never reach."""
    deciding = [person for person in people if person.may_approve]
    levels = [quorum.from_level for quorum in playbook.quorums]
    if len(set(levels)) != len(levels):
        raise SetupError(f"{where}: quorums has a from_level twice, must have each once")
    for quorum in playbook.quorums:
        missing = sorted(set(quorum.roles) - {person.role for person in deciding})
        if missing:
            must = ", ".join(sorted({person.role for person in deciding})) or "none"
            raise SetupError(f"{where}: quorum role {missing[0]!r}, must be of who may approve: {must}")
    if not playbook.effects:
        return
    for posture in postures:
        reached = [each for each in playbook.quorums if each.from_level <= posture.level]
        needed = (
            reached[-1].approvals_needed if reached else playbook.approvals_needed
        ) + posture.more_approvals
        if needed > len(deciding):
            raise SetupError(
                f"{where}: at posture {posture.name} it takes {needed} approvals, "
                f"must be at most {len(deciding)}, as many as may approve"
            )
