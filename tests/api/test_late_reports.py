"""What a person tells late says so on the console, and when it was."""

from __future__ import annotations

import msgspec

import ordered_watch
from exported_night import inputs
from judged_scenes import at_ns
from skykeep.domain.sensing import Report


def test_a_report_told_late_says_what_moment_it_is_about_and_one_told_at_once_does_not() -> None:
    records = inputs()
    prompt = next(record for record in records if isinstance(record, Report))
    late = msgspec.structs.replace(prompt, sequence=2, received_utc_ns=at_ns(27))
    watch, _ = ordered_watch.console([*records, late])

    told = [line for line in watch.present().captions if line.report is not None]

    assert [line.about_utc_ns for line in told] == [None, at_ns(9)]
