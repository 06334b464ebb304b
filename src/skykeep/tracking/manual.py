"""What a person says of tracks outranks the machine until it is lifted: same object, not the same, a name.

The book takes orders and refuses those that cannot hold beside one that stands. It acts on the picture that
the tracker gives and never on the tracker: when an order is lifted, the machine's own view is there again.
"""

from __future__ import annotations

import msgspec

from skykeep.base.errors import InputError
from skykeep.domain.commands import CorrelateTrack, DecorrelateTrack, LiftOrder, RenameTrack, TrackCommand
from skykeep.domain.orders import ClaimOrder, OrderKind, OrdersInForce, StandingOrder
from skykeep.domain.place import Person
from skykeep.domain.track import Picture
from skykeep.tracking.merge import merged_picture

LONGEST_NAME = 40
LONGEST_REASON = 300
LONGEST_CLAIMED_ID = 100


class OrderBook:
    """The orders about tracks at one site, in the order they were given; those lifted are kept."""

    def __init__(self, people: tuple[Person, ...]) -> None:
        self._people = {person.person_id: person for person in people}
        self._orders: dict[str, StandingOrder] = {}
        # When each track was born that ever was in the picture: an order may be about one that ended.
        self._born_utc_ns: dict[int, int] = {}
        self._in_force: OrdersInForce | None = OrdersInForce()

    @property
    def orders(self) -> tuple[StandingOrder, ...]:
        """All orders that were ever given, the lifted ones among them."""
        return tuple(self._orders.values())

    @property
    def in_force(self) -> OrdersInForce:
        """Return what the standing orders come to."""
        if self._in_force is None:
            self._in_force = _come_to(self._standing(), self._people)
        return self._in_force

    def command(self, command: TrackCommand) -> tuple[StandingOrder, ...]:
        """Take an order or lift one; return what changed. InputError says what stands in the way."""
        if command.by not in self._people:
            raise InputError("by", repr(command.by), "a person on duty at this site")
        changed = self._lift(command) if isinstance(command, LiftOrder) else self._take(command)
        self._orders.update({order.order_id: order for order in changed})
        self._in_force = None
        return changed

    def apply(self, picture: Picture) -> Picture:
        """Return the picture as people told it to be: tracks that are one object in one row, under the
        number of the track that the others were told to be.
        """
        for track_id, born_utc_ns in zip(
            picture.track_id.tolist(), picture.born_utc_ns.tolist(), strict=True
        ):
            self._born_utc_ns.setdefault(track_id, born_utc_ns)
        if not self.in_force.merged:
            return picture
        shown_as = {track_id: shown for track_id, shown, _ in self.in_force.merged}
        return merged_picture(picture, shown_as, self._born_utc_ns)

    def _standing(self) -> tuple[StandingOrder, ...]:
        return tuple(order for order in self._orders.values() if not order.lifted_by)

    def _lift(self, command: LiftOrder) -> tuple[StandingOrder, ...]:
        order = self._orders.get(command.order_id)
        if order is None:
            raise InputError("order_id", repr(command.order_id), "a standing order")
        if order.lifted_by:
            found = f"{order.order_id}, which {self._name(order.lifted_by)} lifted"
            raise InputError("order_id", found, "a standing order")
        return (_lifted(order, command.by, command.time_utc_ns),)

    def _take(self, command: CorrelateTrack | DecorrelateTrack | RenameTrack) -> tuple[StandingOrder, ...]:
        self._require_track("track_id", command.track_id)
        order_id = f"order-{len(self._orders) + 1:04d}"
        if isinstance(command, RenameTrack):
            return self._rename(command, order_id)
        other = command.other_track_id
        if other is not None:
            self._require_track("other_track_id", other)
            if other == command.track_id:
                raise InputError("other_track_id", f"track {other} itself", "another track")
        correlate = isinstance(command, CorrelateTrack)
        claimed_id = _text("claimed_id", command.claimed_id, LONGEST_CLAIMED_ID) if other is None else ""
        whom = f"track {other}" if other is not None else f"the identity {claimed_id}"
        tells = "the same object as" if other is not None else "the one that claims"
        order = StandingOrder(
            order_id=order_id,
            kind=OrderKind.CORRELATE if correlate else OrderKind.DECORRELATE,
            track_id=command.track_id,
            other_track_id=other,
            claimed_id=claimed_id,
            name="",
            reason=_text("reason", command.reason, LONGEST_REASON),
            by=command.by,
            time_utc_ns=command.time_utc_ns,
            says=f"Track {command.track_id} is {'' if correlate else 'not '}{tells} {whom}.",
        )
        self._require_possible(order)
        return (order,)

    def _rename(self, command: RenameTrack, order_id: str) -> tuple[StandingOrder, ...]:
        """A new name takes the place of the old one; two tracks never have the same."""
        name = _text("name", command.name, LONGEST_NAME)
        before = []
        for order in self._standing():
            if order.kind is not OrderKind.RENAME:
                continue
            if order.name.casefold() == name.casefold():
                raise InputError(
                    "name", f"{name!r}, track {order.track_id} by {order.order_id}", "a new name"
                )
            if order.track_id == command.track_id:
                before.append(_lifted(order, command.by, command.time_utc_ns))
        order = StandingOrder(
            order_id=order_id,
            kind=OrderKind.RENAME,
            track_id=command.track_id,
            other_track_id=None,
            claimed_id="",
            name=name,
            reason="",
            by=command.by,
            time_utc_ns=command.time_utc_ns,
            says=f"Track {command.track_id} is called {name}.",
        )
        return (*before, order)

    def _require_track(self, field: str, track_id: int) -> None:
        if track_id not in self._born_utc_ns:
            raise InputError(field, f"track {track_id}", "a track that was in the picture")

    def _require_possible(self, order: StandingOrder) -> None:
        standing = self._standing()
        roots = _roots(standing)
        for other in standing:
            if _same(order, other, roots):
                found = f"what {other.order_id} of {self._name(other.by)} says already"
                raise InputError("order", found, "something new")
        # The order that completes the contradiction is the one to lift.
        for count in range(1, len(standing) + 1):
            if _contradictory((*standing[:count], order)):
                other = standing[count - 1]
                found = f"against {other.order_id} of {self._name(other.by)}: {other.says}"
                raise InputError("order", found, "given after that one is lifted")

    def _name(self, person_id: str) -> str:
        person = self._people.get(person_id)
        return person_id if person is None else person.name


