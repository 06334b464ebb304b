"""Open alerts from look to look: what became of each member, which leads, what continues what was lost."""

from __future__ import annotations

import numpy as np

from skykeep.base.clock import ns_to_seconds, seconds_to_ns
from skykeep.domain.orders import OrdersInForce
from skykeep.domain.response import AlertState
from skykeep.domain.rules import ResponseRules
from skykeep.response.case import Case, Member, breach_of, heaviest, left_of
from skykeep.response.sighting import Sighting, View
from skykeep.response.words import Words

HEARD = (AlertState.ACKNOWLEDGED, AlertState.ASSIGNED, AlertState.SHELVED)


def follow(case: Case, view: View, words: Words, rules: ResponseRules) -> None:
    """Bring a case up to what is seen now, or note what is not seen."""
    now_utc_ns = view.time_utc_ns
    for member in case.members.values():
        seen = view.sighting(member.track_id)
        if seen is not None:
            if member.lost_utc_ns is not None:
                away_s = ns_to_seconds(now_utc_ns - member.lost_utc_ns)
                case.note(f"Track {member.track_id} is seen again after {away_s:.0f} s.")
                member.lost_utc_ns = None
            member.sighting = seen
        elif member.lost_utc_ns is None:
            member.lost_utc_ns = now_utc_ns
            case.note(words.lost(member.sighting, case.alert.asset_id))
    _let_go(case, rules, now_utc_ns)
    choose_lead(case, rules, now_utc_ns)
    if case.lost:
        breach = left_of(breach_of(case), case.sighting.time_utc_ns, now_utc_ns)
        case.change(breach=breach, changed_utc_ns=now_utc_ns)
    else:
        _retarget(case, words, rules, now_utc_ns)


def describe(case: Case, words: Words, alert_of_track: dict[int, str]) -> None:
    """Say anew what it is and why it matters, from what is seen now; what is lost stays as it was."""
    if case.lost:
        return
    sighting, count = case.sighting, len(case.members)
    groups = (case.lead.group_id, *(member.group_id for member in case.members.values()))
    case.change(
        title=words.title(sighting, case.alert.asset_id, count),
        priority=sighting.priority,
        breach=breach_of(case),
        worst_case_s=sighting.threat.worst_case_s if sighting.threat else None,
        factors=sighting.threat.factors if sighting.threat else None,
        group_id=next((group_id for group_id in groups if group_id), ""),
        grounds=(
            *words.grounds(sighting, alert_of_track, case.alert.members),
            *case.alert.notes,
        ),
        changed_utc_ns=sighting.time_utc_ns,
    )


def choose_lead(case: Case, rules: ResponseRules, now_utc_ns: int) -> None:
    """Let the member lead that matters most: at once where the leader is gone, else once it has lasted."""
    best, lead = heaviest(list(case.members.values())), case.lead
    if best is lead:
        case.only("lead:", "")
        return
    reason = f"lead:{best.track_id}"
    case.only("lead:", reason)
    more = best.sighting.priority >= lead.sighting.priority + rules.alerts.lead_margin
    held_s = case.held_s(reason, more, now_utc_ns)
    fresh = case.alert.raised_utc_ns == now_utc_ns
    gone = lead.lost or bool(lead.ended_because)
    if gone or fresh or (held_s is not None and held_s >= rules.alerts.lead_after_s):
        case.lead = best
        case.show_members()
        if not fresh:
            case.note(f"Track {best.track_id} matters most of it now; before, track {lead.track_id}.")


def _let_go(case: Case, rules: ResponseRules, now_utc_ns: int) -> None:
    """Let members go that are done with, each with its sentence; the last one stays."""
    for member in list(case.members.values()):
        known = "" if member.lost else member.sighting.harmless_because(rules.clear_harmless_probability)
        known_s = member.held_s("known", bool(known), now_utc_ns)
        if len(case.members) == 1 or (case.order_open and not member.ended_because):
            continue
        because = ""
        if known_s is not None and known_s >= rules.clear_known_after_s:
            because = known
        if member.lost_utc_ns is not None:
            lost_s = ns_to_seconds(now_utc_ns - member.lost_utc_ns)
            if member.ended_because:
                because = f"{member.ended_because} Its track has ended."
            elif case.alert.state in HEARD and lost_s >= rules.lost_clear_after_s:
                because = f"It was not seen again for {lost_s:.0f} s."
        if because:
            case.leave(member.track_id)
            case.note(f"Track {member.track_id} is part of it no longer. {because}")


def _retarget(case: Case, words: Words, rules: ResponseRules, now_utc_ns: int) -> None:
    """Follow a change of aim once it has lasted."""
    threat = case.sighting.threat
    aim = threat.asset_id if threat else case.alert.asset_id
    case.only("aims:", f"aims:{aim}")
    held_s = case.held_s(f"aims:{aim}", aim != case.alert.asset_id, now_utc_ns)
    if held_s is not None and held_s >= rules.retarget_after_s:
        case.note(words.retargeted(case.alert.asset_id, aim))
        case.change(asset_id=aim)


