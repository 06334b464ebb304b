"""What each sentence speaks of, for rules that need it: the night, a ban, sounds, a correction."""

from __future__ import annotations

import re
from typing import NamedTuple

from skykeep.domain.statement import SourceDocument
from skykeep.statements.dates import anchor_of
from skykeep.statements.phrases import expand
from skykeep.statements.rules_form import FIELDS
from skykeep.statements.sentences import Sentence
from skykeep.statements.speaking import ACT_OF_VERB, CORRECTING, DEEDS, HEARING, VERB

_I = re.IGNORECASE
_EVENT = re.compile(
    expand(
        r"\b(?:{CRAFT}|{THING}|{ATTACK}|{BLAST}|{SHOW}|shot down|brought down|downed|crash\w*|fell"
        r"|drop(?:ped)?|smoke|debris|fragments|wreck\w*|hover\w*|flights?|circling|crossing"
        r"|c[ao]me down|tumbl\w+|fire"
        r"|blaze|explosion|hdg"
        r"|heading|spotted"
        r"|sighted|low over|hvg|flew|fly|flying|hit|struck"
        r"|landed|"
        r"quad|aircraft|airspace|engaged|jam\w*|detected|air defen[cs]e|intruders?|intrusion"
        r"|incursion|incident|seen|heard|overhead|sky|burning|lights?|flares?|came|arrived|events?)\b"
    ),
    _I,
)
_BAN = re.compile(
    expand(
        r"\b(?:ban(?:s|ned|ning)?|prohibit\w*|forbid\w*|no-?fly|clos(?:ed|es|ure|ing)|clsd|shut"
        r"|suspend\w*|ground(?:ed|ing)|restrict\w*|cordon\w*|curfew|NOTAM|not (?:be )?(?:allowed"
        r"|permitted|flown)|exempt\w*|no flying|"
        r"must not|may not fly|sealed|re-?open\w*|off limits|stopped|lifted|halted|permits?"
        r"|no (?:drones?|flights?)|excepted|excluded|only (?:by|for|with)|no(?: \w+){1,3} (?:may|shall"
        r"|will|can|must)"
        r"|(?:may|shall|must|can|is|are) (?:not|no longer|only)(?: be)? [a-z]+(?:ed|en|old|ought|own)\b"
        r"|(?:order|rule|decree|by-?law|directive|injunction|moratorium|stoppage|lockdown|embargo)s?"
        r"|keep out|stay away)\b"
    ),
    _I,
)
_FOOTAGE = re.compile(expand(r"\b(?:{SHOW}|filmed|camera)\b"), _I)
_PRINCIPAL = re.compile(expand(r"\b{PRINCIPAL}\b"), _I)
_PRINCIPAL_NAMED = re.compile(
    expand(r"\b{PRINCIPAL}(?: of {NP})?,? (?P<name>(?-i:[A-Z])[\w'-]+(?: (?-i:[A-Z])[\w'-]+)*)"), _I
)
_PRONOUN = re.compile(r"\b(?:he|she|they|his|her)\b", _I)
_WHEREABOUTS = re.compile(r"\b(?:spent the night|whereabouts|slept|stayed)\b", _I)
_HISTORY = re.compile(
    r"\b(?:commemorat\w+|anniversary|last attacked|last (?:year|month|week|summer|winter|spring"
    r"|autumn)|years? ago|months? ago|weeks? ago|in recent (?:months|weeks|years)|since (?:19|20"
    r"|21)\d\d"
    r"|centur(?:y|ies)|world war|founded|built in|historically|on previous occasions"
    r"|a similar incident|similar incidents|the previous (?:year|month)|decade|parade in"
    r"|used to be|is known as|"
    r"(?:first|second|third|fourth|fifth|sixth|seventh) (?:such )?(?:incident|attack)"
    r" (?:this|in|since)|has been (?:a )?home to)\b",
    _I,
)
_YEAR = re.compile(r"(?<![\d:.])(?:1[89]|20|21)\d\d(?![\d:])(?! ?(?:hrs|h|Z|hours)\b)")
# Years that are no time of an event: of a birth, of a law.
_BORN_OR_LAW = re.compile(
    r"\b(?:born(?: in| on)?|(?:act|order|code|regulations?|rules|statute|by-?law|treaty|model|vintage)"
    r"(?: of)?,?)"
    r" [^.;,]{0,12}?\d{4}",
    _I,
)
_MONTH = re.compile(expand(r"\b{MONTH}\b"), _I)
_SATIRE = re.compile(r"\b(?:satire|satirical|parody|spoof news)\b", _I)
_LOG_LINE = re.compile(r"^(?:\d{4}Z?)(?: ?hrs| ?h)?[ ]*[-:]?[ ]+\S")
# A chronology, told as such at its head, is a log whose hours have their colon.
_CHRONOLOGY = re.compile(
    r"\b(?:chronology|timeline|time ?line|sequence of events|log ?book|watch log|log)\b", _I
)
_HOUR_LINE = re.compile(r"^\d\d[:.]\d\d(?: ?(?:hrs|h|Z))?[ ]*[-:]?[ ]+[A-Z]")
_CORRECTION = re.compile(r"\W*(?:corrections?|clarification|erratum|errata|corrigendum)\b", _I)
_POST = re.compile(r"@\w+")
_SAID = (
    "|".join(sorted(re.escape(verb) for verb in ACT_OF_VERB if verb not in DEEDS and verb.isascii()))
    + "|quoted"
)
_OF_SAYING = re.compile(
    r"\b(?:said|told|says|stated|announced|statement|comment|reported|release[d]?|published"
    r"|updated|wrote|posted|spoke|asked|briefing|interview|telephoned?|press)\b",
    _I,
)


