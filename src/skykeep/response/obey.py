"""What people's orders about tracks do to open alerts: one object has one alert, two do not share one."""

from __future__ import annotations

from skykeep.domain.orders import OrdersInForce
from skykeep.response.case import Case
from skykeep.response.sighting import View


def same_object(cases: dict[str, Case], orders: OrdersInForce) -> list[tuple[Case, str]]:
    """Let alerts follow the track that theirs is told to be; return those that are one too many, with why.

    Of two on one object that with an effect under way goes on, else the older: people may have acted on it.
    One that is about others too only lets that one go.
    """
    shown_as = {track_id: (shown, order_id) for track_id, shown, order_id in orders.merged}
    for case in cases.values():
        for track_id in [track_id for track_id in case.members if track_id in shown_as]:
            shown, order_id = shown_as[track_id]
            case.note(f"Track {track_id} is track {shown}, by {order_id}.")
            case.renumber(track_id, shown)
    first_on: dict[int, Case] = {}
    spare = []
    merged_into = {shown for _, shown, _ in orders.merged}
    for case in sorted(cases.values(), key=lambda case: (not case.order_open, case.alert.alert_id)):
        for track_id in [track_id for track_id in case.members if track_id in merged_into]:
            first = first_on.setdefault(track_id, case)
            if first is case or case.order_open:
                continue
            if len(case.members) > 1:
                case.leave(track_id)
                case.note(f"Track {track_id} is that of {first.alert.alert_id}, by a person's order.")
            else:
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
            if number in case.members and not case.members[number].lost:
                case.note(f"What was followed as track {number} is track {now}, by {order_id}.")
                case.renumber(number, now)


def two_objects(cases: dict[str, Case], orders: OrdersInForce) -> None:
    """Take numbers off an alert that are told not to be the track which went by them."""
    for case in cases.values():
        for member in case.members.values():
            apart = [old for old in member.was if not orders.may_join(old, member.track_id)]
            if not apart:
                continue
            listed = " and ".join(str(old) for old in apart)
            case.note(f"Track {listed} is another object than track {member.track_id}, by a person's order.")
            member.was = [old for old in member.was if old not in apart]
            gone = [old for old in apart if old not in case.members]
            case.change(track_ids=tuple(old for old in case.alert.track_ids if old not in gone))
