"""One conversation with a TAK server, without its socket: framing, and agreeing on protobuf.

| state | we send | on | becomes |
|---|---|---|---|
| xml | XML | server offers version 1 (`t-x-takp-v`), and we want it: we ask (`t-x-takp-q`) | asked |
| asked | nothing at all | server says yes (`t-x-takp-r`) | protobuf |
| asked | nothing at all | server says no | xml |
| protobuf | frames | | |

Whatever arrives is understood in either form. No answer within a minute leaves both sides unsure, and the
connection must be made anew. Source: TAK's notes on its protocol.
"""

from __future__ import annotations

import enum

from skykeep.wire.cot import CotEvent
from skykeep.wire.cot_framer import CotFramer
from skykeep.wire.cot_proto import encode_frame
from skykeep.wire.cot_source import is_accepted, offered_versions, pong, version_request
from skykeep.wire.cot_xml import encode_xml


class TalkState(enum.Enum):
    XML = "xml"
    ASKED = "asked"
    PROTOBUF = "protobuf"


class CotTalk:
    """What one side of one connection remembers."""

    def __init__(self, *, wants_protobuf: bool) -> None:
        self.state = TalkState.XML
        self.framer = CotFramer()
        self._wants_protobuf = wants_protobuf

    @property
    def may_send(self) -> bool:
        """Return whether events may be sent now."""
        return self.state is not TalkState.ASKED

    def encode(self, event: CotEvent) -> bytes:
        """Return an event in the form agreed on."""
        return encode_frame(event) if self.state is TalkState.PROTOBUF else encode_xml(event)

    def heard(self, event: CotEvent, now_utc_ns: int) -> tuple[bytes, str]:
        """Return what to send at once because of an event about the connection, and what to tell a person."""
        if event.type == "t-x-takp-v" and self.state is TalkState.XML and self._wants_protobuf:
            if "1" in offered_versions(event):
                request = encode_xml(version_request(event.uid, now_utc_ns))
                self.state = TalkState.ASKED
                return request, ""
        elif event.type == "t-x-takp-r" and self.state is TalkState.ASKED:
            if is_accepted(event):
                self.state = TalkState.PROTOBUF
                return b"", "agreed on protobuf"
            self.state = TalkState.XML
            return b"", "declined protobuf; going on in XML"
        elif event.type == "t-x-c-t" and self.may_send:
            return self.encode(pong(now_utc_ns)), ""
        return b"", ""
