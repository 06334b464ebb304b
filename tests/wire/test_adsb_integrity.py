"""Accuracy figures against the standard's numbers, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skykeep.wire.adsb_integrity import (
    EPU_M,
    NUCP_WITHIN_M,
    containment_m,
    geometric_sigma_m,
    horizontal_sigma_m,
    nucp,
)

# As pyModeS tables them, in whole metres: NACp to EPU, NUCp to RCu.
EPU_WHOLE_M = {11: 3, 10: 10, 9: 30, 8: 93, 7: 185, 6: 556, 5: 926, 4: 1852, 3: 3704, 2: 7408, 1: 18520}
RCU_WHOLE_M = {9: 3, 8: 10, 7: 93, 6: 185, 5: 463, 4: 926, 3: 1852, 2: 9260, 1: 18520}

RADII = {
    "best": (9, 2, None, None, 7.5),
    "tail of the list": (17, 2, None, None, 37_040.0),
    "unknown": (18, 2, None, None, None),
    "geometric, unknown": (22, 2, None, None, None),
    "11 with both": (11, 2, 1, 1, 75.0),
    "11 with none": (11, 2, 0, 0, 185.2),
    "11 with A not heard yet": (11, 2, None, 1, 75.0),
    "11 with an undefined pair": (11, 2, 1, 0, 185.2),
    "13 with B": (13, 2, 0, 1, 555.6),
    "13 with none": (13, 2, 0, 0, 926.0),
    "13 with both": (13, 2, 1, 1, 1_111.2),
    "16 with both": (16, 2, 1, 1, 7_408.0),
    "16 with nothing heard": (16, 2, None, None, 14_816.0),
    "ground 7 with A": (7, 2, 1, 0, 75.0),
    "ground 8 with C": (8, 2, 0, 1, 1_111.2),
    "ground 8 with A": (8, 2, 1, 0, 555.6),
    "ground 8 with none": (8, 2, 0, 0, None),
    "version 1, 11 with S": (11, 1, 1, None, 75.0),
    "version 1, 11 with S not heard yet": (11, 1, None, None, 185.2),
    "version 1, ground 8": (8, 1, 0, None, None),
}


@pytest.mark.parametrize(("code", "version", "first", "second", "radius_m"), RADII.values(), ids=RADII)
def test_a_containment_radius_is_that_of_the_standard(
    code: int, version: int, first: int | None, second: int | None, radius_m: float | None
) -> None:
    found = containment_m(code, version, first, second)
    assert found == (None if radius_m is None else pytest.approx(radius_m))


def test_accuracy_categories_are_those_of_another_table() -> None:
    assert {code: round(m) for code, m in EPU_M.items()} == EPU_WHOLE_M
    assert {code: round(m) for code, m in NUCP_WITHIN_M.items()} == RCU_WHOLE_M
    assert [nucp(code) for code in (5, 6, 7, 8, 9, 10, 18, 20, 21, 22)] == [9, 8, 7, 6, 9, 8, 0, 9, 8, 0]


def test_ninety_five_percent_of_drawn_errors_lie_within_the_category() -> None:
    sigma_m = horizontal_sigma_m(nac_p=9)
    errors_m = np.random.default_rng(1).normal(0.0, sigma_m, (200_000, 2))
    assert np.mean(np.hypot(errors_m[:, 0], errors_m[:, 1]) < 30.0) == pytest.approx(0.95, abs=0.002)


def test_the_best_that_is_known_is_taken() -> None:
    assert horizontal_sigma_m(nac_p=10, rc_m=185.2, sil=3) == pytest.approx(10.0 / 2.4477, rel=1e-4)
    assert horizontal_sigma_m(nac_p=0, rc_m=185.2, sil=3) == pytest.approx(
        185.2 / math.sqrt(-2.0 * math.log(1e-7))
    )
    assert horizontal_sigma_m(nuc_p=7) == pytest.approx(92.6 / 2.4477, rel=1e-4)
    assert horizontal_sigma_m(nac_p=0) == horizontal_sigma_m() == pytest.approx(18_520.0 / 2.4477, rel=1e-4)


def test_a_height_is_as_good_as_its_category_and_no_better_where_it_has_none() -> None:
    assert geometric_sigma_m(2) == pytest.approx(22.96, abs=0.01)
    assert (
        geometric_sigma_m(1)
        == geometric_sigma_m(None)
        == geometric_sigma_m(0)
        == pytest.approx(76.53, abs=0.01)
    )
