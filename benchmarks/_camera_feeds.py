"""Cameras as a site has them: each sends messages of the contract, stamped by its own clock, and every
message is some time on its way. A feed's outlet, the inbox and the whole pipeline take them; only the sockets
are left out.

Nobody tells the watch what a camera's clock shows. It sees when messages come, and puts their times right by
that (`feeds/clock_watch.py`). What that leaves is the tracker's to know: the site gives each clock a prior
sigma, `CLOCK_SIGMA_S`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec
import numpy as np
from _camera_tracks import Notebook, Tracked

from skykeep import __version__
from skykeep.app.bare_site import bare_site
from skykeep.base.clock import NS_PER_S, ManualClock
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.commands import Tick
from skykeep.domain.record import EntryRole
from skykeep.domain.registration import SensorBias
from skykeep.domain.sensing import Scan, Sensor
from skykeep.domain.track import Picture
from skykeep.engine.outputs import RunHeader
from skykeep.engine.pipeline import Pipeline
from skykeep.feeds.care import CareRules
from skykeep.feeds.inbox import Inbox
from skykeep.feeds.spout import Spout
from skykeep.geo.frames import LocalFrame
from skykeep.models.camera import directions_of
from skykeep.wire.contract import BearingDetection, Detections
from skykeep.wire.contract_codec import encode
from skykeep.wire.contract_inputs import ContractInputs

ORIGIN = LocalFrame(latitude_deg=45.0, longitude_deg=10.0, height_hae_m=100.0)
"""Anywhere: the sets do not say where on Earth they were flown."""
WAY_S = (0.05, 0.15)
"""The least and the most that a message is on its way."""
CLOCK_SIGMA_S = 0.05
HEADER = RunHeader(
    mode="LIVE", scenario="cameras", seed=0, simulated=False, version=__version__, terrain_sha256=""
)


class FeedCamera(msgspec.Struct, frozen=True):
    """A camera that sends; rows are frames, in order. `stamp_utc_ns` (n,) is what its own clock shows,
    `true_utc_ns` (n,) when it was; bearings (azimuth, elevation) and their sigmas (n, 2) are in the site's
    frame, in rad.
    """

    sensor: Sensor
    stamp_utc_ns: IntArray
    true_utc_ns: IntArray
    bearings_rad: FloatArray
    sigma_rad: FloatArray


class Arrival(msgspec.Struct, frozen=True, order=True):
    """One message at our door: from which camera, and of which of its frames."""

    received_utc_ns: int
    camera: int
    row: int
    data: bytes


class Followed(msgspec.Struct, frozen=True):
    """What came of it. `off_s` has an array per camera: by how much its times were too late, frame by frame,
    when the tracker got them; `refused` how many frames it did not get, `early` how many it got as they were
    stamped, before the clock could be known.
    """

    tracked: Tracked
    messages: int
    off_s: tuple[FloatArray, ...]
    refused: tuple[int, ...]
    early: tuple[int, ...]
    biases: tuple[SensorBias, ...]
    processor_s: float


def messages_of(camera: FeedCamera) -> list[bytes]:
    """Return what the camera sends, a message a frame: bearings by its own north and its own horizon."""
    latitude_deg, longitude_deg, height_m = ORIGIN.to_geodetic(np.array(camera.sensor.position_enu_m))
    own = LocalFrame(
        latitude_deg=float(latitude_deg), longitude_deg=float(longitude_deg), height_hae_m=float(height_m)
    )
    turn = own.rotation_ecef_to_enu() @ ORIGIN.rotation_ecef_to_enu().T
    east, north, up = (directions_of(camera.bearings_rad) @ turn.T).T
    bearing_deg = np.degrees(np.arctan2(east, north)) % 360.0
    bearing_deg[bearing_deg >= 360.0] = 0.0  # a hair west of north
    elevation_deg = np.degrees(np.arctan2(up, np.hypot(east, north)))
    columns = np.column_stack((bearing_deg, elevation_deg, np.degrees(camera.sigma_rad))).tolist()
    return [
        encode(
            Detections(
                sensor_id=camera.sensor.sensor_id,
                sequence=row,
                time_utc=stamp_utc_ns,
                detections=(
                    BearingDetection(
                        bearing_deg=bearing,
                        bearing_sigma_deg=bearing_sigma,
                        elevation_deg=elevation,
                        elevation_sigma_deg=elevation_sigma,
                    ),
                ),
            )
        )
        for row, (stamp_utc_ns, (bearing, elevation, bearing_sigma, elevation_sigma)) in enumerate(
            zip(camera.stamp_utc_ns.tolist(), columns, strict=True)
        )
    ]


def arrivals_of(cameras: Sequence[FeedCamera], seed: int) -> list[Arrival]:
    """Return all messages in the order in which they arrive: frames of one camera may change places."""
    dice = np.random.default_rng(seed)
    arrivals = []
    for index, camera in enumerate(cameras):
        messages = messages_of(camera)
        way_ns = np.rint(dice.uniform(*WAY_S, len(messages)) * NS_PER_S).astype(np.int64)
        for row, received_utc_ns in enumerate((camera.true_utc_ns + way_ns).tolist()):
            arrivals.append(Arrival(received_utc_ns, index, row, messages[row]))
    return sorted(arrivals)


class Discard:
    """A log that keeps nothing."""

    def append(self, _time_utc_ns: int, _role: EntryRole, _kind: str, _payload: bytes, /) -> int:
        return 0


class CameraWatch:
    """The live path, each camera a feed of its own, without sockets."""

    def __init__(self, sensors: tuple[Sensor, ...], usual_way_s: float, now_utc_ns: int) -> None:
        self._clock, self._inbox = ManualClock(now_utc_ns), Inbox()
        site = bare_site("cameras", "cameras", ORIGIN, sensors)
        self._pipeline = Pipeline(HEADER, site, None, Discard(), start_utc_ns=now_utc_ns)
        self._inputs = [ContractInputs(sensor, ORIGIN) for sensor in sensors]
        self._spouts = [self._spout(sensor, usual_way_s) for sensor in sensors]

    def _spout(self, sensor: Sensor, usual_way_s: float) -> Spout:
        rules = CareRules(period_s=sensor.period_s, usual_way_s=usual_way_s)
        return Spout(sensor.sensor_id, self._inbox, self._clock, lambda _: rules)

    def arrive(self, arrival: Arrival) -> Scan | None:
        """Take one message as a feed does; return the scan it became, None where the pipeline refused it."""
        self._clock.set_utc_ns(arrival.received_utc_ns)
        spout = self._spouts[arrival.camera]
        received_utc_ns = spout.now_utc_ns()
        if spout.admit():
            spout.put(self._inputs[arrival.camera].take(arrival.data, received_utc_ns))
        record = self._inbox.take(0.0)
        if record is None or self._pipeline.receive(record) is not None:
            return None
        return record if isinstance(record, Scan) else None

    def picture(self, now_utc_ns: int) -> Picture:
        """Let the pipeline judge at that moment, and return what it judged by."""
        self._clock.set_utc_ns(now_utc_ns)
        for spout in self._spouts:
            for event in spout.look_up():
                self._pipeline.receive(event)
        self._pipeline.receive(Tick(time_utc_ns=now_utc_ns))
        assert self._pipeline.judgement is not None
        return self._pipeline.judgement.picture

    def knows(self, camera: int) -> bool:
        """Return whether enough came of a camera to speak of its clock."""
        spout = self._spouts[camera]
        return spout.care_of(spout.source_id).clock.known

    def biases(self) -> tuple[SensorBias, ...]:
        """Return what the tracker's registration has learned of the clocks."""
        return self._pipeline.tracker.registration.estimates()


