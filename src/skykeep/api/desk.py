"""What one page looks at and what it may do: the rules of a console, without the socket.

The page follows the newest moment or looks at a past one. Past or present, it is sent lists and a picture
of one and the same moment. A decision is taken at the newest moment only, by a person this console knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
import numpy as np

from skykeep.api.commands import (
    ALERT_COMMANDS,
    DUTY_COMMANDS,
    REGISTER_COMMANDS,
    Acknowledge,
    Approve,
    Command,
    Correlate,
    Decorrelate,
    Follow,
    Grade,
    Lift,
    Pause,
    Play,
    Propose,
    Refuse,
    Rename,
    Seek,
    Select,
    Speed,
    TakeBack,
    TaskDone,
    UseAgain,
    Withdraw,
)
from skykeep.api.encode import COLUMN_TYPES, PictureEncoder, PictureMessage, WirePicture, quantise
from skykeep.api.messages import Caption, Event, Finished, Hello
from skykeep.api.outbox import Outbox
from skykeep.api.source import ConsoleSource, Lists, PictureColumns
from skykeep.api.view import View
from skykeep.base.errors import InputError


class Desk:
    """One page's place at the source. Lives on the event loop; slow questions go to a worker thread."""

    def __init__(
        self,
        source: ConsoleSource,
        hello: Hello,
        outbox: Outbox,
        to_wire: Callable[[PictureColumns], WirePicture] = quantise,
    ) -> None:
        self._source = source
        self._hello = hello
        self._outbox = outbox
        self._to_wire = to_wire
        self._people = tuple(person.id for person in hello.people)
        self._encoder = PictureEncoder()
        self._view = View()
        self._selected: int | None = None
        self._lists = Lists()
        self._captions_at_opening: tuple[Caption, ...] = ()

    # --- what the night tells ----------------------------------------------------------------------------

    def open(self) -> None:
        """Queue all that a page which has just opened must know."""
        present = self._source.present()
        self._captions_at_opening = present.captions
        for caption in present.captions:
            self._outbox.put(caption)
        if present.finished is not None:
            self._outbox.put(present.finished)
        self._put_lists(present.lists, all_of_them=True)
        self._outbox.put(self._source.status())
        self._outbox.picture()

    def deliver(self, event: Event) -> None:
        """Queue an event, unless it is of the present and this page looks at the past."""
        if isinstance(event, Caption):
            # One spoken while the page was opening is already among those it was sent.
            if not any(caption is event for caption in self._captions_at_opening):
                self._outbox.put(event)
        elif self._view.following or isinstance(event, Finished):
            self._outbox.put(event)

    def picture_changed(self) -> None:
        """Note that there is a newer picture of the present."""
        if self._view.following:
            self._outbox.picture()

    # --- what the page is shown --------------------------------------------------------------------------

    async def next_picture(self) -> PictureMessage | None:
        """Return what brings the page's picture to the moment it looks at; None when it is there."""
        past_utc_ns = self._view.past_utc_ns
        if past_utc_ns is None:
            picture = self._source.latest_picture()
            return None if picture is None else self._encoder.update(self._to_wire(picture))
        picture = await asyncio.to_thread(self._source.picture_at, past_utc_ns)
        if self._view.following:
            return None  # It went back to the present meanwhile, and that picture is due.
        wire = _no_tracks(past_utc_ns) if picture is None else quantise(picture)
        return self._encoder.update(wire)

    async def pulse(self) -> None:
        """Queue how things are, and what is known of the selected track."""
        past_utc_ns = self._view.past_utc_ns
        if past_utc_ns is None:
            self._outbox.put(self._source.status())
        else:
            status = await asyncio.to_thread(self._source.status_at, past_utc_ns)
            self._outbox.put(
                msgspec.structs.replace(
                    status,
                    time_utc_ns=past_utc_ns,
                    following=False,
                    playing=self._view.playing,
                    speed=self._view.speed,
                )
            )
        if self._selected is not None:
            details = await asyncio.to_thread(self._source.track_details, self._selected, past_utc_ns)
            if details is not None:
                self._outbox.put(details)

    async def advance(self, elapsed_s: float) -> None:
        """Move a view that plays the past on by so much wall time."""
        if self._view.playing and self._view.advance(elapsed_s, self._source.status().latest_utc_ns):
            await self._show_moment(jumped=self._view.following)

    # --- what the page asks ------------------------------------------------------------------------------

    async def obey(self, command: Command) -> None:
        """Carry out a command or raise InputError saying why not."""
        match command:
            case Acknowledge() | Approve() | Refuse() | Propose() | Withdraw() | TakeBack() | TaskDone():
                self._may_decide(command.by)
                await asyncio.to_thread(self._source.command, command)
            case Correlate() | Decorrelate() | Rename() | Lift() | UseAgain() | Grade():
                self._may_decide(command.by)
                await asyncio.to_thread(self._source.command, command)
            case _ if isinstance(command, (*ALERT_COMMANDS, *DUTY_COMMANDS, *REGISTER_COMMANDS)):
                self._may_decide(command.by)
                await asyncio.to_thread(self._source.command, command)
            case Play() | Pause() | Speed():
                await self._control_time(command)
            case Select():
                await self._select(command.track_id)
            case Seek():
                status = self._source.status()
                self._view.seek(command.moment_utc_ns(), status.start_utc_ns, status.latest_utc_ns)
                await self._show_moment(jumped=True)
            case Follow():
                if not self._view.following:
                    self._view.follow()
                    await self._show_moment(jumped=True)

    def _may_decide(self, by: str) -> None:
        if not self._view.following:
            raise InputError("time", "a past moment", "the newest one: nothing is decided from the past")
        if by not in self._people:
            raise InputError("by", repr(by), "one of " + ", ".join(self._people))

    async def _control_time(self, command: Play | Pause | Speed) -> None:
        if self._view.following:
            if not self._hello.can_control_time:
                raise InputError("mode", self._hello.mode, "a replay or a simulation for time to be held")
            await asyncio.to_thread(self._source.command, command)
        elif isinstance(command, Speed):
            self._view.speed = command.factor
        else:
            self._view.playing = isinstance(command, Play)
        await self.pulse()

    async def _select(self, track_id: int | None) -> None:
        if track_id is not None:
            details = await asyncio.to_thread(self._source.track_details, track_id, self._view.past_utc_ns)
            if details is None:
                raise InputError("track_id", str(track_id), "a track that there is at this moment")
            self._outbox.put(details)
        self._selected = track_id

    # --- inside ------------------------------------------------------------------------------------------

    async def _show_moment(self, jumped: bool) -> None:
        """Queue lists and picture of the moment looked at; after a jump in full, else what changed."""
        past_utc_ns = self._view.past_utc_ns
        if past_utc_ns is None:
            lists = self._source.present().lists
        else:
            lists = await asyncio.to_thread(self._source.lists_at, past_utc_ns)
        if jumped:
            self._encoder.reset()
        self._put_lists(lists, all_of_them=jumped)
        self._outbox.picture()
        await self.pulse()

    def _put_lists(self, lists: Lists, all_of_them: bool) -> None:
        for name in Lists.__struct_fields__:
            message = getattr(lists, name)
            if all_of_them or message is not getattr(self._lists, name):
                self._outbox.put(message)
        self._lists = lists


def _no_tracks(time_utc_ns: int) -> WirePicture:
    columns = {name: np.empty(0, dtype) for name, dtype in COLUMN_TYPES.items()}
    return WirePicture(time_utc_ns=time_utc_ns, columns=columns)
