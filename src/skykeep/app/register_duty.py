"""The register of one watch, composed: the office, what follows it, and who is told.

The same for a live site and for a simulated night, which differ in the clock and in where the register lies.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from skykeep.app.notices import NoticeRunner, RegisterOutbox
from skykeep.app.office import Office
from skykeep.app.register_text import RegisterText, database_of, post_of, settings_of
from skykeep.app.rules_thread import RulesThread
from skykeep.app.rules_watch import RulesWatch
from skykeep.base.clock import Clock
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.permit import Permit
from skykeep.domain.register import Notice
from skykeep.domain.restriction import AirspaceRestriction
from skykeep.domain.site import Site
from skykeep.domain.zone import LonLat, Zone, ZoneList
from skykeep.engine.pipeline import Pipeline
from skykeep.feeds.allowed_hosts import Hosts
from skykeep.feeds.notice_senders import CotSender, EmailSender, Sender, WebSender, body_of
from skykeep.store.register import open_register
from skykeep.wire.cot_shapes import zone_events
from skykeep.wire.cot_source import CotSource
from skykeep.wire.cot_xml import encode_xml
from skykeep.wire.zone_files import write_zones


class RegisterDuty:
    """Everything about the register that a watch needs. `follow` once the pipeline is there."""

    def __init__(self, text: RegisterText, site: Site, folder: Path, clock: Clock) -> None:
        self.text, self._site, self._clock = text, site, clock
        self.register = open_register(database_of(text, folder))
        self.office = Office(self.register, clock, settings_of(text, folder))
        self._say: Callable[[str], None] = lambda _: None
        senders = self._senders(folder)
        self._notices = NoticeRunner(RegisterOutbox(self.register), senders, clock, self._tell)
        self._pipeline: Pipeline | None = None
        self._thread: RulesThread | None = None

    def follow(
        self,
        pipeline: Pipeline,
        give: Callable[[AirspaceChange], None],
        on_change: Callable[[], None] = lambda: None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Bring the pipeline's rules to those in force, and keep them there: `give` takes each change."""
        self._pipeline, self._say = pipeline, say
        self._thread = RulesThread(
            RulesWatch(self.register, self._site, say),
            pipeline.airspace,
            self._clock,
            give,
            expire_due=self.office.tick,
            on_change=on_change,
            notices=self._notices,
            say=say,
        )
        self._thread.start()

    def go_on(self, pipeline: Pipeline) -> None:
        """Serve another pipeline of the same watch, which took over."""
        self._pipeline = pipeline
        if self._thread is not None:
            self._thread.go_on(pipeline.airspace)

    def _tell(self, sentence: str) -> None:
        self._say(sentence)  # whoever follows by now

    def wake(self) -> None:
        """Look at once: something was changed here."""
        if self._thread is not None:
            self._thread.wake()

    def applied(self) -> None:
        """Take note that the watch judges by the rules it was given: they can be shown."""
        if self._thread is not None:
            self._thread.show()

    def stop(self) -> None:
        """Follow no more, and let go of the database: whoever still asks opens it anew."""
        if self._thread is not None:
            self._thread.stop()
            self._thread = None
        self.register.close()

    def zones(self) -> tuple[Zone, ...]:
        """Return the zones that the watch judges by."""
        return self._site.zones if self._pipeline is None else self._pipeline.airspace.zones

    def permits(self) -> dict[str, Permit]:
        """Return the permits that the watch judges by."""
        return {} if self._pipeline is None else self._pipeline.airspace.permits

    def track_place(self, track_id: int) -> LonLat | None:
        """Return where a track is, None where there is none."""
        judgement = None if self._pipeline is None else self._pipeline.judgement
        if judgement is None:
            return None
        rows = np.flatnonzero(judgement.picture.track_id == track_id)
        if not len(rows):
            return None
        lat_deg, lon_deg, _ = self._site.origin.to_geodetic(judgement.picture.state[rows[0], :3])
        return float(lon_deg), float(lat_deg)

    def in_force(self) -> ZoneList:
        """Return all that is published now, for whoever takes it as a document."""
        now_utc_ns = self._clock.now_utc_ns()
        return ZoneList(
            format="ed318", zones=self.register.read().zones_at(now_utc_ns), issued_utc_ns=now_utc_ns
        )

    def _senders(self, folder: Path) -> dict[str, Sender]:
        hosts = Hosts(self.text.tell_hosts)
        senders: dict[str, Sender] = {
            "webhook": WebSender(hosts, "POST", "application/json", body_of),
            "ed318": WebSender(hosts, "PUT", "application/geo+json", self._document),
            "cot": CotSender(hosts, self._drawn),
        }
        if self.text.post is not None:
            senders["email"] = EmailSender(post_of(self.text.post, folder), self._site.name)
        return senders

    def _document(self, _: Notice) -> bytes:
        return write_zones(self.in_force(), "ed318")[0]

    def _drawn(self, notice: Notice, now_utc_ns: int) -> list[bytes]:
        """Return a restriction's outline as CoT events; one that is no longer in force is stale at once."""
        restriction = self.register.read().restriction(notice.subject)
        if restriction is None:
            return []
        source = CotSource(uid=f"SKYKEEP-{self._site.site_id}", callsign=f"Skykeep {self._site.name}")
        events = zone_events(_zone_of(restriction), self._site.origin, now_utc_ns, source)
        if restriction.published is None:
            events = tuple(
                msgspec.structs.replace(event, stale_utc_ns=event.start_utc_ns) for event in events
            )
        return [encode_xml(event) for event in events]


def _zone_of(restriction: AirspaceRestriction) -> Zone:
    return restriction.zone if restriction.published is None else restriction.published
