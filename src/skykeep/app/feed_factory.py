"""From a site's `[[feeds]]` to feeds that run, and to the sinks that are told what the watch thinks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from skykeep.app import feed_text as t
from skykeep.app.bridge import CotSink, OfferSink, Sink
from skykeep.app.feed_both_ways import cot_client, cot_mesh, sapient_parent, sapient_server
from skykeep.app.feed_runner import FeedPlan
from skykeep.app.rules_told import RulesTold
from skykeep.app.site_text import SiteFile
from skykeep.base.errors import SetupError
from skykeep.domain.feed import Framer, Translator
from skykeep.domain.sensing import Sensor, SensorKind
from skykeep.domain.site import Site
from skykeep.feeds.aircraft_json_feed import AircraftJsonFeed, http_address
from skykeep.feeds.asterix_out import AsterixOut
from skykeep.feeds.care import CareRules
from skykeep.feeds.contract_door import Door, DoorFeed
from skykeep.feeds.contract_mqtt import Broker, ContractMqttFeed
from skykeep.feeds.courageous_feed import CourageousFeed
from skykeep.feeds.feed import Feed
from skykeep.feeds.remoteid_monitor import RemoteIdMonitor
from skykeep.feeds.remoteid_provider import RemoteIdProvider, View
from skykeep.feeds.tcp import TcpClientFeed, TcpServerFeed
from skykeep.feeds.udp import UdpFeed
from skykeep.wire.adsb_clock import CounterKind
from skykeep.wire.adsb_inputs import ModeSInputs
from skykeep.wire.adsb_lines import avr_framer, line_framer
from skykeep.wire.aircraft_json_inputs import AircraftJsonInputs
from skykeep.wire.asterix_fast import warm_up_reader
from skykeep.wire.asterix_inputs import AsterixFramer, AsterixSource, AsterixTranslator
from skykeep.wire.asterix_out import SystemIdentity
from skykeep.wire.beast import BeastFramer
from skykeep.wire.contract_codec import LineFramer
from skykeep.wire.contract_inputs import ContractInputs
from skykeep.wire.courageous_inputs import CourageousInputs
from skykeep.wire.mavlink import MavlinkFramer
from skykeep.wire.mavlink_inputs import MavlinkTranslator
from skykeep.wire.remoteid_inputs import RemoteIdInput
from skykeep.wire.remoteid_network_inputs import NetworkRemoteIdInput
from skykeep.wire.sbs_inputs import SbsInputs

M_PER_KM = 1_000.0


class FeedMaker:
    """Makes what one site's file asks for; paths in it are relative to `folder`.

    `door` is where a server brings what comes over HTTP, `tokens` who may; `sinks` fill as feeds are made.
    `rules` are those that TAK servers are told, kept by whoever hears of changes.
    """

    def __init__(self, found: SiteFile, site: Site, folder: Path) -> None:
        self._found, self._site, self._folder = found, site, folder
        self._sensors = {sensor.sensor_id: sensor for sensor in site.sensors}
        self.door = Door()
        self.tokens: dict[str, str] = {}
        self.people: t.PeopleFeed | None = None
        self.sinks: list[Sink] = []
        self.rules = RulesTold(site)

    def plans(self) -> list[FeedPlan]:
        """Return all feeds; SetupError names the one that cannot be made."""
        return [self.plan(text) for text in self._found.feeds]

    def plan(self, text: t.FeedText) -> FeedPlan:
        """Return one feed; SetupError says why it cannot be made."""
        heard_every_s = {sensor.id: sensor.heard_every_s for sensor in self._found.sensors}
        rules = {
            name: CareRules(
                period_s=heard_every_s.get(name, 0.0),
                usual_way_s=text.usual_way_s,
                clock_tolerance_s=text.clock_tolerance_s,
                clock_disciplined=text.clock_disciplined,
                hears=not isinstance(text, t.AsterixOutFeed | t.SapientParentFeed),
            )
            for name in {text.name, *text.sensor_ids}
        }
        try:
            feed = self._feed(text)
        except (SetupError, ValueError) as error:
            raise SetupError(f"feed {text.name!r}: {error}") from error
        return FeedPlan(feed, rules, text.rate_per_s, text.burst)

    def _feed(self, text: t.FeedText) -> Feed:
        frame = self._site.origin
        match text:
            case t.AsterixFeed():
                return byte_feed(text, self._asterix(text), AsterixFramer)
            case t.AsterixOutFeed():
                system = SystemIdentity(
                    area_code=text.sac, identification_code=text.sic, service=text.service
                )
                display = AsterixOut(text.name, system, text.host, text.port, text.hops, text.interface)
                self.sinks.append(OfferSink(display))
                return display
            case t.RemoteIdFeed():
                return byte_feed(text, RemoteIdInput(self._sensor(text), frame), LineFramer)
            case t.RemoteIdMonitorFeed():
                return RemoteIdMonitor(text.name, text.interface, RemoteIdInput(self._sensor(text), frame))
            case t.NetworkRemoteIdFeed():
                return self._provider(text)
            case t.AdsbFeed():
                return self._adsb(text)
            case t.AircraftJsonFeed():
                return self._aircraft_json(text)
            case t.SapientFeed():
                return sapient_server(text, self._sensors, frame, self._folder)
            case t.SapientParentFeed():
                parent = sapient_parent(text, self._site, self._folder)
                self.sinks.append(OfferSink(parent))
                return parent
            case t.CotFeed():
                client, source, place = cot_client(
                    text, self._site, self.rules, self._sensor(text), self._folder
                )
                self.sinks.append(CotSink(client, source, place, self._site.origin))
                return client
            case t.CotMeshFeed():
                mesh, source, place = cot_mesh(text, self._site, self.rules, self._sensor(text))
                self.sinks.append(CotSink(mesh, source, place, self._site.origin))
                return mesh
            case t.MavlinkFeed():
                return byte_feed(text, self._mavlink(text), MavlinkFramer)
            case t.ContractFeed():
                return byte_feed(text, ContractInputs(self._named(text), frame), LineFramer)
            case t.MqttFeed():
                return self._mqtt(text)
            case t.HttpFeed():
                return self._http(text)
            case t.PeopleFeed():
                return self._people(text)
            case t.CourageousFeed():
                inputs = CourageousInputs(self._named(text), frame, geoid_m=text.geoid_m)
                return CourageousFeed(text.name, self._folder / text.path, inputs)

    def _named(self, text: t.FeedBase) -> Sensor:
        """Return the sensor that a feed must name."""
        if not text.sensor:
            raise SetupError("sensor is missing, must name a sensor of this site")
        return self._sensors[text.sensor]

    def _sensor(self, text: t.FeedBase) -> Sensor:
        """Return the sensor that a feed names; one that brings only claims may do without."""
        if text.sensor:
            return self._sensors[text.sensor]
        return Sensor(
            sensor_id=text.name,
            name=text.name,
            kind=SensorKind.REMOTE_ID,
            measures=None,
            position_enu_m=(0.0, 0.0, 0.0),
            coverage_range_m=50_000.0,
            independent=False,
        )

    def _asterix(self, text: t.AsterixFeed) -> AsterixTranslator:
        senders = [
            AsterixSource(
                sensor=self._sensors[each.sensor],
                code=(each.sac, each.sic),
                editions=_editions(each.editions),
            )
            for each in text.senders
        ]
        if text.sensor:
            senders.append(AsterixSource(sensor=self._sensors[text.sensor]))
        # Compiled here, before any feed is open, and not on the first datagram.
        warm_up_reader()
        return AsterixTranslator(senders, self._site.origin, _editions(text.editions))

    def _provider(self, text: t.NetworkRemoteIdFeed) -> RemoteIdProvider:
        south, west, north, east = text.view
        view = View(south_deg=south, west_deg=west, north_deg=north, east_deg=east)
        inputs = NetworkRemoteIdInput(self._sensor(text), self._site.origin)
        token = self._folder / text.token_file if text.token_file else None
        return RemoteIdProvider(text.name, text.url, view, inputs, token, text.period_s)

    def _adsb(self, text: t.AdsbFeed) -> Feed:
        sensor, frame, reach_m = self._sensor(text), self._site.origin, text.reach_km * M_PER_KM
        if text.format == "sbs":
            inputs = SbsInputs(sensor, frame, times_are_utc=text.times_are_utc, reach_m=reach_m)
            return byte_feed(text, inputs, line_framer)
        as_text, make_framer = text.format == "avr", avr_framer if text.format == "avr" else BeastFramer
        counter = CounterKind(text.counter)
        frames = ModeSInputs(sensor, frame, text=as_text, counter=counter, reach_m=reach_m)
        return byte_feed(text, frames, make_framer)

    def _aircraft_json(self, text: t.AircraftJsonFeed) -> AircraftJsonFeed:
        if bool(text.url) == bool(text.path):
            raise SetupError("has both or neither of url and path, must have exactly one")
        address = http_address(text.url, text.allow_plain_http) if text.url else self._folder / text.path
        inputs = AircraftJsonInputs(self._sensor(text), self._site.origin, reach_m=text.reach_km * M_PER_KM)
        return AircraftJsonFeed(text.name, address, inputs, text.period_s)

    def _mavlink(self, text: t.MavlinkFeed) -> MavlinkTranslator:
        try:
            serials = {int(system): serial for system, serial in text.serials.items()}
        except ValueError as error:
            raise SetupError("serials: a system id is no number, must be 1 to 255") from error
        key = bytes.fromhex(self._secret(text.signing_key_file)) if text.signing_key_file else None
        return MavlinkTranslator(
            self._sensor(text),
            self._site.origin,
            serials=serials,
            signing_key=key,
            geoid_height_m=text.geoid_height_m,
        )

    def _mqtt(self, text: t.MqttFeed) -> ContractMqttFeed:
        sensor = self._named(text)
        broker = Broker(
            host=text.host,
            port=text.port,
            user=text.user or None,
            password=self._secret(text.password_file) if text.password_file else None,
            tls=text.tls,
            ca_file=self._path(text.ca_file),
            certificate_file=self._path(text.certificate_file),
            key_file=self._path(text.key_file),
            plain_is_safe=text.plain_is_safe,
        )
        inputs = ContractInputs(sensor, self._site.origin)
        return ContractMqttFeed(broker, sensor.sensor_id, inputs, source_id=text.name)

    def _http(self, text: t.HttpFeed) -> DoorFeed:
        self._need_intake()
        sensor = self._named(text)
        self.tokens[sensor.sensor_id] = self._secret(text.token_file)
        return DoorFeed(self.door, sensor.sensor_id, ContractInputs(sensor, self._site.origin), text.name)

    def _people(self, text: t.PeopleFeed) -> DoorFeed:
        self._need_intake()
        if self.people is not None:
            raise SetupError("is a second report page, must be the only one")
        try:
            ZoneInfo(text.time_zone)
        except (OSError, ValueError, KeyError) as error:
            raise SetupError(f"time_zone is {text.time_zone!r}, must be a zone's name") from error
        self.people, sensor = text, self._named(text)
        return DoorFeed(self.door, sensor.sensor_id, ContractInputs(sensor, self._site.origin), text.name)

    def _need_intake(self) -> None:
        if self._found.intake is None:
            raise SetupError("comes over HTTP, so the file must have an [intake] with host and port")

    def _path(self, name: str) -> Path | None:
        return self._folder / name if name else None

    def _secret(self, name: str) -> str:
        path = self._folder / name
        try:
            lines = path.read_text(encoding="ascii").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SetupError(f"{path}: cannot be read: {error}") from error
        return lines[0].strip()


def _editions(text: Mapping[str, str]) -> dict[int, str]:
    try:
        return {int(category): edition for category, edition in text.items()}
    except ValueError as error:
        raise SetupError(f'editions: {error}, must be categories such as "48"') from error


def byte_feed(text: t.ByteFeed, translator: Translator, make_framer: Callable[[], Framer]) -> Feed:
    """Return the feed for how a source's bytes come; SetupError unless exactly one way is given."""
    ways = [way for way in (text.udp, text.tcp, text.listen) if way is not None]
    if len(ways) != 1:
        raise SetupError(f"has {len(ways)} of udp, tcp and listen, must have exactly one")
    if text.udp is not None:
        udp = text.udp
        return UdpFeed(text.name, translator, udp.port, udp.host, udp.group, udp.interface)
    if text.tcp is not None:
        return TcpClientFeed(text.name, translator, make_framer, text.tcp.host, text.tcp.port)
    assert text.listen is not None
    return TcpServerFeed(text.name, translator, make_framer, text.listen.port, text.listen.host)
