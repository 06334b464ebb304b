"""Who may read what: three levels of a case, as a table of fields, and how a field is withheld.

A withheld text is a black bar with the reason, a withheld list is empty, a withheld number is not there; each
is counted under its path. What is withheld in one field is withheld wherever else its words stand: a serial
number in a sentence of the grounds, a name in somebody's reason. People on duty go by their roles instead.
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from skykeep.evidence.case import Case, Withheld
from skykeep.evidence.levels_people import not_on_duty, without_own_titles
from skykeep.evidence.person_names import PersonNames
from skykeep.evidence.rewriting import Rewriting, rewritten_matrix
from skykeep.evidence.withheld import in_words, mark, outside

# A full stop that stands in no brackets.
_STEPS = re.compile(r"\.(?![^\[]*\])")

# What we number ourselves names nobody: elsewhere it may stand.
_NUMBERED = re.compile(r"[Tt]rack \d+")


class Level(enum.StrEnum):
    """For whom a dossier is printed, the least first."""

    PUBLIC = "public"
    PARTNER = "partner"
    FULL = "full"

    @property
    def says(self) -> str:
        return {
            Level.PUBLIC: "For the public. People on duty are named by their roles; what is personal or "
            "would help an intruder is withheld, each place marked with a black bar and why.",
            Level.PARTNER: "For partners: police, neighbours, aviation. People on duty are named; private "
            "persons' data and what would help an intruder are withheld, each place marked with why.",
            Level.FULL: "The whole case: nothing is withheld.",
        }[self]

    def says_of(self, case: Case) -> str:
        """Return for whom it is, and what the case at this level leaves out."""
        if self is Level.FULL and case.withheld:
            return "The whole case, as far as the log still holds it: what was redacted is listed at the end."
        return self.says

    def shows(self, from_level: Level) -> bool:
        """Return whether this level shows what is shown from `from_level` on."""
        order = tuple(Level)
        return order.index(self) >= order.index(from_level)


PERSONAL, SECURITY, OPERATIONS = "personal", "security", "operations"

# A path goes from the case to a field; `[]` is every entry of a list, `[field=value]` those that say so.
TABLE: tuple[tuple[str, Level, str], ...] = (
    ("stories[].claims[].claimed_id", Level.PARTNER, PERSONAL),
    ("stories[].claims[].operator_id", Level.FULL, PERSONAL),
    ("stories[].claims[].operator_position_enu_m", Level.FULL, PERSONAL),
    ("authorised", Level.PARTNER, OPERATIONS),
    ("authorised[].claims[].operator_id", Level.FULL, PERSONAL),
    ("authorised[].claims[].operator_position_enu_m", Level.FULL, PERSONAL),
    ("map.tracks[looks=friend]", Level.PARTNER, OPERATIONS),
    ("permits_used", Level.PARTNER, OPERATIONS),
    ("permits_used[].contact", Level.FULL, PERSONAL),
    ("permits_used[].scope.pilots", Level.FULL, PERSONAL),
    ("permits_used[].scope.operator_ids", Level.FULL, PERSONAL),
    ("permits_used[].scope.flight.pilot_position", Level.FULL, PERSONAL),
    ("permits_used[].granted", Level.FULL, PERSONAL),
    ("permits_used[].offer", Level.FULL, PERSONAL),
    ("site.permits", Level.FULL, PERSONAL),
    ("site.playbooks", Level.FULL, SECURITY),
    ("site.population", Level.FULL, SECURITY),
    ("site.rules", Level.FULL, SECURITY),
    ("site.calendar", Level.FULL, SECURITY),
    ("site.postures", Level.PARTNER, SECURITY),
    ("site.assets[].occupancy_persons", Level.PARTNER, SECURITY),
    ("site.assets[].principal_present", Level.PARTNER, SECURITY),
    ("site.sensors", Level.FULL, SECURITY),
    ("sensors[sensor.kind=people].sensor.name", Level.PARTNER, PERSONAL),
    ("sensors[].sensor.position_enu_m", Level.FULL, SECURITY),
    ("sensors[].sensor.coverage_range_m", Level.FULL, SECURITY),
    ("sensors[].sensor.sigma", Level.FULL, SECURITY),
    ("sensors[].sensor.signal", Level.FULL, SECURITY),
    ("sensors[].sensor.detection_probability", Level.FULL, SECURITY),
    ("sensors[].sensor.clutter_per_scan", Level.FULL, SECURITY),
    ("sensors[].sensor.minimum_speed_mps", Level.FULL, SECURITY),
    ("sensors[].sensor.resolution", Level.FULL, SECURITY),
    ("sensors[].sensor.bias_sigma", Level.FULL, SECURITY),
    ("sensors[].sensor.elevation_min_rad", Level.FULL, SECURITY),
    ("sensors[].sensor.elevation_max_rad", Level.FULL, SECURITY),
    ("sensors[].sensor.azimuth_from_rad", Level.FULL, SECURITY),
    ("sensors[].sensor.azimuth_to_rad", Level.FULL, SECURITY),
    ("sensors[].sensor.range_min_m", Level.FULL, SECURITY),
    ("reports[].text", Level.PARTNER, PERSONAL),
    ("reports[].position_enu_m", Level.FULL, PERSONAL),
    ("reports[].bearing_rad", Level.FULL, PERSONAL),
    ("known[].tracks[looks=friend]", Level.PARTNER, OPERATIONS),
    ("known[].tracks[].claimed_id", Level.PARTNER, PERSONAL),
    ("known[].occupancies", Level.PARTNER, SECURITY),
    ("decisions[kind=set_occupancy].decided", Level.PARTNER, SECURITY),
    ("proposals[].because", Level.PARTNER, SECURITY),
    ("proposals[].if_nothing", Level.PARTNER, SECURITY),
    ("proposals[].approvals_needed", Level.PARTNER, SECURITY),
    ("proposals[].roles_needed", Level.PARTNER, SECURITY),
    ("proposals[state=expired].outcome", Level.PARTNER, SECURITY),
    ("proposals[].options[].says", Level.PARTNER, SECURITY),
    ("proposals[].options[].success_probability", Level.PARTNER, SECURITY),
    ("proposals[].options[].delay_s", Level.PARTNER, SECURITY),
    ("known[].proposals[].because", Level.PARTNER, SECURITY),
    ("known[].proposals[].if_nothing", Level.PARTNER, SECURITY),
    ("known[].proposals[].approvals_needed", Level.PARTNER, SECURITY),
    ("known[].proposals[].roles_needed", Level.PARTNER, SECURITY),
    ("known[].proposals[state=expired].outcome", Level.PARTNER, SECURITY),
    ("known[].proposals[].options", Level.PARTNER, SECURITY),
    ("known[].late[kind=report].says", Level.PARTNER, PERSONAL),
    ("proposals[].approvals[].proven_by", Level.FULL, SECURITY),
    ("known[].proposals[].approvals[].proven_by", Level.FULL, SECURITY),
    ("known[].effect_orders[].approvals[].proven_by", Level.FULL, SECURITY),
    ("effect_orders[].approvals[].proven_by", Level.FULL, SECURITY),
    ("configuration", Level.PARTNER, SECURITY),
    ("incidents[].items[].item.says", Level.PARTNER, OPERATIONS),
    ("incidents[].removed", Level.PARTNER, OPERATIONS),
    ("incidents[].notes", Level.PARTNER, OPERATIONS),
    ("incidents[].notes[].text", Level.FULL, PERSONAL),
    ("incidents[rule=].title", Level.PARTNER, PERSONAL),
    ("incidents[rule=].because", Level.PARTNER, PERSONAL),
    ("incidents[].history[].because", Level.PARTNER, PERSONAL),
    ("media[].media.name", Level.FULL, PERSONAL),
    ("media[].media.facts", Level.FULL, PERSONAL),
    ("media[].media.place_deg", Level.FULL, PERSONAL),
    ("media[].reason", Level.FULL, PERSONAL),
    ("log.redacted_by", Level.PARTNER, PERSONAL),
    ("log.redacted_because", Level.PARTNER, PERSONAL),
    ("statements.reviews[].by", Level.PARTNER, PERSONAL),
    ("statements.documents[].retrieved_from", Level.PARTNER, PERSONAL),
)
NAMES_FROM = Level.PARTNER
# What stands for somebody who is not on duty, where people go by their roles.
SOMEBODY = "a person"
# Where names of persons were found that stand in no field of their own.
IN_SENTENCES = "names of persons, in sentences"
# Fields whose words must not stand anywhere else when they go with something larger.
_TELLING = {
    "claimed_id": Level.PARTNER,
    "serials": Level.PARTNER,
    "holder": Level.PARTNER,
    "owner": Level.PARTNER,
    "redacted_by": Level.PARTNER,
    "redacted_because": Level.PARTNER,
    "contact": Level.FULL,
    "pilots": Level.FULL,
    "operator_id": Level.FULL,
    "operator_ids": Level.FULL,
}


def at_level(case: Case, level: Level, names: Iterable[str] = ()) -> Case:
    """Return the case as `level` shows it; its `withheld` is what was redacted, then in the order of
    the table. `names` are further names of persons, nicknames among them, to be withheld wherever they stand.
    """
    shown: Case = _in_strings(case, outside)
    if level is Level.FULL:
        return shown
    told: list[Withheld] = []
    words: dict[str, str] = {}
    for path, from_level, why in TABLE:
        if level.shows(from_level):
            continue
        steps = _STEPS.split(path)
        taken = _Taken(steps[-1], why, level, words)
        shown = _at(shown, steps, taken)
        if taken.count:
            told.append(Withheld(path=path, why=why, from_level=from_level, count=taken.count))
    if not level.shows(NAMES_FROM):
        people = case.site.people
        shown, renamed = without_own_titles(shown)
        if renamed:
            path = "incidents[].title"
            told.append(Withheld(path=path, why=PERSONAL, from_level=NAMES_FROM, count=renamed))
        others = not_on_duty(case)
        words |= dict.fromkeys(others, SOMEBODY)
        words |= _roles(case)
        if others:
            path = "incidents[].history[].by"
            told.append(Withheld(path=path, why=PERSONAL, from_level=NAMES_FROM, count=len(others)))
        if people:
            path = "site.people[].name"
            told.append(Withheld(path=path, why=PERSONAL, from_level=NAMES_FROM, count=len(people)))
    persons = _persons(case, level, names)
    rewriting = Rewriting(words, persons)
    if shown.statements is not None:
        shown = msgspec.structs.replace(shown, statements=rewritten_matrix(shown.statements, rewriting))
    shown = _in_strings(shown, rewriting)
    if persons.count:
        told.append(Withheld(path=IN_SENTENCES, why=PERSONAL, from_level=Level.FULL, count=persons.count))
    return msgspec.structs.replace(shown, withheld=(*case.withheld, *told))


def spelt(case: Case) -> Case:
    """Return the case with marks as words, for those who read it without us: `[withheld: personal]`."""
    changed: Case = _in_strings(case, in_words)
    return changed


class _Taken:
    """Takes values away, counts them and remembers the words that must not stand anywhere else."""

    def __init__(self, field: str, why: str, level: Level, words: dict[str, str]) -> None:
        self.count = 0
        self._field = field
        self._mark = mark(why)
        self._level = level
        self._words = words

    def __call__(self, value: Any) -> Any:
        """Return what stands in place of a value."""
        if value in ("", None, ()):
            return value
        self.count += len(value) if _is_list(value) else 1
        if isinstance(value, str):
            if not _NUMBERED.fullmatch(value):
                self._words[value] = self._mark
            return self._mark
        self._remember(value, self._field)
        if isinstance(value, tuple):
            return () if _is_list(value) else tuple(math.nan for _ in value)
        return math.nan if isinstance(value, float) else 0 if type(value) is int else None

    def entry(self, value: Any) -> None:
        """Count an entry of a list that is taken out."""
        self.count += 1
        self._remember(value, self._field)

    def _remember(self, value: Any, name: str) -> None:
        """Who holds a permit that is withheld, or flies, must not stand elsewhere either."""
        telling = name in _TELLING and not self._level.shows(_TELLING[name])
        if isinstance(value, str):
            if value and telling:
                self._words[value] = self._mark
        elif isinstance(value, tuple):
            for entry in value:
                self._remember(entry, name)
        elif isinstance(value, msgspec.Struct):
            for field in value.__struct_fields__:
                self._remember(getattr(value, field), field)


def _is_list(value: Any) -> bool:
    return isinstance(value, tuple) and not all(isinstance(each, int | float) for each in value)


def _at(value: Any, path: list[str], taken: _Taken) -> Any:
    """Return `value` with what the path leads to taken away."""
    if not path:
        return taken(value)
    name, _, test = path[0].partition("[")
    if value is None:
        return None
    found = getattr(value, name)
    if test:
        field, _, wanted = test.rstrip("]").partition("=")
        chosen = [not field or str(_field(entry, field)) == wanted for entry in found]
        if len(path) == 1:
            for entry, is_meant in zip(found, chosen, strict=True):
                if is_meant:
                    taken.entry(entry)
            new: Any = tuple(entry for entry, meant in zip(found, chosen, strict=True) if not meant)
        else:
            new = tuple(
                _at(entry, path[1:], taken) if meant else entry
                for entry, meant in zip(found, chosen, strict=True)
            )
    else:
        new = _at(found, path[1:], taken)
    return msgspec.structs.replace(value, **{name: new})


def _field(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = getattr(value, name)
    return value


def _persons(case: Case, level: Level, names: Iterable[str]) -> PersonNames:
    """Return the names of persons that a level withholds, with what is put in place of each."""
    withheld = mark(PERSONAL)
    found: dict[str, str] = {}
    for permit in (*case.permits_used, *case.site.permits):
        for scope in (permit.scope, permit.granted, permit.offer):
            found |= dict.fromkeys(scope.pilots if scope is not None else (), withheld)
    if not level.shows(NAMES_FROM):
        found |= dict.fromkeys(not_on_duty(case), SOMEBODY)
        found |= dict.fromkeys(case.log.redacted_by, withheld)
        roles = _roles(case)
        found |= {person.name: roles[person.name] for person in case.site.people if person.name}
    return PersonNames(found, withheld, names)


def _roles(case: Case) -> dict[str, str]:
    """Return what stands for each name and number of a person on duty: their role, numbered where shared."""
    roles: dict[str, str] = {}
    seen: dict[str, int] = {}
    for person in case.site.people:
        seen[person.role] = seen.get(person.role, 0) + 1
        role = person.role if seen[person.role] == 1 else f"{person.role} ({seen[person.role]})"
        roles |= {said: role for said in (person.name, person.person_id) if said}
    return roles


def _in_strings(value: Any, change: Callable[[str], str]) -> Any:
    """Return `value` with every text in it changed; what holds no text is the same object as before."""
    if type(value) is str:
        return change(value)
    if isinstance(value, tuple):
        new = tuple(_in_strings(each, change) for each in value)
        return value if all(a is b for a, b in zip(value, new, strict=True)) else new
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        changed = {name: new for name, old in fields.items() if (new := _in_strings(old, change)) is not old}
        return msgspec.structs.replace(value, **changed) if changed else value
    return value
