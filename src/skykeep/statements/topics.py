"""What each sentence speaks of, so that rules which need it may look: the night, a ban, sounds, a correction."""

from __future__ import annotations

import re
from typing import NamedTuple

from skykeep.domain.statement import Slot, SourceDocument, SpeechAct
from skykeep.statements.dates import anchor_of
from skykeep.statements.sentences import Sentence
from skykeep.statements.speaking import ACT_OF_VERB, CORRECTING, DEEDS, HEARING, SEEING, VERB
from skykeep.statements.vocabulary import DOUBTS, HEDGES, NOT, expand
from skykeep.statements.voices import Stretch

_I = re.IGNORECASE
_EVENT = re.compile(
    expand(
        r"\b(?:{CRAFT}|{THING}|{ATTACK}|{BLAST}|{SHOW}|shot down|brought down|downed|crash\w*|fell|drop(?:ped)?|smoke|debris|fragments|wreck\w*|hover\w*|hvg|flew|fly|flying|hit|struck|landed|"
        r"quad|aircraft|airspace|engaged|jam\w*|detected|air defen[cs]e|intruders?|intrusion|incursion|incident|seen|heard|overhead|sky|burning|lights?|flares?|came|arrived|events?)\b"
    ),
    _I,
)
_BAN = re.compile(
    expand(
        r"\b(?:ban(?:s|ned|ning)?|prohibit\w*|forbid\w*|no-?fly|clos(?:ed|es|ure|ing)|clsd|shut|suspend\w*|ground(?:ed|ing)|restrict\w*|cordon\w*|curfew|NOTAM|not (?:be )?(?:allowed|permitted|flown)|exempt\w*|no flying|"
        r"must not|may not fly|sealed|re-?open\w*|off limits|stopped|lifted|halted|permits?|no (?:drones?|flights?))\b"
    ),
    _I,
)
_FOOTAGE = re.compile(expand(r"\b(?:{SHOW}|filmed|camera)\b"), _I)
_PRINCIPAL = re.compile(expand(r"\b{PRINCIPAL}\b"), _I)
_PRINCIPAL_NAMED = re.compile(expand(r"\b{PRINCIPAL}(?: of {NP})?,? (?P<name>(?-i:[A-Z])[\w'-]+(?: (?-i:[A-Z])[\w'-]+)*)"), _I)
_PRONOUN = re.compile(r"\b(?:he|she|they|his|her)\b", _I)
_WHEREABOUTS = re.compile(r"\b(?:spent the night|whereabouts|slept|stayed)\b", _I)
_HEDGE = re.compile(rf"\b(?:{HEDGES})\b", _I)
_DOUBT = re.compile(rf"\b(?:{DOUBTS})\b", _I)
_NOT = re.compile(rf"(?:\b|(?<=n)){NOT}\b", _I)
_BREAK = re.compile(r"[;:]|, (?:but|and|while|although)\b| - |\bbut\b", _I)
_HISTORY = re.compile(
    r"\b(?:commemorat\w+|anniversary|last attacked|last (?:year|month|week|summer|winter|spring|autumn)|years? ago|months? ago|weeks? ago|in recent (?:months|weeks|years)|since (?:19|20|21)\d\d"
    r"|centur(?:y|ies)|world war|founded|built in|historically|on previous occasions|a similar incident|similar incidents|the previous (?:year|month)|decade|parade in|used to be|is known as|"
    r"(?:first|second|third|fourth|fifth|sixth|seventh) (?:such )?(?:incident|attack|time) (?:this|in|since)|has been (?:a )?home to)\b",
    _I,
)
_YEAR = re.compile(r"(?<![\d:.])(?:1[89]|20|21)\d\d(?![\d:])(?! ?(?:hrs|h|Z|hours)\b)")
_MONTH = re.compile(expand(r"\b{MONTH}\b"), _I)
_SATIRE = re.compile(r"\b(?:satire|satirical|parody|spoof news)\b", _I)
_LOG_LINE = re.compile(r"^(?:\d{4}Z?)(?: ?hrs| ?h)?[ ]*[-:]?[ ]+\S")
_POST = re.compile(r"@\w+")
_SAID = "|".join(sorted(re.escape(verb) for verb in ACT_OF_VERB if verb not in DEEDS and verb.isascii())) + "|quoted"
_OF_SAYING = re.compile(r"\b(?:said|told|says|stated|announced|statement|comment|reported|release[d]?|published|updated|wrote|posted|spoke|asked|briefing|interview|telephoned?|press)\b", _I)
_REPORTED = frozenset((Slot.HEARD, Slot.PLACE, Slot.EVENT_TIME, Slot.AIRCRAFT_TYPE, Slot.AIRCRAFT_COUNT, Slot.OUTCOME))
_DENIABLE = frozenset((Slot.HEARD, Slot.MEANS_OF_DEFEAT, Slot.AIRCRAFT_TYPE, Slot.MOTIVE, Slot.ATTRIBUTION, Slot.OUTCOME, Slot.TARGET, Slot.RESPONSE_TAKEN))
_CORRECTABLE = frozenset((Slot.AIRCRAFT_COUNT, Slot.EVENT_TIME, Slot.MEANS_OF_DEFEAT, Slot.CASUALTIES, Slot.RESPONSE_TAKEN, Slot.HEARD, Slot.AIRCRAFT_TYPE, Slot.ATTRIBUTION, Slot.PLACE, Slot.TARGET, Slot.OUTCOME, Slot.DAMAGE))


