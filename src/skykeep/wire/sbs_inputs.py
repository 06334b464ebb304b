"""SBS lines of one source to claims.

A place comes in MSG 3 and 2, velocity in MSG 4, the callsign in MSG 1. Nothing says how good a place is:
one sigma is that of NACp 7 (0.1 NM), the least that the United States (14 CFR 91.227) and Europe (2011/1207)
would have of aircraft that must send. The lines' own times are of no named zone: reception is taken, unless
the receiver is known to write UTC; then a time more than 10 s from reception is refused.
"""

from __future__ import annotations

import math
from collections import Counter

from skykeep.base.errors import DecodeError
from skykeep.domain.feed import NOTHING, Refusal, Taken, refusal_of
from skykeep.domain.sensing import Sensor
from skykeep.geo.frames import LocalFrame
from skykeep.wire.adsb_claims import (
    DEFAULT_REACH_M,
    FOOT_M,
    FOOT_PER_MINUTE_MPS,
    KNOT_MPS,
    ClaimMaker,
    Said,
)
from skykeep.wire.adsb_clock import NOT_BELIEVED_NS
from skykeep.wire.adsb_inputs import Repeats, scaled
from skykeep.wire.adsb_integrity import EPU_M, WITHIN_95_OF_TWO_AXES
from skykeep.wire.adsb_memory import Aircraft, Fleet
from skykeep.wire.sbs import SbsMessage, decode_sbs

ASSUMED_SIGMA_M = EPU_M[7] / WITHIN_95_OF_TWO_AXES


class SbsInputs:
    """The lines of one source; `times_are_utc` where its receiver writes UTC."""

    def __init__(
        self,
        sensor: Sensor,
        frame: LocalFrame,
        *,
        times_are_utc: bool = False,
        reach_m: float = DEFAULT_REACH_M,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._times_are_utc = times_are_utc
        self._maker = ClaimMaker(sensor, frame, reach_m)
        self._fleet = Fleet()
        self._repeats = Repeats()

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        """Take one line; see `Translator`."""
        try:
            message = decode_sbs(data)
            time_utc_ns = self._time_utc_ns(message, received_utc_ns)
        except DecodeError as error:
            self.counts["refused"] += 1
            return Taken(refusals=(refusal_of(error, data),))
        if message.kind != "MSG":
            self.counts["other_lines"] += 1
            return NOTHING
        said = b",".join([message.address.encode(), *data.strip().split(b",")[10:]])
        repeated = self._repeats.refusal(bytes([message.transmission]) + said, received_utc_ns)
        if repeated is not None:
            self.counts["repeated"] += 1
            return Taken(
                refusals=(Refusal(field="line", found=repeated.found, must=repeated.must, data=data),)
            )
        return self._place(message, time_utc_ns, received_utc_ns, data)

    def _time_utc_ns(self, message: SbsMessage, received_utc_ns: int) -> int:
        if not self._times_are_utc or message.generated_ns is None:
            return received_utc_ns
        off_ns = received_utc_ns - message.generated_ns
        if abs(off_ns) > NOT_BELIEVED_NS:
            raise DecodeError(
                "time generated", f"{off_ns / 1e9:,.1f} s before reception", "UTC within 10 s of reception"
            )
        return message.generated_ns

    def _place(self, message: SbsMessage, time_utc_ns: int, received_utc_ns: int, data: bytes) -> Taken:
        aircraft = self._fleet.heard(message.address, time_utc_ns)
        aircraft.callsign = message.callsign or aircraft.callsign
        if message.ground_speed_kt is not None:
            aircraft.note_velocity(
                message.ground_speed_kt, message.course_deg, message.vertical_rate_ftpm, time_utc_ns
            )
        if message.latitude_deg is None:
            self.counts["lines_without_place"] += 1
            return NOTHING
        result = self._maker.claim(_said(message, aircraft, time_utc_ns), received_utc_ns, data)
        if isinstance(result, Refusal):
            self.counts["refused"] += 1
            return Taken(refusals=(result,))
        self.counts["claims"] += 1
        return Taken(records=(result,))


def _said(message: SbsMessage, aircraft: Aircraft, time_utc_ns: int) -> Said:
    assert message.latitude_deg is not None
    assert message.longitude_deg is not None
    speed_kt, course_deg, rate_ftpm = aircraft.velocity(time_utc_ns)
    return Said(
        address=message.address.lower(),
        time_utc_ns=time_utc_ns,
        latitude_deg=message.latitude_deg,
        longitude_deg=message.longitude_deg,
        on_ground=bool(message.on_ground) or message.transmission == 2,
        horizontal_sigma_m=ASSUMED_SIGMA_M,
        pressure_altitude_m=scaled(message.pressure_altitude_ft, FOOT_M),
        ground_speed_mps=scaled(speed_kt, KNOT_MPS),
        course_rad=scaled(course_deg, math.pi / 180.0),
        climb_mps=scaled(rate_ftpm, FOOT_PER_MINUTE_MPS),
        callsign=aircraft.callsign,
    )
