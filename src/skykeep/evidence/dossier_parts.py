"""The first chapters of a dossier after the timeline: who flew, who decided, what came of it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from skykeep.domain.orders import StandingOrder
from skykeep.domain.response import EffectLayer, EffectOption, Proposal
from skykeep.evidence.case import Case, Story
from skykeep.evidence.naming import (
    about,
    by_whom,
    first_sensor,
    how_sure,
    looks_word,
    none_in,
    none_of,
    time_to_breach,
    who,
    words,
)
from skykeep.evidence.paper import (
    SIMULATED,
    Block,
    Facts,
    Heading,
    Paragraph,
    Run,
    clock,
    moment,
    nothing,
    sentences,
    table,
)
from skykeep.evidence.withheld import mark


def stories(case: Case) -> Iterable[Block]:
    """Each intruder's story."""
    yield Heading("The intruders")
    for story in case.stories:
        yield from _story(case, story)
    if not case.stories:
        yield nothing(none_of(case, "stories", "No intruder was found."))


def _story(case: Case, story: Story) -> Iterable[Block]:
    yield Heading(story.name, 2)
    yield Facts(
        (
            ("First seen", f"{moment(story.first_seen_utc_ns)}, by {first_sensor(case, story)}"),
            ("Last seen", moment(story.last_seen_utc_ns)),
            (
                "Taken for",
                f"{words(story.target_class)} (probability {how_sure(case, story.class_probability)}), "
                f"{looks_word(story.looks)}",
            ),
            ("Tracks", _tracks(case, story)),
            ("First alert", _alerted(case, story)),
            ("Alerts", ", ".join(story.alert_ids) or "none"),
            ("End", story.outcome),
        )
    )
    yield Heading("Grounds, as shown to the operator", 3)
    yield sentences(story.grounds, "No grounds were shown.")
    yield Heading("What it said of itself, and whether that was true", 3)
    yield table(
        f"Claims of {story.name}",
        (("Claim", 40), ("Verdict", 24), ("Off by", 16), ("p", 14), ("Because", None)),
        (
            (
                f"{words(claim.kind)}: {claim.claimed_id}",
                claim.verdict.value,
                "-" if claim.residual_m is None else f"{claim.residual_m:.0f} m",
                "-" if claim.p_value is None else f"{claim.p_value:.2g}",
                claim.because,
            )
            for claim in story.claims
        ),
        none_in(story, "claims", "It broadcast no claim that was received."),
    )
    yield Heading("Might it be there?", 3)
    yield table(
        f"Verdicts on {story.name}",
        (("UTC", 18), ("Verdict", 20), ("Document", 42), ("Reason", None)),
        (
            (clock(time, case.start_utc_ns), said.permission.value, said.document or "none", said.reason)
            for time, said in story.verdicts
        ),
        none_in(story, "verdicts", "No verdict was reached."),
    )


def _alerted(case: Case, story: Story) -> str:
    if story.alerted_utc_ns is None:
        return "never"
    then = f"; then estimated: {time_to_breach(story.breach_when_alerted)}"
    if not case.truth_known:
        return moment(story.alerted_utc_ns) + then
    warned = (
        "no breach was to come"
        if story.warning_s is None
        else f"{story.warning_s:.0f} s before the breach that would have come"
    )
    return f"{moment(story.alerted_utc_ns)}, {warned}{then}"


def _tracks(case: Case, story: Story) -> str:
    """The tracks of a story, each with the last name that a person gave it."""
    names = {order.track_id: order.name for order in case.track_orders if order.name}
    return ", ".join(
        f"{track} “{names[track]}”" if track in names else f"{track}" for track in story.track_ids
    )


def decisions(case: Case) -> Iterable[Block]:
    """Who decided what, when, and on what document."""
    yield Heading("Who decided, and on what basis")
    yield table(
        "Decisions",
        (("UTC", 17), ("Who", 42), ("Decided", 38), ("On", None), ("Basis", 42)),
        (
            (
                clock(d.time_utc_ns, case.start_utc_ns),
                by_whom(case, d.by, d.role),
                d.decided,
                about(case, d.on),
                d.basis or "none cited",
            )
            for d in case.decisions
        ),
        none_of(case, "decisions", "Nobody decided anything."),
    )


def track_orders(case: Case) -> Iterable[Block]:
    """What people told the machine about tracks, and when it held."""
    yield Heading("Tracks correlated and named by people")
    yield table(
        "Orders about tracks",
        (("From", 18), ("Order", 24), ("Who", 32), ("Says", None), ("Held until", 36)),
        (
            (
                clock(order.time_utc_ns, case.start_utc_ns),
                order.order_id,
                who(case, order.by),
                f"{order.says} {order.reason}".strip(),
                "to the end" if order.lifted_utc_ns is None else _lifted(case, order),
            )
            for order in case.track_orders
        ),
        none_of(case, "track_orders", "Nobody overruled the machine on a track."),
    )


def _lifted(case: Case, order: StandingOrder) -> str:
    return f"{moment(order.lifted_utc_ns or 0)}, lifted by {who(case, order.lifted_by)}"


