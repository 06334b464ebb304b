"""What people told the machine about tracks, and still holds: it outranks what the machine works out."""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.identity import Standing


class OrderKind(enum.StrEnum):
    CORRELATE = "correlate"
    DECORRELATE = "decorrelate"
    RENAME = "rename"
    STANDING = "standing"


class StandingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order from when it was given until somebody lifts it.

    It is about `track_id` and either another track (`other_track_id`) or a claimed identity (`claimed_id`);
    a rename is about a `name`, a standing about the `standing` that the track is given. `says` is the whole
    of it as a sentence. `lifted_by` is "" while it stands.
    """

    order_id: str
    kind: OrderKind
    track_id: int
    other_track_id: int | None
    claimed_id: str
    name: str
    reason: str
    by: str
    time_utc_ns: int
    says: str
    lifted_by: str = ""
    lifted_utc_ns: int | None = None
    standing: Standing | None = None


class ClaimOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a claimed identity is the shown track's own or not, by order; `source` says by whose."""

    track_id: int
    claimed_id: str
    is_its: bool
    source: str


class OrdersInForce(msgspec.Struct, frozen=True, kw_only=True):
    """What all standing orders come to, for one picture.

    `merged` holds (track, the track that it is shown as, the order) for every track that is told to be
    another; `apart` pairs of shown tracks, the lesser first, that are told to be two; `names` (shown track,
    name). `split` holds (number, the number that its later part goes by, the order) where the machine took up
    a number again and people told it that these are two. `renumbered` holds (number, the number that goes on
    in its place, the order) for every number that the living part of such a track may have gone by.
    `standings` holds (shown track, the standing that a person gave it, the order and whose it is).
    """

    standing: tuple[StandingOrder, ...] = ()
    merged: tuple[tuple[int, int, str], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    claims: tuple[ClaimOrder, ...] = ()
    names: tuple[tuple[int, str], ...] = ()
    split: tuple[tuple[int, int, str], ...] = ()
    renumbered: tuple[tuple[int, int, str], ...] = ()
    standings: tuple[tuple[int, Standing, str], ...] = ()

    def may_join(self, track_id: int, other_track_id: int) -> bool:
        """Return whether the machine may take two tracks for one object."""
        return (min(track_id, other_track_id), max(track_id, other_track_id)) not in self.apart


NO_ORDERS = OrdersInForce()
