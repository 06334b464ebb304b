"""MAVLink to claims: our own and permitted drones by their link, and the aircraft that they hear.

| message | becomes |
|---|---|
| GLOBAL_POSITION_INT; GPS_RAW_INT where there is none | a TELEMETRY claim of the system that sent it |
| UTM_GLOBAL_POSITION | the same, with its own time and accuracy |
| ADSB_VEHICLE | an ADSB claim |
| OPEN_DRONE_ID_LOCATION, once BASIC_ID gave a name | a REMOTE_ID claim |
| OPEN_DRONE_ID_MESSAGE_PACK | what the Remote ID translator given makes of the pack; refused without one |
| SYSTEM_TIME, HEARTBEAT, GPS_RAW_INT | when, what kind, how accurate |

Every other message is counted in `counts` by its name or number, and each frame that its sender numbered but
that never came as `lost`. Anything between frames, wrong or impossible is refused by name. With a signing
key only frames signed with it count, and only in the order of their clock: a frame played again does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError, SetupError
from skykeep.domain.feed import Received, Refusal, Taken, Translator, refusal_of
from skykeep.domain.sensing import Claim, Sensor
from skykeep.geo.frames import LocalFrame
from skykeep.wire.flight_fix import FlightFix, Sender, claim_of_fix
from skykeep.wire.mavlink import KEY_OCTETS, Frame, Message, decode_message, signature_holds, split
from skykeep.wire.mavlink_checks import check_message
from skykeep.wire.mavlink_tables import LAYOUTS
from skykeep.wire.mavlink_traffic import RemoteIdCollector, adsb_claim
from skykeep.wire.mavlink_vehicle import Vehicle, utm_fix

SIGNATURE_LATE_S = 60.0
COUNTED_NAMES = 1_000


class MavlinkTranslator:
    """Turns datagrams, or single frames out of a stream, into claims.

    `serials` gives the serial of a vehicle by its system id; another is called `mavlink-<system id>`.
    `geoid_height_m` is how far mean sea level lies above the ellipsoid at the site, None where nobody said.
    `packs` is who reads OPEN_DRONE_ID_MESSAGE_PACK: a translator of a Remote ID receiver's lines, given each
    pack as one (`payload` in hex, `mac`). Its claims are renumbered as this link's own.
    """

    def __init__(
        self,
        sensor: Sensor,
        frame: LocalFrame,
        *,
        serials: Mapping[int, str] | None = None,
        signing_key: bytes | None = None,
        geoid_height_m: float | None = None,
        packs: Translator | None = None,
    ) -> None:
        if signing_key is not None and len(signing_key) != KEY_OCTETS:
            raise SetupError(f"signing key: {len(signing_key)} octets, must be {KEY_OCTETS}")
        self.counts: Counter[str] = Counter()
        self._sensor_id, self._frame = sensor.sensor_id, frame
        self._serials, self._key = dict(serials or {}), signing_key
        self._geoid_height_m, self._packs = geoid_height_m, packs
        self._vehicles: dict[int, Vehicle] = {}
        self._remote_ids = RemoteIdCollector(sensor.sensor_id, frame)
        self._sequence = 0
        self._numbered: dict[tuple[int, int], int] = {}
        self._signed: dict[tuple[int, int, int], int] = {}

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        """Take the frames of one datagram, or one frame of a stream; whatever it holds, never raise."""
        records: list[Received] = []
        refusals: list[Refusal] = []
        for octets, found in split(data):
            if isinstance(found, DecodeError):
                self.counts["between frames"] += 1
                refusals.append(refusal_of(found, octets))
                continue
            try:
                self._check_signature(found, received_utc_ns)
                self._count(found)
                if found.message_id in LAYOUTS:
                    self._message(decode_message(found), received_utc_ns, records, refusals)
            except DecodeError as error:
                refusals.append(refusal_of(error, octets))
        return Taken(records=tuple(records), refusals=tuple(refusals))

    def _count(self, frame: Frame) -> None:
        layout = LAYOUTS.get(frame.message_id)
        name = layout.name if layout else f"message {frame.message_id}"
        # Ids that cannot be checked may be anything: they must not fill the memory.
        self.counts[name if len(self.counts) < COUNTED_NAMES else "other messages"] += 1
        if not frame.checked:
            self.counts["not checked"] += 1
        key = (frame.system_id, frame.component_id)
        missed = (frame.sequence - self._numbered.get(key, frame.sequence - 1) - 1) % 256
        # Half the circle or more is a late frame or a restart, not a loss.
        self.counts["lost"] += missed if missed < 128 else 0
        self._numbered[key] = frame.sequence

    def _check_signature(self, frame: Frame, received_utc_ns: int) -> None:
        if self._key is None:
            return
        if frame.signature is None:
            raise DecodeError("signature", "none", "one made with the configured key")
        if not signature_holds(frame, self._key):
            raise DecodeError("signature", frame.signature.digest.hex(), "one made with the configured key")
        stream = (frame.system_id, frame.component_id, frame.signature.link_id)
        last = self._signed.get(stream)
        time_utc_ns = frame.signature.time_utc_ns
        if last is not None and time_utc_ns <= last:
            raise DecodeError(
                "signature time", f"{(time_utc_ns - last) / NS_PER_S:+.3f} s", "later than the frame before"
            )
        late_s = (received_utc_ns - time_utc_ns) / NS_PER_S
        if last is None and late_s > SIGNATURE_LATE_S:
            raise DecodeError("signature time", f"{late_s:.0f} s old", f"{SIGNATURE_LATE_S:g} s or less")
        self._signed[stream] = time_utc_ns

    def _message(
        self, message: Message, received_utc_ns: int, records: list[Received], refusals: list[Refusal]
    ) -> None:
        fields: dict[str, Any] = message.fields
        check_message(message)
        vehicle = self._vehicles.setdefault(message.system_id, Vehicle())
        claim: Claim | None = None
        match message.name:
            case "HEARTBEAT":
                vehicle.heartbeat(fields)
            case "SYSTEM_TIME":
                vehicle.clock.tie(fields["time_unix_usec"], fields["time_boot_ms"], received_utc_ns)
            case "GLOBAL_POSITION_INT":
                claim = self._own(message, *vehicle.from_filter(fields, received_utc_ns), received_utc_ns)
            case "GPS_RAW_INT":
                found = vehicle.from_receiver(fields, received_utc_ns)
                claim = None if found is None else self._own(message, *found, received_utc_ns)
            case "UTM_GLOBAL_POSITION":
                claim = self._own(
                    message, utm_fix(fields), _utm_time_utc_ns(fields, received_utc_ns), received_utc_ns
                )
            case "ADSB_VEHICLE":
                claim = adsb_claim(
                    fields,
                    self._sensor_id,
                    self._sequence,
                    received_utc_ns,
                    self._frame,
                    self._geoid_height_m,
                )
            case "OPEN_DRONE_ID_MESSAGE_PACK":
                taken = self._unpack(fields, received_utc_ns)
                records.extend(map(self._renumbered, taken.records))
                refusals.extend(taken.refusals)
            case name if name.startswith("OPEN_DRONE_ID_"):
                claim = self._remote_ids.take(
                    name, message.system_id, fields, self._sequence, received_utc_ns
                )
                if claim is None and name == "OPEN_DRONE_ID_LOCATION":
                    self.counts["OPEN_DRONE_ID_LOCATION before a name"] += 1
        if claim is not None:
            self._sequence += 1
            records.append(claim)

    def _own(self, message: Message, fix: FlightFix, time_utc_ns: int, received_utc_ns: int) -> Claim:
        system_id = message.system_id
        sender = Sender(
            sensor_id=self._sensor_id,
            claimed_id=self._serials.get(system_id, f"mavlink-{system_id}"),
            aircraft_category=self._vehicles[system_id].category,
        )
        return claim_of_fix(
            fix, sender, self._sequence, time_utc_ns, received_utc_ns, self._frame, self._geoid_height_m
        )

    def _unpack(self, fields: dict[str, Any], received_utc_ns: int) -> Taken:
        if self._packs is None:
            raise DecodeError("OPEN_DRONE_ID_MESSAGE_PACK", "no reader of packs", "one configured")
        count = fields["msg_pack_size"]
        # F3411 pack: type F and version 2, the size of one message, how many, the messages.
        pack = bytes((0xF2, 25, count)) + bytes(fields["messages"][: 25 * count])
        line = {"payload": pack.hex()}
        if any(fields["id_or_mac"]):
            line["mac"] = bytes(fields["id_or_mac"][:6]).hex(":")
        return self._packs.take(msgspec.json.encode(line), received_utc_ns)

    def _renumbered(self, record: Received) -> Received:
        if not isinstance(record, Claim):
            return record
        self._sequence += 1
        return msgspec.structs.replace(record, sensor_id=self._sensor_id, sequence=self._sequence - 1)


def _utm_time_utc_ns(fields: dict[str, Any], received_utc_ns: int) -> int:
    """Return the time that the message gives, that of its reception where it gives none."""
    if not fields["flags"] & 1:
        return received_utc_ns
    time_utc_ns: int = fields["time"] * 1_000
    apart_s = (time_utc_ns - received_utc_ns) / NS_PER_S
    if abs(apart_s) > SIGNATURE_LATE_S:
        raise DecodeError(
            "UTM_GLOBAL_POSITION.time",
            f"{apart_s:+.0f} s from its reception",
            f"within {SIGNATURE_LATE_S:g} s",
        )
    return time_utc_ns