def take_over(
    cases: dict[str, Case], view: View, orders: OrdersInForce, words: Words, rules: ResponseRules
) -> dict[int, int]:
    """Let new tracks that continue lost ones take their places, the best fit first; return the old numbers
    with when they were last detected.
    """
    silent_ns = seconds_to_ns(rules.takeover_silent_s)
    lost = [
        (case, member)
        for case in cases.values()
        for member in case.members.values()
        if not member.ended_because
        and (member.lost or view.time_utc_ns - member.sighting.last_detected_utc_ns >= silent_ns)
    ]
    if not lost:
        return {}
    followed = {track_id for case in cases.values() for track_id in case.members}
    # Building a sighting costs; most of a busy sky is older than anything that was just lost.
    earliest_utc_ns = min(member.sighting.last_detected_utc_ns for _, member in lost) - silent_ns
    fits = []
    for track_id in view.track_ids:
        if track_id in followed or view.born_utc_ns(track_id) < earliest_utc_ns:
            continue
        fresh = view.sighting(track_id)
        if fresh is None or fresh.harmless_because(rules.harmless_probability):
            continue
        for case, member in lost:
            if not all(orders.may_join(track_id, old) for old in (member.track_id, *member.was)):
                continue
            distance_m, misfit = _continues(member.sighting, fresh, rules)
            if misfit <= rules.takeover_gate and distance_m <= rules.takeover_within_m:
                fits.append((misfit, case.alert.alert_id, member.track_id, track_id, distance_m))
    superseded: dict[int, int] = {}
    taken: set[int] = set()
    for _, alert_id, old_id, track_id, distance_m in sorted(fits):
        continuing = view.sighting(track_id)
        if old_id in superseded or track_id in taken or continuing is None:
            continue
        taken.add(track_id)
        case = cases[alert_id]
        member = case.members[old_id]
        superseded[old_id] = member.sighting.last_detected_utc_ns
        case.note(words.taken_over(member.sighting, continuing, distance_m))
        member.lost_utc_ns = None
        member.sighting = continuing
        case.renumber(old_id, track_id)
    for case in cases.values():
        choose_lead(case, rules, view.time_utc_ns)
    return superseded


def why_clear(case: Case, words: Words, rules: ResponseRules, clear_priority: float, now_utc_ns: int) -> str:
    """Return why an alert is over, as a sentence, or ""."""
    lead = case.lead
    if lead.lost_utc_ns is not None:
        if lead.ended_because:
            return f"{lead.ended_because} Its track has ended."
        lost_s = ns_to_seconds(now_utc_ns - lead.lost_utc_ns)
        if len(case.members) == 1 and case.alert.state in HEARD and lost_s >= rules.lost_clear_after_s:
            return (
                f"It was not seen again for {lost_s:.0f} s. {words.lost(lead.sighting, case.alert.asset_id)}"
            )
        return ""
    if any(member.lost for member in case.members.values()):
        return ""
    known = lead.sighting.harmless_because(rules.clear_harmless_probability)
    known_s = lead.held_s("known", bool(known), now_utc_ns)
    if known_s is not None and known_s >= rules.clear_known_after_s and len(case.members) == 1:
        return known
    most = max(member.sighting.priority for member in case.members.values())
    low_s = case.held_s("low", most < clear_priority, now_utc_ns)
    if low_s is not None and low_s >= rules.clear_after_s * case.patience:
        return words.faded(lead.sighting, case.alert.asset_id, clear_priority, low_s)
    return ""


def _continues(old: Sighting, fresh: Sighting, rules: ResponseRules) -> tuple[float, float]:
    """Return how far a new track is from where a lost one would be, in metres and squared deviations.

    Infinite when the old one was still detected beside it, or it comes too late.
    """
    gap_s = ns_to_seconds(fresh.time_utc_ns - old.time_utc_ns)
    early_s = ns_to_seconds(old.last_detected_utc_ns - fresh.born_utc_ns)
    if gap_s > rules.takeover_within_s or early_s > rules.takeover_silent_s:
        return np.inf, np.inf
    offset_m = fresh.state[:3] - np.array(old.position_at(fresh.time_utc_ns))
    spread = old.covariance_at(fresh.time_utc_ns, rules.manoeuvre_mps2)[:3, :3] + fresh.covariance[:3, :3]
    # Metres of room keep a track that claims to know its place exactly from being refused.
    misfit = float(offset_m @ np.linalg.solve(spread + np.eye(3), offset_m))
    return float(np.hypot(offset_m[0], offset_m[1])), misfit


def alert_of_each_track(cases: dict[str, Case]) -> dict[int, str]:
    """Return which alert speaks of each track, past numbers included; the youngest where several do."""
    return {track_id: case.alert.alert_id for case in cases.values() for track_id in case.alert.track_ids}


def count_of(members: list[Member]) -> str:
    """Return `track 3`, or `tracks 3, 4 and 5`."""
    ids = sorted(member.track_id for member in members)
    if len(ids) == 1:
        return f"track {ids[0]}"
    return f"tracks {', '.join(str(one) for one in ids[:-1])} and {ids[-1]}"
