"""The `[[feeds]]` of a site's file: what brings data, how, and how much of it may come."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from skykeep.feeds.spout import BURST, RATE_PER_S

Name = Annotated[str, Meta(min_length=1, max_length=80)]
Port = Annotated[int, Meta(ge=1, le=65_535)]
Positive = Annotated[float, Meta(gt=0.0)]


class Udp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Datagrams to `port`; with `group`, those of a multicast group, on the interface of that address."""

    port: Port
    host: str = "0.0.0.0"  # noqa: S104
    group: str = ""
    interface: str = "0.0.0.0"  # noqa: S104


class Tcp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server that we dial, or with `listen` a port that sources dial."""

    host: str
    port: Port


class FeedBase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What all feeds share. `sensor` is the sensor they bring; left out where they bring several or none.

    `usual_way_s` is how long its data usually take; `clock_disciplined` says that its clock is to be
    believed (satellite time), so that what is late is late.
    """

    name: Name
    sensor: str = ""
    rate_per_s: Positive = RATE_PER_S
    burst: Annotated[int, Meta(ge=1)] = BURST
    usual_way_s: Annotated[float, Meta(ge=0.0, le=60.0)] = 0.1
    clock_tolerance_s: Positive = 0.3
    clock_disciplined: bool = False

    @property
    def sensor_ids(self) -> tuple[str, ...]:
        return (self.sensor,) if self.sensor else ()


class ByteFeed(FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One that comes as datagrams or over TCP: exactly one of `udp`, `tcp`, `listen`."""

    udp: Udp | None = None
    tcp: Tcp | None = None
    listen: Tcp | None = None


class AsterixFeed(ByteFeed, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="asterix"):
    """`editions` by category, e.g. {"48" = "1.21"}."""

    editions: dict[str, str] = {}


FeedText = AsterixFeed