def _text(field: str, text: str, longest: int) -> str:
    """Return the text without the blanks around it, on one line and of printable characters."""
    text = " ".join(text.split())
    if not text:
        raise InputError(field, "empty", f"1 to {longest} characters")
    if len(text) > longest:
        raise InputError(field, f"{len(text)} characters", f"1 to {longest} characters")
    if not text.isprintable():
        raise InputError(field, repr(text), "printable characters")
    return text


def _lifted(order: StandingOrder, by: str, time_utc_ns: int) -> StandingOrder:
    return msgspec.structs.replace(order, lifted_by=by, lifted_utc_ns=time_utc_ns)


def _roots(orders: tuple[StandingOrder, ...]) -> dict[int, int]:
    """Return which track each is shown as, for those told to be another; the last track of a chain."""
    next_of: dict[int, int] = {}
    for order in orders:
        if order.kind is OrderKind.CORRELATE and order.other_track_id is not None:
            low, high = _end(next_of, order.track_id), _end(next_of, order.other_track_id)
            if low != high:
                next_of[low] = high
    return {track_id: _end(next_of, track_id) for track_id in next_of}


def _end(next_of: dict[int, int], track_id: int) -> int:
    while track_id in next_of:
        track_id = next_of[track_id]
    return track_id


def _same(order: StandingOrder, other: StandingOrder, roots: dict[int, int]) -> bool:
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


def _contradictory(orders: tuple[StandingOrder, ...]) -> bool:
    roots = _roots(orders)
    owner: dict[str, int] = {}
    for order in orders:
        if order.kind is OrderKind.CORRELATE and order.claimed_id:
            track_id = roots.get(order.track_id, order.track_id)
            if owner.setdefault(order.claimed_id, track_id) != track_id:
                return True
    for order in orders:
        if order.kind is not OrderKind.DECORRELATE:
            continue
        track_id = roots.get(order.track_id, order.track_id)
        if order.other_track_id is None:
            if owner.get(order.claimed_id) == track_id:
                return True
        elif roots.get(order.other_track_id, order.other_track_id) == track_id:
            return True
    return False


def _come_to(orders: tuple[StandingOrder, ...], people: dict[str, Person]) -> OrdersInForce:
    roots = _roots(orders)
    merged, apart, claims, names = [], set(), [], {}
    for order in orders:
        track_id = roots.get(order.track_id, order.track_id)
        if order.kind is OrderKind.RENAME:
            # A name given to the track that is shown goes before one given to a track within it.
            if order.track_id == track_id or track_id not in names:
                names[track_id] = order.name
        elif order.other_track_id is None:
            source = f"{order.order_id} of {people[order.by].name}"
            is_its = order.kind is OrderKind.CORRELATE
            claims.append(
                ClaimOrder(track_id=track_id, claimed_id=order.claimed_id, is_its=is_its, source=source)
            )
        elif order.kind is OrderKind.DECORRELATE:
            other = roots.get(order.other_track_id, order.other_track_id)
            apart.add((min(track_id, other), max(track_id, other)))
    for track_id, shown in sorted(roots.items()):
        about = [o for o in orders if o.kind is OrderKind.CORRELATE and o.other_track_id is not None]
        by = next(o for o in about if track_id in (o.track_id, o.other_track_id))
        merged.append((track_id, shown, by.order_id))
    return OrdersInForce(
        standing=orders,
        merged=tuple(merged),
        apart=tuple(sorted(apart)),
        claims=tuple(claims),
        names=tuple(sorted(names.items())),
    )
