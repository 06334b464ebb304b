"""The dossier of a redacted log tells what the log still says, and nothing that is false."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pypdf
import pytest

import ordered_watch
from exported_night import inputs
from judged_scenes import SURVEY, at_ns
from skykeep.app import dossier as app
from skykeep.app.dossier import case_of_night, known_moments, printed
from skykeep.app.measured import measured
from skykeep.app.retention import enforce
from skykeep.base.errors import IntegrityError
from skykeep.domain.commands import AcknowledgeAlert
from skykeep.domain.record import EntryRole
from skykeep.domain.retention import PersonalDatum, RetentionRule
from skykeep.domain.statement import Slot
from skykeep.engine.inputs import Input
from skykeep.evidence.case import Case
from skykeep.evidence.entry import seal_entry, segments_in, simulated_salts, take_out
from skykeep.evidence.levels import Level
from skykeep.evidence.redacted_entry import redacted_of_tracks
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader
from skykeep.store.redaction import Taking, redact

FALSE = (
    "Nothing happened",
    "every byte came out the same",
    "nothing is withheld",
    "Nothing: this is the whole case",
    "No intruder was found",
    "No alert was raised",
    "Nobody decided anything",
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "cache_dir", lambda: tmp_path / "cache")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a watch with one alert, which somebody acknowledged."""
    folder = tmp_path_factory.mktemp("night")
    records: list[Input] = [
        *inputs(),
        AcknowledgeAlert(alert_id="alert-0001", by="op", time_utc_ns=at_ns(31)),
    ]
    with LogDatabase.open(folder / "night.db") as log:
        ordered_watch.run(log, records)
        log.flush()
    return folder


def texts(case: Case, log: Path) -> list[str]:
    """Return what a reader finds in PDF, HTML and JSON of the whole case."""
    pdf = log.with_name("out.pdf")
    pdf.write_bytes(printed(case, Level.FULL, "pdf", log))
    pages = " ".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)
    others = [printed(case, Level.FULL, kind).decode() for kind in ("html", "json")]
    return [" ".join(pages.split()), *others]


def first_of(log: Path, kind: str) -> int:
    return next(entry.sequence for entry in LogReader(log).entries(kind=kind))


@pytest.mark.parametrize("kind", ["claim", "report", "scan", "verdict"])
def test_what_the_log_says_is_told_although_an_early_entry_was_redacted(
    night: Path, tmp_path: Path, kind: str
) -> None:
    whole = case_of_night(night)
    folder = tmp_path / "redacted"
    shutil.copytree(night, folder)
    log = folder / "night.db"
    sequence = first_of(log, kind)
    redact(log, [Taking(sequence=sequence)], by="data officer", because="asked for by law", now_utc_ns=1)

    case = known_moments(log, [at_ns(31)], case_of_night(folder))

    assert case.alerts == whole.alerts
    assert case.decisions == whole.decisions
    assert case.end_utc_ns == whole.end_utc_ns
    assert [story.alert_ids for story in case.stories] == [story.alert_ids for story in whole.stories]
    assert [story.outcome for story in case.stories] == [story.outcome for story in whole.stories]
    assert case.stories[0].track_ids == whole.stories[0].track_ids
    verdict = case.stories[0].verdicts[-1][1]
    if kind == "verdict":
        assert verdict.reason == "The verdict is redacted."
    else:
        assert verdict.permission == whole.stories[0].verdicts[-1][1].permission
    assert case.map.tracks[0].points_enu_m[-1] == pytest.approx(
        whole.map.tracks[0].points_enu_m[-1], abs=0.01
    )
    assert case.log.replay_identical is None
    if kind != "verdict":
        assert f"entry {sequence} was redacted by data officer: asked for by law" in case.log.replay_says
    assert sum(each.count for each in case.withheld) == 1
    assert {each.why for each in case.withheld} == {"redacted"}
    for text in texts(case, log):
        for sentence in FALSE:
            assert sentence not in text
        assert "1 parts of the log were redacted" not in text
        assert "1 part of the log was redacted" in text
    public = printed(case, Level.PUBLIC, "html").decode()
    assert "data officer" not in public
    assert "asked for by law" not in public
    assert "redacted" in public