def tasks(case: Case) -> Iterable[Block]:
    """What people were asked to do."""
    yield Heading("Tasks for people")
    yield table(
        "Tasks",
        (("Opened", 18), ("Due", 18), ("Task", None), ("For", 28), ("State", 20), ("Done", 18), ("By", 30)),
        (
            (
                clock(t.opened_utc_ns, case.start_utc_ns) if t.opened_utc_ns else "-",
                clock(t.due_utc_ns, case.start_utc_ns),
                t.text,
                t.owner_role,
                words(t.state),
                "-" if t.done_utc_ns is None else clock(t.done_utc_ns, case.start_utc_ns),
                who(case, t.done_by) or "nobody",
            )
            for t in case.tasks
        ),
        none_of(case, "tasks", "No task was opened."),
    )


def proposals(case: Case) -> Iterable[Block]:
    """What was put to people, with what they were told, and who said yes."""
    yield Heading("Proposals and approvals")
    for proposal in case.proposals:
        yield from _proposal(case, proposal)
    if not case.proposals:
        yield nothing(none_of(case, "proposals", "Nothing was proposed."))


def _proposal(case: Case, proposal: Proposal) -> Iterable[Block]:
    simulated = (Run(" "), SIMULATED) if case.simulated else ()
    yield Heading(f"Proposal {proposal.proposal_id} on track {proposal.track_id}", 2)
    until = moment(proposal.expires_utc_ns)
    yield Facts(
        (
            ("Put to people", f"{moment(proposal.proposed_utc_ns)}, to lapse {until}"),
            ("Asked because", proposal.because or "not said"),
            ("If nothing is done", proposal.if_nothing),
            ("Authority", proposal.authority or "none cited"),
            ("Legal basis", proposal.legal_basis or _no_other_basis(proposal)),
            ("State", (Run(words(proposal.state)), *simulated)),
            ("Outcome", proposal.outcome or "none recorded"),
        )
    )
    yield table(
        f"Options of proposal {proposal.proposal_id}",
        (("Option", 34), ("Layer", 14), ("Chance", 17), ("Persons", 20), ("What was said of it", None)),
        (
            (
                option.name + (" (chosen)" if option.option_id == proposal.chosen_option_id else ""),
                "soft" if option.layer is EffectLayer.SOFT else "hard",
                _chance(option.success_probability),
                f"{option.debris.persons_expected:.4f}",
                option.says,
            )
            for option in proposal.options
        ),
        "No option was offered.",
    )
    approvals = [
        f"{moment(yes.time_utc_ns)}: {by_whom(case, yes.by, yes.role)} approved "
        f"{_option_name(proposal.options, yes.option_id)}."
        for yes in proposal.approvals
    ]
    # A number that is withheld is 0, and nothing is done on nobody's word.
    needed = proposal.approvals_needed or mark("security")
    yield sentences(approvals, f"Nobody approved; {needed} different persons must.")


def _no_other_basis(proposal: Proposal) -> str:
    return "none cited beside the authority above" if proposal.authority else "none cited"


def _chance(probability: float) -> str:
    return mark("security") if math.isnan(probability) else f"{probability:.0%}"


def _option_name(options: tuple[EffectOption, ...], option_id: str) -> str:
    return next((option.name for option in options if option.option_id == option_id), option_id)


def effects(case: Case) -> Iterable[Block]:
    """What came of the orders, in the simulated world, and where pieces would have fallen."""
    yield Heading("Effects, in simulation only")
    yield table(
        "Effects",
        (("UTC", 18), ("Order", 26), ("Result", 40), ("What the simulation says", None)),
        (
            (
                clock(o.time_utc_ns, case.start_utc_ns),
                o.order_id,
                (Run(f"{words(o.result)} "), SIMULATED),
                o.says,
            )
            for o in case.outcomes
        ),
        none_of(case, "outcomes", "No effect was used."),
    )
    yield Heading("Debris", 2)
    yield table(
        "Debris footprints",
        (
            ("If stopped at", 22),
            ("Track", 14),
            ("Middle of the fall, from the site's origin", None),
            ("95 % within", 24),
            ("Persons expected", 34),
        ),
        (
            (
                clock(f.time_utc_ns, case.start_utc_ns),
                str(f.track_id),
                f"{f.impact_enu_m[0]:.0f} m east, {f.impact_enu_m[1]:.0f} m north",
                f"{f.area_m2 / 10_000:.1f} ha" if f.area_m2 else "not said",
                f"{f.persons_expected:.4f}" + (f" ± {f.persons_error:.4f}" if f.persons_error else ""),
            )
            for f in case.footprints
        ),
        "No footprint was computed.",
    )
    assumed = dict.fromkeys(sentence for f in case.footprints for sentence in f.rests_on)
    if assumed:
        yield sentences(assumed, "")
    yield Paragraph(
        "Persons expected are persons within the critical area of a falling piece, weighted by where pieces "
        "fall; they are not injuries. The footprints were shown before the approvals."
    )
