"""The case file of a night, filled in from what was logged. The truth is told only of a simulation."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from skykeep import __version__
from skykeep.app.case_decisions import decided as decided_words
from skykeep.app.case_map import map_figure
from skykeep.app.night import NightRun
from skykeep.app.rules_told import RulesTold
from skykeep.app.watchers import NightMemory
from skykeep.base.clock import NS_PER_S
from skykeep.domain.airspace import Permission
from skykeep.domain.identity import STANDING_NAMES, TARGET_CLASS_NAMES, ClaimTest, Identification, Standing
from skykeep.domain.permit import Permit
from skykeep.domain.response import Alert
from skykeep.domain.sensing import SensorKind
from skykeep.domain.site import Site
from skykeep.evidence.case import Case, Decision, LogReference, SensorHealth, Story
from skykeep.sim import NightScore
from skykeep.sim.world import World

NOT_KNOWN = (
    "Who flew the intruders, and from where. No sensor of this site finds a pilot who does not broadcast.",
    "What the intruders carried.",
    "How a real aircraft of this kind breaks up: the pieces, their masses and their drag are assumed.",
    "How many people were outdoors: the figures are a population grid's for the night.",
)
METHOD = (
    "Every input was written to the log before anyone acted on it; every output follows from inputs alone.",
    "Tracks: extended Kalman filters, global nearest neighbour, a score of existence against the clutter.",
    "Claims (Remote ID, ADS-B) are set against sensed tracks; one that no sensor bears out earns nothing.",
    "Time to breach is given as its 5 %, 50 % and 95 % quantiles.",
    "Expected persons are the persons under the pieces: population density times the area a piece endangers.",
    "All effects are SIMULATED.",
)


def build_case(
    run: NightRun,
    memory: NightMemory,
    score: NightScore,
    log: LogReference,
    world: World,
) -> Case:
    """Return the case of a night that is over."""
    rules = RulesTold(run.night.site)
    for change in memory.changes:
        rules.take(change)
    site = rules.site()
    alerts = tuple(sorted(memory.alerts.values(), key=lambda alert: alert.alert_id))
    stories = tuple(_intruder(alert, number, run, memory, score) for number, alert in enumerate(alerts, 1))
    permit_ids = sorted(
        {
            verdict.permit_id
            for judgement in memory.judgements
            for verdict in judgement.verdicts
            if verdict.permission is Permission.ALLOWED and verdict.permit_id
        }
    )
    permits = rules.permits
    authorised = tuple(_authorised(permits[permit_id], memory) for permit_id in permit_ids)
    decisions = _decisions(site, memory)
    east, north, _ = site.assets[0].position_enu_m
    return Case(
        case_id=f"{run.scenario.night.name}-{run.seed}",
        title=run.scenario.night.title,
        site=site,
        start_utc_ns=run.night.start_utc_ns,
        end_utc_ns=memory.pictures[-1].time_utc_ns if memory.pictures else run.night.start_utc_ns,
        simulated=True,
        version=__version__,
        summary=_summary(score, decisions),
        stories=stories,
        track_orders=tuple(memory.track_orders.values()),
        authorised=authorised,
        permits_used=tuple(permits[permit_id] for permit_id in permit_ids),
        alerts=alerts,
        decisions=decisions,
        tasks=tuple(sorted(memory.tasks.values(), key=lambda task: task.task_id)),
        proposals=tuple(sorted(memory.proposals.values(), key=lambda proposal: proposal.proposal_id)),
        outcomes=tuple(memory.outcomes),
        footprints=tuple(
            option.debris
            for proposal in sorted(memory.proposals.values(), key=lambda proposal: proposal.proposal_id)
            for option in proposal.options
            if option.option_id == proposal.chosen_option_id
        ),
        sensors=_sensors(site, memory),
        reports=memory.graded_reports(),
        statements=(),
        not_known=NOT_KNOWN,
        method=METHOD,
        log=log,
        map=map_figure(world, (east, north), (*stories, *authorised), memory),
    )


def _summary(score: NightScore, decisions: tuple[Decision, ...]) -> tuple[str, ...]:
    warnings = ", ".join("none" if w is None else f"{w:.0f} s" for w in score.warning_s)
    approvers = sorted({one.role for one in decisions if one.decided.startswith("approved")})
    return (
        f"{score.intruders} intruders were simulated; {score.intruders_tracked} were tracked and "
        f"{score.intruders_alerted} alerted. Warning before the breach that would have come: {warnings}.",
        f"{score.authorised_flights} authorised flights were in the air, "
        f"{score.authorised_flights_alerted} of them alerted. "
        f"{score.aircraft_alerted} crewed aircraft and {score.birds_alerted} birds were alerted.",
        f"{score.approvals} approvals were given, by {' and '.join(approvers) or 'nobody'}. "
        f"{score.stopped} intruders were stopped by SIMULATED effects; {score.breaches} breached.",
        f"Persons expected under falling pieces: {score.persons_expected_in_debris:.4f}.",
    )


def _rows(memory: NightMemory, track_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return (judgement, row) wherever one of the tracks is in the picture."""
    wanted = np.array(sorted(track_ids), dtype=np.int64)
    return [
        (k, row)
        for k, judgement in enumerate(memory.judgements)
        for row in np.flatnonzero(np.isin(judgement.picture.track_id, wanted)).tolist()
    ]


