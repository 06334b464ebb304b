"""`aircraft.json`, asked for again and again, to claims: each place of each aircraft once.

What was there at the last asking, places older than 15 s and places that others found out (multilateration,
TIS-B, ADS-C) are counted, not drawn. A document older than the one before it, or more than 60 s from
reception, is refused whole: a receiver that has stopped leaves its last one behind. Sigma is by `nac_p`,
else `nucp`, else `rc` with `sil`; where there is none of them (from an SBS line), as if NACp 7.
"""

from __future__ import annotations

import math
from collections import Counter

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.domain.feed import KEPT_BYTES, Refusal, Taken, refusal_of
from skykeep.domain.sensing import Claim, Sensor
from skykeep.geo.frames import LocalFrame
from skykeep.wire import adsb_integrity as integrity
from skykeep.wire.adsb_claims import (
    DEFAULT_REACH_M,
    FOOT_M,
    FOOT_PER_MINUTE_MPS,
    KNOT_MPS,
    ClaimMaker,
    Said,
)
from skykeep.wire.adsb_inputs import scaled
from skykeep.wire.aircraft_json import MOST_AIRCRAFT, AircraftEntry, decode_aircraft_json
from skykeep.wire.sbs_inputs import ASSUMED_SIGMA_M

OLDEST_PLACE_S = 15.0
OFF_CLOCK_S = 60.0
# `seen_pos` is cut to tenths, in readsb to thousandths: the same place may seem to move in time by so much.
SAME_TIME_S = 0.11


class AircraftJsonInputs:
    """The documents of one source."""

    def __init__(self, sensor: Sensor, frame: LocalFrame, *, reach_m: float = DEFAULT_REACH_M) -> None:
        self.counts: Counter[str] = Counter()
        self._maker = ClaimMaker(sensor, frame, reach_m)
        self._now_s = -math.inf
        self._taken: dict[str, tuple[float, float, float]] = {}

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        """Take one document; see `Translator`."""
        try:
            document = decode_aircraft_json(data)
            self._check_time(document.now_s, received_utc_ns)
        except DecodeError as error:
            self.counts["documents_refused"] += 1
            return Taken(refusals=(refusal_of(error, data),))
        if document.now_s == self._now_s:
            self.counts["documents_unchanged"] += 1
            return Taken()
        self._now_s = document.now_s
        self.counts["documents"] += 1
        claims: list[Claim] = []
        refusals = [refusal_of(error, piece) for error, piece in document.refused]
        for entry in document.aircraft:
            result = self._one(entry, received_utc_ns)
            if isinstance(result, Refusal):
                refusals.append(result)
            elif result is not None:
                claims.append(result)
        self.counts["claims"] += len(claims)
        self.counts["refused"] += len(refusals)
        return Taken(records=tuple(claims), refusals=tuple(refusals))

    def _check_time(self, now_s: float, received_utc_ns: int) -> None:
        off_s = received_utc_ns / NS_PER_S - now_s
        if abs(off_s) > OFF_CLOCK_S:
            raise DecodeError("now", f"{off_s:,.0f} s before reception", f"within {OFF_CLOCK_S:.0f} s of it")
        if now_s < self._now_s:
            raise DecodeError("now", f"{self._now_s - now_s:,.1f} s before the last", "later than the last")

    def _one(self, entry: AircraftEntry, received_utc_ns: int) -> Claim | Refusal | None:
        if entry.lat is None or entry.lon is None:
            self.counts["without_place"] += 1
            return None
        if not entry.own:
            self.counts["not_of_itself"] += 1
            return None
        if (entry.seen_pos or 0.0) > OLDEST_PLACE_S:
            self.counts["old_places"] += 1
            return None
        before = self._taken.pop(entry.hex, None)
        place = (entry.time_s, entry.lat, entry.lon)
        self._taken[entry.hex] = place
        if len(self._taken) > MOST_AIRCRAFT:
            del self._taken[next(iter(self._taken))]
        if before is not None and _is_same(before, place):
            self.counts["places_unchanged"] += 1
            return None
        data = entry.hex.encode()
        return self._maker.claim(said_by(entry), received_utc_ns, data[:KEPT_BYTES])


def _is_same(before: tuple[float, float, float], now: tuple[float, float, float]) -> bool:
    """Return whether a place is the one before; one that stands still is another when later."""
    return now[0] <= before[0] + SAME_TIME_S and before[1:] == now[1:]


def said_by(entry: AircraftEntry) -> Said:
    """Return an aircraft of a document in our units; it has a place."""
    assert entry.lat is not None
    assert entry.lon is not None
    if entry.nac_p is None and entry.nucp is None and entry.rc is None:
        sigma_m = ASSUMED_SIGMA_M
    else:
        sigma_m = integrity.horizontal_sigma_m(
            nac_p=entry.nac_p, nuc_p=entry.nucp, rc_m=entry.rc, sil=entry.sil
        )
    rate_ftpm = entry.baro_rate if entry.geom_rate is None else entry.geom_rate
    return Said(
        address=entry.hex,
        time_utc_ns=round(entry.time_s * 1e6) * 1_000,
        latitude_deg=entry.lat,
        longitude_deg=entry.lon,
        on_ground=entry.on_ground,
        horizontal_sigma_m=sigma_m,
        pressure_altitude_m=scaled(entry.alt_baro, FOOT_M),
        height_hae_m=scaled(entry.alt_geom, FOOT_M),
        geometric_sigma_m=integrity.geometric_sigma_m(entry.gva),
        ground_speed_mps=scaled(entry.gs, KNOT_MPS),
        course_rad=scaled(entry.track, math.pi / 180.0),
        climb_mps=scaled(rate_ftpm, FOOT_PER_MINUTE_MPS),
        category=entry.category,
        callsign=entry.flight,
    )
