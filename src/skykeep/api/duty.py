"""Posture, presence and the tasks' own commands, between the console's words and the engine's nouns."""

from __future__ import annotations

from skykeep.api import duty_commands as c
from skykeep.api import duty_messages as m
from skykeep.domain.commands import CallOffTask, SetOccupancy, SetPosture, TakeTask
from skykeep.domain.posture import Occupancy, PostureSource, Situation
from skykeep.domain.site import Site


def duty_command(
    command: c.DutyCommand, time_utc_ns: int
) -> TakeTask | CallOffTask | SetPosture | SetOccupancy:
    """Return what the engine is asked."""
    match command:
        case c.TaskTake():
            return TakeTask(task_id=command.task_id, by=command.by, time_utc_ns=time_utc_ns)
        case c.TaskCallOff():
            task, why = command.task_id, command.reason
            return CallOffTask(task_id=task, reason=why, by=command.by, time_utc_ns=time_utc_ns)
        case c.PostureSet():
            return SetPosture(
                level=command.level,
                reason=command.reason,
                by=command.by,
                time_utc_ns=time_utc_ns,
                until_utc_ns=_moment(command.until_utc_ns),
            )
        case c.OccupancySet():
            return SetOccupancy(
                asset_id=command.asset,
                by=command.by,
                time_utc_ns=time_utc_ns,
                principal_present=command.principal_present,
                occupancy_persons=command.persons,
                reason=command.reason,
                sure=command.sure_percent / 100.0,
                until_utc_ns=_moment(command.until_utc_ns),
            )


def duty_view(site: Site, situation: Situation, now_utc_ns: int) -> m.Duty:
    """Return how things stand, and what the calendar still holds."""
    names = {level.level: level.name for level in site.postures}
    posture = situation.posture
    ahead = sorted(
        (entry for entry in site.calendar if entry.end_utc_ns > now_utc_ns),
        key=lambda entry: (entry.start_utc_ns, entry.entry_id),
    )
    return m.Duty(
        posture=m.PostureView(
            level=posture.level,
            name=posture.name,
            because=posture.because,
            since_utc_ns=posture.since_utc_ns,
            set_by=posture.set_by or None,
            until_utc_ns=posture.until_utc_ns,
            sources=tuple(_source_view(source, names) for source in posture.sources),
        ),
        levels=tuple(m.LevelView(level=level.level, name=level.name) for level in site.postures),
        occupancies=tuple(_occupancy_view(each) for each in situation.occupancies),
        calendar=tuple(
            m.CalendarView(
                id=entry.entry_id,
                name=entry.name,
                level=entry.level,
                because=entry.because,
                start_utc_ns=entry.start_utc_ns,
                end_utc_ns=entry.end_utc_ns,
                lead_in_s=entry.lead_in_s,
            )
            for entry in ahead
        ),
    )


def _source_view(source: PostureSource, names: dict[int, str]) -> m.PostureSourceView:
    return m.PostureSourceView(
        level=source.level,
        name=names[source.level],
        because=source.because,
        source="calendar" if source.entry_id else "person",
        set_by=source.set_by or None,
        until_utc_ns=source.until_utc_ns,
    )


def _occupancy_view(occupancy: Occupancy) -> m.OccupancyView:
    present = occupancy.principal_present
    return m.OccupancyView(
        asset=occupancy.asset_id,
        persons=occupancy.occupancy_persons,
        principal="unknown" if present is None else "present" if present else "away",
        counts_as_present=occupancy.counts_as_present,
        sure_percent=round(100 * occupancy.sure),
        since_utc_ns=occupancy.since_utc_ns,
        until_utc_ns=occupancy.until_utc_ns,
        set_by=occupancy.set_by or None,
        reason=occupancy.reason or None,
    )


def _moment(time_utc_ns: c.Moment) -> int | None:
    return None if time_utc_ns is None else int(time_utc_ns)
