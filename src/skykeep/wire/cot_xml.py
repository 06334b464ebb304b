"""Cursor on Target as XML, both ways.

    <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
    <event version uid type time start stale how [access qos opex]>
      <point lat lon hae ce le/>
      <detail> anything </detail>
    </event>

A document type declaration is refused, and with it every entity but XML's own five; so are elements nested
deeper than `DEEPEST_ELEMENT` and documents larger than `LARGEST_EVENT_BYTES`. Times are ISO 8601 with `Z`
or an offset and any number of decimals, kept to the nanosecond. Numbers may have an exponent, which the
schema does not allow but Java writes; we never write one. Source: MITRE base-event schema 2.0 (public
release), TAK's notes on its protocol ("version 0").
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from xml.parsers import expat

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.wire.cot import (
    DEEPEST_ELEMENT,
    LARGEST_EVENT_BYTES,
    OUTSIDE_XML,
    UNKNOWN,
    CotEvent,
    CotPoint,
    Element,
    checked,
    known_error_m,
    known_height_m,
)
from skykeep.wire.cot_detail import check_detail

DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_TIME = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,30}))?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)", re.ASCII
)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAME = re.compile(r"""[^\x00-\x20<>&"'=/!?;,()\[\]{}\d.-][^\x00-\x20<>&"'=/!?;,()\[\]{}]*""")
_ENCODINGS = ("", "utf-8", "us-ascii", "iso-8859-1")


def decode_xml(data: bytes) -> CotEvent:
    """Return the event of one document."""
    if len(data) > LARGEST_EVENT_BYTES:
        raise DecodeError("event", f"{len(data)} bytes", f"at most {LARGEST_EVENT_BYTES}")
    root = parse_element(data)
    if root.tag != "event":
        raise DecodeError("event", f"root element {root.tag[:80]!r}", "event")
    point = _only(root, "point")
    if point is None:
        raise DecodeError("point", "absent", "given once")
    detail = _only(root, "detail")
    event = CotEvent(
        uid=_attribute(root, "uid"),
        type=_attribute(root, "type"),
        time_utc_ns=parse_time_utc_ns("time", _attribute(root, "time")),
        start_utc_ns=parse_time_utc_ns("start", _attribute(root, "start")),
        stale_utc_ns=parse_time_utc_ns("stale", _attribute(root, "stale")),
        how=_attribute(root, "how"),
        point=_point(point),
        detail=() if detail is None else detail.children,
        version=_attribute(root, "version"),
        access=root.attributes.get("access", ""),
        qos=root.attributes.get("qos", ""),
        opex=root.attributes.get("opex", ""),
    )
    check_detail(event.detail)
    return checked(event)


def _only(root: Element, tag: str) -> Element | None:
    found = [one for one in root.children if one.tag == tag]
    if len(found) > 1:
        raise DecodeError(tag, f"given {len(found)} times", "given once")
    return found[0] if found else None


def _attribute(element: Element, name: str) -> str:
    value = element.attributes.get(name)
    if value is None:
        raise DecodeError(name, "absent", "given")
    return value


def _point(element: Element) -> CotPoint:
    def number(name: str) -> float:
        return parse_number(f"point.{name}", element.attributes.get(name))

    return CotPoint(
        latitude_deg=number("lat"),
        longitude_deg=number("lon"),
        height_hae_m=known_height_m(number("hae")),
        circular_error_m=known_error_m(number("ce")),
        linear_error_m=known_error_m(number("le")),
    )


def parse_number(field: str, text: str | None) -> float:
    """Return a finite decimal number."""
    if text is None or not _NUMBER.fullmatch(text.strip()):
        raise DecodeError(field, "absent" if text is None else repr(text[:80]), "a decimal number")
    value = float(text)
    if not math.isfinite(value):
        raise DecodeError(field, repr(text[:80]), "a finite number")
    return value


def parse_time_utc_ns(field: str, text: str) -> int:
    """Return the moment; decimals behind the nanosecond are dropped."""
    match = _TIME.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        moment = datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
    except ValueError:
        raise DecodeError(field, repr(text[:80]), "an ISO 8601 time with Z or an offset") from None
    offset_s = 0 if match[3] == "Z" else _offset_s(match[3])
    fraction_ns = int((match[2] or "0")[:9].ljust(9, "0"))
    return ((moment - _EPOCH) // timedelta(seconds=1) - offset_s) * NS_PER_S + fraction_ns


def _offset_s(text: str) -> int:
    seconds = int(text[1:3]) * 3_600 + int(text[4:6]) * 60
    return -seconds if text[0] == "-" else seconds


def format_time(time_utc_ns: int) -> str:
    """Return e.g. `2031-05-03T02:14:07.250Z`: three decimals, and more only where they are needed."""
    whole_s, rest_ns = divmod(time_utc_ns, NS_PER_S)
    moment = _EPOCH + timedelta(seconds=whole_s)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{f'{rest_ns:09d}'.rstrip('0').ljust(3, '0')}Z"


def format_number(value: float) -> str:
    """Return the shortest decimal without an exponent that reads back as the same number."""
    text = repr(float(value))
    if "e" in text:
        text = f"{value:.340f}".rstrip("0") if abs(value) < 1.0 else f"{value:.1f}"
        text = text + "0" if text.endswith(".") else text
    return text


def parse_element(data: bytes) -> Element:
    """Return the root element of a document, entities and document types refused."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _check_declaration
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DecodeError("event", str(error)[:200], "well-formed XML") from error
    return builder.root()


def _refuse_doctype(*_: object) -> None:
    raise DecodeError("event", "a document type declaration", "without one")


def _check_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if (encoding or "").lower() not in _ENCODINGS:
        raise DecodeError("event", f"encoding {encoding!r}"[:80], "UTF-8")


class _Builder:
    """Makes elements of what expat says."""

    def __init__(self) -> None:
        self._open: list[tuple[str, dict[str, str], list[str], list[Element]]] = []
        self._root: Element | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST_ELEMENT:
            raise DecodeError("event", f"nested over {DEEPEST_ELEMENT} deep", f"at most {DEEPEST_ELEMENT}")
        self._open.append((tag, attributes, [], []))

    def text(self, text: str) -> None:
        if not self._open:
            return
        _, _, texts, children = self._open[-1]
        if not children:
            texts.append(text)
        elif text.strip():
            last = children[-1]
            children[-1] = Element(
                tag=last.tag,
                attributes=last.attributes,
                text=last.text,
                children=last.children,
                tail=last.tail + text,
            )

    def end(self, _: str) -> None:
        tag, attributes, texts, children = self._open.pop()
        text = "".join(texts)
        if children and not text.strip():
            text = ""
        element = Element(tag=tag, attributes=attributes, text=text, children=tuple(children))
        if self._open:
            self._open[-1][3].append(element)
        else:
            self._root = element

    def root(self) -> Element:
        if self._root is None:
            raise DecodeError("event", "no element", "one")
        return self._root


def encode_xml(event: CotEvent) -> bytes:
    """Return the document, as TAK servers want it: a declaration, a line end, the event, nothing behind."""
    checked(event)
    attributes = {
        "version": event.version,
        "uid": event.uid,
        "type": event.type,
        "time": format_time(event.time_utc_ns),
        "start": format_time(event.start_utc_ns),
        "stale": format_time(event.stale_utc_ns),
        "how": event.how,
    }
    for name in ("access", "qos", "opex"):
        if value := getattr(event, name):
            attributes[name] = value
    children = [Element(tag="point", attributes=_point_attributes(event.point))]
    if event.detail:
        children.append(Element(tag="detail", children=event.detail))
    root = Element(tag="event", attributes=attributes, children=tuple(children))
    return DECLARATION + format_element(root).encode()


def _point_attributes(point: CotPoint) -> dict[str, str]:
    def known(value: float | None) -> str:
        return format_number(UNKNOWN if value is None else value)

    return {
        "lat": format_number(point.latitude_deg),
        "lon": format_number(point.longitude_deg),
        "hae": known(point.height_hae_m),
        "ce": known(point.circular_error_m),
        "le": known(point.linear_error_m),
    }


def format_element(element: Element) -> str:
    """Return an element as text. ValueError where a name or a character can never be in XML."""
    if not _NAME.fullmatch(element.tag) or not all(map(_NAME.fullmatch, element.attributes)):
        raise ValueError(f"{element.tag!r} with {list(element.attributes)}: not names in XML")
    attributes = "".join(f' {name}="{_escaped(value)}"' for name, value in element.attributes.items())
    inside = _escaped(element.text, in_text=True) + "".join(map(format_element, element.children))
    # The end of an event is looked for as `</event>`, so no other element may be written as its own end.
    body = (
        f"<{element.tag}{attributes}>{inside}</{element.tag}>" if inside else f"<{element.tag}{attributes}/>"
    )
    return body + _escaped(element.tail, in_text=True)


_ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}


def _escaped(text: str, in_text: bool = False) -> str:
    if OUTSIDE_XML.search(text):
        raise ValueError(f"{text[:80]!r} holds a character that cannot be in XML")
    kept = '"\t\n' if in_text else ""
    return re.sub('[&<>"\t\n\r]', lambda found: found[0] if found[0] in kept else _ENTITIES[found[0]], text)


def clean(text: str) -> str:
    """Return text without the characters that can never be in XML, each as a question mark."""
    return OUTSIDE_XML.sub("?", text)
