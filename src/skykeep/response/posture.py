"""How watchful the site is now, by the calendar and by people's word.

The highest level that anything asks for holds: a person can raise it above the calendar, never hold it below.
What runs out runs out by itself, and is said. Time comes in with every call; the same calls give the same
records.
"""

from __future__ import annotations

from collections.abc import Mapping

from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import InputError, SetupError
from skykeep.domain.commands import SetPosture
from skykeep.domain.place import Person
from skykeep.domain.posture import CalendarEntry, Posture, PostureLevel, PostureSource


class PostureBook:
    """The level that holds, and every source that asks for one."""

    def __init__(
        self,
        levels: tuple[PostureLevel, ...],
        calendar: tuple[CalendarEntry, ...],
        people: Mapping[str, Person],
    ) -> None:
        _check_levels(levels)
        self._levels = {level.level: level for level in sorted(levels, key=lambda each: each.level)}
        _check_calendar(calendar, self._levels)
        self._calendar = tuple(sorted(calendar, key=lambda entry: (entry.start_utc_ns, entry.entry_id)))
        self._people = people
        self._hand: PostureSource | None = None
        self.posture: Posture | None = None

    @property
    def level(self) -> PostureLevel:
        """What the posture that holds changes."""
        return self._levels[0 if self.posture is None else self.posture.level]

    def command(self, command: SetPosture, now_utc_ns: int) -> None:
        """Take a person's word, or take it off again; it shows at the next look."""
        if not command.reason.strip():
            raise InputError("reason", repr(command.reason), "a sentence that says why")
        if command.level is None:
            if self._by_hand(now_utc_ns) is None:
                raise InputError("level", "none, and nobody has set one", "a level that a person set")
            self._hand = None
            return
        if command.level not in self._levels:
            known = ", ".join(f"{level.level} ({level.name})" for level in self._levels.values())
            raise InputError("level", str(command.level), f"one of {known}")
        check_until(command.until_utc_ns, now_utc_ns)
        self._hand = PostureSource(
            level=command.level,
            because=command.reason,
            set_by=command.by,
            until_utc_ns=command.until_utc_ns,
        )

    def look(self, now_utc_ns: int) -> Posture | None:
        """Let the time pass; return the posture when it is another one now, or stands for another reason."""
        hand = self._by_hand(now_utc_ns)
        asked = [_source(entry) for entry in self._calendar if _holds(entry, now_utc_ns)]
        sources = tuple(sorted((*asked, *((hand,) if hand else ())), key=lambda source: -source.level))
        before = self.posture
        level = self._levels[sources[0].level if sources else 0]
        same = before is not None and before.level == level.level
        highest = [source for source in sources if source.level == level.level]
        ends = [source.until_utc_ns for source in highest]
        known = [end for end in ends if end is not None]
        posture = Posture(
            level=level.level,
            name=level.name,
            because=" ".join(map(self._say, sources)) or "Nothing raises it.",
            since_utc_ns=before.since_utc_ns if before is not None and same else now_utc_ns,
            set_by=sources[0].set_by if sources else "",
            until_utc_ns=max(known) if known and len(known) == len(ends) else None,
            sources=sources,
        )
        if posture == before:
            return None
        self.posture = posture
        return posture

    def _by_hand(self, now_utc_ns: int) -> PostureSource | None:
        """Return what a person set, while it has not run out."""
        hand = self._hand
        over = hand is not None and hand.until_utc_ns is not None and hand.until_utc_ns <= now_utc_ns
        return None if over else hand

    def _say(self, source: PostureSource) -> str:
        name = self._levels[source.level].name.capitalize()
        if source.entry_id:
            return f"{name} by the calendar: {_sentence(source.because)}"
        person = self._people.get(source.set_by)
        who = source.set_by if person is None else person.name
        return f"{name} by {who}: {_sentence(source.because)}"


def _holds(entry: CalendarEntry, now_utc_ns: int) -> bool:
    return entry.start_utc_ns - seconds_to_ns(entry.lead_in_s) <= now_utc_ns < entry.end_utc_ns


def _source(entry: CalendarEntry) -> PostureSource:
    because = _sentence(entry.name) + (f" {entry.because}" if entry.because else "")
    return PostureSource(
        level=entry.level, because=because, entry_id=entry.entry_id, until_utc_ns=entry.end_utc_ns
    )


def _sentence(words: str) -> str:
    words = words.strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


def check_until(until_utc_ns: int | None, now_utc_ns: int) -> None:
    if until_utc_ns is not None and until_utc_ns <= now_utc_ns:
        raise InputError("until_utc_ns", str(until_utc_ns), f"after now, {now_utc_ns}")


def _check_levels(levels: tuple[PostureLevel, ...]) -> None:
    numbers = [level.level for level in levels]
    if 0 not in numbers or len(set(numbers)) != len(numbers) or min(numbers) < 0:
        raise SetupError(f"postures: levels {numbers}, must begin at 0 and have each once")
    for level in levels:
        for name in ("consequence_factor", "alert_factor", "escalate_factor"):
            factor = getattr(level, name)
            if not 0.0 < factor <= 10.0:
                raise SetupError(f"postures: {level.name}: {name} {factor:g}, must be above 0 and at most 10")
        if level.more_approvals < 0:
            raise SetupError(
                f"postures: {level.name}: more_approvals {level.more_approvals}, must be 0 or more"
            )


def _check_calendar(calendar: tuple[CalendarEntry, ...], levels: Mapping[int, PostureLevel]) -> None:
    seen: set[str] = set()
    for entry in calendar:
        where = f"calendar: {entry.entry_id}"
        if entry.entry_id in seen or not entry.entry_id:
            raise SetupError(f"{where}: must be named, and each name once")
        seen.add(entry.entry_id)
        if entry.level not in levels:
            raise SetupError(f"{where}: level {entry.level}, must be one of {sorted(levels)}")
        if entry.end_utc_ns <= entry.start_utc_ns:
            raise SetupError(
                f"{where}: ends {entry.end_utc_ns}, must be after its start {entry.start_utc_ns}"
            )
        if not 0.0 <= entry.lead_in_s <= 30 * 86_400.0:
            raise SetupError(f"{where}: lead_in_s {entry.lead_in_s:g}, must be in 0 to 30 days")