class Topics(NamedTuple):
    """What one sentence speaks of; `words` are the needs that rules may name."""

    words: frozenset[str]
    is_event: bool
    is_ban: bool
    is_correction: bool
    is_log: bool
    is_silent: bool
    start: int
    end: int


class AboutDocument(NamedTuple):
    """The topics of every sentence, and whether the document says of itself that it is satire."""

    sentences: tuple[Topics, ...]
    is_satire: bool


def of_document(folded: str, sentences: tuple[Sentence, ...], document: SourceDocument) -> AboutDocument:
    """Return what every sentence speaks of."""
    anchor = anchor_of(document.published)
    year = str(anchor.year) if anchor else ""
    titled = re.findall(r"\b(?:Mr|Mrs|Ms|Sir|Lady|Lord)\.? ([A-Z][\w-]+)", folded) if _PRINCIPAL.search(folded) else []
    principals = {name.lower() for name in titled} | {name.split()[-1].lower() for name in (each["name"] for each in _PRINCIPAL_NAMED.finditer(folded))}
    found: list[Topics] = []
    speaks_of_event = _EVENT.search(folded) is not None
    ban_until = -1
    corrected = {one.line for one in sentences if CORRECTING.search(folded, one.start, one.end)}
    is_post = _POST.search(folded[:200]) is not None
    for index, sentence in enumerate(sentences):
        words = folded[sentence.start : sentence.end]
        is_ban = _BAN.search(words) is not None
        ban_until = index + 3 if is_ban else ban_until
        is_event = _EVENT.search(words) is not None
        needs = {
            "event": speaks_of_event,
            "ban": index <= ban_until,
            "hear": HEARING.search(words) is not None,
            "footage": _near(folded, sentence, _FOOTAGE),
            "principal": _speaks_of_principal(words, principals, bool(principals) or _PRINCIPAL.search(folded) is not None),
            "whereabouts": _WHEREABOUTS.search(words) is not None,
            "log": _LOG_LINE.match(_line(folded, sentence)) is not None,
            "posts": is_post,
            "hedged": True,
            "cap": True,
            "not_aircraft": True,
            "not_own": True,
            "actor": True,
            "corrects_any": True,
        }
        silent = _is_header(folded, sentence, document) or _is_background(words, year)
        found.append(
            Topics(
                frozenset(name for name, holds in needs.items() if holds),
                is_event,
                is_ban,
                sentence.line in corrected,
                needs["log"],
                silent,
                sentence.start,
                sentence.end,
            )
        )
    return AboutDocument(tuple(found), document.is_marked_satire or _SATIRE.search(folded) is not None)


def _line(folded: str, sentence: Sentence) -> str:
    start = folded.rfind("\n", 0, sentence.start) + 1
    return folded[start : sentence.end].lstrip(" >*-\u21b3")


def _near(folded: str, sentence: Sentence, pattern: re.Pattern[str]) -> bool:
    return pattern.search(folded, max(0, sentence.start - 250), sentence.end) is not None


def _speaks_of_principal(words: str, surnames: set[str], has_one: bool) -> bool:
    if _PRINCIPAL.search(words):
        return True
    if any(word.lower() in surnames for word in re.findall(r"[A-Z][\w-]+", words)):
        return True
    return has_one and _PRONOUN.search(words) is not None


def _is_header(folded: str, sentence: Sentence, document: SourceDocument) -> bool:
    """A line that only names publisher and date, or a mail's header: nobody says anything there."""
    line = _line(folded, sentence).strip()
    if re.match(r"(?:from|to|cc|bcc|date|sent|reply-to|message-id|received|x-\w+|mime-version|content-\w+)\s*:", line, _I):
        return True
    published = document.published_words
    line_start = folded.rfind("\n", 0, sentence.start) + 1
    if published and line_start <= published[0] < line_start + len(line) + 1 and len(line) < 110:
        return sentence.start <= published[1] or not VERB.search(line)
    if line_start < 300 and len(line) < 100 and not VERB.search(line) and line[-1:] not in ".!?\"":
        return _YEAR.search(line) is not None and _MONTH.search(line) is not None
    return False


def _is_background(words: str, year: str) -> bool:
    years = [each.group() for each in _YEAR.finditer(words)]
    return _HISTORY.search(words) is not None or (bool(year) and any(each < year for each in years))


def time_of_entry(folded: str, sentence: Sentence) -> tuple[int, int] | None:
    """Return where a log's entry says its time, None when the sentence is not the entry's first."""
    start = folded.rfind("\n", 0, sentence.start) + 1
    found = re.compile(r"[ ]*(?P<time>\d{4}Z?|\d\d[:.]\d\d)\b").match(folded, start)
    between = folded[found.end() : sentence.start] if found else ""
    return found.span("time") if found and len(between) < 90 else None


