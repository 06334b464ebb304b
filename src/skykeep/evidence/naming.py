"""What a case calls its people, tasks and sensors, in words."""

from __future__ import annotations

from skykeep.evidence.case import Case, Story


def who(case: Case, person_id: str) -> str:
    """Return the name of a person on duty; somebody else is shown as they were logged."""
    return next((person.name for person in case.site.people if person.person_id == person_id), person_id)


def about(case: Case, identifier: str) -> str:
    """Return a task's words in place of its number; alerts and proposals have chapters under theirs."""
    return next(
        (f"{task.task_id}: {task.text}" for task in case.tasks if task.task_id == identifier), identifier
    )


def first_sensor(case: Case, story: Story) -> str:
    """Return the name of the sensor that saw it first."""
    names = {sensor.sensor_id: sensor.name for sensor in case.site.sensors}
    return names.get(story.first_seen_by, story.first_seen_by or "an unnamed sensor")


def words(name: str) -> str:
    """Return one of our own names as words."""
    return name.replace("_", " ")
