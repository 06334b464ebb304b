"""From a site's `[[feeds]]` to feeds that run."""

from __future__ import annotations

from collections.abc import Callable

from skykeep.app.feed_runner import FeedPlan
from skykeep.app.feed_text import AsterixFeed, ByteFeed, FeedBase
from skykeep.app.site_text import SiteFile
from skykeep.base.errors import SetupError
from skykeep.domain.feed import Framer, Translator
from skykeep.domain.site import Site
from skykeep.feeds.care import CareRules
from skykeep.feeds.feed import Feed
from skykeep.feeds.tcp import TcpClientFeed, TcpServerFeed
from skykeep.feeds.udp import UdpFeed


def plans_of(found: SiteFile, site: Site) -> list[FeedPlan]:
    """Return the feeds that a site's file asks for; SetupError names the one that cannot be made."""
    return [_plan(feed, site) for feed in found.feeds]


def _plan(text: FeedBase, site: Site) -> FeedPlan:
    period_s = {sensor.sensor_id: sensor.period_s for sensor in site.sensors}
    names = {text.name, *text.sensor_ids}
    rules = {
        name: CareRules(
            period_s=period_s.get(name, 0.0),
            usual_way_s=text.usual_way_s,
            clock_tolerance_s=text.clock_tolerance_s,
            clock_disciplined=text.clock_disciplined,
        )
        for name in names
    }
    return FeedPlan(_feed(text, site), rules, text.rate_per_s, text.burst)


def _feed(text: FeedBase, site: Site) -> Feed:
    match text:
        case AsterixFeed():
            raise SetupError(f"feed {text.name!r}: not yet")
    raise SetupError(f"feed {text.name!r}: kind not known")


def byte_feed(text: ByteFeed, translator: Translator, make_framer: Callable[[], Framer] | None) -> Feed:
    """Return the feed for how a source's bytes come; SetupError unless exactly one way is given."""
    ways = [way for way in (text.udp, text.tcp, text.listen) if way is not None]
    if len(ways) != 1:
        raise SetupError(f"feed {text.name!r}: has {len(ways)} of udp, tcp and listen, must have exactly one")
    if text.udp is not None:
        udp = text.udp
        return UdpFeed(text.name, translator, udp.port, udp.host, udp.group, udp.interface)
    if make_framer is None:
        raise SetupError(f"feed {text.name!r}: comes in datagrams only, must have udp")
    if text.tcp is not None:
        return TcpClientFeed(text.name, translator, make_framer, text.tcp.host, text.tcp.port)
    assert text.listen is not None
    return TcpServerFeed(text.name, translator, make_framer, text.listen.port, text.listen.host)
