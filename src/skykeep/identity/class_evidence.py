"""Why a track is taken for what it is: each kind of evidence with its weight for every class, and a sentence.

The weights are the log-likelihoods that `class_filter` adds up, less their mean over the classes: added up
over the kinds they give the probabilities again, but for the floor that keeps every class possible. They are
told anew only when the likeliest class or its probability, in steps of 5 %, has changed: what an operator
reads need not flicker, and 2,000 tracks have no time for it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.identity import TARGET_CLASS_NAMES, ClassEvidence
from skykeep.domain.track import Picture

STEPS = 20
# What moves no class by so much against another is not told.
LEAST_SPREAD = 0.05
Evidence = tuple[ClassEvidence, ...]


class EvidenceBook:
    """The evidence last told of each track in the picture."""

    def __init__(self) -> None:
        self._track_id: IntArray = np.zeros(0, dtype=np.int64)
        self._state: IntArray = np.zeros(0, dtype=np.int64)
        self._told: list[Evidence] = []

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
        state = best * (STEPS + 1) + step
        before, told = self._before(picture.track_id)
        news = np.flatnonzero(state != before)
        for row, own in zip(
            news.tolist(), _of_rows(news, picture, parts, speed_mps, height_agl_m), strict=True
        ):
            told[row] = own
        self._track_id, self._state, self._told = picture.track_id.copy(), state, told
        return told

    def _before(self, track_id: IntArray) -> tuple[IntArray, list[Evidence]]:
        """Return in what state each track's evidence was told, -1 where it never was, and that evidence."""
        if np.array_equal(track_id, self._track_id):
            return self._state, self._told.copy()
        place = {number: k for k, number in enumerate(self._track_id.tolist())}
        at = [place.get(number, -1) for number in track_id.tolist()]
        state: IntArray = np.append(self._state, -1)[at]
        return state, [self._told[k] if k >= 0 else () for k in at]


def _of_rows(
    rows: IntArray,
    picture: Picture,
    parts: dict[str, FloatArray],
    speed_mps: FloatArray,
    height_agl_m: FloatArray,
) -> list[Evidence]:
    columns = {
        "speed": speed_mps,
        "height": height_agl_m,
        "echo": picture.rcs_dbsm,
        "fluctuation": picture.rcs_spread_db,
        "rotors": picture.modulation_db,
    }
    none = np.full(len(rows), np.nan)
    values = [columns[name][rows].tolist() if name in columns else none.tolist() for name in parts]
    weights = np.stack([part[rows] for part in parts.values()], axis=1)
    weights = weights - weights.mean(axis=2, keepdims=True)
    spread = (weights.max(axis=2) - weights.min(axis=2)).tolist()
    most, log_odds = weights.argmax(axis=2).tolist(), weights.tolist()
    evidence = []
    for k in range(len(rows)):
        found = []
        for n, name in enumerate(parts):
            if spread[k][n] >= LEAST_SPREAD:
                says = _SAYS[name](values[n][k], _MOST[most[k][n]])
                each = tuple(log_odds[k][n])
                found.append((-spread[k][n], ClassEvidence(name=name, log_odds=each, says=says)))
        evidence.append(tuple(one for _, one in sorted(found, key=lambda one: one[0])))
    return evidence


_MOST = tuple(name.replace("_", " ") for name in TARGET_CLASS_NAMES)
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
