"""What stands on paper stays on the page: words of any length are parted, what is to be copied is whole."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from msgspec.structs import replace

from sample_case import SAMPLE, at
from skykeep.app.dossier import printed
from skykeep.domain.incident import Incident, IncidentState, Note
from skykeep.evidence.case import Case
from skykeep.evidence.levels import Level

# The widest small letter: of 10 pt, 174 mm hold some 60.
LONG = "m" * 280
MOST_IN_A_LINE = 62


def pages(case: Case) -> list[str]:
    return [
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed(case, Level.FULL, "pdf"))).pages
    ]


def noted(text: str) -> Case:
    incident = Incident(
        incident_id="I-1",
        title=f"What {text} was",
        state=IncidentState.OPEN,
        opened_utc_ns=at(100),
        opened_by="cmd",
        because=text,
        rule="",
        items=(),
        removed=(),
        notes=(Note(incident_id="I-1", text=text, by=text, time_utc_ns=at(120)),),
        history=(),
    )
    return replace(SAMPLE, incidents=(incident,))


CASES = {
    "a note, whose it is, a title and a reason": noted(LONG),
    "what a person reported": replace(SAMPLE, reports=(replace(SAMPLE.reports[0], text=LONG),)),
    "sentences": replace(SAMPLE, summary=(LONG,), not_known=(LONG,)),
    "an alert": replace(SAMPLE, alerts=(replace(SAMPLE.alerts[0], title=LONG, cleared_because=LONG),)),
    "the title": replace(SAMPLE, title=LONG),
    "the place": replace(SAMPLE, site=replace(SAMPLE.site, name=LONG)),
    "what was configured": replace(SAMPLE, configuration=((LONG, LONG),)),
    "a story": replace(SAMPLE, stories=(replace(SAMPLE.stories[0], name=LONG, outcome=LONG),)),
    "a name of a sensor": replace(
        SAMPLE, sensors=(replace(SAMPLE.sensors[0], sensor=replace(SAMPLE.sensors[0].sensor, name=LONG)),)
    ),
}


@pytest.mark.parametrize("told", CASES)
def test_a_word_without_end_stays_on_the_page_wherever_somebody_wrote_it(told: str) -> None:
    lines = [line.replace("\u200b", "") for page in pages(CASES[told]) for line in page.splitlines()]
    runs = [len(run) for line in lines for run in re.findall("m{4,}", line)]

    assert sum(runs) >= len(LONG), "it is printed whole"
    assert max(runs) <= MOST_IN_A_LINE


def test_a_digest_stands_in_one_piece() -> None:
    digest = "0123456789abcdef" * 4
    case = replace(SAMPLE, configuration=(("Configuration, SHA-256", digest),))

    assert any(digest in page for page in pages(case))


@pytest.mark.parametrize("sentences", range(0, 48, 6))
def test_the_checkpoint_to_be_copied_stands_on_one_page_letter_by_letter(sentences: int) -> None:
    lines = [line for line in SAMPLE.log.note.splitlines() if line]
    case = replace(SAMPLE, method=tuple(f"Sentence {k}." for k in range(sentences)))

    assert any(all(line in page for line in lines) for page in pages(case))


def test_a_checkpoint_longer_than_a_page_goes_on_on_the_next() -> None:
    signed = "".join(f"\u2014 witness.invalid/{k} AbCd1234\n" for k in range(150))
    case = replace(SAMPLE, log=replace(SAMPLE.log, note=SAMPLE.log.note + signed))
    printed_on = [k for k, page in enumerate(pages(case)) if "witness.invalid/" in page]

    assert len(printed_on) > 1
    text = "\n".join(pages(case))
    assert all(f"witness.invalid/{k} " in text for k in range(150))
