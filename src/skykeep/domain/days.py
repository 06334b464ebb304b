"""One watch over several logs: how that of one day is gone on with in that of the next."""

from __future__ import annotations

import msgspec


class NumbersGiven(msgspec.Struct, frozen=True, kw_only=True):
    """The highest number that was given to each kind of thing, 0 for none: the next log counts on."""

    tracks: int = 0
    alerts: int = 0
    tasks: int = 0
    proposals: int = 0
    orders: int = 0


class WatchContinued(msgspec.Struct, frozen=True, kw_only=True, tag="watch_continued"):
    """A log goes on from another: the first that comes in. All that follows, up to `WatchTakenOver`, came
    before and is told again, so that rules, orders and tracks go on; nobody is told of it a second time.

    `note` is the signed checkpoint with which the log before ended, `folder` the folder that it was in.
    `begun_utc_ns` is when this log was begun, `time_utc_ns` the time of the first that is told again.
    `track_numbers` holds (the number that the tracker would give a track, the number that it goes on with);
    `reports` (sensor, sequence) of the reports of the log before, which may still be graded; `still_open`
    what the log before left open, in sentences: nothing, unless it could not wait any longer.
    """

    time_utc_ns: int
    begun_utc_ns: int
    note: str
    folder: str
    numbers: NumbersGiven
    track_numbers: tuple[tuple[int, int], ...] = ()
    reports: tuple[tuple[str, int], ...] = ()
    still_open: tuple[str, ...] = ()


class WatchTakenOver(msgspec.Struct, frozen=True, kw_only=True, tag="watch_taken_over"):
    """From here on what comes in is new."""

    time_utc_ns: int


class WatchWentOn(msgspec.Struct, frozen=True, kw_only=True, tag="watch_went_on"):
    """The watch goes on in another log, called `origin`, in the folder `folder` beside this one. `by` is who
    asked for it, "" where the clock did.
    """

    folder: str
    origin: str
    by: str
    because: str
    time_utc_ns: int
    still_open: tuple[str, ...] = ()