def is_date_of_document(document: SourceDocument, folded: str, start: int) -> bool:
    """Whether the offset lies where the document gives its own date, or where a post's line gives its time."""
    words = document.published_words
    line_start = folded.rfind("\n", 0, start) + 1
    heads_line = re.fullmatch(r"[ *>\u21b3-]*(?:[^:\n]{0,60}@\w+ )?(?:\d\d?/\d+ )?", folded[line_start:start]) is not None
    return (words is not None and words[0] <= start < words[1]) or (heads_line and re.match(r"\d", folded[start:]) is not None)


def is_of_saying(folded: str, sentence_start: int, start: int, end: int, sentence_end: int) -> bool:
    """Whether a moment is when something was said, not when it happened: it stands beside a verb of saying."""
    before = folded[max(sentence_start, start - 34) : start]
    after = folded[end : min(sentence_end, end + 40)]
    words = folded[start:end].lower()
    has_clock = re.search(r"\d[.:]\d\d|\b[ap]\.?m\b|o'clock|past|midnight", words)
    if has_clock and not re.search(r"(?:told|spoke|reporters)", before):
        return re.search(r"\b(?:until|till|til|from|updated|published|to)\s*$", before, _I) is not None
    if re.search(r"\b(?:until|till|til|through|by|from)\s*$", before, _I):
        return True
    near = re.search(rf"(?:\b(?:{_SAID}|comment|telephone|reporters|released?|statement|signed)\b)(?: (?!that\b)\w+)?[ ,]*$", before, _I)
    follows = re.match(rf"[ ,]*(?:[\w'.-]+ ){{0,6}}?(?:{_SAID}|signed)\b", after, _I)
    return near is not None or (follows is not None and start - sentence_start < 12)


def _clause(folded: str, start: int, end: int, topic: Topics) -> tuple[int, int]:
    begin, finish = topic.start, topic.end
    for each in _BREAK.finditer(folded, topic.start, topic.end):
        if each.end() <= start:
            begin = each.end()
        elif each.start() >= end:
            finish = each.start()
            break
    return begin, finish


def is_hedged(folded: str, start: int, end: int, topic: Topics) -> bool:
    """Whether the clause around the passage says it with "may", "appears", "believed" and their like."""
    begin, finish = _clause(folded, start, end, topic)
    return _HEDGE.search(folded, begin, min(finish, end + 60)) is not None


def act_of(folded: str, start: int, slot: Slot, demanded: SpeechAct | None, voice: Stretch | None, topic: Topics) -> SpeechAct:
    """Return what the speaker does with these words: what the rule demands, else what the words around say."""
    if demanded is not None:
        return demanded
    if slot is Slot.COMMENT:
        return SpeechAct.DECLINES
    if slot is Slot.RESPONSE_THREATENED:
        return SpeechAct.THREATENS
    if slot in (Slot.RESTRICTION, Slot.EXCEPTION, Slot.PURPOSE):
        return SpeechAct.ANNOUNCES
    if topic.is_correction and slot in _CORRECTABLE:
        return SpeechAct.CORRECTS
    near = folded[max(topic.start, start - 40) : start + 12]
    if slot in (Slot.MOTIVE, Slot.PLACE, Slot.EVENT_TIME, Slot.TARGET) and _DOUBT.search(near):
        return SpeechAct.DOUBTS
    spoken = voice.act if voice is not None else SpeechAct.CLAIMS
    if slot in _DENIABLE and (_is_denied(folded, start, topic) or (spoken is SpeechAct.DENIES and slot is Slot.ATTRIBUTION)):
        return SpeechAct.DENIES
    return _as_witness(folded, slot, spoken, voice, topic)


def _is_denied(folded: str, start: int, topic: Topics) -> bool:
    begin, _ = _clause(folded, start, start, topic)
    return _NOT.search(folded, max(begin, start - 28), start) is not None


def _as_witness(folded: str, slot: Slot, spoken: SpeechAct, voice: Stretch | None, topic: Topics) -> SpeechAct:
    whole = folded[topic.start : topic.end]
    if slot is Slot.HEARD and (HEARING.search(whole) or voice is None):
        return SpeechAct.REPORTS_HEARING
    if slot is Slot.FOOTAGE and re.search(r"\b(?:post(?:ed|s|ing)?|shar(?:ed|es|ing)|upload\w*|publish\w*|here's|moment)\b", whole, _I):
        return SpeechAct.POSTS_FOOTAGE
    if spoken in (SpeechAct.REPORTS_HEARING, SpeechAct.REPORTS_SEEING) and slot in _REPORTED:
        return spoken
    if slot in _REPORTED and voice is not None and SEEING.search(whole):
        return SpeechAct.REPORTS_SEEING
    return SpeechAct.POSTS_FOOTAGE if spoken is SpeechAct.POSTS_FOOTAGE and slot in _REPORTED else SpeechAct.CLAIMS
