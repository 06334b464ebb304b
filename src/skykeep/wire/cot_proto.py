"""Cursor on Target as TAK protocol version 1 (protobuf), both ways.

| form | octets |
|---|---|
| datagram (mesh) | `bf`, version as a varint (01), `bf`, payload |
| stream | `bf`, length of the payload as a varint, payload |

The payload is one `TakMessage`: takControl (1), cotEvent (2). An event's times are whole milliseconds since
1970. Of the detail six elements have messages of their own; a message is used only where it gives back the
same element (once there, no other attribute, no text, no child), and all else goes into `xmlDetail`, so
that nothing is lost but the order of elements, how a number was written and what is under a millisecond.
An element in `xmlDetail` is believed over the message of the same name. Source: TAK's notes on its protocol
and its .proto files, as generated in takproto; takproto's own conversion loses further attributes, repeated
elements and times with offsets, so it is not used.
"""

from __future__ import annotations

from typing import Any

from google.protobuf.message import DecodeError as ProtobufError

from skykeep.base.errors import DecodeError
from skykeep.wire.cot import (
    LARGEST_EVENT_BYTES,
    UNKNOWN,
    CotEvent,
    CotPoint,
    Element,
    TakControl,
    TakMessage,
    checked,
    known_error_m,
    known_height_m,
    plain,
)
from skykeep.wire.cot_detail import check_detail
from skykeep.wire.cot_xml import decode_xml, format_element, format_number, parse_element

MAGIC = 0xBF
MESH_HEADER = bytes((MAGIC, 1, MAGIC))
NS_PER_MS = 1_000_000

# element: the field of Detail, then its attributes as (in XML, in protobuf)
_TYPED: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "contact": ("contact", (("endpoint", "endpoint"), ("callsign", "callsign"))),
    "__group": ("group", (("name", "name"), ("role", "role"))),
    "precisionlocation": (
        "precisionLocation",
        (("geopointsrc", "geopointsrc"), ("altsrc", "altsrc")),
    ),
    "status": ("status", (("battery", "battery"),)),
    "takv": (
        "takv",
        (("device", "device"), ("platform", "platform"), ("os", "os"), ("version", "version")),
    ),
    "track": ("track", (("speed", "speed"), ("course", "course"))),
}


def decode_message(data: bytes) -> TakMessage:
    """Return what a datagram, a framed message or a document holds, whichever it is."""
    if data[:1] != bytes((MAGIC,)):
        return TakMessage(event=decode_xml(data))
    # As a frame of a stream this would be one octet that no payload can be.
    if data[:3] == MESH_HEADER:
        return decode_payload(data[3:])
    length, at = read_varint(data, 1)
    if length is None or length != len(data) - at:
        raise DecodeError("header", data[:6].hex(), "bf 01 bf, or bf and the length of what follows")
    return decode_payload(data[at:])


def read_varint(data: bytes | bytearray, at: int) -> tuple[int | None, int]:
    """Return a varint of at most 5 octets and where it ends; None where more octets are needed."""
    value = 0
    for place in range(5):
        if at + place >= len(data):
            return None, at
        octet = data[at + place]
        value |= (octet & 0x7F) << (7 * place)
        if not octet & 0x80:
            return value, at + place + 1
    raise DecodeError("header.length", data[at : at + 5].hex(), "a varint of at most 5 octets")


def write_varint(value: int) -> bytes:
    """Return a varint."""
    octets = bytearray()
    while value > 0x7F:
        octets.append(value & 0x7F | 0x80)
        value >>= 7
    octets.append(value)
    return bytes(octets)


def _new_message() -> Any:
    from takproto.proto import TakMessage as Message  # type: ignore[import-untyped]

    return Message()


def decode_payload(payload: bytes) -> TakMessage:
    """Return what one serialised TakMessage holds."""
    if len(payload) > LARGEST_EVENT_BYTES:
        raise DecodeError("payload", f"{len(payload)} bytes", f"at most {LARGEST_EVENT_BYTES}")
    message = _new_message()
    try:
        message.ParseFromString(payload)
    except (ProtobufError, ValueError) as error:
        raise DecodeError("payload", str(error)[:200] or "damaged", "a TakMessage") from error
    control = None
    if message.HasField("takControl"):
        of = message.takControl
        # Zero is what a sender leaves out, and stands for version 1.
        control = TakControl(
            min_version=of.minProtoVersion or 1,
            max_version=of.maxProtoVersion or 1,
            contact_uid=of.contactUid,
        )
    event = _event(message.cotEvent) if message.HasField("cotEvent") else None
    return TakMessage(event=event, control=control)