def test_after_retention_reports_and_claims_stand_without_what_was_personal(
    night: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    shutil.copytree(night, folder)
    rules = [
        RetentionRule(rule_id=datum.value, datum=datum, keep_h=1.0, reason="the site's rule")
        for datum in PersonalDatum
    ]
    report = enforce(folder, rules, at_ns(9_000_000))
    assert {one.datum for one in report.due} >= {PersonalDatum.REPORT_TEXT, PersonalDatum.REPORT_PLACE}

    case = case_of_night(folder)

    assert case.log.replay_identical is None
    assert [one.text for one in case.reports] == ["[redacted]"]
    assert len(case.alerts) == 1
    assert {one.by for one in case.decisions} == {"op"}
    assert sum(one.count for one in case.withheld) == len(report.due)
    assert {one.path for one in case.withheld} >= {"reports[].text", "reports[].position_enu_m"}
    for text in texts(case, folder / "night.db"):
        assert "A humming." not in text
        for sentence in FALSE:
            assert sentence not in text
    place = msgspec.json.decode(printed(case, Level.FULL, "json"))["case"]["reports"][0]["position_enu_m"]
    assert place == [None, None, None]


SERIAL = SURVEY.scope.serials[0]


def redacted_site(night: Path, folder: Path, path: str) -> Path:
    """Return a copy of the night's log of whose site something was taken out."""
    log = folder / "redacted" / "night.db"
    shutil.copytree(night, log.parent)
    redact(log, [Taking(sequence=2, path=path)], by="data officer", because="asked for by law", now_utc_ns=1)
    return log


def test_a_night_whose_site_is_redacted_in_part_is_told_all_the_same(night: Path, tmp_path: Path) -> None:
    log = redacted_site(night, tmp_path, "permits[0].scope.serials")
    case = case_of_night(log)

    assert case.site.permits[0].scope.serials == ()
    assert case.log.replay_identical is None
    assert dict(case.configuration)["Configuration, SHA-256"] == "not known: a part of it is redacted"
    assert [(one.path, one.count) for one in case.withheld] == [("site.permits[].scope.serials", 1)]
    for text in texts(case, log):
        assert SERIAL not in text
        for said in FALSE:
            assert said not in text


def test_a_night_whose_site_is_gone_is_refused_in_a_sentence(night: Path, tmp_path: Path) -> None:
    log = redacted_site(night, tmp_path, "")

    with pytest.raises(
        IntegrityError, match="entry 2 was redacted by data officer: asked for by law; without its site"
    ):
        case_of_night(log)


NO_CLAIM = "It broadcast no claim that was received."


def retold(night: Path, tmp_path: Path, takings: list[Taking]) -> Case:
    """Return the case of a copy of the night of which something was taken out."""
    folder = tmp_path / "redacted"
    shutil.copytree(night, folder)
    redact(folder / "night.db", takings, by="data officer", because="the law", now_utc_ns=1)
    return case_of_night(folder)


def test_what_is_gone_of_others_takes_no_finding_from_an_intruder(night: Path, tmp_path: Path) -> None:
    claim = first_of(night / "night.db", "claim")

    case = retold(night, tmp_path, [Taking(sequence=claim, path="claimed_id")])

    assert [each.path for each in case.withheld] == ["stories[].claims[].claimed_id"]
    assert [(story.claims, story.redacted) for story in case.stories] == [((), ())]
    assert NO_CLAIM in printed(case, Level.FULL, "html").decode()


def test_a_finding_is_not_kept_where_something_of_that_very_track_is_gone(
    night: Path, tmp_path: Path
) -> None:
    log = LogReader(night / "night.db")
    said = [entry.sequence for entry in log.entries(kind="identification")]

    # Whose they were nobody can tell: they may have been this one's.
    case = retold(night, tmp_path, [Taking(sequence=sequence) for sequence in said])

    assert case.stories[0].redacted == ("claims",)
    page = printed(case, Level.FULL, "html").decode()
    assert NO_CLAIM not in page
    assert "withheld: redacted" in page


def test_whose_claims_are_gone_is_told_by_the_track_that_they_were_set_against() -> None:
    said = {"track_id": 7, "claimed_id": "X1", "claims": [["X1", "contradicted"]]}
    whole = seal_entry(
        1, 5, EntryRole.OUTPUT, "identification", msgspec.json.encode(said), simulated_salts("s", 1)
    )
    cut = len(segments_in(whole))
    without_claims = take_out(whole, frozenset({3}))

    assert cut == 5
    mine, another = (7, 9), (8,)
    assert redacted_of_tracks([without_claims], (mine, another)) == (("claims",), ())
    # The identity alone says nothing of whether there was one.
    assert redacted_of_tracks([take_out(whole, frozenset({1}))], (mine,)) == ((),)
    gone = take_out(whole, frozenset(range(cut)))
    assert redacted_of_tracks([gone], (mine, another)) == (("claims",), ("claims",))
    assert redacted_of_tracks([whole], (mine,)) == ((),)


def test_no_class_is_told_more_sharply_than_the_log_keeps_it(night: Path, tmp_path: Path) -> None:
    whole = case_of_night(night)
    case = retold(night, tmp_path, [Taking(sequence=first_of(night / "night.db", "report"), path="text")])

    (story,) = case.stories
    (exactly,) = whole.stories
    assert (whole.told_from_log, case.told_from_log) == (False, True)
    assert round(10 * story.class_probability) == 10 * story.class_probability
    about = f"about {100 * story.class_probability:.0f} %, to ten per cent"
    assert measured(case)[Slot.AIRCRAFT_TYPE][0].endswith(f"with a probability of {about}.")
    assert measured(whole)[Slot.AIRCRAFT_TYPE][0].endswith(f" {100 * exactly.class_probability:.0f} %.")
    page = printed(case, Level.FULL, "html").decode()
    assert f"(probability {about})" in page
    assert f"{story.class_probability:.2f})" not in page
    assert about not in printed(whole, Level.FULL, "html").decode()


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("report", "Not every decision could be made again: "),
        ("identification", "Every decision was made again: "),
    ],
)
def test_how_far_decisions_could_be_made_again_is_said_once_and_without_contradiction(
    night: Path, tmp_path: Path, kind: str, says: str
) -> None:
    heard: list[str] = []
    folder = tmp_path / "redacted"
    shutil.copytree(night, folder)
    log = folder / "night.db"
    redact(log, [Taking(sequence=first_of(log, kind))], by="officer", because="The law.", now_utc_ns=1)

    page = printed(case_of_night(folder, say=heard.append), Level.FULL, "html").decode()

    assert says in page
    assert "Not all of them" not in page
    assert "redacted in part" not in page
    assert "compares each byte" not in page
    assert "The law.;" not in page
    assert heard == [
        "No case is kept of this log. Something was redacted: decisions are made again as far as they can "
        "be, the rest is as logged ..."
    ]
    assert "compares each byte" in printed(case_of_night(night), Level.FULL, "html").decode()
