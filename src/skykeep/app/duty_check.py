"""What a site's file says of people: who is told, who is asked, who does what, and who may decide.

Nothing is sent and nobody is asked: what is configured is looked at, and what could never work is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from skykeep.app.duty_text import postures_of
from skykeep.app.finding import Finding, Verdict
from skykeep.app.notice_text import RecipientText, recipients_of, senders_of
from skykeep.app.playbook_text import playbooks_of
from skykeep.app.registers_text import RegistryText, host_of, register_of
from skykeep.app.site_text import ApprovalsText, SiteFile, people_of
from skykeep.base.errors import SetupError
from skykeep.domain.place import Person
from skykeep.domain.posture import PostureLevel
from skykeep.domain.site import Playbook
from skykeep.feeds.registry_file import FileRegister
from skykeep.feeds.system_clock import SystemClock
from skykeep.response.quorum import can_be_met, quorum_of
from skykeep.store.people_file import PeopleFile


def look_at_duty(found: SiteFile, folder: Path) -> tuple[Finding, ...]:
    """Say of notices, registers, people and playbooks how each is; `folder` is where the file lies."""
    proven, people = look_at_people(found, folder)
    return (
        *look_at_notices(found, folder),
        *(look_at_registry(each, folder) for each in found.registers),
        *people,
        *look_at_playbooks(found, proven),
    )


def look_at_notices(found: SiteFile, folder: Path) -> tuple[Finding, ...]:
    """Say who is told what happens, what of it is signed, and which private networks may be called."""
    text = found.notices
    if text is None or not text.to:
        return (
            _finding("notices", "note", "Nobody outside is told of anything: there is no [[notices.to]]."),
        )
    says = [f"{len(text.to)} told: {_list(f'{each.name} by {each.way}' for each in text.to)}."]
    unsigned = [each.name for each in text.to if _is_unsigned(each)]
    if unsigned:
        says.append(f"Not signed, so that nobody can tell who sent it: {_list(unsigned)}.")
    if text.networks:
        says.append(f"Private networks that may be called: {_list(text.networks)}.")
    try:
        senders_of(text, recipients_of(text, folder), folder, found.site.name)
    except SetupError as error:
        return (_finding("notices", "bad", f"{error}. {' '.join(says)}"),)
    return (_finding("notices", "note" if unsigned or text.networks else "ok", " ".join(says)),)


def look_at_registry(text: RegistryText, folder: Path) -> Finding:
    """Say whether a register of aircraft can be asked; it is not."""
    what = f"register {text.name}"
    try:
        register = register_of(text, folder)
    except SetupError as error:
        return _finding(what, "bad", f"{error}.")
    about = f"Asked about {_list(kind.value for kind in text.kinds)}."
    if isinstance(register, FileRegister):
        rest = "" if text.complete else " Whoever is not in it is not accused."
        return _finding(what, "ok", f"A file of {len(register):,} aircraft. {about}{rest}")
    says = [f"Asked at {host_of(text)}, {'with' if text.token_file else 'without'} a token.", about]
    if text.networks:
        says.append(f"Private networks that may be called: {_list(text.networks)}.")
    return _finding(what, "note" if text.networks else "ok", " ".join(says))


def look_at_people(found: SiteFile, folder: Path) -> tuple[frozenset[str] | None, tuple[Finding, ...]]:
    """Return who can prove who they are, None where tokens may prove anybody, and what to say of it."""
    people, text = found.people, found.approvals
    if not people:
        return frozenset(), (_finding("people", "note", "Nobody is on duty: there is no [[people]]."),)
    deciding = [each for each in people if each.may_approve]
    on_duty = f"{len(people)} on duty, {len(deciding)} may approve."
    if text is None or not (text.people_file or text.issuer):
        says = f"{on_duty} Nobody can prove who they are, so no proposal is decided: there is no [approvals]."
        return frozenset(), (_finding("people", "note", says),)
    try:
        enrolled = _enrolled(text, folder)
    except SetupError as error:
        return frozenset(), (_finding("people", "bad", f"{error}."),)
    without = [each.name for each in deciding if each.id not in enrolled]
    told = [on_duty]
    if without:
        tokens = " (a token can prove them)" if text.issuer else ""
        told.append(f"Without a passphrase enrolled: {_list(without)}{tokens}.")
    strangers = sorted(enrolled - {each.id for each in people})
    if strangers:
        told.append(f"Enrolled and not on duty: {_list(strangers)}.")
    unkeyed = [name for name in text.key_files if not (folder / name).is_file()]
    if unkeyed:
        told.append(f"Keys that are not there: {_list(unkeyed)}.")
    verdict: Verdict = "bad" if unkeyed else "note" if without or strangers else "ok"
    proven = None if text.issuer else enrolled
    return proven, (_finding("people", verdict, " ".join(told)),)


def look_at_playbooks(found: SiteFile, proven: frozenset[str] | None) -> tuple[Finding, ...]:
    """Say which places have no playbook, and which quorums the people on duty cannot meet. `proven` are those
    who can prove who they are, None for everybody.
    """
    people = people_of(found)
    assets = {each.id: each.name for each in found.assets}
    try:
        postures = postures_of(found.postures)
        playbooks = playbooks_of(found.playbooks, assets, people, postures)
    except SetupError as error:
        return (_finding("playbooks", "bad", f"{error}."),)
    findings = []
    covered = {each.asset_id for each in playbooks}
    bare = [name for asset_id, name in assets.items() if asset_id not in covered]
    if bare:
        says = f"Without a playbook, so that an alert there gives nobody a task: {_list(bare)}."
        findings.append(_finding("playbooks", "note", says))
    for playbook in playbooks:
        lacks = _lacks(playbook, people, postures, proven)
        tasks = f"{len(playbook.tasks)} for people to do, {len(playbook.effects)} to propose, in simulation."
        says = " ".join([*lacks, tasks])
        findings.append(_finding(f"playbook {playbook.playbook_id}", "bad" if lacks else "ok", says))
    return tuple(findings)


def _lacks(
    playbook: Playbook,
    people: tuple[Person, ...],
    postures: tuple[PostureLevel, ...],
    proven: frozenset[str] | None,
) -> list[str]:
    """Return, for each posture at which no proposal could ever be approved, why."""
    if not playbook.effects:
        return []
    able = [each for each in people if each.may_approve and (proven is None or each.person_id in proven)]
    whose = "may approve" if proven is None else "may approve and can prove who they are"
    lacks = []
    for posture in sorted(postures, key=lambda each: each.level):
        quorum = quorum_of(playbook, posture.level, postures)
        if not can_be_met(quorum, able):
            roles = f", {_list(quorum.roles)} among them" if quorum.roles else ""
            needed = f"At posture {posture.name} {quorum.approvals_needed} must agree{roles}"
            lacks.append(f"{needed}; {len(able)} {whose}.")
    return lacks


def _enrolled(text: ApprovalsText, folder: Path) -> frozenset[str]:
    path = folder / text.people_file
    if not text.people_file or not path.exists():
        return frozenset()
    people = PeopleFile(path, SystemClock()).people
    return frozenset(each.person_id for each in people if each.revoked_utc_ns is None)


def _is_unsigned(text: RecipientText) -> bool:
    return text.way in ("webhook", "ocsf") and not text.secret_file


def _finding(what: str, verdict: Verdict, says: str) -> Finding:
    return Finding(what=what, verdict=verdict, says=says)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
