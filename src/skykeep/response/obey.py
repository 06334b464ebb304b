"""What people's orders about tracks do to open alerts: one object has one alert, two do not share one."""

from __future__ import annotations

from skykeep.domain.orders import OrdersInForce
from skykeep.response.case import Case
from skykeep.response.sighting import View


def same_object(cases: dict[str, Case], orders: OrdersInForce) -> list[tuple[Case, str]]:
    """Let alerts follow the track that theirs is told to be; return those that are one too many, with why.

    Of two on one object that with an effect under way goes on, else the older: people may have acted on it.
    """
    shown_as = {track_id: (shown, order_id) for track_id, shown, order_id in orders.merged}
    for case in cases.values():
        if case.track_id in shown_as:
            track_id, (shown, order_id) = case.track_id, shown_as[case.track_id]
            case.note(f"Track {track_id} is track {shown}, by {order_id}.")
            others = (old for old in case.alert.track_ids if old != shown)
            case.change(track_ids=(*others, shown))
    first_on: dict[int, Case] = {}
    spare = []
    merged_into = {shown for _, shown, _ in orders.merged}
    for case in sorted(cases.values(), key=lambda case: (not case.order_open, case.alert.alert_id)):
        if case.track_id not in merged_into:
            continue
        first = first_on.setdefault(case.track_id, case)
        if first is not case and not case.order_open:
            says = f"It is one object with that of {first.alert.alert_id}, by a person's order."
            spare.append((case, says))
    return spare


def goes_on(cases: dict[str, Case], view: View, orders: OrdersInForce) -> None:
    """Let alerts follow what flies on under another number: theirs was taken up again by what a person told
    is another object, or has it back since that order was lifted. What was lost is not what flies on.
    """
    for number, now, order_id in orders.renumbered:
        if view.sighting(number) is not None or view.sighting(now) is None:
            continue
        for case in cases.values():
            if case.track_id == number and not case.lost:
                case.note(f"What was followed as track {number} is track {now}, by {order_id}.")
                others = (old for old in case.alert.track_ids if old != now)
                case.change(track_ids=(*others, now))


def two_objects(cases: dict[str, Case], orders: OrdersInForce) -> None:
    """Take tracks off an alert that are told not to be the one it follows."""
    for case in cases.values():
        apart = [old for old in case.alert.track_ids if not orders.may_join(old, case.track_id)]
        if apart:
            listed = " and ".join(str(old) for old in apart)
            case.note(f"Track {listed} is another object than track {case.track_id}, by a person's order.")
            case.change(track_ids=tuple(old for old in case.alert.track_ids if old not in apart))
