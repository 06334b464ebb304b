"""Remote ID's carriers: frames built here octet by octet, frames others wrote, and frames out of the air."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import zlib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutations import frames_to_try, mutated
from recordings import needs_recordings
from remoteid_frames import (
    CAPTURES,
    FOLDER,
    LOCATION,
    PACK,
    SENDER,
    module_octets,
    real_packets,
    vectors,
)
from skykeep.base.errors import DecodeError
from skykeep.wire.capture import read_packets
from skykeep.wire.remoteid_bluetooth import (
    ADVERTISING_ADDRESS,
    crc24,
    encode_extended,
    encode_legacy,
    encode_structure,
    read_link_layer,
)
from skykeep.wire.remoteid_carriers import LINK_TYPES, messages_of, read_octets, read_packet
from skykeep.wire.remoteid_heard import Carrier, Heard, Radio, Reading
from skykeep.wire.remoteid_reference import to_reference
from skykeep.wire.remoteid_wifi import encode_beacon, encode_element, encode_nan_action, read_frame

BEACON = encode_beacon(SENDER, PACK, 7, b"RID", 1_000_000)
ACTION = encode_nan_action(SENDER, PACK, 8)
SENDER_TEXT = "02:11:22:33:44:55"


def only(reading: Reading) -> Heard:
    assert reading.errors == ()
    (heard,) = reading.heard
    return heard


def refused(reading: Reading) -> str:
    assert reading.heard == ()
    (error,) = reading.errors
    return error.field


def checked(frame: bytes) -> bytes:
    return frame + zlib.crc32(frame).to_bytes(4, "little")


def radiotap(frame: bytes, flags: int, signal_dbm: int = -60, mhz: int = 2437) -> bytes:
    """Time, flags, rate, channel, signal: as a monitor interface writes them, padding included."""
    fields = struct.pack("<QBBHHb", 1, flags, 2, mhz, 0x00A0, signal_dbm)
    return struct.pack("<BBHI", 0, 0x7E, 8 + len(fields), 0b101111) + fields + frame


def test_a_beacon_and_a_nan_action_bring_the_pack_with_sender_and_counter() -> None:
    for frame, carrier, counter in ((BEACON, Carrier.WIFI_BEACON, 7), (ACTION, Carrier.WIFI_NAN, 8)):
        heard = only(read_frame(frame))
        assert (heard.carrier, heard.transmitter, heard.counter) == (carrier, SENDER_TEXT, counter)
        assert heard.payload == PACK


def test_the_receivers_header_says_strength_and_channel_and_the_check_sequence_is_taken_off() -> None:
    heard = only(read_packet(127, radiotap(checked(BEACON), 0x10)))
    assert heard.radio == Radio(rssi_dbm=-60.0, frequency_mhz=2437.0)
    assert heard.payload == PACK
    assert only(read_packet(127, radiotap(BEACON, 0x00))).payload == PACK
    assert only(read_packet(105, checked(BEACON))).payload == PACK


def test_a_second_word_of_fields_does_not_move_the_first() -> None:
    fields = struct.pack("<QBBHHb", 1, 0x10, 2, 2412, 0x00A0, -70)
    # Two words end at 12; the time is aligned to 16.
    header = struct.pack("<BBHII", 0, 0, 16 + len(fields), 0x8000002F, 0x00000820) + bytes(4) + fields
    assert only(read_packet(127, header + checked(BEACON))).radio.rssi_dbm == -70.0


BROKEN = {
    "the receiver says the check failed": (127, radiotap(checked(BEACON), 0x50), "frame_check_sequence"),
    "one bit turned in the air": (
        127,
        radiotap(checked(BEACON)[:60] + bytes([checked(BEACON)[60] ^ 4]) + checked(BEACON)[61:], 0x10),
        "frame_check_sequence",
    ),
    "an element beyond the end": (105, BEACON[:-5], "information_element"),
    "an attribute beyond the end": (105, ACTION[:-20], "nan.attribute"),
    "a header longer than the packet": (127, b"\0\0\xff\0\0\0\0\0" + BEACON[:40], "radiotap.length"),
    "a header of another version": (127, b"\1" + radiotap(BEACON, 0)[1:], "radiotap.version"),
    "words of fields without end": (127, b"\0\0\x08\0" + b"\xff" * 40, "radiotap.present"),
    "a PPI header too long": (192, struct.pack("<BBHI", 0, 0, 900, 105) + BEACON, "ppi.length"),
    "a CRC that is not": (
        251,
        encode_legacy(SENDER, LOCATION, 1)[:-1] + b"\0",
        "bluetooth.crc",
    ),
    "an advertisement cut": (251, encode_legacy(SENDER, LOCATION, 1)[:-9], "bluetooth.length"),
}


@pytest.mark.parametrize(("link_type", "data", "field"), BROKEN.values(), ids=BROKEN)
def test_it_is_refused_before_it_is_read(link_type: int, data: bytes, field: str) -> None:
    assert refused(read_packet(link_type, data)) == field


def test_what_came_before_a_torn_element_is_kept() -> None:
    torn = BEACON + encode_element(PACK, 9)[:-3]
    reading = read_frame(torn)
    assert [heard.counter for heard in reading.heard] == [7]
    assert [error.field for error in reading.errors] == ["information_element"]


OTHERS = {
    "a beacon of somebody else": b"\x80\0\0\0" + bytes(32) + b"\0\x03abc",
    "a data frame": b"\x08" + BEACON[1:],
    "an encrypted frame": b"\xd0\x40" + ACTION[2:],
    "an action of another kind": ACTION[:24] + b"\x03" + ACTION[25:],
    "ten octets": BEACON[:10],
    "nothing": b"",
}


@pytest.mark.parametrize("frame", OTHERS.values(), ids=OTHERS)
def test_other_frames_are_nobodys_business(frame: bytes) -> None:
    assert read_frame(frame) == Reading()


def test_a_ppi_header_says_strength_and_channel() -> None:
    common = struct.pack("<QHHHHBBbb", 0, 0x0001, 2, 2412, 0, 0, 0, -48, -90)
    packet = struct.pack("<BBHIHH", 0, 0, 32, 105, 2, 20) + common + checked(BEACON)
    assert only(read_packet(192, packet)).radio == Radio(rssi_dbm=-48.0, frequency_mhz=2412.0)


def test_bluetooth_brings_single_messages_and_packs() -> None:
    legacy = only(read_packet(251, encode_legacy(SENDER, LOCATION, 300)))
    assert legacy == Heard(
        carrier=Carrier.BLUETOOTH_LEGACY, payload=LOCATION, transmitter=SENDER_TEXT, counter=300 - 256
    )
    extended = only(read_packet(251, encode_extended(SENDER, PACK, 5)))
    assert (extended.carrier, extended.transmitter) == (Carrier.BLUETOOTH_EXTENDED, SENDER_TEXT)
    assert extended.payload == PACK


@pytest.mark.parametrize(("coded", "flags"), [(False, 0x0003), (True, 0x8003)])
def test_a_receivers_bluetooth_header_says_strength_and_channel(coded: bool, flags: int) -> None:
    packet = encode_extended(SENDER, PACK, 5)
    packet = packet[:4] + (b"\0" if coded else b"") + packet[4:]
    header = struct.pack("<Bbbb4sH", 12, -61, -90, 0, ADVERTISING_ADDRESS, flags)
    assert only(read_packet(256, header + packet)).radio == Radio(rssi_dbm=-61.0, frequency_mhz=2426.0)


def test_a_connections_packets_are_not_advertisements() -> None:
    assert read_link_layer(b"\x01\x02\x03\x04" + bytes(20)) == Reading()


def test_the_crc_is_the_one_tshark_reckons(tmp_path: Path) -> None:
    # tshark 4 says of these two packets: CRC 0xb5661e and 0xbf9117, both right (octets as they travel).
    legacy, extended = encode_legacy(SENDER, LOCATION, 7), encode_extended(SENDER, PACK, 8)
    assert (legacy[-3:].hex(), extended[-3:].hex()) == ("ad6678", "fd89e8")
    assert crc24(b"") == 0xAAAAAA
    tshark = shutil.which("tshark")
    if tshark is None:
        return
    path = tmp_path / "bluetooth.pcap"
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 251)
    packets = (legacy, extended, legacy[:-1] + b"\0")
    path.write_bytes(head + b"".join(struct.pack("<IIII", 0, 0, len(p), len(p)) + p for p in packets))
    command = [tshark, "-r", str(path), "-T", "fields", "-e", "btle.crc.incorrect"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert said.split("\n")[:3] == ["", "", "1"]


def test_bare_octets_are_told_apart() -> None:
    forms = (
        LOCATION,
        PACK,
        b"\x0d\x21" + LOCATION,
        encode_structure(LOCATION, 1),
        encode_legacy(SENDER, LOCATION, 1),
        BEACON,
        ACTION,
        radiotap(checked(BEACON), 0x10),
    )
    for octets in forms:
        messages, errors = messages_of(only(read_octets(octets)))
        assert errors == []
        assert to_reference(messages)["location"]["lat"] == 60.0
    for octets, field in ((b"", "message"), (b"\x12\x34", "message"), (OTHERS["a data frame"], "message")):
        assert refused(read_octets(octets)) == field
    assert refused(read_octets(OTHERS["a beacon of somebody else"])) == "frame"


@given(st.sampled_from(sorted(LINK_TYPES)), st.binary(max_size=200))
def test_any_packet_is_read_or_refused(link_type: int, data: bytes) -> None:
    read_packet(link_type, data)


# --- others' frames ----------------------------------------------------------------------------------------


@needs_recordings
@pytest.mark.recordings
def test_every_vectors_frames_agree_and_are_encoded_octet_for_octet() -> None:
    agreed = 0
    for vector in vectors():
        if "beacon" not in vector:
            continue
        beacon, action = bytes.fromhex(vector["beacon"]), bytes.fromhex(vector["nan_action"])
        for frame in (beacon, action):
            messages, errors = messages_of(only(read_frame(frame)))
            assert errors == []
            assert to_reference(messages) == vector["out"]
            agreed += 1
        heard = only(read_frame(beacon))
        assert heard.counter is not None
        time_us = int.from_bytes(beacon[24:32], "little")
        assert encode_beacon(beacon[10:16], heard.payload, heard.counter, b"RID-TEST", time_us) == beacon
        assert encode_nan_action(beacon[10:16], heard.payload, heard.counter) == action
    assert agreed == 2 * 497


@needs_recordings
@pytest.mark.recordings
@pytest.mark.parametrize("name", CAPTURES)
def test_every_captures_expected_decode_agrees(name: str) -> None:
    expected = [json.loads(line) for line in (FOLDER / f"{name}.expected.jsonl").read_text().splitlines()]
    heard: list[tuple[int, Heard]] = []
    for time_utc_ns, link_type, data in read_packets((FOLDER / name).read_bytes(), Counter()):
        reading = read_packet(link_type, data)
        assert reading.errors == ()
        heard += [(time_utc_ns, one) for one in reading.heard]
    assert len(heard) == len(expected)
    for (time_utc_ns, one), other in zip(heard, expected, strict=True):
        assert time_utc_ns / 1e9 == pytest.approx(other["t"], abs=1e-5)
        assert (one.transmitter, one.carrier, one.counter) == (
            other["mac"],
            other["carrier"],
            other["counter"],
        )
        # The other decoder keeps what follows a pack in its frame.
        assert other["payload"].startswith(one.payload.hex())
        if "oracle" in other:
            messages, errors = messages_of(one)
            assert errors == []
            assert to_reference(messages) == other["oracle"]["pack"]


@needs_recordings
@pytest.mark.recordings
def test_a_real_modules_frames_are_read_and_its_torn_one_is_refused() -> None:
    octets = module_octets()
    assert refused(read_octets(octets.pop("wlan_beacon_packet_data.txt"))) == "frame_check_sequence"
    action = only(read_octets(octets["wifi_packet_data.txt"]))
    assert action.radio == Radio(rssi_dbm=-48.0, frequency_mhz=2437.0)
    for name, data in octets.items():
        messages, errors = messages_of(only(read_octets(data)))
        assert errors == [], name
        out = to_reference(messages)
        if "basic_id_0" in out:
            assert out["basic_id_0"]["uas_id"] == "1787F04BM24010011039"
        for lat in (out.get("location", {}).get("lat"), out.get("system", {}).get("op_lat")):
            assert lat is None or lat == pytest.approx(35.8025, abs=2e-4)


@needs_recordings
@pytest.mark.recordings
def test_damaged_packets_of_every_carrier_are_read_or_refused_by_name() -> None:
    packets = [
        *real_packets(),
        (251, encode_legacy(SENDER, LOCATION, 1)),
        (251, encode_extended(SENDER, PACK, 2)),
        (105, BEACON),
        (105, ACTION),
    ]
    by_type: dict[int, list[bytes]] = {}
    for link_type, data in packets:
        by_type.setdefault(link_type, []).append(data)
    outcomes: Counter[str] = Counter()
    for link_type, frames in by_type.items():
        for data in mutated(frames, frames_to_try() // len(by_type), 20310503):
            reading = read_packet(link_type, data)
            outcomes.update(error.field for error in reading.errors)
            for heard in reading.heard:
                outcomes["heard"] += 1
                assert isinstance(heard.payload, bytes)
                assert heard.counter is None or 0 <= heard.counter <= 255
    assert outcomes["heard"] > 1_000
    assert outcomes["bluetooth.crc"] > 100
    assert len(outcomes) > 5, outcomes


def test_a_decode_error_is_what_a_bad_payload_gives() -> None:
    messages, errors = messages_of(Heard(carrier=None, payload=b"\x12"))
    assert messages == []
    assert isinstance(errors[0], DecodeError)