_QUESTION = re.compile(
    r"\W*(?:(?:and|but|so|then) )?(?:who|whom|whose|what|how|why|when|where|which|did|does|do|is|are|was|were"
    r"|has|have|had|can|could|will|would|should|may|might)\b[^?]*\?\W*$",
    _I,
)
# A link to another report, set into this one.
_LINK = re.compile(
    r"(?:read (?:more|also|next|on)|also read|see also|related|more on this|recommended|most read|don't miss"
    r"|you may also like|more from|continue reading|sign up|subscribe|advertisement|trending|follow us)\b"
    r"(?=[^.]{0,24}(?:[:>|]| - |$)|[^\n]{0,90}[^.\n]$)",
    _I,
)
_DATELINE = re.compile(r"[ ]*[A-Z][A-Z ./-]{2,40}, ")
_BAN_FOR_SENTENCES = 3


class Topics(NamedTuple):
    """What one sentence speaks of; `words` are the needs that rules may name."""

    words: frozenset[str]
    is_event: bool
    is_ban: bool
    is_silent: bool
    is_question: bool
    start: int
    end: int

    @property
    def is_correction(self) -> bool:
        """Whether something is corrected here."""
        return "corrects" in self.words

    @property
    def is_log(self) -> bool:
        """Whether this is of a log's line."""
        return "log" in self.words


class AboutDocument(NamedTuple):
    """The topics of every sentence, and whether the document says of itself that it is satire."""

    sentences: tuple[Topics, ...]
    is_satire: bool


def of_document(folded: str, sentences: tuple[Sentence, ...], document: SourceDocument) -> AboutDocument:
    """Return what every sentence speaks of."""
    anchor = anchor_of(document.published)
    year = str(anchor.year) if anchor else ""
    principals = _principals(folded)
    is_chronology = _CHRONOLOGY.search(folded[:300]) is not None
    of_all = {"event": _EVENT.search(folded) is not None, "posts": _POST.search(folded[:200]) is not None}
    found: list[Topics] = []
    ban_until = -1
    speaks = [_EVENT.search(folded, one.start, one.end) is not None for one in sentences]
    for index, sentence in enumerate(sentences):
        words, line = folded[sentence.start : sentence.end], _line(folded, sentence)
        is_ban = _BAN.search(words) is not None
        ban_until = index + _BAN_FOR_SENTENCES if is_ban else ban_until
        of_sentence = {
            "ban": index <= ban_until,
            "hear": HEARING.search(words) is not None,
            "footage": _FOOTAGE.search(folded, max(0, sentence.start - 250), sentence.end) is not None,
            "principal": _speaks_of_principal(words, principals),
            "log": _LOG_LINE.match(line) is not None
            or (is_chronology and _HOUR_LINE.match(line) is not None),
            "corrects": CORRECTING.search(words) is not None or _CORRECTION.match(line) is not None,
        }
        of_sentence.update((need, label.match(line) is not None) for need, label in FIELDS.items())
        found.append(
            Topics(
                words=frozenset(name for name, holds in {**of_all, **of_sentence}.items() if holds),
                is_event=any(speaks[max(0, index - 1) : index + 2]),
                is_ban=is_ban,
                is_silent=_is_header(folded, sentence, document) or _is_background(words, year),
                is_question=_QUESTION.match(words) is not None,
                start=sentence.start,
                end=sentence.end,
            )
        )
    return AboutDocument(tuple(found), document.is_marked_satire or _SATIRE.search(folded) is not None)


