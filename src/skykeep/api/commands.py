"""What a person at the console may ask for: the second half of `docs/console_protocol.md` as frozen records.

Every field has a bound, and a field that is not in the protocol is refused: nothing here is ever guessed.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Sentence = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]
TrackId = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Factor = Annotated[float, msgspec.Meta(ge=0.25, le=32.0)]
# A browser's number holds a time to 256 ns only, so that the exact way is a decimal text.
TimeAsInt = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
TimeAsFloat = Annotated[float, msgspec.Meta(ge=0.0, lt=2.0**63)]
TimeAsText = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,18}$|^[1-8][0-9]{18}$")]


class _Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """An imperative from a person at the console."""


class Acknowledge(_Command, frozen=True, kw_only=True, tag="acknowledge"):
    alert_id: Name
    by: Name


class Approve(_Command, frozen=True, kw_only=True, tag="approve"):
    proposal_id: Name
    option_id: Name
    by: Name


class Refuse(_Command, frozen=True, kw_only=True, tag="refuse"):
    proposal_id: Name
    by: Name
    reason: Sentence


class TaskDone(_Command, frozen=True, kw_only=True, tag="task_done"):
    task_id: Name
    by: Name


class Play(_Command, frozen=True, kw_only=True, tag="play"):
    pass


class Pause(_Command, frozen=True, kw_only=True, tag="pause"):
    pass


class Speed(_Command, frozen=True, kw_only=True, tag="speed"):
    factor: Factor


class Select(_Command, frozen=True, kw_only=True, tag="select"):
    track_id: TrackId | None


class Seek(_Command, frozen=True, kw_only=True, tag="seek"):
    time_utc_ns: TimeAsInt | TimeAsFloat | TimeAsText

    def moment_utc_ns(self) -> int:
        """Return the time that was asked for, whichever way it was written."""
        return int(self.time_utc_ns)


class Follow(_Command, frozen=True, kw_only=True, tag="follow"):
    pass


Decision = Acknowledge | Approve | Refuse | TaskDone
TimeControl = Play | Pause | Speed
SourceCommand = Acknowledge | Approve | Refuse | TaskDone | Play | Pause | Speed
Command = Acknowledge | Approve | Refuse | TaskDone | Play | Pause | Speed | Select | Seek | Follow
