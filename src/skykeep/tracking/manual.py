"""What a person says of tracks outranks the machine until it is lifted: same object, not the same, a name.

The book takes orders and refuses those that cannot hold beside one that stands. It acts on the picture that
the tracker gives and never on the tracker: when an order is lifted, the machine's own view is there again.
So it does where the tracker takes up a number again: it says that two tracks are one, a person that they are
two, and while that stands the later one goes by the number it was given for itself.
"""

from __future__ import annotations

import msgspec

from skykeep.base.clock import ns_to_seconds
from skykeep.base.errors import InputError
from skykeep.domain.commands import (
    CorrelateTrack,
    DecorrelateTrack,
    LiftOrder,
    RenameTrack,
    SetStanding,
    TrackCommand,
)
from skykeep.domain.identity import STANDING_NAMES
from skykeep.domain.orders import OrderKind, OrdersInForce, StandingOrder
from skykeep.domain.place import Person
from skykeep.domain.track import Picture
from skykeep.tracking.in_force import Parts, against, come_to, roots_of, same
from skykeep.tracking.merge import merged_picture, renumbered_picture

LONGEST_NAME = 40
LONGEST_REASON = 300
LONGEST_CLAIMED_ID = 100


class OrderBook:
    """The orders about tracks at one site, in the order they were given; those lifted are kept."""

    def __init__(self, people: tuple[Person, ...]) -> None:
        self._people = {person.person_id: person for person in people}
        self._orders: dict[str, StandingOrder] = {}
        self._counted = 0
        # When each track was born that ever was in the picture: an order may be about one that ended.
        self._born_utc_ns: dict[int, int] = {}
        self._parts = Parts()
        self._in_force: OrdersInForce | None = OrdersInForce()

    @property
    def orders(self) -> tuple[StandingOrder, ...]:
        """All orders that were ever given, the lifted ones among them."""
        return tuple(self._orders.values())

    @property
    def counted(self) -> int:
        """How many orders were given, before this book too."""
        return self._counted + len(self._orders)

    def count_on(self, counted: int) -> None:
        """Number orders as if so many had been given before, all lifted."""
        self._counted = counted

    @property
    def in_force(self) -> OrdersInForce:
        """Return what the standing orders come to."""
        if self._in_force is None:
            self._in_force = come_to(self.orders, self._people, self._parts.chains(self.orders))
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
        number of the track that the others were told to be; one that is not who the tracker took it for
        under its own.
        """
        self._note(picture)
        orders = self.in_force
        if orders.split:
            picture = renumbered_picture(picture, {number: later for number, later, _ in orders.split})
        if orders.merged:
            shown_as = {track_id: shown for track_id, shown, _ in orders.merged}
            picture = merged_picture(picture, shown_as, self._born_utc_ns)
        return picture

    def _note(self, picture: Picture) -> None:
        born_utc_ns = dict(zip(picture.track_id.tolist(), picture.born_utc_ns.tolist(), strict=True))
        for track_id, gap_ns, own_id in zip(
            picture.resumed_track_id.tolist(),
            picture.resumed_gap_ns.tolist(),
            picture.resumed_own_id.tolist(),
            strict=True,
        ):
            self._parts.add(track_id, own_id, gap_ns)
            self._born_utc_ns.setdefault(own_id, born_utc_ns.get(track_id, picture.time_utc_ns))
            if self._orders:
                self._in_force = None
        for track_id, born in born_utc_ns.items():
            self._born_utc_ns.setdefault(track_id, born)

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

    def _take(
        self, command: CorrelateTrack | DecorrelateTrack | RenameTrack | SetStanding
    ) -> tuple[StandingOrder, ...]:
        self._require_track("track_id", command.track_id)
        order_id = f"order-{self.counted + 1:04d}"
        if isinstance(command, RenameTrack):
            return self._rename(command, order_id)
        if isinstance(command, SetStanding):
            return self._set_standing(command, order_id)
        other = command.other_track_id
        if other is not None:
            self._require_track("other_track_id", other)
            if other == command.track_id:
                raise InputError("other_track_id", f"track {other} itself", "another track")
        correlate = isinstance(command, CorrelateTrack)
        claimed_id = _text("claimed_id", command.claimed_id, LONGEST_CLAIMED_ID) if other is None else ""
        who = self._called(command.track_id).capitalize()
        whom = self._called(other) if other is not None else f"the identity {claimed_id}"
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
            says=f"{who} is {'' if correlate else 'not '}{tells} {whom}.",
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

    def _set_standing(self, command: SetStanding, order_id: str) -> tuple[StandingOrder, ...]:
        """What a person said last of how we stand to a track holds; what was said before is lifted by it."""
        before = [
            _lifted(order, command.by, command.time_utc_ns)
            for order in self._standing()
            if order.kind is OrderKind.STANDING and order.track_id == command.track_id
        ]
        order = StandingOrder(
            order_id=order_id,
            kind=OrderKind.STANDING,
            track_id=command.track_id,
            other_track_id=None,
            claimed_id="",
            name="",
            reason=_text("reason", command.reason, LONGEST_REASON),
            by=command.by,
            time_utc_ns=command.time_utc_ns,
            says=f"{self._called(command.track_id).capitalize()} is {STANDING_NAMES[command.standing]}.",
            standing=command.standing,
        )
        return (*before, order)

    def _require_track(self, field: str, track_id: int) -> None:
        if track_id not in self._born_utc_ns:
            raise InputError(field, f"track {track_id}", "a track that was in the picture")

    def _require_possible(self, order: StandingOrder) -> None:
        standing = self._standing()
        roots = roots_of(standing)
        for other in standing:
            if same(order, other, roots):
                found = f"what {other.order_id} of {self._name(other.by)} says already"
                raise InputError("order", found, "something new")
        in_the_way = against(standing, (order,))
        if in_the_way is not None:
            found = f"against {in_the_way.order_id} of {self._name(in_the_way.by)}: {in_the_way.says}"
            raise InputError("order", found, "given after that one is lifted")

    def _called(self, track_id: int) -> str:
        """Return what a track is called in a sentence: who reads it may never have seen a later part's
        number.
        """
        within = self._parts.within(track_id)
        if within is None:
            return f"track {track_id}"
        number, gap_ns = within
        return f"track {track_id} (taken for track {number} after {ns_to_seconds(gap_ns):.0f} s unseen)"

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
