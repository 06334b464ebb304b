"""One pipeline takes over from another, in a log that stands by itself.

Its state is not written down: state is what a log's inputs come to. So the new log begins with what still
holds (rules in force, posture, who is where, registers' answers) and with the last minute of scans and
claims, told again, and from those its tracks are made anew. Which of them are which of the tracks before is
told by the detections that they rest on, once, beforehand, so that every track goes on under its number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from skykeep.base.errors import InputError
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.commands import (
    CorrelateTrack,
    DecorrelateTrack,
    RenameTrack,
    SetStanding,
    Tick,
    TrackCommand,
)
from skykeep.domain.days import NumbersGiven, WatchContinued, WatchTakenOver
from skykeep.domain.orders import OrderKind, StandingOrder
from skykeep.domain.sensing import Scan, Sensor, SensorStatus
from skykeep.domain.track import Picture
from skykeep.engine.inputs import Input, time_of
from skykeep.engine.pipeline import Pipeline
from skykeep.tracking import Tracker

Detection = tuple[str, int, int]
MACHINE = "skykeep"


def handed_over(
    before: Pipeline,
    note: bytes,
    folder: str,
    still_open: tuple[str, ...],
    now_utc_ns: int,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[Input]:
    """Yield what a new pipeline of the same site is given first, to take over from `before`.

    `note` is the signed checkpoint of the log before, `folder` the name of its folder. It takes seconds at a
    busy site: `meanwhile` is called between any two inputs.
    """

    def each(records: Iterable[Input]) -> Iterator[Input]:
        for record in records:
            meanwhile()
            yield record

    lately = before.lately
    recent = tuple(lately.recent)
    numbers = numbers_of(before)
    start_utc_ns = min([now_utc_ns, *map(time_of, recent[:1])])
    yield WatchContinued(
        time_utc_ns=start_utc_ns,
        begun_utc_ns=now_utc_ns,
        note=note.decode(),
        folder=folder,
        numbers=numbers,
        track_numbers=same_tracks(before.site.sensors, each(recent), lately.seen, numbers.tracks + 1),
        reports=tuple(lately.reports),
        still_open=still_open,
    )
    yield from _rules_in_force(before, start_utc_ns)
    yield from lately.said_before(start_utc_ns)
    yield from each(recent)
    yield from map(_command_of, before.orders.in_force.standing)
    yield WatchTakenOver(time_utc_ns=now_utc_ns)


def numbers_of(pipeline: Pipeline) -> NumbersGiven:
    """Return how far each kind of thing has been counted."""
    desk = pipeline.desk.counted
    return NumbersGiven(
        tracks=pipeline.tracker.counted,
        alerts=desk.alerts,
        tasks=desk.tasks,
        proposals=desk.proposals,
        orders=pipeline.orders.counted,
    )


def same_tracks(
    sensors: tuple[Sensor, ...], inputs: Iterable[Input], seen: Iterable[Picture], first: int
) -> tuple[tuple[int, int], ...]:
    """Return pairs of the number that a tracker counting from `first` gives a track when it is given only
    `inputs`, and the number of the same track in the pictures `seen`: the one with which it shares most
    detections, each weighed by how likely it is the track's. No number stands in two pairs.
    """
    was: dict[Detection, list[tuple[int, float]]] = {}
    for picture in seen:
        for detection, track_id, weight in _support(picture):
            was.setdefault(detection, []).append((track_id, weight))
    tracker, shared = Tracker(sensors), Counter[tuple[int, int]]()
    tracker.count_from(first)
    for record in inputs:
        try:
            if isinstance(record, Scan):
                tracker.receive(record)
            elif isinstance(record, SensorStatus):
                tracker.inform(record)
            elif isinstance(record, Tick):
                for detection, now_id, weight in _support(tracker.picture(record.time_utc_ns)):
                    for was_id, was_weight in was.get(detection, ()):
                        shared[now_id, was_id] += min(weight, was_weight)  # type: ignore[assignment]
        except InputError:
            continue  # it was refused before, too
    pairs: dict[int, int] = {}
    for now_id, was_id in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if now_id not in pairs and was_id not in pairs.values():
            pairs[now_id] = was_id
    return tuple(sorted(pairs.items()))


def _support(picture: Picture) -> Iterator[tuple[Detection, int, float]]:
    for track_id, sensor, sequence, row, weight in zip(
        picture.support_track_id.tolist(),
        picture.support_sensor.tolist(),
        picture.support_sequence.tolist(),
        picture.support_row.tolist(),
        picture.support_weight.tolist(),
        strict=True,
    ):
        yield (picture.sensor_ids[sensor], sequence, row), track_id, weight


def _rules_in_force(before: Pipeline, time_utc_ns: int) -> Iterator[AirspaceChange]:
    """Yield what brings a site's own zones and permits to those that are in force."""
    site, airspace = before.site, before.airspace
    own_zones = {zone.zone_id: zone for zone in site.zones}
    own_permits = {permit.permit_id: permit for permit in site.permits}
    zones = {zone.zone_id: zone for zone in airspace.zones}
    change = AirspaceChange(
        time_utc_ns=time_utc_ns,
        because="in force in the log before",
        by=MACHINE,
        zones_put=tuple(zone for key, zone in zones.items() if own_zones.get(key) != zone),
        zones_gone=tuple(key for key in own_zones if key not in zones),
        permits_put=tuple(p for key, p in airspace.permits.items() if own_permits.get(key) != p),
        permits_gone=tuple(key for key in own_permits if key not in airspace.permits),
    )
    if change.zones_put or change.zones_gone or change.permits_put or change.permits_gone:
        yield change


def _command_of(order: StandingOrder) -> TrackCommand:
    """Return the command by which an order was given; one about a track that is gone is refused, unsaid."""
    track_id, by, time_utc_ns = order.track_id, order.by, order.time_utc_ns
    if order.kind is OrderKind.RENAME:
        return RenameTrack(track_id=track_id, name=order.name, by=by, time_utc_ns=time_utc_ns)
    if order.kind is OrderKind.STANDING:
        assert order.standing is not None
        return SetStanding(
            track_id=track_id, standing=order.standing, reason=order.reason, by=by, time_utc_ns=time_utc_ns
        )
    make = CorrelateTrack if order.kind is OrderKind.CORRELATE else DecorrelateTrack
    return make(
        track_id=track_id,
        by=by,
        reason=order.reason,
        time_utc_ns=time_utc_ns,
        other_track_id=order.other_track_id,
        claimed_id=order.claimed_id,
    )
