"""Why a track is taken for what it is: each kind of evidence with its weight for every class, and a sentence.

The weights are the log-likelihoods that `class_filter` adds up, less their mean over the classes: added up
over the kinds they give the probabilities again, but for the floor that keeps every class possible. They are
told anew only when the likeliest class or its probability, in steps of 5 %, has changed: what an operator
reads need not flicker, and 2,000 tracks have no time for it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.identity import TARGET_CLASS_NAMES, ClassEvidence
from skykeep.domain.track import Picture

STEPS = 20
# What moves no class by so much against another is not told.
LEAST_SPREAD = 0.05
Evidence = tuple[ClassEvidence, ...]


class EvidenceBook:
    """The evidence last told of each track in the picture."""

    def __init__(self) -> None:
        self._told: dict[int, tuple[tuple[int, int], Evidence]] = {}

    def tell(
        self,
        picture: Picture,
        probabilities: FloatArray,
        parts: dict[str, FloatArray],
        speed_mps: FloatArray,
        height_agl_m: FloatArray,
    ) -> list[Evidence]:
        """Return the evidence of each row. `parts` holds (n, 5) log-likelihoods by name."""
        best = probabilities.argmax(axis=1)
        step = np.rint(STEPS * probabilities[np.arange(len(best)), best]).astype(np.int64)
        states = list(zip(best.tolist(), step.tolist(), strict=True))
        kept: dict[int, tuple[tuple[int, int], Evidence]] = {}
        for row, track_id in enumerate(picture.track_id.tolist()):
            before = self._told.get(track_id)
            if before is not None and before[0] == states[row]:
                kept[track_id] = before
            else:
                kept[track_id] = (states[row], _of_row(row, picture, parts, speed_mps, height_agl_m))
        self._told = kept
        return [kept[track_id][1] for track_id in picture.track_id.tolist()]


def _of_row(
    row: int,
    picture: Picture,
    parts: dict[str, FloatArray],
    speed_mps: FloatArray,
    height_agl_m: FloatArray,
) -> Evidence:
    values = {
        "speed": float(speed_mps[row]),
        "height": float(height_agl_m[row]),
        "echo": float(picture.rcs_dbsm[row]),
        "fluctuation": float(picture.rcs_spread_db[row]),
        "rotors": float(picture.modulation_db[row]),
    }
    found = []
    for name, part in parts.items():
        weights = part[row] - part[row].mean()
        spread = float(weights.max() - weights.min())
        if spread >= LEAST_SPREAD:
            log_odds = tuple(weights.tolist())
            says = _SAYS[name](values.get(name, np.nan), _most(weights))
            found.append((-spread, ClassEvidence(name=name, log_odds=log_odds, says=says)))
    return tuple(evidence for _, evidence in sorted(found, key=lambda one: one[0]))


def _most(weights: FloatArray) -> str:
    return TARGET_CLASS_NAMES[int(weights.argmax())].replace("_", " ")


_SAYS: dict[str, Callable[[float, str], str]] = {
    "prior": lambda _, most: f"Over a city at low height {_an(most)} is the most usual.",
    "speed": lambda value, most: f"It flies {value:.0f} m/s, most like {_an(most)}.",
    "wander": lambda _, most: f"Its path wanders most like that of {_an(most)}.",
    "course": lambda _, most: f"It has held its course and speed most like {_an(most)}.",
    "height": lambda value, most: f"It is {value:.0f} m above ground, most like {_an(most)}.",
    "echo": lambda value, most: f"Its echo is {value:.0f} dBsm, most like that of {_an(most)}.",
    "fluctuation": lambda value, most: (
        f"Its echo fluctuates by {value:.1f} dB, most like that of {_an(most)}."
    ),
    "rotors": lambda value, most: (
        f"Its echo has sidebands of {value:.0f} dB, as rotors make, most like {_an(most)}."
    ),
    "claims": lambda _, most: f"What it says and sends is most like {_an(most)}.",
}


def _an(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name if name != 'other' else 'other thing'}"