def _principals(folded: str) -> frozenset[str] | None:
    """The surnames, in lower case, of those who are protected; None where the text has no such office."""
    if _PRINCIPAL.search(folded) is None:
        return None
    titled = re.findall(r"\b(?:Mr|Mrs|Ms|Sir|Lady|Lord)\.? ([A-Z][\w-]+)", folded)
    named = [each["name"].split()[-1] for each in _PRINCIPAL_NAMED.finditer(folded)]
    return frozenset(name.lower() for name in (*titled, *named))


def _speaks_of_principal(words: str, surnames: frozenset[str] | None) -> bool:
    if surnames is None:
        return False
    named = any(word.lower() in surnames for word in re.findall(r"[A-Z][\w-]+", words))
    return named or _PRINCIPAL.search(words) is not None or _PRONOUN.search(words) is not None


def _line(folded: str, sentence: Sentence) -> str:
    start = folded.rfind("\n", 0, sentence.start) + 1
    return folded[start : sentence.end].lstrip(" >*-\u21b3")


def _is_header(folded: str, sentence: Sentence, document: SourceDocument) -> bool:
    """A line that only names publisher and date, or a mail's header: nobody says anything there."""
    line = _line(folded, sentence).strip()
    if _LINK.match(line):
        return True
    if re.match(
        r"(?:from|to|cc|bcc|date|sent|reply-to|message-id|received|x-\w+|mime-version|content-\w+)\s*:",
        line,
        _I,
    ):
        return True
    published = document.published_words
    line_start = folded.rfind("\n", 0, sentence.start) + 1
    if published and line_start <= published[0] < line_start + len(line) + 1 and len(line) < 110:
        return sentence.start <= published[1] or not VERB.search(line)
    if line_start < 300 and len(line) < 100 and not VERB.search(line) and line[-1:] not in '.!?"':
        return _YEAR.search(line) is not None and _MONTH.search(line) is not None
    return False


def _is_background(words: str, year: str) -> bool:
    """Whether a sentence is of another time. The year before may be the night's own, as before a court."""
    years = [each.group() for each in _YEAR.finditer(_BORN_OR_LAW.sub("", words))]
    return _HISTORY.search(words) is not None or (
        bool(year) and any(int(each) < int(year) - 1 for each in years)
    )


def time_of_entry(folded: str, sentence: Sentence) -> tuple[int, int] | None:
    """Return where a log's entry says its time, None when the sentence is not the entry's first."""
    start = folded.rfind("\n", 0, sentence.start) + 1
    found = re.compile(r"[ ]*(?P<time>\d{4}Z?|\d\d[:.]\d\d)\b").match(folded, start)
    between = folded[found.end() : sentence.start] if found else ""
    return found.span("time") if found and len(between) < 90 else None


def is_date_of_document(document: SourceDocument, folded: str, start: int) -> bool:
    """Whether the offset lies where the document gives its own date, or a post's line its time."""
    words = document.published_words
    line_start = folded.rfind("\n", 0, start) + 1
    heads_line = (
        re.fullmatch(r"[ *>\u21b3-]*(?:[^:\n]{0,60}@\w+ )?(?:\d\d?/\d+ )?", folded[line_start:start])
        is not None
    )
    is_given = words is not None and words[0] <= start < words[1]
    is_dateline = _DATELINE.fullmatch(folded, line_start, start) is not None
    return is_given or is_dateline or (heads_line and folded[start].isdigit())


_OF_EVENT = re.compile(
    expand(r"'s? (?:[\w-]+ )?(?:events?|incidents?|stoppage|visitors?|{ATTACK}|{CRAFT}|{BLAST})\b"), _I
)


def is_of_saying(folded: str, sentence_start: int, start: int, end: int, sentence_end: int) -> bool:
    """Whether a moment, beside a verb of saying, is when something was said, not when it happened."""
    if _OF_EVENT.match(folded, end):
        return False
    before = folded[max(sentence_start, start - 34) : start]
    after = folded[end : min(sentence_end, end + 40)]
    words = folded[start:end].lower()
    has_clock = re.search(r"\d[.:]\d\d|\b[ap]\.?m\b|o'clock|past|midnight", words)
    if has_clock and not re.search(r"(?:told|spoke|reporters)", before):
        return re.search(r"\b(?:until|till|til|from|updated|published|to)\s*$", before, _I) is not None
    if re.search(r"\b(?:until|till|til|through|by|from)\s*$", before, _I):
        return True
    near = re.search(
        rf"(?:\b(?:{_SAID}|comment|telephone|reporters|released?|statement"
        rf"|signed)\b)(?: (?!that\b)\w+)?[ ,]*$",
        before,
        _I,
    )
    follows = re.match(rf"[ ,]*(?:[\w'.-]+ ){{0,6}}?(?:{_SAID}|signed)\b", after, _I)
    return near is not None or (follows is not None and start - sentence_start < 12)
