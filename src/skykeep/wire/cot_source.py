"""Who we are to a TAK server, and what every event of ours has in common.

The uid of a thing is ours, a point, its kind and its number: `SKYKEEP-harbour.track.17`. It is the same at
every update, so the server's clients move one symbol; and it is how we know our own events when a server
sends them back. `stale` says for how long each kind may be believed without news.
"""

from __future__ import annotations

import msgspec

from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.wire.cot import CotEvent, CotPoint, Element, TakControl
from skykeep.wire.cot_xml import clean

NS_PER_MS = 1_000_000
OUR_CONTROL = TakControl(min_version=1, max_version=1)


class StaleAfter(msgspec.Struct, frozen=True, kw_only=True):
    """For how long each kind of event may be believed without news, in seconds."""

    confirmed_s: float = 15.0
    tentative_s: float = 5.0
    coasting_s: float = 8.0
    sensor_s: float = 180.0
    alert_s: float = 600.0
    zone_s: float = 86_400.0
    self_s: float = 180.0


class CotSource(msgspec.Struct, frozen=True, kw_only=True):
    """One sender: its uid, the name people see, and whether what it tells is a simulation or exercise.

    `opex` is "", "o" (operation), "e" (exercise) or "s" (simulation); a simulation also says so in `how`.
    """

    uid: str
    callsign: str
    opex: str = ""
    group: str = "Cyan"
    role: str = "HQ"
    type: str = "a-f-G-U-C"
    version: str = ""
    stale: StaleAfter = StaleAfter()

    def uid_of(self, kind: str, name: object) -> str:
        """Return the uid of a thing of ours."""
        return clean(f"{self.uid}.{kind}.{name}")[:500]

    def event(
        self,
        *,
        uid: str,
        type: str,
        time_utc_ns: int,
        stale_s: float,
        how: str,
        point: CotPoint,
        detail: tuple[Element, ...] = (),
    ) -> CotEvent:
        """Return an event of ours, in force from its time on, in whole milliseconds as all of TAK's."""
        time_utc_ns -= time_utc_ns % NS_PER_MS
        return CotEvent(
            uid=uid,
            type=type,
            time_utc_ns=time_utc_ns,
            start_utc_ns=time_utc_ns,
            stale_utc_ns=time_utc_ns + seconds_to_ns(stale_s) // NS_PER_MS * NS_PER_MS,
            how="m-s" if self.opex == "s" and how.startswith("m") else how,
            point=point,
            detail=detail,
            opex=self.opex,
        )

    def self_report(self, time_utc_ns: int, point: CotPoint) -> CotEvent:
        """Return who and where we are: the first thing a TAK server wants, and then once a minute."""
        return self.event(
            uid=self.uid,
            type=self.type,
            time_utc_ns=time_utc_ns,
            stale_s=self.stale.self_s,
            how="m-c",
            point=point,
            detail=(
                element("takv", device="server", platform="Skykeep", version=self.version or "0"),
                element("contact", callsign=self.callsign, endpoint="*:-1:stcp"),
                element("uid", Droid=self.callsign),
                element("__group", name=self.group, role=self.role),
            ),
        )

    def link(self) -> Element:
        """Return the element that names us as the producer."""
        return element("link", uid=self.uid, type=self.type, relation="p-p", parent_callsign=self.callsign)


def is_own_uid(own_uid: str, uid: str) -> bool:
    """Return whether a uid belongs to the sender `own_uid`: then it is an event sent back to us."""
    return bool(own_uid) and (uid in (own_uid, f"{own_uid}-ping") or uid.startswith(f"{own_uid}."))


def element(tag: str, text: str = "", **attributes: str) -> Element:
    """Return an element without children, of cleaned text."""
    return Element(
        tag=tag,
        attributes={name: clean(value) for name, value in attributes.items()},
        text=clean(text),
    )


def nowhere() -> CotPoint:
    """Return the place of events that have none."""
    return CotPoint(latitude_deg=0.0, longitude_deg=0.0)


def ping(source_uid: str, time_utc_ns: int) -> CotEvent:
    """Return "are you there", which a server answers with t-x-c-t-r."""
    return control_event(f"{source_uid}-ping", "t-x-c-t", time_utc_ns, 10.0)


def pong(time_utc_ns: int) -> CotEvent:
    """Return "I am here"."""
    return control_event("takPong", "t-x-c-t-r", time_utc_ns, 20.0)


def offered_versions(event: CotEvent) -> tuple[str, ...]:
    """Return the versions that a server's t-x-takp-v says it can speak."""
    control = event.first("TakControl")
    found = () if control is None else control.children
    return tuple(
        one.attributes.get("version", "").strip() for one in found if one.tag == "TakProtocolSupport"
    )


def version_offer(uid: str, time_utc_ns: int) -> CotEvent:
    """Return a server's offer to speak version 1."""
    return _negotiation(uid, "t-x-takp-v", time_utc_ns, element("TakProtocolSupport", version="1"))


def version_request(uid: str, time_utc_ns: int) -> CotEvent:
    """Return a client's wish to speak version 1, under the uid of the offer."""
    return _negotiation(uid, "t-x-takp-q", time_utc_ns, element("TakRequest", version="1"))


def version_answer(uid: str, time_utc_ns: int, accepted: bool) -> CotEvent:
    """Return a server's answer."""
    status = "true" if accepted else "false"
    return _negotiation(uid, "t-x-takp-r", time_utc_ns, element("TakResponse", status=status))


def is_accepted(event: CotEvent) -> bool:
    """Return whether a server's t-x-takp-r says yes."""
    control = event.first("TakControl")
    response = None if control is None else control.child("TakResponse")
    return response is not None and response.attributes.get("status", "").strip().lower() == "true"


def _negotiation(uid: str, type: str, time_utc_ns: int, inside: Element) -> CotEvent:
    detail = (Element(tag="TakControl", children=(inside,)),)
    return control_event(uid, type, time_utc_ns, 60.0, detail)


def control_event(
    uid: str, type: str, time_utc_ns: int, stale_s: float, detail: tuple[Element, ...] = ()
) -> CotEvent:
    """Return an event about the connection, which is nowhere."""
    time_utc_ns -= time_utc_ns % NS_PER_MS
    return CotEvent(
        uid=uid,
        type=type,
        time_utc_ns=time_utc_ns,
        start_utc_ns=time_utc_ns,
        stale_utc_ns=time_utc_ns + round(stale_s) * NS_PER_S,
        how="m-g",
        point=nowhere(),
        detail=detail,
    )
