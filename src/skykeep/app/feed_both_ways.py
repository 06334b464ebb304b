"""Feeds of systems that are told as well as heard: SAPIENT nodes and parents, TAK servers and meshes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from skykeep import __version__
from skykeep.app import feed_text as t
from skykeep.app.bridge import standing_events
from skykeep.app.rules_told import RulesTold
from skykeep.domain.sensing import Sensor
from skykeep.domain.site import Site
from skykeep.feeds.cot_client import CotClient, CotServer, CotTls
from skykeep.feeds.cot_mesh import CotGroup, CotMesh
from skykeep.feeds.sapient_client import SapientClient, SapientClientSettings
from skykeep.feeds.sapient_server import SapientServer, SapientServerSettings
from skykeep.feeds.sapient_tls import TlsFiles
from skykeep.geo.frames import LocalFrame
from skykeep.wire.cot import CotPoint
from skykeep.wire.cot_inputs import CotInputs
from skykeep.wire.cot_source import CotSource
from skykeep.wire.sapient_place import SapientNode
from skykeep.wire.sapient_tell import Self


def sapient_server(
    text: t.SapientFeed, sensors: Mapping[str, Sensor], frame: LocalFrame, folder: Path
) -> SapientServer:
    """Return Skykeep as fusion node."""
    nodes = tuple(
        SapientNode(
            node_id=node.node_id,
            sensor=sensors[node.sensor],
            errors_in_metres=node.errors_in_metres,
            magnetic_declination_deg=node.magnetic_declination_deg,
            platform_heading_deg=node.platform_heading_deg,
            geoid_height_m=node.geoid_height_m,
            utm_zone=node.utm_zone,
            certificate_name=node.certificate_name,
        )
        for node in text.nodes
    )
    settings = SapientServerSettings(
        source_id=text.name,
        node_id=text.node_id,
        address=text.address,
        port=text.port,
        nodes=nodes,
        tls=_tls(text.tls, folder),
        messages_per_s=text.messages_per_s,
        most_connections=text.most_connections,
    )
    return SapientServer(settings, frame)


def sapient_parent(text: t.SapientParentFeed, site: Site, folder: Path) -> SapientClient:
    """Return Skykeep as edge node under a parent."""
    origin = site.origin
    me = Self(
        node_id=text.node_id,
        name=text.title,
        short_name=text.short_name,
        software_version=__version__,
        latitude_deg=origin.latitude_deg,
        longitude_deg=origin.longitude_deg,
        height_hae_m=origin.height_hae_m,
        reach_m=text.reach_m,
        status_interval_s=text.status_interval_s,
        maximum_latency_s=text.oldest_s,
    )
    return SapientClient(
        SapientClientSettings(
            source_id=text.name,
            address=text.address,
            port=text.port,
            me=me,
            parent_id=text.parent_id,
            tls=_tls(text.tls, folder),
            detections_per_s=text.detections_per_s,
            oldest_s=text.oldest_s,
        )
    )


def _tls(text: t.Tls | None, folder: Path) -> TlsFiles | None:
    if text is None:
        return None
    return TlsFiles(
        certificate=folder / text.certificate, key=folder / text.key, authorities=folder / text.authorities
    )


def cot_client(
    text: t.CotFeed, site: Site, rules: RulesTold, sensor: Sensor, folder: Path
) -> tuple[CotClient, CotSource, CotPoint]:
    """Return the feed of a TAK server, who we are to it, and where."""

    def path(name: str) -> str:
        return str(folder / name) if name else ""

    tls = CotTls(
        ca_file=path(text.ca_file),
        cert_file=path(text.cert_file),
        key_file=path(text.key_file),
        server_name=text.server_name,
    )
    server = CotServer(host=text.host, port=text.port, tls=tls if text.tls else None, protobuf=text.protobuf)
    source, place = _source(text), _place(site)
    client = CotClient(
        text.name,
        server,
        source=source,
        place=place,
        inputs=_inputs(text, site, sensor),
        standing=standing_events(site, source, rules),
    )
    return client, source, place


def cot_mesh(
    text: t.CotMeshFeed, site: Site, rules: RulesTold, sensor: Sensor
) -> tuple[CotMesh, CotSource, CotPoint]:
    """Return the feed of TAK's datagrams, who we are to them, and where."""
    group = CotGroup(
        address=text.address,
        port=text.port,
        listen_port=text.listen_port,
        interface=text.interface,
        hops=text.hops,
        protobuf=text.protobuf,
    )
    source, place = _source(text), _place(site)
    mesh = CotMesh(
        text.name,
        group,
        source=source,
        place=place,
        inputs=_inputs(text, site, sensor),
        standing=standing_events(site, source, rules),
    )
    return mesh, source, place


def _source(text: t.CotText) -> CotSource:
    return CotSource(
        uid=text.uid,
        callsign=text.callsign,
        opex=text.opex,
        group=text.group,
        role=text.role,
        version=__version__,
    )


def _place(site: Site) -> CotPoint:
    origin = site.origin
    return CotPoint(
        latitude_deg=origin.latitude_deg,
        longitude_deg=origin.longitude_deg,
        height_hae_m=origin.height_hae_m,
    )


def _inputs(text: t.CotText, site: Site, sensor: Sensor) -> CotInputs:
    return CotInputs(
        sensor,
        site.origin,
        own_uid=text.uid,
        detections_from=text.detections_from,
        serials=text.serials,
    )
