"""The case file of a night, filled in from what was logged. The truth is told only of a simulation."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import version

from skykeep import __version__
from skykeep.app.case_decisions import decided as decided_words
from skykeep.app.case_map import map_figure
from skykeep.app.case_stories import authorised_story, intruder_stories
from skykeep.app.known_then import Moment, known_at
from skykeep.app.night_truth import NightTruth
from skykeep.app.rules_told import RulesTold
from skykeep.app.watchers import NightMemory
from skykeep.base.clock import iso_utc
from skykeep.domain.commands import ApproveResponse, Command, RefuseResponse
from skykeep.domain.encoding import encode_json
from skykeep.domain.record import LogEntry, Software
from skykeep.domain.sensing import SensorKind
from skykeep.domain.site import Site
from skykeep.engine.inputs import INPUT_KINDS
from skykeep.engine.outputs import RunHeader
from skykeep.evidence.case import Case, Decision, LogReference, SensorHealth
from skykeep.evidence.paper import moment
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
)
MOST_NAMED = 6
CONFIGURATION = "Configuration, SHA-256"
SIMULATED_ONLY = "All effects are SIMULATED."
NO_EFFECTS = "Nothing that was approved was carried out by this system: it has no effects."


def build_case(
    header: RunHeader,
    site: Site,
    start_utc_ns: int,
    memory: NightMemory,
    entries: Iterable[LogEntry],
    log: LogReference,
    started: Iterable[Software],
    *,
    truth: NightTruth | None,
    world: World | None,
) -> Case:
    """Return the case of a night that is over, or as far as its log goes. `site` is as the log begins with
    it; `entries` are those of the log, `started` what it says of each start, `world` the ground to draw
    where it is known.
    """
    rules = RulesTold(site)
    for change in memory.changes:
        rules.take(change)
    told = rules.site()
    alerts = tuple(sorted(memory.alerts.values(), key=lambda alert: alert.alert_id))
    stories = intruder_stories(memory, truth, simulated=header.simulated)
    permit_ids = sorted(memory.tracks.flown)
    authorised = tuple(authorised_story(rules.permits[permit_id], memory) for permit_id in permit_ids)
    decisions = _decisions(told, memory)
    proposals = tuple(sorted(memory.proposals.values(), key=lambda proposal: proposal.proposal_id))
    day = iso_utc(start_utc_ns)
    return Case(
        case_id=f"{header.scenario}-{header.seed}" if header.simulated else f"{site.site_id}-{day[:10]}",
        title=truth.title if truth is not None else f"{header.scenario or site.name}, {day[:10]}",
        site=told,
        start_utc_ns=start_utc_ns,
        end_utc_ns=start_utc_ns if memory.tracks.end_utc_ns is None else memory.tracks.end_utc_ns,
        simulated=header.simulated,
        version=__version__,
        summary=_of_the_truth(truth.score, decisions)
        if truth is not None
        else _of_the_log(memory, decisions),
        stories=stories,
        track_orders=tuple(memory.track_orders.values()),
        authorised=authorised,
        permits_used=tuple(rules.permits[permit_id] for permit_id in permit_ids),
        alerts=alerts,
        decisions=decisions,
        tasks=tuple(sorted(memory.tasks.values(), key=lambda task: task.task_id)),
        proposals=proposals,
        outcomes=tuple(memory.outcomes),
        footprints=tuple(
            option.debris
            for proposal in proposals
            for option in proposal.options
            if option.option_id == proposal.chosen_option_id
        ),
        sensors=_sensors(told, memory),
        reports=memory.graded_reports(),
        not_known=NOT_KNOWN,
        method=(*METHOD, SIMULATED_ONLY if header.simulated else NO_EFFECTS),
        log=log,
        map=map_figure(world, site, (*stories, *authorised), memory),
        truth_known=truth is not None,
        known=known_at(entries, decisive_moments(memory)),
        configuration=_configuration(header, site, memory),
        software=_software(header, started),
        alert_titles=tuple(sorted(memory.titles, key=lambda said: said.from_utc_ns)),
        effect_orders=tuple(memory.orders),
    )


def decisive_moments(memory: NightMemory) -> list[Moment]:
    """Return the moment of decision of each object's first alert: when somebody first approved or refused
    something on it, else when somebody first had a word on it, else when it was raised.
    """
    moments: dict[int, dict[str, list[str]]] = {}
    for alert in memory.alerts.values():
        if alert.raised_utc_ns != min(_raised(memory, alert.track_ids)):
            continue  # about what an earlier alert was about already
        own = {p.proposal_id for p in memory.proposals.values() if p.alert_id == alert.alert_id}
        said = [command for command, refused in memory.commands if not refused]
        answers = [
            c for c in said if isinstance(c, ApproveResponse | RefuseResponse) and c.proposal_id in own
        ]
        words = [c for c in said if getattr(c, "alert_id", "") == alert.alert_id]
        if answers:
            time, because = answers[0].time_utc_ns, "the first answer to a proposal on {}"
        elif words:
            time, because = words[0].time_utc_ns, "the first word of a person on {}"
        else:
            time, because = alert.raised_utc_ns, "nobody decided on {}, raised then"
        moments.setdefault(time, {}).setdefault(because, []).append(alert.alert_id)
    return [
        Moment(time_utc_ns=time, because="; ".join(why.format(_few(ids)) for why, ids in reasons.items()))
        for time, reasons in sorted(moments.items())
    ]


def _few(alert_ids: list[str]) -> str:
    """Return the alerts by name, or the first of many and how many more."""
    if len(alert_ids) <= MOST_NAMED:
        return ", ".join(alert_ids)
    return f"{', '.join(alert_ids[:MOST_NAMED])} and {len(alert_ids) - MOST_NAMED} more alerts"


def _raised(memory: NightMemory, track_ids: tuple[int, ...]) -> list[int]:
    tracks = set(track_ids)
    return [alert.raised_utc_ns for alert in memory.alerts.values() if tracks & set(alert.track_ids)]


def _of_the_truth(score: NightScore, decisions: tuple[Decision, ...]) -> tuple[str, ...]:
    warnings = ", ".join("none" if w is None else f"{w:.0f} s" for w in score.warning_s)
    return (
        f"{score.intruders} intruders were simulated; {score.intruders_tracked} were tracked and "
        f"{score.intruders_alerted} alerted. Warning before the breach that would have come: {warnings}.",
        f"{score.authorised_flights} authorised flights were in the air, "
        f"{score.authorised_flights_alerted} of them alerted. "
        f"{score.aircraft_alerted} crewed aircraft and {score.birds_alerted} birds were alerted.",
        f"{score.approvals} approvals were given, by {_approvers(decisions)}. "
        f"{score.stopped} intruders were stopped by SIMULATED effects; {score.breaches} breached.",
        f"Persons expected under falling pieces: {score.persons_expected_in_debris:.4f}.",
    )


def _of_the_log(memory: NightMemory, decisions: tuple[Decision, ...]) -> tuple[str, ...]:
    """What the log alone can say: no truth is known."""
    approvals = sum(len(proposal.approvals) for proposal in memory.proposals.values())
    said = f", by {_approvers(decisions)}" if approvals else ""
    return (
        f"{len(memory.alerts)} alerts were raised; {len(memory.tasks)} tasks were opened for people.",
        f"{len(memory.proposals)} proposals were put to people, who gave {approvals} approvals{said}.",
        f"{len(decisions)} times somebody decided something; {len(memory.reports)} reports came in.",
        "What really flew is not known: this is told from the log alone.",
    )


def _approvers(decisions: tuple[Decision, ...]) -> str:
    roles = sorted({one.role for one in decisions if one.decided.startswith("approved")})
    return " and ".join(roles) or "nobody"


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
                by=command.by,
                role=person.role if person is not None else "not on duty",
                decided=f"{decided}; not accepted: {refused}" if refused else decided,
                on=on,
                basis=_basis(command, site, memory),
                kind=INPUT_KINDS[type(command)],
            )
        )
    return tuple(decisions)


def _basis(command: Command, site: Site, memory: NightMemory) -> str:
    """Return the document that a decision rests on, "" where none is cited for it."""
    proposal = memory.proposals.get(getattr(command, "proposal_id", ""))
    if proposal is not None:
        return proposal.legal_basis or proposal.authority
    task = memory.tasks.get(getattr(command, "task_id", ""))
    if task is not None:
        playbook = next((one for one in site.playbooks if one.playbook_id == task.playbook_id), None)
        return f"playbook {playbook.playbook_id} v{playbook.version}" if playbook is not None else ""
    return ""


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


def _configuration(header: RunHeader, site: Site, memory: NightMemory) -> tuple[tuple[str, str], ...]:
    kinds = Counter(sensor.kind.value.replace("_", " ") for sensor in site.sensors)
    changes = len(memory.changes)
    return (
        ("Mode", header.mode),
        ("Scenario and seed" if header.simulated else "Site", _what_ran(header)),
        ("Rules", site.rules.called),
        ("Sensors", ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "none"),
        ("Playbooks", ", ".join(f"{one.playbook_id} v{one.version}" for one in site.playbooks) or "none"),
        ("Zones at the start", str(len(site.zones))),
        ("Permits at the start", str(len(site.permits))),
        ("Changes of rules while it went on", str(changes)),
        (CONFIGURATION, hashlib.sha256(encode_json(site)).hexdigest()),
        ("Ground, SHA-256", header.terrain_sha256 or "no ground: the sea"),
    )


def _software(header: RunHeader, started: Iterable[Software]) -> tuple[tuple[str, str], ...]:
    """What the log says of each start, and what made and set the case."""
    told: list[tuple[str, str]] = [("The log was begun by", f"Skykeep {header.version}")]
    for start in started:
        packages = ", ".join(f"{name} {number}" for name, number in start.packages)
        told.append((f"Started {moment(start.time_utc_ns)}", _ran_on(start)))
        told.append(("With", packages or "no packages named"))
        told.append(("Its source, SHA-256", start.source_sha256))
    told.append(("The case was made by", f"Skykeep {__version__}"))
    told.append(("Set with", f"typst {version('typst')}"))
    return tuple(told)


def _ran_on(start: Software) -> str:
    return f"Skykeep {start.skykeep} on Python {start.python}, {start.machine}"


def _what_ran(header: RunHeader) -> str:
    return f"{header.scenario}, {header.seed}" if header.simulated else header.scenario
