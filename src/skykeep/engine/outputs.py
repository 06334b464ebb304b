"""What the pipeline writes down of its own making, beside the nouns it passes on."""

from __future__ import annotations

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.identity import Identification
from skykeep.domain.orders import NO_ORDERS, OrdersInForce
from skykeep.domain.threat import Group, Threat
from skykeep.domain.track import Picture


class RunHeader(msgspec.Struct, frozen=True, kw_only=True):
    """The first entry of a log: what ran, on which code, over which ground. Replay refuses what it cannot
    rebuild.
    """

    mode: str
    scenario: str
    seed: int
    simulated: bool
    version: str
    terrain_sha256: str


class PictureRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as the log keeps it: positions and rates to the millimetre, 1-sigma of each, and which
    detections each track rests on. `sha256` is of the whole picture in canonical bytes, so that replay
    compares every bit.

    `rows` holds one tuple per track: track_id, status, hits, then 6 state values, then 6 sigmas. `support`
    holds one tuple per detection used: track_id, sensor index, scan sequence, row, and how likely the
    detection is that track's. `resumed` holds (track_id, nanoseconds unseen, the later part's own number) of
    those taken up again; `merged` (track_id, the track it is shown as, the standing order that says so);
    `split` (track_id, the number its later part is shown under, the standing order that says so).
    """

    time_utc_ns: int
    rows: tuple[tuple[float, ...], ...]
    sensor_ids: tuple[str, ...]
    support: tuple[tuple[int, int, int, int, float], ...]
    resumed: tuple[tuple[int, int, int], ...]
    merged: tuple[tuple[int, int, str], ...]
    split: tuple[tuple[int, int, str], ...]
    sha256: str


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """An input that was refused: counted, kept, and explained."""

    kind: str
    field: str
    found: str
    must: str
    because: str


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is thought at one tick; identifications and verdicts are in the picture's row order.

    `height_agl_m` and `height_amsl_m` have shape (n,). `orders` are those of people that the picture obeys.
    """

    picture: Picture
    height_agl_m: FloatArray
    height_amsl_m: FloatArray
    identifications: tuple[Identification, ...]
    verdicts: tuple[AirspaceVerdict, ...]
    threats: tuple[Threat, ...]
    orders: OrdersInForce = NO_ORDERS
    groups: tuple[Group, ...] = ()


def picture_record(picture: Picture, sha256: str, orders: OrdersInForce = NO_ORDERS) -> PictureRecord:
    """Return the compact form of a picture for the log."""
    sigma = np.sqrt(np.diagonal(picture.covariance, axis1=1, axis2=2))
    numbers = np.round(np.hstack((picture.state, sigma)), 3) + 0.0  # no minus zero in the record
    whole: IntArray = np.stack((picture.track_id, picture.status, picture.hits), axis=1)
    rows = tuple((*ids, *values) for ids, values in zip(whole.tolist(), numbers.tolist(), strict=True))
    support = zip(
        picture.support_track_id.tolist(),
        picture.support_sensor.tolist(),
        picture.support_sequence.tolist(),
        picture.support_row.tolist(),
        np.round(picture.support_weight, 2).tolist(),
        strict=True,
    )
    resumed = zip(
        picture.resumed_track_id.tolist(),
        picture.resumed_gap_ns.tolist(),
        picture.resumed_own_id.tolist(),
        strict=True,
    )
    return PictureRecord(
        time_utc_ns=picture.time_utc_ns,
        rows=rows,
        sensor_ids=picture.sensor_ids,
        support=tuple(support),
        resumed=tuple(resumed),
        merged=orders.merged,
        split=orders.split,
        sha256=sha256,
    )
