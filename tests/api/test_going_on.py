"""The console of a watch that goes on in another log."""

from __future__ import annotations

from exported_night import inputs
from judged_scenes import START_UTC_NS
from ordered_watch import HEADER, console, place
from skykeep.app.replay import NoRecorder
from skykeep.engine.pipeline import Pipeline


def test_its_lists_begin_anew_and_the_picture_stays() -> None:
    watch, before = console(list(inputs()))
    assert [alert.id for alert in watch.present().lists.alerts.alerts] == ["alert-0001"]
    assert before.judgement is not None
    fresh = Pipeline(HEADER, place(), None, NoRecorder(), None, (watch,), start_utc_ns=START_UTC_NS)

    watch.go_on(fresh)

    assert watch.present().lists.alerts.alerts == ()
    assert watch.latest_picture() is not None
