"""Remote ID broadcasts to claims: the messages of one transmitter joined, each location a claim.

A transmitter is known by its address. Its Basic ID, System and Operator ID are kept and joined to every
location that follows; a location heard before any identity waits `HOLD_S` for one, and then goes by the
address (`unnamed aa:bb:..`). What is repeated with the same counter is one message. A pack stands for
itself, so it needs no address; a single message without one cannot be joined and is refused. A time further
than `BELIEVED_S` from its reception is refused, not its location: that takes the time of reception.
"""

from __future__ import annotations

from collections import Counter

import msgspec

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.domain.feed import Received, Refusal, Taken, refusal_of
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Claim, ClaimKind, Sensor
from skykeep.geo.frames import LocalFrame
from skykeep.wire import remoteid_claim
from skykeep.wire.remoteid_authentication import Signature, SignaturePages
from skykeep.wire.remoteid_carriers import messages_of, read_packet
from skykeep.wire.remoteid_heard import Carrier, Heard, Reading
from skykeep.wire.remoteid_maker_claims import dji_claim, french_claim
from skykeep.wire.remoteid_receiver import read_line
from skykeep.wire.remoteid_records import (
    AircraftType,
    Authentication,
    BasicId,
    IdType,
    Location,
    Message,
    MessageType,
    OperatorId,
    SelfId,
    System,
)

HOLD_S = 3.0  # F3411-22a: static messages come at least every 3 s
REPEAT_S = 10.0
SILENT_S = 120.0
MOST_TRANSMITTERS = 4_096
MOST_LINES = 256
# The identity that is taken for the aircraft's, most lasting first. Real senders leave the kind at none, too.
_PREFERRED = (IdType.SERIAL_NUMBER, IdType.REGISTRATION, IdType.SESSION, IdType.UTM_UUID, IdType.NONE)


class Transmitter:
    """What one sender has said so far."""

    def __init__(self) -> None:
        self.identities: dict[IdType, BasicId] = {}
        self.system: System | None = None
        self.operator_enu_m: Vector | None = None
        self.operator: OperatorId | None = None
        self.description: SelfId | None = None
        self.pages = SignaturePages()
        self.waiting: tuple[Location, Heard, int] | None = None
        self.waiting_since_ns: int | None = None
        self.time_refused = False
        self.heard_utc_ns = 0
        self._latest: dict[tuple[type[Message], int], tuple[int, Message, int]] = {}

    def is_repeat(self, message: Message, counter: int | None, received_utc_ns: int) -> bool:
        """Return whether this very message came just before, with the same counter."""
        if counter is None:
            return False
        key = (type(message), message.page if isinstance(message, Authentication) else 0)
        before = self._latest.get(key)
        self._latest[key] = (counter, message, received_utc_ns)
        if before is None or before[:2] != (counter, message):
            return False
        return received_utc_ns - before[2] <= REPEAT_S * NS_PER_S

    def claimed(self) -> tuple[str, AircraftType]:
        """Return the identity and the type it gives, "" for none."""
        for kind in _PREFERRED:
            basic = self.identities.get(kind)
            if basic is not None and any(basic.uas_id) and basic.identity:
                return basic.identity, basic.aircraft_type
        return "", AircraftType.NONE


