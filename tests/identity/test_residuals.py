"""The residuals of one stream against the tracks near it: noted once a claim, a window of them, by track."""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray, IntArray
from skykeep.identity.residuals import WINDOW, Residuals


def ids(*numbers: int) -> IntArray:
    return np.array(numbers, dtype=np.int64)


def off_m(*norths_m: float) -> FloatArray:
    return np.array([[0.0, north_m, 0.0, 0.0, 0.0, 0.0] for north_m in norths_m])


def test_a_claim_is_noted_once_and_a_new_track_at_any_time() -> None:
    residuals = Residuals()
    residuals.note(ids(4), off_m(1.0), 100)
    residuals.note(ids(4, 7), off_m(2.0, 3.0), 100)

    assert residuals.of(4)[:, 1].tolist() == [1.0]
    assert residuals.of(7)[:, 1].tolist() == [3.0]


def test_a_window_of_claims_is_kept_oldest_first() -> None:
    residuals = Residuals()
    for claim in range(WINDOW + 2):
        residuals.note(ids(4), off_m(float(claim)), claim)

    assert residuals.of(4)[:, 1].tolist() == [float(claim) for claim in range(2, WINDOW + 2)]


def test_tracks_keep_their_own_in_any_order_and_lose_them_when_they_leave() -> None:
    residuals = Residuals()
    residuals.note(ids(4, 7), off_m(1.0, 2.0), 100)
    residuals.note(ids(7, 4), off_m(4.0, 3.0), 200)
    assert residuals.of(4)[:, 1].tolist() == [1.0, 3.0]
    assert residuals.of(7)[:, 1].tolist() == [2.0, 4.0]

    residuals.note(ids(4), off_m(5.0), 300)
    residuals.note(ids(4, 7), off_m(6.0, 7.0), 400)
    assert residuals.of(7)[:, 1].tolist() == [7.0]