def follow(
    cameras: Sequence[FeedCamera],
    moments_utc_ns: IntArray,
    usual_way_s: float = 0.1,
    seed: int = 1,
    clock_sigma_s: float = CLOCK_SIGMA_S,
) -> Followed:
    """Send all that the cameras have through the live path; look at the picture at each moment.

    A picture is of the moment it is asked for, when what was seen in the last `WAY_S` is still on its way.
    """
    sensors = tuple(msgspec.structs.replace(c.sensor, clock_bias_sigma_s=clock_sigma_s) for c in cameras)
    arrivals = arrivals_of(cameras, seed)
    moments = moments_utc_ns.tolist()
    watch = CameraWatch(sensors, usual_way_s, min(arrivals[0].received_utc_ns, moments[0]))
    notebook = Notebook(len(moments))
    off_s: list[list[float]] = [[] for _ in cameras]
    refused, early = [0] * len(cameras), [0] * len(cameras)
    at, began_s = 0, time.process_time()
    for now_utc_ns in moments:
        while at < len(arrivals) and arrivals[at].received_utc_ns <= now_utc_ns:
            arrival = arrivals[at]
            true_utc_ns = int(cameras[arrival.camera].true_utc_ns[arrival.row])
            scan = watch.arrive(arrival)
            if scan is None:
                refused[arrival.camera] += 1
            elif not watch.knows(arrival.camera):
                early[arrival.camera] += 1
            else:
                off_s[arrival.camera].append((scan.time_utc_ns - true_utc_ns) / NS_PER_S)
            notebook.saw(sensors[arrival.camera].sensor_id, true_utc_ns)
            at += 1
        notebook.take(now_utc_ns, watch.picture(now_utc_ns))
    return Followed(
        tracked=notebook.tracked(),
        messages=at,
        off_s=tuple(map(np.array, off_s)),
        refused=tuple(refused),
        early=tuple(early),
        biases=watch.biases(),
        processor_s=time.process_time() - began_s,
    )
