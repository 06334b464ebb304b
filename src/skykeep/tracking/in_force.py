"""What orders about tracks come to together, and which of them stand against one another.

The machine too says that two tracks are one, when it takes up the number of a track that ended. `Parts` knows
the parts of every number; that a part continues the one before holds until an order contradicts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

from skykeep.domain.orders import ClaimOrder, OrderKind, OrdersInForce, StandingOrder
from skykeep.domain.place import Person

_AS_THEY_ARE: Mapping[int, int] = MappingProxyType({})
Orders = tuple[StandingOrder, ...]


class Parts:
    """The numbers that the machine took up again: of each, what its parts were called for themselves."""

    def __init__(self) -> None:
        # The first part of a number is called by it.
        self._chain: dict[int, list[int]] = {}
        self._within: dict[int, tuple[int, int]] = {}

    def add(self, track_id: int, own_id: int, gap_ns: int) -> None:
        """Note that a track which had `own_id` for itself took up `track_id` after `gap_ns`. Numbers are
        given in the order in which tracks are confirmed: a later part has the greater one.
        """
        if own_id not in self._within:
            self._chain.setdefault(track_id, [track_id]).append(own_id)
            self._within[own_id] = (track_id, gap_ns)

    def within(self, own_id: int) -> tuple[int, int] | None:
        """Return (the number it took up, nanoseconds unseen before that); None for what is no later part."""
        return self._within.get(own_id)

    def chains(self, orders: Orders) -> tuple[tuple[int, ...], ...]:
        """Return the parts of every number of which an order names a later part. In all others the parts are
        one thing whatever is ordered, and a long watch has many.
        """
        named = {order.track_id for order in orders} | {order.other_track_id for order in orders}
        numbers = {self._within[own_id][0] for own_id in named if own_id in self._within}
        return tuple(tuple(self._chain[number]) for number in sorted(numbers))


def come_to(
    orders: Orders, people: dict[str, Person], chains: tuple[tuple[int, ...], ...] = ()
) -> OrdersInForce:
    """Return what all `orders` come to, the lifted among them; `chains` are the parts that they name."""
    standing = tuple(order for order in orders if not order.lifted_by)
    called, split_by = _continued(standing, chains)
    roots = roots_of(standing, called)
    merged, apart, claims, names, standings = [], set(), [], {}, {}
    for order in standing:
        track_id, other = (roots.get(one, one) for one in _pair(order, called))
        if order.kind is OrderKind.RENAME:
            # A name given to the track that is shown goes before one given to a track within it.
            if order.track_id == track_id or track_id not in names:
                names[track_id] = order.name
        elif order.kind is OrderKind.STANDING and order.standing is not None:
            # The last word on what is shown as this track.
            standings[track_id] = (order.standing, f"{order.order_id} of {people[order.by].name}")
        elif order.other_track_id is None:
            source = f"{order.order_id} of {people[order.by].name}"
            is_its = order.kind is OrderKind.CORRELATE
            claims.append(
                ClaimOrder(track_id=track_id, claimed_id=order.claimed_id, is_its=is_its, source=source)
            )
        elif order.kind is OrderKind.DECORRELATE:
            apart.add((min(track_id, other), max(track_id, other)))
    for track_id, shown in sorted(roots.items()):
        about = [o for o in standing if o.kind is OrderKind.CORRELATE and o.other_track_id is not None]
        by = next(o for o in about if track_id in _pair(o, called))
        merged.append((track_id, shown, by.order_id))
    split, renumbered = [], []
    for chain in chains:
        now = called.get(chain[-1], chain[-1])
        by_order = split_by.get(now) or _last_lifted(orders, chain)
        if now != chain[0]:
            split.append((chain[0], now, by_order))
        goes_on = roots.get(now, now)
        before = {roots.get(part, part) for part in chain} - {goes_on}
        renumbered += [(number, goes_on, by_order) for number in sorted(before)]
    return OrdersInForce(
        standing=standing,
        merged=tuple(merged),
        apart=tuple(sorted(apart)),
        claims=tuple(claims),
        names=tuple(sorted(names.items())),
        split=tuple(split),
        renumbered=tuple(renumbered),
        standings=tuple((track_id, *told) for track_id, told in sorted(standings.items())),
    )


def _continued(
    standing: Orders, chains: tuple[tuple[int, ...], ...]
) -> tuple[dict[int, int], dict[int, str]]:
    """Return what each later part goes by that continues an earlier one, and the order that says of each
    other that it does not. Who was taken for another first goes first.
    """
    called: dict[int, int] = {}
    split_by: dict[int, str] = {}
    for part, before in sorted((part, before) for chain in chains for before, part in pairwise(chain)):
        with_it = {**called, part: called.get(before, before)}
        order = against(standing, (), with_it)
        if order is None:
            called = with_it
        else:
            split_by[part] = order.order_id
    return called, split_by


def _last_lifted(orders: Orders, chain: tuple[int, ...]) -> str:
    """Return the order about a later part of this number that was lifted last; "" when none was."""
    lifted = [
        (order.lifted_utc_ns or 0, order.order_id)
        for order in orders
        if order.lifted_by and not {order.track_id, order.other_track_id}.isdisjoint(chain[1:])
    ]
    return max(lifted, default=(0, ""))[1]


def _pair(order: StandingOrder, called: Mapping[int, int]) -> tuple[int, int]:
    """Return the two tracks of an order, twice the one where there is no other, as they are called."""
    track_id, other = order.track_id, order.other_track_id
    other = track_id if other is None else other
    return called.get(track_id, track_id), called.get(other, other)


def roots_of(orders: Orders, called: Mapping[int, int] = _AS_THEY_ARE) -> dict[int, int]:
    """Return which track each is shown as, for those told to be another; the last track of a chain. `called`
    says what a later part goes by that continues an earlier one.
    """
    next_of: dict[int, int] = {}
    for order in orders:
        if order.kind is OrderKind.CORRELATE and order.other_track_id is not None:
            low, high = (_end(next_of, one) for one in _pair(order, called))
            if low != high:
                next_of[low] = high
    return {track_id: _end(next_of, track_id) for track_id in next_of}


def _end(next_of: dict[int, int], track_id: int) -> int:
    while track_id in next_of:
        track_id = next_of[track_id]
    return track_id


def same(order: StandingOrder, other: StandingOrder, roots: dict[int, int]) -> bool:
    """Return whether two orders come to the same; `roots` are those of the standing ones."""
    if order.kind is not other.kind or order.kind is OrderKind.RENAME:
        return False
    if (order.other_track_id is None) != (other.other_track_id is None):
        return False
    mine, theirs = roots.get(order.track_id, order.track_id), roots.get(other.track_id, other.track_id)
    if order.other_track_id is None or other.other_track_id is None:
        return mine == theirs and order.claimed_id == other.claimed_id
    its = roots.get(order.other_track_id, order.other_track_id)
    if order.kind is OrderKind.CORRELATE:
        return mine == its == theirs
    return {mine, its} == {theirs, roots.get(other.other_track_id, other.other_track_id)}


def against(
    orders: Orders, more: Orders = (), called: Mapping[int, int] = _AS_THEY_ARE
) -> StandingOrder | None:
    """Return which of `orders` completes a contradiction with `more`, or with what `called` takes for one."""
    for count in range(1, len(orders) + 1):
        if _contradictory((*orders[:count], *more), called):
            return orders[count - 1]
    return None


def _contradictory(orders: Orders, called: Mapping[int, int]) -> bool:
    roots = roots_of(orders, called)
    owner: dict[str, int] = {}
    for order in orders:
        if order.kind is OrderKind.CORRELATE and order.claimed_id:
            track_id, _ = (roots.get(one, one) for one in _pair(order, called))
            if owner.setdefault(order.claimed_id, track_id) != track_id:
                return True
    for order in orders:
        if order.kind is not OrderKind.DECORRELATE:
            continue
        track_id, other = (roots.get(one, one) for one in _pair(order, called))
        if order.other_track_id is None:
            if owner.get(order.claimed_id) == track_id:
                return True
        elif other == track_id:
            return True
    return False
