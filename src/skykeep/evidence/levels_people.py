"""Who worked on a case without being on duty at its site, and what they wrote over the titles of rules."""

from __future__ import annotations

from msgspec.structs import replace

from skykeep.domain.incident import Incident
from skykeep.domain.response import MACHINE
from skykeep.evidence.case import Case
from skykeep.evidence.withheld import mark

_RENAMED = "renamed"


def not_on_duty(case: Case) -> list[str]:
    """Return the names of all who did something and are not on duty at the site, in order."""
    said = [*(one.by for one in case.decisions), *(one.by for one in case.media)]
    for incident in case.incidents:
        said.append(incident.opened_by)
        said += [step.by for step in incident.history]
        said += [note.by for note in incident.notes]
        said += [gone.by for gone in incident.removed]
    on_duty = {name for person in case.site.people for name in (person.name, person.person_id)}
    return sorted({by for by in said if by and by != MACHINE} - on_duty)


def without_own_titles(case: Case) -> tuple[Case, int]:
    """Return the case without titles that people gave to incidents later, and how many incidents had one."""
    renamed = sum(map(_was_renamed, case.incidents))
    return replace(case, incidents=tuple(map(_without_title, case.incidents))), renamed


def _was_renamed(incident: Incident) -> bool:
    return any(step.what.startswith(_RENAMED) for step in incident.history)


def _without_title(incident: Incident) -> Incident:
    if not _was_renamed(incident):
        return incident
    steps = (
        replace(step, what=_RENAMED) if step.what.startswith(_RENAMED) else step for step in incident.history
    )
    return replace(incident, title=mark("personal"), history=tuple(steps))