def _intruder(alert: Alert, number: int, run: NightRun, memory: NightMemory, score: NightScore) -> Story:
    warning_s = None
    for target, warning in zip(run.night.truth.intruders, score.warning_s, strict=True):
        if warning is None or target.breach_utc_ns is None:
            continue
        if abs((target.breach_utc_ns - alert.raised_utc_ns) / NS_PER_S - warning) < 1.0:
            warning_s = warning
    outcomes = [
        proposal.outcome
        for proposal in memory.proposals.values()
        if proposal.alert_id == alert.alert_id and proposal.outcome
    ]
    # What cleared the alert may be the last outcome in the same words.
    said = [one for one in outcomes if one not in alert.cleared_because]
    return _story(
        f"Intruder {number}",
        alert.track_ids,
        memory,
        grounds=memory.raised[alert.alert_id].grounds,
        alert_ids=(alert.alert_id,),
        alerted_utc_ns=alert.raised_utc_ns,
        warning_s=warning_s,
        outcome=" ".join([*said, alert.cleared_because]).strip() or "Nothing had become of it by the end.",
    )


def _authorised(permit: Permit, memory: NightMemory) -> Story:
    """Return the story of whoever flew by leave of a permit; whoever only claimed to is another story."""
    track_ids = sorted(
        {
            verdict.track_id
            for judgement in memory.judgements
            for verdict in judgement.verdicts
            if verdict.permit_id == permit.permit_id and verdict.permission is Permission.ALLOWED
        }
    )
    return _story(
        f"{permit.holder} ({permit.permit_id})",
        tuple(track_ids),
        memory,
        grounds=(),
        alert_ids=(),
        alerted_utc_ns=None,
        warning_s=None,
        outcome=f"Flew under {permit.document}.",
    )


def _story(
    name: str,
    track_ids: tuple[int, ...],
    memory: NightMemory,
    *,
    grounds: tuple[str, ...],
    alert_ids: tuple[str, ...],
    alerted_utc_ns: int | None,
    warning_s: float | None,
    outcome: str,
) -> Story:
    rows = _rows(memory, track_ids)
    identifications = [memory.judgements[k].identifications[row] for k, row in rows]
    surest = _surest(identifications)
    likeliest = int(np.argmax(surest.class_probabilities)) if surest is not None else 4
    first, last = rows[0][0], rows[-1][0]
    verdicts = []
    said = None
    for k, row in rows:
        verdict = memory.judgements[k].verdicts[row]
        if (verdict.permission, verdict.document, verdict.failing_condition) != said:
            said = (verdict.permission, verdict.document, verdict.failing_condition)
            verdicts.append((memory.judgements[k].picture.time_utc_ns, verdict))
    return Story(
        name=name,
        looks=STANDING_NAMES[_weightiest(identifications) if alert_ids else identifications[-1].standing],
        track_ids=track_ids,
        target_class=TARGET_CLASS_NAMES[likeliest],
        class_probability=surest.class_probabilities[likeliest] if surest is not None else 0.0,
        first_seen_utc_ns=memory.pictures[first].time_utc_ns,
        first_seen_by=memory.first_seen_by.get(track_ids[0], "") if track_ids else "",
        last_seen_utc_ns=memory.pictures[last].time_utc_ns,
        claims=_claims(identifications),
        verdicts=tuple(verdicts),
        grounds=grounds,
        alert_ids=alert_ids,
        alerted_utc_ns=alerted_utc_ns,
        warning_s=warning_s,
        outcome=outcome,
    )


def _surest(identifications: list[Identification]) -> Identification | None:
    """Return the identification with the surest class: the last pictures of a falling thing say little."""
    return max(identifications, key=lambda one: max(one.class_probabilities), default=None)


def _weightiest(identifications: list[Identification]) -> Standing:
    """Return what it stood as at its worst; friend or neutral only where it was never suspect."""
    standings = {one.standing for one in identifications}
    order = (Standing.HOSTILE, Standing.SUSPECT, Standing.FRIEND, Standing.NEUTRAL)
    return next((standing for standing in order if standing in standings), Standing.UNKNOWN)


def _claims(identifications: list[Identification]) -> tuple[ClaimTest, ...]:
    """Return the last test of each identity that was claimed near this track."""
    latest = {(test.kind, test.claimed_id): test for one in identifications for test in one.claims}
    return tuple(latest[key] for key in sorted(latest))


def _decisions(site: Site, memory: NightMemory) -> tuple[Decision, ...]:
    people = {person.person_id: person for person in site.people}
    names = {e.option_id: e.name for playbook in site.playbooks for e in playbook.effects}
    decisions = []
    for command, refused in memory.commands:
        person = people.get(command.by)
        decided, on = decided_words(command, names)
        decisions.append(
            Decision(
                time_utc_ns=command.time_utc_ns,
                by=person.name if person is not None else command.by,
                role=person.role if person is not None else "not on duty",
                decided=f"{decided}; not accepted: {refused}" if refused else decided,
                on=on,
            )
        )
    return tuple(decisions)


def _sensors(site: Site, memory: NightMemory) -> tuple[SensorHealth, ...]:
    health = []
    for sensor in site.sensors:
        heard = memory.heard.get(sensor.sensor_id)
        quiet = heard is None and sensor.kind is not SensorKind.PEOPLE
        health.append(
            SensorHealth(
                sensor=sensor,
                messages=heard.messages if heard else 0,
                detections=heard.detections if heard else 0,
                rejected=heard.rejected if heard else 0,
                longest_silence_s=heard.longest_silence_s if heard and heard.messages > 1 else None,
                says="It sent nothing." if quiet else "",
            )
        )
    return tuple(health)


__all__ = ["build_case"]
