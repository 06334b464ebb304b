"""What SAPIENT tests on loopback share: an outlet that keeps everything, certificates, a server that runs."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Sized
from contextlib import asynccontextmanager
from pathlib import Path

import trustme

from sapient_peer import PATIENCE_S
from skykeep.domain.feed import Refusal, Taken
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind
from skykeep.feeds.sapient_server import SapientServer, SapientServerSettings
from skykeep.feeds.sapient_tls import TlsFiles
from skykeep.geo.frames import LocalFrame
from skykeep.wire.sapient_place import SapientNode

FRAME = LocalFrame(latitude_deg=43.73, longitude_deg=7.42, height_hae_m=50.0)
US = "11111111-2222-4333-8444-555555555555"
RADAR, CAMERA = "a8654cdf-4328-47de-81fa-c495589e30c9", "b8654cdf-4328-47de-81fa-c495589e30c9"


class KeepingOutlet:
    """Keeps all that is put and said; `until` waits for what is to come."""

    def __init__(self) -> None:
        self.records: list[object] = []
        self.refusals: list[Refusal] = []
        self.sentences: list[str] = []
        self.admitting = True
        self._changed = asyncio.Event()

    def now_utc_ns(self) -> int:
        return time.time_ns()

    def pause_s(self) -> float:
        return 0.0

    def lost(self, messages: int) -> None: ...

    def admit(self, messages: int = 1) -> bool:
        return self.admitting

    def put(self, taken: Taken) -> None:
        self.records += taken.records
        self.refusals += taken.refusals
        self._changed.set()

    def said(self, sentence: str) -> None:
        self.sentences.append(sentence)
        self._changed.set()

    def heard(self, part: str) -> bool:
        return any(part in sentence for sentence in self.sentences)

    async def until_heard(self, part: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not self.heard(part):
                self._changed.clear()
                await self._changed.wait()

    async def until_records(self, number: int) -> None:
        await self._until_length(self.records, number)

    async def until_sentences(self, number: int) -> None:
        await self._until_length(self.sentences, number)

    async def _until_length(self, kept: Sized, number: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while len(kept) < number:
                self._changed.clear()
                await self._changed.wait()


def sensor(sensor_id: str, name: str) -> Sensor:
    return Sensor(
        sensor_id=sensor_id,
        name=name,
        kind=SensorKind.RADAR,
        measures=MeasurementKind.POSITION,
        position_enu_m=(0.0, 0.0, 10.0),
        coverage_range_m=5_000.0,
    )


NODES = (
    SapientNode(node_id=RADAR, sensor=sensor("radar-1", "North radar")),
    SapientNode(node_id=CAMERA, sensor=sensor("camera-1", "Roof camera")),
)


def settings(**more: object) -> SapientServerSettings:
    usual: dict[str, object] = {
        "source_id": "sapient",
        "node_id": US,
        "address": "127.0.0.1",
        "port": 0,
        "nodes": NODES,
    }
    return SapientServerSettings(**{**usual, **more})  # type: ignore[arg-type]


@asynccontextmanager
async def serving(server: SapientServer, outlet: KeepingOutlet) -> AsyncIterator[int]:
    """Run a server and give its port."""
    running = asyncio.ensure_future(server.run(outlet))
    try:
        await asyncio.wait_for(server.listening.wait(), PATIENCE_S)
        yield server.port
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


class Authority:
    """A certificate authority of its own, with what it signed, as files in a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self._authority = trustme.CA()
        self._folder = folder / name
        self._folder.mkdir()
        self.authorities = self._folder / "authorities.pem"
        self._authority.cert_pem.write_to_path(str(self.authorities))

    def files(self, name: str, trusting: Authority | None = None) -> TlsFiles:
        """Return the files of one side: its certificate for `name`, and whom it trusts."""
        leaf = self._authority.issue_cert(name, common_name=name)
        certificate, key = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        certificate.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        leaf.private_key_pem.write_to_path(str(key))
        return TlsFiles(certificate=certificate, key=key, authorities=(trusting or self).authorities)


def peer_context(files: TlsFiles, *, with_certificate: bool = True) -> ssl.SSLContext:
    """Return a client's context made without our code."""
    context = ssl.create_default_context(cafile=str(files.authorities))
    if with_certificate:
        context.load_cert_chain(files.certificate, files.key)
    return context
