"""What a person at the console may ask for: the second half of `docs/console_protocol.md` as frozen records.

Every field has a bound, and a field that is not in the protocol is refused: nothing here is ever guessed.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from skykeep.api.alert_commands import ALERT_COMMANDS as ALERT_COMMANDS
from skykeep.api.alert_commands import AlertAct
from skykeep.api.duty_commands import DUTY_COMMANDS as DUTY_COMMANDS
from skykeep.api.duty_commands import DutyCommand as DutyCommand
from skykeep.api.duty_commands import OccupancySet as OccupancySet
from skykeep.api.duty_commands import PostureSet as PostureSet
from skykeep.api.duty_commands import TaskCallOff as TaskCallOff
from skykeep.api.duty_commands import TaskTake as TaskTake
from skykeep.api.register_commands import REGISTER_COMMANDS as REGISTER_COMMANDS
from skykeep.api.register_commands import AmendRestriction as AmendRestriction
from skykeep.api.register_commands import CancelRestriction as CancelRestriction
from skykeep.api.register_commands import DecidePermit as DecidePermit
from skykeep.api.register_commands import DrawRestriction as DrawRestriction
from skykeep.api.register_commands import EmergencyRing as EmergencyRing
from skykeep.api.register_commands import RegisterCommand
from skykeep.api.register_commands import SignRestriction as SignRestriction
from skykeep.domain.sensing import Credibility, Reliability

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Sentence = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]
TrackId = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Proof = Annotated[str, msgspec.Meta(max_length=8_000)]
Digest = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")]
ShortName = Annotated[str, msgspec.Meta(max_length=100)]
ClaimedId = Annotated[str, msgspec.Meta(max_length=100)]
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


class _Proven(_Command, frozen=True, kw_only=True):
    """An act on a proposal, and what proves that it is this person's: it goes no further than the door."""

    by: Name
    proof: Proof = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(by={self.by!r}, ...)"


class Approve(_Proven, frozen=True, kw_only=True, tag="approve"):
    """`terms_sha256` is that of the proposal as it was shown, `approval_id` one that was never used."""

    proposal_id: Name
    option_id: Name
    terms_sha256: Digest = ""
    approval_id: ShortName = ""


class Refuse(_Proven, frozen=True, kw_only=True, tag="refuse"):
    proposal_id: Name
    reason: Sentence


class Propose(_Proven, frozen=True, kw_only=True, tag="propose"):
    """Others are to decide on an alert now."""

    alert_id: Name


class Withdraw(_Proven, frozen=True, kw_only=True, tag="withdraw"):
    """A proposal is taken back."""

    proposal_id: Name
    reason: Sentence


class TakeBack(_Proven, frozen=True, kw_only=True, tag="take_back"):
    """One's own yes is taken back."""

    proposal_id: Name
    reason: Sentence


class TaskDone(_Command, frozen=True, kw_only=True, tag="task_done"):
    task_id: Name
    by: Name


class Correlate(_Command, frozen=True, kw_only=True, tag="correlate"):
    """This track is another, and shown as that (`other_track_id`), or is the one that claims an identity."""

    track_id: TrackId
    by: Name
    reason: Reason
    other_track_id: TrackId | None = None
    claimed_id: ClaimedId = ""


class Decorrelate(_Command, frozen=True, kw_only=True, tag="decorrelate"):
    """This track is not that other one, or not the one that claims an identity."""

    track_id: TrackId
    by: Name
    reason: Reason
    other_track_id: TrackId | None = None
    claimed_id: ClaimedId = ""


class Rename(_Command, frozen=True, kw_only=True, tag="rename"):
    track_id: TrackId
    name: Label
    by: Name


class Lift(_Command, frozen=True, kw_only=True, tag="lift"):
    order_id: Name
    by: Name


class UseAgain(_Command, frozen=True, kw_only=True, tag="use_again"):
    """A source in quarantine is to be used again."""

    source_id: Name
    by: Name
    reason: Reason


class Grade(_Command, frozen=True, kw_only=True, tag="grade"):
    """A person's report is graded by the admiralty code."""

    sensor_id: Name
    sequence: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
    reliability: Reliability
    credibility: Credibility
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


TrackOrder = Correlate | Decorrelate | Rename | Lift
ProposalAct = Approve | Refuse | Propose | Withdraw | TakeBack
Decision = Acknowledge | ProposalAct | TaskDone | TrackOrder | UseAgain | Grade | AlertAct | DutyCommand
TimeControl = Play | Pause | Speed
SourceCommand = Decision | TimeControl | RegisterCommand
Command = SourceCommand | Select | Seek | Follow
