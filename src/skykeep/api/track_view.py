"""What is thought of one track, in words: the panel that opens when somebody selects it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from skykeep.api import messages as m
from skykeep.api.alert_views import interval_view
from skykeep.api.register_views import airspace_view
from skykeep.base.clock import ns_to_seconds
from skykeep.domain.identity import TARGET_CLASS_NAMES, ClaimTest
from skykeep.domain.permit import Permit
from skykeep.domain.threat import Threat
from skykeep.domain.track import Picture
from skykeep.engine.outputs import Judgement

History: TypeAlias = tuple[tuple[float, float, float, float], ...]


def row_of(judgement: Judgement, track_id: int) -> int | None:
    """Return where a track stands in the picture, None when it is not in it."""
    rows = np.flatnonzero(judgement.picture.track_id == track_id)
    return int(rows[0]) if len(rows) else None


def absent_details(track_id: int, because: str, history: History) -> m.TrackDetails:
    """Return only the way a track took: nothing is thought of it at this moment."""
    return m.TrackDetails(
        id=track_id,
        label=f"Track {track_id}",
        lines=(because,),
        airspace=m.AirspaceView(permission="unknown", reason="", document=""),
        history=history,
    )


def resumptions(picture: Picture) -> list[tuple[int, str]]:
    """Return (track, sentence) for each number taken up again, with what to call its later part by whoever
    knows better.
    """
    told = zip(
        picture.resumed_track_id.tolist(),
        picture.resumed_gap_ns.tolist(),
        picture.resumed_own_id.tolist(),
        strict=True,
    )
    return [
        (
            track_id,
            f"Seen again after {ns_to_seconds(gap_ns):.0f} s; "
            f"if that was another object, track {own_id} is not track {track_id}.",
        )
        for track_id, gap_ns, own_id in told
    ]


def present_details(
    judgement: Judgement,
    row: int,
    history: History,
    resumed: Sequence[str] = (),
    permits: Mapping[str, Permit] | None = None,
) -> m.TrackDetails:
    """Return all that is thought of the track in this row of the picture; `resumed` are the sentences on how
    it was lost and found, `permits` those that it is judged by.
    """
    identification, verdict = judgement.identifications[row], judgement.verdicts[row]
    threat = next((t for t in judgement.threats if t.track_id == identification.track_id), None)
    likeliest = int(np.argmax(identification.class_probabilities))
    state = judgement.picture.state[row]
    name = dict(judgement.orders.names).get(identification.track_id)
    within = [one for one, shown, _ in judgement.orders.merged if shown == identification.track_id]
    people_say = (f"Shown in it by a person's order: track {one}." for one in within)
    return m.TrackDetails(
        id=identification.track_id,
        label=f"Track {identification.track_id}" if name is None else f"{name} (T{identification.track_id})",
        lines=(
            f"{TARGET_CLASS_NAMES[likeliest].replace('_', ' ')}, "
            f"{100 * identification.class_probabilities[likeliest]:.0f} % sure",
            f"{np.hypot(state[3], state[4]):.0f} m/s at {judgement.height_agl_m[row]:.0f} m above ground",
            *people_say,
            *resumed,
            *identification.evidence,
            *(threat.grounds if threat else ()),
        ),
        class_percents=tuple(round(100 * each, 1) for each in identification.class_probabilities),
        class_evidence=tuple(
            m.ClassEvidenceView(
                name=evidence.name,
                says=evidence.says,
                log_odds=tuple(round(odds, 2) for odds in evidence.log_odds),
            )
            for evidence in identification.class_evidence
        ),
        standing_set_by=identification.set_by or None,
        claims=tuple(_claim_view(test) for test in identification.claims),
        airspace=airspace_view(verdict, permits or {}),
        threat=None if threat is None else _threat_view(threat),
        history=history,
    )


def _claim_view(test: ClaimTest) -> m.DetailClaim:
    return m.DetailClaim(
        source=str(test.kind),
        claimed_id=test.claimed_id,
        verdict=test.verdict.value,
        residual_m=test.residual_m,
        p_value=test.p_value,
        because=test.because,
        checks=tuple(
            m.ClaimCheckView(
                kind=check.kind.value,
                verdict=check.verdict.value,
                because=check.because,
                value=check.value,
                unit=check.unit,
                p_value=check.p_value,
            )
            for check in test.checks
        ),
        heard_by=test.sources,
    )


def _threat_view(threat: Threat) -> m.ThreatView:
    return m.ThreatView(
        asset=threat.asset_id,
        aims_percent=round(100 * threat.aims_probability, 1),
        breach_s=interval_view(threat.breach),
        worst_case_s=round(threat.worst_case_s, 1),
        closest_approach_m=round(threat.closest_approach_m, 1),
    )
