"""The `[[feeds]]` of a site's file: what brings data, how, and how much of it may come.

Paths are relative to the file. Files of keys and tokens are named here, never their contents.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from skykeep.feeds.spout import BURST, RATE_PER_S

Name = Annotated[str, Meta(min_length=1, max_length=80)]
Port = Annotated[int, Meta(ge=1, le=65_535)]
Positive = Annotated[float, Meta(gt=0.0, le=1e7)]
Degrees = Annotated[float, Meta(ge=-360.0, le=360.0)]
Code = Annotated[int, Meta(ge=0, le=255)]


class Text(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class Udp(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Datagrams to `port`; with `group`, those of a multicast group, on the interface of that address."""

    port: Port
    host: str = "0.0.0.0"  # noqa: S104
    group: str = ""
    interface: str = "0.0.0.0"  # noqa: S104


class Tcp(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server that we dial, or for `listen` where sources dial us."""

    host: str
    port: Port


class Tls(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """PEM files: ours with its chain, its key, and who signs the other side's."""

    certificate: str
    key: str
    authorities: str


class FeedBase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What all feeds share. `sensor` is the sensor that they bring; kinds that bring several name them
    otherwise.

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
        """The sensors it names."""
        return (self.sensor,) if self.sensor else ()


class ByteFeed(FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One that comes as datagrams or over TCP: exactly one of `udp`, `tcp`, `listen`."""

    udp: Udp | None = None
    tcp: Tcp | None = None
    listen: Tcp | None = None


class AsterixSender(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sender on an ASTERIX feed, by its area and identification code."""

    sensor: Name
    sac: Code
    sic: Code
    editions: dict[str, str] = {}


class AsterixFeed(ByteFeed, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="asterix"):
    """`editions` by category, e.g. {"48" = "1.21"}; `sensor` is any sender that `senders` do not name."""

    editions: dict[str, str] = {}
    senders: tuple[AsterixSender, ...] = ()

    @property
    def sensor_ids(self) -> tuple[str, ...]:
        return (*((self.sensor,) if self.sensor else ()), *(each.sensor for each in self.senders))


class AsterixOutFeed(FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="asterix_out"):
    """Tracks out as CAT062, to one address or a multicast group; `sac` and `sic` are ours."""

    sac: Code
    sic: Code
    service: Annotated[int, Meta(ge=0, le=255)] = 1
    host: Name
    port: Port
    hops: Annotated[int, Meta(ge=0, le=127)] = 1
    interface: str = ""


class RemoteIdFeed(ByteFeed, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="remote_id"):
    """What receivers hear, as lines of JSON or hex."""


class RemoteIdMonitorFeed(
    FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="remote_id_monitor"
):
    """A Wi-Fi card of this machine in monitor mode."""

    interface: Name


class NetworkRemoteIdFeed(
    FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="network_remote_id"
):
    """A service provider, asked every `period_s`; `view` is south, west, north, east in degrees."""

    url: Name
    token_file: str = ""
    view: tuple[Degrees, Degrees, Degrees, Degrees]
    period_s: Annotated[float, Meta(ge=1.0, le=60.0)] = 3.0


class AdsbFeed(ByteFeed, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="adsb"):
    """A receiver's output: Beast, AVR or SBS."""

    format: Literal["beast", "avr", "sbs"] = "beast"
    counter: Literal["12MHz", "gps", "none"] = "12MHz"
    times_are_utc: bool = False
    reach_km: Annotated[float, Meta(gt=0.0, le=20_000.0)] = 500.0


class AircraftJsonFeed(FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="aircraft_json"):
    """The document that readsb, tar1090 and dump1090 keep; a URL or a file."""

    url: str = ""
    path: str = ""
    period_s: Annotated[float, Meta(gt=0.0, le=60.0)] = 1.0
    reach_km: Annotated[float, Meta(gt=0.0, le=20_000.0)] = 500.0
    allow_plain_http: bool = False


class SapientNodeText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    node_id: Name
    sensor: Name
    certificate_name: str = ""
    errors_in_metres: bool = False
    geoid_height_m: float | None = None
    magnetic_declination_deg: Degrees | None = None
    platform_heading_deg: Degrees | None = None
    utm_zone: str = ""


class SapientFeed(FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="sapient_server"):
    """Skykeep as fusion node: edge nodes dial `port`."""

    node_id: Name
    address: str = "127.0.0.1"
    port: Port
    nodes: tuple[SapientNodeText, ...]
    tls: Tls | None = None
    messages_per_s: Positive = 100.0
    most_connections: Annotated[int, Meta(ge=1, le=1_000)] = 64

    @property
    def sensor_ids(self) -> tuple[str, ...]:
        return tuple(node.sensor for node in self.nodes)


class SapientParentFeed(
    FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="sapient_parent"
):
    """Skykeep as edge node: tracks go out to a parent."""

    address: Name
    port: Port
    node_id: Name
    parent_id: str = ""
    title: Name = "Skykeep"
    short_name: Name = "Skykeep"
    reach_m: Positive = 5_000.0
    tls: Tls | None = None
    status_interval_s: Positive = 5.0
    detections_per_s: Positive = 12.5
    oldest_s: Positive = 0.9


class CotText(FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What both forms of Cursor on Target share: who we are, and whose detections are used."""

    uid: Name
    callsign: Name = "SKYKEEP"
    group: Name = "Cyan"
    role: Name = "HQ"
    opex: Literal["", "o", "e", "s"] = ""
    protobuf: bool = False
    detections_from: tuple[str, ...] = ()
    serials: dict[str, str] = {}


class CotFeed(CotText, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="cot"):
    """One TAK server, both ways; `tls` false is in the open."""

    host: Name
    port: Port = 8089
    tls: bool = True
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    server_name: str = ""


class CotMeshFeed(CotText, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="cot_mesh"):
    """TAK's datagrams, both ways."""

    address: str = "239.2.3.1"
    port: Port = 6969
    listen_port: Annotated[int, Meta(ge=0, le=65_535)] = 0
    interface: str = ""
    hops: Annotated[int, Meta(ge=0, le=255)] = 1


class MavlinkFeed(ByteFeed, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="mavlink"):
    """Drones that are ours or permitted. `serials` by system id."""

    serials: dict[str, str] = {}
    geoid_height_m: float | None = None
    signing_key_file: str = ""


class ContractFeed(ByteFeed, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="contract"):
    """The JSON contract as lines over TCP, or one message a datagram."""


class MqttFeed(FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="contract_mqtt"):
    """The JSON contract through an MQTT broker; the password is the first line of `password_file`."""

    host: str = "127.0.0.1"
    port: Port = 1883
    user: str = ""
    password_file: str = ""
    tls: bool = False
    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""
    plain_is_safe: bool = False


class HttpFeed(FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="contract_http"):
    """The JSON contract over HTTP, at the port of `[intake]`; the token is the first line of its file."""

    token_file: Name


class PeopleFeed(FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="people"):
    """The report page for people, at the port of `[intake]`."""

    place: Name
    time_zone: Name
    contacts_file: str = ""


class CourageousFeed(FeedBase, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="courageous"):
    """A COURAGEOUS document that its system writes anew."""

    path: Name
    geoid_m: float = 0.0


FeedText = (
    AsterixFeed
    | AsterixOutFeed
    | RemoteIdFeed
    | RemoteIdMonitorFeed
    | NetworkRemoteIdFeed
    | AdsbFeed
    | AircraftJsonFeed
    | SapientFeed
    | SapientParentFeed
    | CotFeed
    | CotMeshFeed
    | MavlinkFeed
    | ContractFeed
    | MqttFeed
    | HttpFeed
    | PeopleFeed
    | CourageousFeed
)
