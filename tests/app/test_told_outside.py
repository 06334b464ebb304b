"""The sentences that are taken out are those that the house really says."""

from __future__ import annotations

import inspect

import msgspec
import pytest

from sample_case import SITE
from skykeep.app.told_outside import alert_outside
from skykeep.assessment import grounds
from skykeep.domain.response import Alert, AlertState
from skykeep.domain.threat import Factors
from skykeep.response import alerts_worse

ALERT = Alert(
    alert_id="alert-0001",
    state=AlertState.RAISED,
    title="A drone flies at the Residence",
    track_ids=(7,),
    asset_id="residence",
    priority=0.3,
    raised_utc_ns=0,
    changed_utc_ns=0,
    breach=None,
    grounds=(),
)


def test_the_sentence_with_the_factors_as_judging_says_it_is_taken_out() -> None:
    said = grounds._say_product("the Residence", 0.42, "98 %", "90 %", "62 %", "76 %")
    alert = msgspec.structs.replace(ALERT, grounds=("It holds no permit.", said))
    assert alert_outside(alert, SITE).grounds == ("It holds no permit.",)


def test_the_sentences_of_what_grew_worse_still_read_as_they_are_known_here() -> None:
    source = inspect.getsource(alerts_worse)
    assert source.count("Its priority grew from {") == 2
    assert source.count(", where a breach is worse than at ") == 1


@pytest.mark.parametrize(("consequence_now", "by_file"), [(0.76, 1.0), (0.5, 0.4)])
def test_the_priority_outside_is_that_of_the_place_as_its_file_has_it(
    consequence_now: float, by_file: float
) -> None:
    factors = Factors(
        unauthorised=0.5, aims_at_asset=0.8, breach_before_response=1.0, consequence=consequence_now
    )
    alert = msgspec.structs.replace(ALERT, priority=0.4 * consequence_now, factors=factors)
    site = msgspec.structs.replace(
        SITE, assets=(msgspec.structs.replace(SITE.assets[0], consequence=by_file),)
    )
    assert alert_outside(alert, site).priority == pytest.approx(0.4 * by_file)


def test_an_alert_without_factors_keeps_its_priority() -> None:
    assert alert_outside(ALERT, SITE).priority == ALERT.priority
