"""How a paragraph goes on: who opens it, what only shows, what was asked, what goes on in the past."""

from __future__ import annotations

import re

from skykeep.statements.names import looks_like_speaker
from skykeep.statements.phrases import expand
from skykeep.statements.sentences import LONGEST_SENTENCE
from skykeep.statements.speaking import LABELS

# "It shows": what the pictures show that were spoken of before.
PICTURES_SHOW = re.compile(
    r"(?:it|they|this|the (?:video|footage|clip|film|pictures?|images?)) (?:clearly |also |then )?"
    r"(?:shows?|showed)$",
    re.IGNORECASE,
)
# What somebody was asked is not what he said.
_ASKED = re.compile(r"(?:When |On being )?[Aa]sked\b")
# Pictures that show: the document itself says what is on them.
PICTURES = re.compile(expand(r"(?:(?:an?|the|some|one|two) )?(?:[\w'-]+ ){0,4}?{SHOW}$"), re.IGNORECASE)
# Whoever opens a sentence, for a quotation that follows it: "Old Jorun Flett has only his ears to go by: ..."
_OPENS = re.compile(
    r"\W*+(?:(?:But|And|Meanwhile,|Old|Young|Poor) )?(?P<who>(?:[Tt]he|[Hh]is|[Hh]er|[Ii]ts"
    r"|[Aa]n?) [\w-]+(?: [A-Z][\w'-]+)*"
    r"|(?:[A-Z][\w.'-]+ ){1,3}[A-Z][\w'-]+|[A-Z][\w'-]+|He|She)(?=,| [a-z])"
)
# Reported speech goes on where the next sentence is set back in time as well: "One man had twisted an ankle."
_BACKSHIFT = re.compile(
    r"\b(?:had|'d) (?:not |never |also |already |since |been |only |then )*(?:\w+ed|been|gone|come|seen"
    r"|heard|done|made|taken|hit|hurt|left"
    r"|lost|found|fallen|flown|broken|struck|shot|begun|become|brought|kept|cut|put|set)\b|\b(?:he|she|it"
    r"|they) would\b"
)


def is_asked(folded: str, start: int) -> bool:
    """Whether the sentence at `start` begins with what somebody was asked."""
    return _ASKED.match(folded, start) is not None


def goes_back(masked: str, start: int, end: int) -> bool:
    """Whether a sentence is set back in time, as reported speech is that goes on."""
    return _BACKSHIFT.search(masked, start, end) is not None


def sentence_before(folded: str, paragraph: int, start: int) -> int:
    """Return where the sentence before `start` begins in its paragraph; `start` where there is none."""
    paragraph = max(paragraph, start - 2 * LONGEST_SENTENCE)
    before = folded[paragraph:start].rstrip()
    if not before.endswith((".", "!", "?")):
        return start
    stop = max(before.rfind(each, 0, len(before) - 1) for each in (". ", "! ", "? ", '" '))
    return paragraph + (stop + 2 if stop >= 0 else 0)


def opener_in(masked: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the person stands who opens the sentence at `start`; None where none does."""
    found = _OPENS.match(masked, start, end)
    if found is None or not looks_like_speaker(found["who"]) or LABELS.match(found["who"]):
        return None
    return found.span("who")
