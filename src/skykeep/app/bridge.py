"""Out to other systems: what the watch thinks, once a second, to everybody who is connected and wants it.

It listens to the pipeline and can change nothing. What it tells crosses to the feeds' own loop; a system that
is slow or away loses what is old, never holds up the watch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Protocol

from skykeep.app.rules_told import RulesTold
from skykeep.app.track_reports import track_reports
from skykeep.app.watchers import Quiet
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.response import Alert
from skykeep.domain.site import Site
from skykeep.domain.track import TrackReport
from skykeep.domain.zone import Zone
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import Judgement
from skykeep.feeds.asterix_out import AsterixOut
from skykeep.feeds.cot_client import CotClient
from skykeep.feeds.cot_mesh import CotMesh
from skykeep.feeds.sapient_client import SapientClient
from skykeep.geo.frames import LocalFrame
from skykeep.response import ResponseEvent
from skykeep.wire.cot import CotEvent, CotPoint
from skykeep.wire.cot_reports import deletion_event, track_event
from skykeep.wire.cot_shapes import alert_event, asset_events, sensor_event, zone_events
from skykeep.wire.cot_source import CotSource

TELL_EVERY_NS = NS_PER_S


class Sink(Protocol):
    """One system that is told."""

    def tell(self, reports: Sequence[TrackReport]) -> None:
        """Take the tracks of one moment; called on the feeds' loop."""
        ...

    def alert(self, alert: Alert, report: TrackReport | None) -> None:
        """Take an alert as it stands now, with its first track if that is still seen."""
        ...

    def rules(self, put: Sequence[Zone], gone: Sequence[Zone], time_utc_ns: int) -> None:
        """Take zones that came into force, and those that are no longer."""
        ...


class CotSink:
    """A TAK server or mesh."""

    def __init__(
        self, feed: CotClient | CotMesh, source: CotSource, place: CotPoint, frame: LocalFrame
    ) -> None:
        self._feed, self._source, self._place, self._frame = feed, source, place, frame

    def tell(self, reports: Sequence[TrackReport]) -> None:
        for report in reports:
            self._put(partial(track_event, report, self._source))

    def alert(self, alert: Alert, report: TrackReport | None) -> None:
        point = self._place if report is None else point_of(report)
        self._put(partial(alert_event, alert, point, self._source))

    def rules(self, put: Sequence[Zone], gone: Sequence[Zone], time_utc_ns: int) -> None:
        for zone in gone:
            for event in zone_events(zone, self._frame, time_utc_ns, self._source):
                self._put(partial(deletion_event, event.uid, event.type, time_utc_ns, self._source))
        for zone in put:
            for event in zone_events(zone, self._frame, time_utc_ns, self._source):
                self._feed.outbox.put(event)

    def _put(self, make: Callable[[], CotEvent]) -> None:
        try:
            self._feed.outbox.put(make())
        except InputError:
            # A place that cannot be told there; the watch has it all the same.
            self._feed.outbox.counts["not told: impossible place"] += 1


class OfferSink:
    """A SAPIENT parent, or a display of air traffic control."""

    def __init__(self, feed: SapientClient | AsterixOut) -> None:
        self._feed = feed

    def tell(self, reports: Sequence[TrackReport]) -> None:
        self._feed.offer(reports)

    def rules(self, put: Sequence[Zone], gone: Sequence[Zone], time_utc_ns: int) -> None:
        """Zones are not passed on: neither has a place for them."""

    def alert(self, alert: Alert, report: TrackReport | None) -> None:
        """Alerts are not passed on: those who take tracks only draw their own from them."""


def point_of(report: TrackReport) -> CotPoint:
    """Return a track's place for an event."""
    return CotPoint(
        latitude_deg=round(report.latitude_deg, 7),
        longitude_deg=round(report.longitude_deg, 7),
        height_hae_m=round(report.height_hae_m, 2),
    )


def standing_events(site: Site, source: CotSource, rules: RulesTold) -> Callable[[int], Iterable[CotEvent]]:
    """Return what a server is told anew at each connection: zones, guarded places, sensors."""

    def standing(now_utc_ns: int) -> Iterable[CotEvent]:
        for zone in rules.zones:
            yield from zone_events(zone, site.origin, now_utc_ns, source)
        for asset in site.assets:
            yield from asset_events(asset, site.origin, now_utc_ns, source)
        for sensor in site.sensors:
            yield sensor_event(sensor, site.origin, now_utc_ns, source)

    return standing


class Bridge(Quiet):
    """Listens to one pipeline for all sinks. `post` runs something on the feeds' loop."""

    def __init__(self, site: Site, sinks: Iterable[Sink], rules: RulesTold | None = None) -> None:
        self._site = site
        self._rules = rules or RulesTold(site)
        self._sinks = tuple(sinks)
        self._post: Callable[[Callable[[], None]], None] | None = None
        self._told_utc_ns = -(1 << 62)
        self._reports: dict[int, TrackReport] = {}

    def connect(self, post: Callable[[Callable[[], None]], None]) -> None:
        """Say how to reach the feeds' loop; before that nothing is told."""
        self._post = post

    def on_judgement(self, judgement: Judgement) -> None:
        now_utc_ns = judgement.picture.time_utc_ns
        if not self._sinks or self._post is None or now_utc_ns - self._told_utc_ns < TELL_EVERY_NS:
            return
        self._told_utc_ns = now_utc_ns
        reports = track_reports(judgement, self._site)
        self._reports = {report.track_id: report for report in reports}
        for sink in self._sinks:
            self._post(partial(sink.tell, reports))

    def on_input(self, record: Input) -> None:
        if not isinstance(record, AirspaceChange):
            return
        gone = [zone for zone in self._rules.zones if zone.zone_id in record.zones_gone]
        self._rules.take(record)
        if self._post is not None:
            for sink in self._sinks:
                self._post(partial(sink.rules, record.zones_put, gone, record.time_utc_ns))

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        del time_utc_ns
        if not isinstance(event, Alert) or self._post is None:
            return
        report = next((self._reports[t] for t in event.track_ids if t in self._reports), None)
        for sink in self._sinks:
            self._post(partial(sink.alert, event, report))
