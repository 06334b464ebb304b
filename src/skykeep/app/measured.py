"""What the record holds beside what is said: sentences that name tracks, sensors and reports, slot by slot.

They stand beside statements and are no verdict on them: what sensors did not see may still have been there.
"""

from __future__ import annotations

from skykeep.base.clock import iso_utc
from skykeep.domain.response import EffectLayer
from skykeep.domain.statement import Slot
from skykeep.evidence.case import Case
from skykeep.evidence.naming import how_sure, words


def measured(case: Case) -> dict[Slot, tuple[str, ...]]:
    """Return the sentences of a case for each slot that it has something on."""
    stories = case.stories
    layers = {order.option_id: order.layer for p in case.proposals for order in p.options}
    effects = tuple(
        f"{p.proposal_id} on track {p.track_id}: a {_layer(layers[p.chosen_option_id])} effect was approved "
        f"(SIMULATED). {p.outcome}".strip()
        for p in case.proposals
        if p.chosen_option_id in layers
    )
    said = {
        Slot.AIRCRAFT_COUNT: (f"{len(stories)} objects were alerted on: {_names(case)}.",) if stories else (),
        Slot.AIRCRAFT_TYPE: tuple(
            f"{one.name} was taken for a {words(one.target_class)}, with a probability of "
            f"{how_sure(case, one.class_probability)}."
            for one in stories
        ),
        Slot.EVENT_TIME: tuple(
            f"{one.name} was seen from {iso_utc(one.first_seen_utc_ns)[:19]} to "
            f"{_until(one.first_seen_utc_ns, one.last_seen_utc_ns)} UTC."
            for one in stories
        ),
        Slot.HEARD: tuple(
            f"A person reported a {one.kind} of {iso_utc(one.heard_utc_ns)[11:19]} UTC, received "
            f"{_until(one.heard_utc_ns, one.received_utc_ns)}."
            for one in case.reports
        ),
        Slot.MEANS_OF_DEFEAT: effects,
        Slot.OUTCOME: tuple(f"{one.name}: {one.outcome}" for one in stories),
        Slot.RESPONSE_TAKEN: (
            (f"{len(case.alerts)} alerts, {len(case.tasks)} tasks, {len(case.proposals)} proposals.",)
            if case.alerts
            else ()
        ),
    }
    return {slot: sentences for slot, sentences in said.items() if sentences}


def _until(start_utc_ns: int, end_utc_ns: int) -> str:
    """Return the time of an end, with its date where that is another than the start's."""
    start, end = iso_utc(start_utc_ns)[:19], iso_utc(end_utc_ns)[:19]
    return end[11:] if end[:10] == start[:10] else end


def _names(case: Case) -> str:
    named = (
        (one.name, "track" if len(one.track_ids) == 1 else "tracks", one.track_ids) for one in case.stories
    )
    return ", ".join(f"{name} ({word} {', '.join(map(str, ids))})" for name, word, ids in named)


def _layer(layer: EffectLayer) -> str:
    return "soft" if layer is EffectLayer.SOFT else "hard"
