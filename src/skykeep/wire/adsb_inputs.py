"""Mode S frames of one source, Beast or AVR, to claims.

| what comes | what becomes of it |
|---|---|
| extended squitter with a place | a claim, or a refusal that names why not |
| extended squitter without | remembered, counted as `squitters` |
| Mode S reply, Mode A/C, state of the receiver | counted: they tell no place |
| traffic seen by others (TIS-B, multilateration) | counted as `not_of_itself`: no claim of the aircraft |
| the same frame again within 0.3 s | refused: another receiver heard it too |

A transponder waits 0.4 s before it sends the same again (DO-260B, 2.2.3.3). In one real recording copies
come within 0.1 s, repetitions after 0.3 s, and nothing in between. `counts` holds the numbers.
"""

from __future__ import annotations

import math
from collections import Counter

from skykeep.base.clock import NS_PER_S
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
from skykeep.wire.adsb_clock import CounterClock, CounterKind
from skykeep.wire.adsb_lines import decode_avr
from skykeep.wire.adsb_memory import Aircraft, Fleet
from skykeep.wire.beast import MADE_UP_COUNTERS, RECEIVER_ID, BeastMessage, decode_beast
from skykeep.wire.cpr import Place
from skykeep.wire.squitter import NotOfItselfError, Squitter, read_squitter

SAME_FRAME_NS = 3 * NS_PER_S // 10
RECEIVERS_KEPT = 64
LONG_REPLIES, SHORT_REPLIES = (16, 20, 21), (0, 4, 5, 11)


class Repeats:
    """Remembers what came in the last 0.3 s."""

    def __init__(self) -> None:
        self._heard_ns: dict[bytes, int] = {}

    def refusal(self, what: bytes, received_utc_ns: int) -> Refusal | None:
        """Return why this is refused when it came a moment before."""
        heard_ns = self._heard_ns
        while heard_ns:
            oldest = next(iter(heard_ns))
            if 0 <= received_utc_ns - heard_ns[oldest] < SAME_FRAME_NS:
                break
            del heard_ns[oldest]
        before_ns = heard_ns.get(what)
        if before_ns is None:
            heard_ns[what] = received_utc_ns
            return None
        late_ms = (received_utc_ns - before_ns) / 1e6
        return Refusal(
            field="frame", found=f"the same {late_ms:.0f} ms before", must="one not heard yet", data=what
        )


class ModeSInputs:
    """Mode S frames of one source: messages of `beast.BeastFramer`, or of AVR when `text` is set."""

    def __init__(
        self,
        sensor: Sensor,
        frame: LocalFrame,
        *,
        text: bool = False,
        counter: CounterKind = CounterKind.TICKS,
        reach_m: float = DEFAULT_REACH_M,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._decode = decode_avr if text else decode_beast
        self._counter = counter
        self._clocks: dict[bytes, CounterClock] = {}
        self._receiver = b""
        self._site: Place = (frame.latitude_deg, frame.longitude_deg)
        self._maker = ClaimMaker(sensor, frame, reach_m)
        self._fleet = Fleet()
        self._repeats = Repeats()

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        """Take one message; see `Translator`."""
        try:
            message = self._decode(data)
            if message.kind == RECEIVER_ID:
                self._receiver = message.payload
                return NOTHING
            time_utc_ns = self._clock().time_utc_ns(message.counter, received_utc_ns)
            said = self._squitter(message)
        except NotOfItselfError as error:
            self.counts["not_of_itself"] += 1
            return Taken(refusals=(refusal_of(error, data),))
        except DecodeError as error:
            self.counts["refused"] += 1
            return Taken(refusals=(refusal_of(error, data),))
        if said is None:
            return NOTHING
        repeated = self._repeats.refusal(message.payload, received_utc_ns)
        if repeated is not None:
            self.counts["repeated"] += 1
            return Taken(refusals=(repeated,))
        self.counts["squitters"] += 1
        return self._place(said, time_utc_ns, received_utc_ns, data)

    def _clock(self) -> CounterClock:
        clock = self._clocks.get(self._receiver)
        if clock is None:
            if len(self._clocks) >= RECEIVERS_KEPT:
                del self._clocks[next(iter(self._clocks))]
            clock = self._clocks[self._receiver] = CounterClock(self._counter)
        return clock

    def _squitter(self, message: BeastMessage) -> Squitter | None:
        """Return what an extended squitter says; None for what tells no place, which is counted."""
        payload = message.payload
        if message.kind in (0x31, 0x34):
            self.counts["mode_ac" if message.kind == 0x31 else "receiver_state"] += 1
            return None
        if not any(payload):
            self.counts["keep_alive"] += 1
            return None
        reply = payload[0] >> 3
        if reply in (17, 18) and message.kind == 0x33:
            if MADE_UP_COUNTERS.get(message.counter) == "multilateration":
                raise NotOfItselfError(
                    "counter", "that of multilateration", "what the aircraft says of itself"
                )
            return read_squitter(payload)
        if reply in (LONG_REPLIES if message.kind == 0x33 else SHORT_REPLIES):
            self.counts["replies_without_place"] += 1
            return None
        if reply >= 24 or reply in (19, 22):
            self.counts["other_formats"] += 1
            return None
        raise DecodeError("format", f"{reply} in {len(payload)} octets", "a format of that length")

    def _place(self, said: Squitter, time_utc_ns: int, received_utc_ns: int, data: bytes) -> Taken:
        aircraft = self._fleet.heard(said.address, time_utc_ns)
        aircraft.note(said, time_utc_ns)
        if said.place is None:
            return NOTHING
        place = aircraft.locate(said.place, time_utc_ns, self._site)
        if place is None:
            self.counts["place_still_open"] += 1
            return NOTHING
        result = self._maker.claim(_said(said, aircraft, place, time_utc_ns), received_utc_ns, data)
        if isinstance(result, Refusal):
            self.counts["refused"] += 1
            return Taken(refusals=(result,))
        aircraft.found(place, time_utc_ns)
        self.counts["claims"] += 1
        return Taken(records=(result,))


def _said(squitter: Squitter, aircraft: Aircraft, place: Place, time_utc_ns: int) -> Said:
    """Return a squitter and what its aircraft said before, in our units."""
    report = squitter.place
    assert report is not None
    velocity = aircraft.velocity(time_utc_ns)
    if report.surface:
        velocity = (squitter.ground_speed_kt, squitter.course_deg, None)
    return Said(
        address=squitter.address,
        time_utc_ns=time_utc_ns,
        latitude_deg=place[0],
        longitude_deg=place[1],
        on_ground=report.surface,
        horizontal_sigma_m=aircraft.horizontal_sigma_m(squitter),
        pressure_altitude_m=scaled(squitter.pressure_altitude_ft, FOOT_M),
        height_hae_m=scaled(squitter.height_hae_ft, FOOT_M),
        geometric_less_pressure_m=scaled(aircraft.difference_ft(time_utc_ns), FOOT_M),
        geometric_sigma_m=aircraft.geometric_sigma_m(),
        ground_speed_mps=scaled(velocity[0], KNOT_MPS),
        course_rad=scaled(velocity[1], math.pi / 180.0),
        climb_mps=scaled(velocity[2], FOOT_PER_MINUTE_MPS),
        category=aircraft.category,
        callsign=aircraft.callsign,
    )


def scaled(value: float | None, unit: float) -> float | None:
    """Return a value in our unit, None for None."""
    return None if value is None else value * unit