class RemoteIdInput:
    """The translator of one Remote ID receiver.

    `counts` says what came: `heard`, `messages`, `repeats`, `claims`, `waiting`, `forgotten`, and by carrier.
    `signatures` holds the latest whole signature of each transmitter, as sent.
    """

    def __init__(self, sensor: Sensor, frame: LocalFrame) -> None:
        self.counts: Counter[str] = Counter()
        self.signatures: dict[str, Signature] = {}
        self._sensor_id, self._frame = sensor.sensor_id, frame
        self._transmitters: dict[str, Transmitter] = {}
        self._sequence = 0
        self._clock_refused = False

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        """Take a receiver's lines (`remoteid_receiver`)."""
        records: list[Received] = []
        refusals: list[Refusal] = []
        lines = data.splitlines() or [b""]
        if len(lines) > MOST_LINES:
            too_many = DecodeError("lines", f"{len(lines)}", f"at most {MOST_LINES} in one piece of data")
            refusals.append(refusal_of(too_many, data))
        for line in lines[:MOST_LINES]:
            try:
                reading = read_line(line)
            except DecodeError as error:
                refusals.append(refusal_of(error, line))
                continue
            self._read(reading, line, received_utc_ns, records, refusals)
        return Taken(records=tuple(records), refusals=tuple(refusals))

    def take_packet(self, link_type: int, data: bytes, received_utc_ns: int) -> Taken:
        """Take one captured packet of a link type."""
        records: list[Received] = []
        refusals: list[Refusal] = []
        self._read(read_packet(link_type, data), data, received_utc_ns, records, refusals)
        return Taken(records=tuple(records), refusals=tuple(refusals))

    def _read(
        self,
        reading: Reading,
        data: bytes,
        received_utc_ns: int,
        records: list[Received],
        refusals: list[Refusal],
    ) -> None:
        refusals.extend(refusal_of(error, data) for error in reading.errors)
        for heard in reading.heard:
            self.counts["heard"] += 1
            self.counts[f"carrier {heard.carrier.value if heard.carrier else 'not said'}"] += 1
            try:
                if heard.carrier in (Carrier.DJI, Carrier.FRENCH):
                    records.extend(self._maker(heard, received_utc_ns, refusals))
                else:
                    self._standard(heard, received_utc_ns, records, refusals)
            except DecodeError as error:
                refusals.append(refusal_of(error, heard.payload))

    def _maker(self, heard: Heard, received_utc_ns: int, refusals: list[Refusal]) -> list[Claim]:
        make = dji_claim if heard.carrier is Carrier.DJI else french_claim
        claim = make(heard, self._frame, self._sensor_id, self._sequence, received_utc_ns)
        if claim is None:
            self.counts["without a place"] += 1
            return []
        self._sequence += 1
        self.counts["claims"] += 1
        near_utc_ns = self._near_utc_ns(heard, received_utc_ns, refusals)
        return [msgspec.structs.replace(claim, time_utc_ns=near_utc_ns)]

    def _standard(
        self, heard: Heard, received_utc_ns: int, records: list[Received], refusals: list[Refusal]
    ) -> None:
        messages, errors = messages_of(heard)
        refusals.extend(refusal_of(error, heard.payload) for error in errors)
        if not heard.transmitter and messages and heard.payload[0] >> 4 != MessageType.PACK:
            raise DecodeError(
                "mac", "absent", "the sender's, for a single message to be joined to its others"
            )
        sender = self._sender(heard.transmitter, received_utc_ns)
        # What names the aircraft comes before where it is, whatever the order in the pack.
        for message in sorted(messages, key=lambda message: isinstance(message, Location)):
            self.counts["messages"] += 1
            if sender.is_repeat(message, heard.counter, received_utc_ns):
                self.counts["repeats"] += 1
                continue
            self._join(sender, message, heard, received_utc_ns)
        records.extend(self._claims(sender, refusals, received_utc_ns))

    def _sender(self, address: str, received_utc_ns: int) -> Transmitter:
        known = self._transmitters.pop(address, None) if address else None
        if known is not None and received_utc_ns - known.heard_utc_ns > SILENT_S * NS_PER_S:
            self._forget(address)
            known = None
        sender = known or Transmitter()
        sender.heard_utc_ns = received_utc_ns
        if address:
            self._transmitters[address] = sender  # last: the first is the one longest silent
            if len(self._transmitters) > MOST_TRANSMITTERS:
                oldest = next(iter(self._transmitters))
                del self._transmitters[oldest]
                self._forget(oldest)
        return sender

    def _forget(self, address: str) -> None:
        self.signatures.pop(address, None)
        self.counts["forgotten"] += 1

    def _join(self, sender: Transmitter, message: Message, heard: Heard, received_utc_ns: int) -> None:
        match message:
            case BasicId():
                sender.identities[message.id_type] = message
            case System():
                if message != sender.system:
                    sender.system, sender.operator_enu_m = message, self._operator_place(message)
            case OperatorId():
                sender.operator = message
            case SelfId():
                sender.description = message
            case Authentication():
                signature = sender.pages.add(message)
                if signature is not None and heard.transmitter:
                    self.signatures[heard.transmitter] = signature
                    self.counts["signatures"] += 1
            case Location():
                sender.waiting = (message, heard, received_utc_ns)
                if sender.waiting_since_ns is None:
                    sender.waiting_since_ns = received_utc_ns

    def _claims(self, sender: Transmitter, refusals: list[Refusal], received_utc_ns: int) -> list[Claim]:
        if sender.waiting is None or sender.waiting_since_ns is None:
            return []
        location, heard, at_utc_ns = sender.waiting
        claimed_id, aircraft_type = sender.claimed()
        if not claimed_id:
            if heard.transmitter and received_utc_ns - sender.waiting_since_ns < HOLD_S * NS_PER_S:
                self.counts["waiting"] += 1
                return []
            claimed_id = f"unnamed {heard.transmitter}".strip()
        sender.waiting = None
        if sender.claimed()[0]:
            sender.waiting_since_ns = None
        placed = remoteid_claim.place_of(location, self._frame)
        if placed is None:
            self.counts["without a place"] += 1
            return []
        stamp = self._stamp(sender, location, heard, at_utc_ns, refusals)
        claim = Claim(
            sensor_id=self._sensor_id,
            sequence=self._sequence,
            kind=ClaimKind.REMOTE_ID,
            claimed_id=claimed_id,
            time_utc_ns=stamp.time_utc_ns,
            received_utc_ns=at_utc_ns,
            position_enu_m=placed[0],
            velocity_enu_mps=remoteid_claim.velocity_of(
                location.course_deg, location.speed_mps, location.vertical_speed_mps
            ),
            sigma_m=(remoteid_claim.horizontal_sigma_m(location, stamp), placed[1]),
            operator_id=sender.operator.operator_id if sender.operator else "",
            operator_position_enu_m=sender.operator_enu_m,
            aircraft_category="" if aircraft_type is AircraftType.NONE else aircraft_type.name.lower(),
            rssi_dbm=heard.radio.rssi_dbm,
        )
        self._sequence += 1
        self.counts["claims"] += 1
        return [claim]

    def _stamp(
        self, sender: Transmitter, location: Location, heard: Heard, at_utc_ns: int, refusals: list[Refusal]
    ) -> remoteid_claim.Stamp:
        near_utc_ns = self._near_utc_ns(heard, at_utc_ns, refusals)
        stamp = remoteid_claim.stamp_of(location.seconds_after_hour, near_utc_ns)
        refused = stamp.off_s is not None and not stamp.believed
        self.counts["times not believed"] += refused
        if refused and not sender.time_refused:  # said once, until it is right again
            refusals.append(
                Refusal(
                    field="location.seconds_after_hour",
                    found=f"{location.seconds_after_hour}, {stamp.off_s:.1f} s from its reception",
                    must=f"within {remoteid_claim.BELIEVED_S:g} s; the time of reception is taken",
                    data=heard.payload,
                )
            )
        sender.time_refused = refused
        return stamp

    def _near_utc_ns(self, heard: Heard, at_utc_ns: int, refusals: list[Refusal]) -> int:
        """Return when it was heard: by the receiver's own clock, where that is not far off."""
        if heard.time_utc_ns is None:
            return at_utc_ns
        off_s = (heard.time_utc_ns - at_utc_ns) / NS_PER_S
        wrong = abs(off_s) > remoteid_claim.BELIEVED_S
        if wrong and not self._clock_refused:  # said once, until it is right again
            refusals.append(
                Refusal(
                    field="t",
                    found=f"{off_s:.1f} s from its coming here",
                    must=f"within {remoteid_claim.BELIEVED_S:g} s; the time of its coming is taken",
                )
            )
        self._clock_refused = wrong
        return at_utc_ns if wrong else heard.time_utc_ns

    def _operator_place(self, system: System) -> Vector | None:
        if system.operator_latitude_deg is None or system.operator_longitude_deg is None:
            return None
        height_m = system.operator_altitude_hae_m
        return remoteid_claim.enu_m(
            self._frame,
            system.operator_latitude_deg,
            system.operator_longitude_deg,
            self._frame.height_hae_m if height_m is None else height_m,
        )