def _event(of: Any) -> CotEvent:
    detail = _elements(of.detail)
    check_detail(detail)
    return checked(
        CotEvent(
            uid=of.uid,
            type=of.type,
            time_utc_ns=of.sendTime * NS_PER_MS,
            start_utc_ns=of.startTime * NS_PER_MS,
            stale_utc_ns=of.staleTime * NS_PER_MS,
            how=of.how,
            point=CotPoint(
                latitude_deg=of.lat,
                longitude_deg=of.lon,
                height_hae_m=known_height_m(of.hae),
                circular_error_m=known_error_m(of.ce),
                linear_error_m=known_error_m(of.le),
            ),
            detail=detail,
            access=of.access,
            qos=of.qos,
            opex=of.opex,
        )
    )


def _elements(detail: Any) -> tuple[Element, ...]:
    free = _free_elements(detail.xmlDetail)
    written = {element.tag for element in free}
    typed = [
        _typed_element(tag, getattr(detail, field))
        for tag, (field, _) in _TYPED.items()
        if tag not in written and detail.HasField(field)
    ]
    return (*typed, *free)


def _free_elements(xml: str) -> tuple[Element, ...]:
    text = xml.strip()
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    if not text:
        return ()
    root = parse_element(b"<detail>" + text.encode() + b"</detail>")
    # Some senders wrap it once more.
    only = root.children[0] if len(root.children) == 1 else None
    return only.children if only is not None and only.tag == "detail" else root.children


def _typed_element(tag: str, message: Any) -> Element:
    attributes = {}
    for name, field in _TYPED[tag][1]:
        value = getattr(message, field)
        if isinstance(value, str):
            if value:
                attributes[name] = plain(f"{tag}.{name}", value)
        else:
            attributes[name] = format_number(value) if isinstance(value, float) else str(value)
    return Element(tag=tag, attributes=attributes)


def encode_payload(event: CotEvent | None, control: TakControl | None = None) -> bytes:
    """Return a serialised TakMessage."""
    message = _new_message()
    if control is not None:
        message.takControl.minProtoVersion = control.min_version
        message.takControl.maxProtoVersion = control.max_version
        message.takControl.contactUid = control.contact_uid
    if event is not None:
        _fill_event(message.cotEvent, checked(event))
    payload: bytes = message.SerializeToString(deterministic=True)
    return payload


def _fill_event(of: Any, event: CotEvent) -> None:
    def known(value: float | None) -> float:
        return UNKNOWN if value is None else value

    of.type, of.uid, of.how = event.type, event.uid, event.how
    of.access, of.qos, of.opex = event.access, event.qos, event.opex
    of.sendTime = event.time_utc_ns // NS_PER_MS
    of.startTime = event.start_utc_ns // NS_PER_MS
    of.staleTime = event.stale_utc_ns // NS_PER_MS
    of.lat, of.lon = event.point.latitude_deg, event.point.longitude_deg
    of.hae = known(event.point.height_hae_m)
    of.ce, of.le = known(event.point.circular_error_m), known(event.point.linear_error_m)
    times = {tag: sum(one.tag == tag for one in event.detail) for tag in _TYPED}
    free = [
        element
        for element in event.detail
        if times.get(element.tag) != 1 or not _fill_typed(of.detail, element)
    ]
    of.detail.xmlDetail = "".join(map(format_element, free))


def _fill_typed(detail: Any, element: Element) -> bool:
    """Put an element into its message where the message gives the same element back; else leave it be."""
    field, names = _TYPED[element.tag]
    message = type(getattr(detail, field))()
    try:
        for name, proto in names:
            if name in element.attributes:
                kind = type(getattr(message, proto))
                setattr(message, proto, kind(element.attributes[name]))
    except ValueError:
        return False
    if not _same(element, _typed_element(element.tag, message)):
        return False
    getattr(detail, field).CopyFrom(message)
    return True


def _same(element: Element, back: Element) -> bool:
    if (
        element.text
        or element.tail
        or element.children
        or element.attributes.keys() != back.attributes.keys()
    ):
        return False
    numeric = element.tag in ("track", "status")
    return all(
        float(value) == float(back.attributes[name]) if numeric else value == back.attributes[name]
        for name, value in element.attributes.items()
    )


def encode_datagram(event: CotEvent | None, control: TakControl | None = None) -> bytes:
    """Return a mesh datagram."""
    return MESH_HEADER + encode_payload(event, control)


def encode_frame(event: CotEvent | None, control: TakControl | None = None) -> bytes:
    """Return a frame of a stream."""
    payload = encode_payload(event, control)
    return bytes((MAGIC,)) + write_varint(len(payload)) + payload
