"""Whether a site's sources are there: its feeds are run for some seconds and listened to, without a watch."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from skykeep.app.feed_factory import FeedMaker
from skykeep.app.feed_runner import FeedRunner
from skykeep.app.ground_text import terrain_of
from skykeep.app.register_text import database_of, settings_of
from skykeep.app.site_text import SiteFile, site_of
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.feed import SourceHealth, SourceState
from skykeep.domain.permit import GRANTED
from skykeep.domain.register import ReleaseState
from skykeep.feeds.inbox import Inbox
from skykeep.feeds.system_clock import SystemClock
from skykeep.store.register import open_register

GOOD = (SourceState.OK, SourceState.CLOCK_WRONG)


class SourceFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One source in plain words; `good` when its data could be used."""

    source_id: str
    good: bool
    says: str


def listen_to(
    found: SiteFile, folder: Path, seconds: float, sleep: Callable[[float], None] = time.sleep
) -> tuple[SourceFinding, ...]:
    """Run a site's feeds for so long and say how each source is; nothing of what came is kept.

    `folder` is where the file lies. What comes over HTTP has no door here and stays unheard.
    """
    site = site_of(found, folder)
    if found.terrain is not None:
        terrain_of(found.terrain, site.origin, folder)
    inbox, said = Inbox(), dict[str, list[str]]()
    maker, plans, broken = FeedMaker(found, site, folder), [], []
    for text in found.feeds:
        try:
            plans.append(maker.plan(text))
        except SetupError as error:
            broken.append(SourceFinding(source_id=text.name, good=False, says=f"{error}."))
    runner = FeedRunner(plans, site.sensors, inbox, SystemClock())
    with runner:
        sleep(seconds)
        for event in runner.look_up():
            said.setdefault(event.source_id, []).append(event.says)
        health = runner.health()
    heard = {each.source_id for each in health}
    quiet = {sensor.id for sensor in found.sensors if sensor.heard_every_s == 0.0}
    may_wait = quiet | {feed.name for feed in found.feeds if set(feed.sensor_ids) <= quiet}
    findings = [
        _finding(each, said.get(each.source_id, []), seconds, each.source_id in may_wait) for each in health
    ]
    unheard = "No feed has brought anything of it."
    findings += [
        SourceFinding(source_id=sensor.sensor_id, good=False, says=unheard)
        for sensor in site.sensors
        if sensor.sensor_id not in heard | quiet
    ]
    return tuple(broken + findings)


def look_at_register(found: SiteFile, folder: Path) -> SourceFinding | None:
    """Say how a site's register is, None where it has none; one that is not there the watch makes."""
    text = found.register
    if text is None:
        return None
    place = database_of(text, folder)
    if isinstance(place, Path) and not place.exists():
        return SourceFinding(
            source_id="register", good=True, says=f"{place}: not there yet, the watch makes it."
        )
    try:
        settings_of(text, folder)
        register = open_register(place)
    except (SetupError, LinkError) as error:
        return SourceFinding(source_id="register", good=False, says=f"{error}.")
    with register:
        reader = register.read()
        permits = len(reader.permits(GRANTED))
        published = sum(each.published is not None for each in reader.restrictions())
        held = [each.source for each in reader.releases(with_lists=False) if each.state is ReleaseState.HELD]
        waiting = len(reader.deliveries())
    says = [
        f"{permits} permits granted, {published} restrictions in force, {waiting} notices still to be told."
    ]
    if held:
        says.append(f"Lists that wait for a person's yes: {', '.join(sorted(set(held)))}.")
    unkeyed = [name for name in text.doors.key_files if not (folder / name).is_file()] if text.doors else []
    if unkeyed:
        says.append(f"Keys that are not there: {', '.join(unkeyed)}.")
    return SourceFinding(source_id="register", good=not unkeyed, says=" ".join(says))


def _finding(health: SourceHealth, said: list[str], seconds: float, may_wait: bool) -> SourceFinding:
    parts = list(health.says)
    if health.heard:
        lost = health.dropped_rate + health.dropped_kernel + health.dropped_full
        parts.append(
            f"Heard {health.heard:,} messages in {seconds:g} s: {health.records:,} records, "
            f"{health.refused:,} refused, {lost:,} lost."
        )
    if health.refused_because:
        reason, count = max(health.refused_because.items(), key=lambda item: item[1])
        parts.append(f"Refused most ({count:,}): {reason}.")
    if health.latency_s is not None:
        parts.append(f"Its data take {health.latency_s:.2f} s.")
    if health.drift_ppm is not None:
        parts.append(f"Its clock drifts {health.drift_ppm:+.0f} millionths.")
    parts += [sentence for sentence in said if sentence not in parts][-3:]
    return SourceFinding(
        source_id=health.source_id,
        good=(health.state in GOOD or (may_wait and health.state is SourceState.WAITING))
        and health.refused == 0,
        says=" ".join(parts) or "Nothing the matter.",
    )
