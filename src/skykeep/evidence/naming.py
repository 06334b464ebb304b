"""What a case calls its people, tasks and sensors, in words."""

from __future__ import annotations

from skykeep.domain.threat import Interval
from skykeep.evidence.case import Case, Story
from skykeep.evidence.redacted_entry import REDACTED
from skykeep.evidence.withheld import mark


def who(case: Case, person_id: str) -> str:
    """Return the name of a person on duty; somebody else is shown as they were logged."""
    return next((person.name for person in case.site.people if person.person_id == person_id), person_id)


def about(case: Case, identifier: str) -> str:
    """Return a task's words in place of its number; alerts and proposals have chapters under theirs."""
    return next(
        (f"{task.task_id}: {task.text}" for task in case.tasks if task.task_id == identifier), identifier
    )


def by_whom(case: Case, person_id: str, role: str) -> str:
    """Return a person's name with their role; once where they go by it."""
    name = who(case, person_id)
    return name if name == role else f"{name} ({role})"


def sensor_name(case: Case, sensor_id: str) -> str:
    """Return the name of a sensor; one that is not of the site goes by its number."""
    names = {health.sensor.sensor_id: health.sensor.name for health in case.sensors}
    return names.get(sensor_id, sensor_id)


def none_of(case: Case, path: str, says: str) -> str:
    """Return what stands in place of an empty list: that there is nothing, or that it is withheld."""
    why = next((w.why for w in case.withheld if path == w.path.partition("[")[0]), "")
    return mark(why) if why else says


def none_in(story: Story, name: str, says: str) -> str:
    """Return what stands in place of an empty list of a story, or that something of it was taken out of the
    log: what others lack is no reason.
    """
    return mark(REDACTED) if name in story.redacted else says


def first_sensor(case: Case, story: Story) -> str:
    """Return the name of the sensor that saw it first."""
    return sensor_name(case, story.first_seen_by) or "an unnamed sensor"


def words(name: str) -> str:
    """Return one of our own names as words."""
    return name.replace("_", " ")


def how_sure(case: Case, probability: float) -> str:
    """Return the probability of a class, no sharper than it is known: a log keeps it to ten per cent."""
    percent = f"{100 * probability:.0f} %"
    return f"about {percent}, to ten per cent" if case.told_from_log else percent


def looks_word(looks: str) -> str:
    """Return a standing as a word in a sentence."""
    return "standing unknown" if looks == "unknown" else f"standing {looks}"


def time_to_breach(breach: Interval | None) -> str:
    """Return a time to breach as words, with its spread."""
    if breach is None:
        return "no breach to come"
    return f"{breach.low_s:.0f} to {breach.high_s:.0f} s to a breach, most likely {breach.mid_s:.0f} s"
