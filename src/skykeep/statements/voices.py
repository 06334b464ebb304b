"""Whose words each stretch is: of quotations, sentences, lines of logs and posts, mails within mails."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from skykeep.domain.statement import SpeechAct
from skykeep.statements import paragraphs
from skykeep.statements.cast import Cast
from skykeep.statements.frames import Frame, bounds_of, frames_in, mask, outermost, passed_on_by
from skykeep.statements.names import Mention, looks_like_speaker, subject_in, trim
from skykeep.statements.quotations import SIGNATURE, Quotation
from skykeep.statements.sentences import Sentence
from skykeep.statements.spans import Span, Spans
from skykeep.statements.speaking import LABELS
from skykeep.statements.turns import turns_in

_POST = re.compile(
    r"(?m)^[ >*\u21b3-]*(?:\d\d?[:.]\d\d )?(?:\d+/\d+ )?(?P<again>(?:RP|RT|QT|via|reposted"
    r"|repost(?:ing)?|quoting)\b[ :]*)?(?P<who>(?:[^\s:@\n\"][^:@\n\"]{0,50} )?@\w+)"
    r"(?: ?[\u00b7-]?)?(?: (?:\d\d?[:.]\d\d))?(?P<colon> ?:)(?= )"
)
_LOG_CALL = re.compile(
    r"\b(?:calls?|report|msg|message|info|phone call|rpt)(?: rec'?d)? (?:f/|fm|from"
    r"|by) (?P<who>[^.;:\n]{3,60})(?=[.;:])",
    re.I,
)
_LOG_LINE = re.compile(r"(?m)^[ ]*(?:\d{4}Z?|\d\d[:.]\d\d(?::\d\d)?)(?: ?hrs| ?h)?[ ]*[-:]?[ ]+")
_LOG_DEED = re.compile(
    r"(?P<who>(?:[A-Z][\w'().,/-]*|\d+|of|the|fem|caller|same)(?: (?:[A-Z\d][\w'()./-]*|of|fem"
    r"|caller)){0,5}) (?=(?:conf|now says|says|rpts?|adv|r/b|req|clsd|stmt|inf'd)\b)"
)
_MAIL = re.compile(
    r"(?m)^[ ]*(?:From|De|Von|Van): ?(?P<who>[^<\n\[]{2,60}?)[ ]*(?:[<\[][^>\n]*[>\]])?$"
    r"|^[ ]*On [^\n]{5,60}?, (?P<wrote>[^,\n<]{3,50}?)(?: <[^>\n]*>)? wrote:"
)


_CLAUSE = re.compile(r"[;:\"]|, (?:but|and|while|although|though)\b|\b(?:but|that|while)\b", re.I)


class Stretch(NamedTuple):
    """Characters `start` to `end` are the words of `who`, None for the document's own.

    They are *reported* where the document tells in its own words what another says.
    """

    start: int
    end: int
    who: Mention | None
    via: tuple[str, ...]
    act: SpeechAct
    is_quoted: bool
    is_reported: bool = False


class Lines(NamedTuple):
    """Lines whose beginning names who speaks, until `end`."""

    start: int
    end: int
    who: Mention


class Part(NamedTuple):
    """What of a sentence belongs to one of its frames, with its speaker under the fullest name."""

    start: int
    end: int
    frame: Frame
    who: Mention
    via: tuple[str, ...]


class Voices:
    """Whose words is what: built once for a document, asked for each passage."""

    def __init__(
        self,
        text: str,
        folded: str,
        sentences: tuple[Sentence, ...],
        quotations: tuple[Quotation, ...],
        publisher: str,
    ) -> None:
        self._text, self._folded = text, folded
        self._quotations = Spans(quotations)
        self._masked = mask(folded, [(one.start, one.end) for one in quotations])
        self._cast = Cast(folded, publisher)
        self._signatures = Spans(Span(*each.span()) for each in SIGNATURE.finditer(self._masked))
        self._lines = Spans(self._find_lines())
        # By the number of each, in their order; a quotation whose speaker is found later is set anew.
        self._set: dict[int, Stretch] = {}
        self._set_of: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        self._set_count = 0
        self._pending: tuple[Mention, tuple[str, ...]] | None = None
        self._told: Part | None = None
        self._before: Part | None = None
        self._quoted: dict[Quotation, tuple[Mention, tuple[str, ...], SpeechAct]] = {}
        for sentence in sentences:
            self._read(sentence)
        self._stretches = Spans(self._set.values())
        self._mentions = Spans(Span(one.who.start, one.who.end) for one in self._stretches if one.who)

    def at(self, start: int) -> Stretch | None:
        """Return the narrowest stretch in which the passage begins."""
        around = self._stretches.at(start)
        return min(around, key=lambda one: (one.end - one.start, not one.is_quoted), default=None)

    def silent_one(self, start: int, sentence_start: int) -> Mention | None:
        """Return who gives no comment: the subject of the words at `start`; None where none is named."""
        clause = max(
            sentence_start,
            *(each.end() for each in _CLAUSE.finditer(self._masked, sentence_start, start)),
            sentence_start,
        )
        span = subject_in(self._masked, clause, start, only_last=False)
        return self._cast.mention(self._text, *span) if span is not None else None

    def is_in_signature(self, start: int) -> bool:
        """Whether the offset lies in the line under a post that names its account and date."""
        return bool(self._signatures.at(start))

    def is_direct(self, start: int, end: int) -> bool:
        """Whether the whole passage lies in quotation marks."""
        return any(one.start <= start and end <= one.end for one in self._quotations.touching(start, end))

    @property
    def mentions(self) -> Spans[Span]:
        """Where speakers are named: what is said of a place there is no statement."""
        return self._mentions

    def _find_lines(self) -> list[Lines]:
        posts, signed = _POST.finditer(self._folded), SIGNATURE.finditer(self._masked)
        found = [self._line(*each.span("who"), each.end()) for each in posts]
        found += [
            self._line(*each.span("name"), self._folded.rfind("\n", 0, each.start()) + 1) for each in signed
        ]
        for named, start, end in turns_in(self._folded, self._masked):
            found.append(Lines(start, end, self._cast.mention(self._text, *trim(self._folded, *named))))
        mails = list(_MAIL.finditer(self._folded))
        ends = [*(each.start() for each in mails[1:]), len(self._folded)]
        for each, following in zip(mails, ends, strict=False):
            group = "who" if each["who"] else "wrote"
            start, end = trim(self._folded, each.start(group), each.end(group))
            who = self._cast.mention(self._text, start, end)
            found.append(Lines(each.end(), following, who))
        return found

    def _line(self, start: int, end: int, text_start: int) -> Lines:
        line_end = self._folded.find("\n", max(text_start, end))
        start, end = trim(self._folded, start, end)
        who = self._cast.mention(self._text, start, end)
        return Lines(text_start, line_end if line_end >= 0 else len(self._folded), who)

    def _read(self, sentence: Sentence) -> None:
        line = next(
            (
                one
                for one in self._lines.touching(sentence.start, sentence.end)
                if one.start <= sentence.start < one.end or sentence.start <= one.start < sentence.end
            ),
            None,
        )
        start = max(sentence.start, line.start) if line else sentence.start
        frames = outermost(frames_in(self._masked, start, sentence.end), self._masked, sentence)
        frames = frames or self._log_frames(start, sentence.end)
        if line and not frames:
            self._add(start, sentence.end, line.who, (), SpeechAct.CLAIMS)
        parts = self._parts(frames, start, sentence, line)
        self._go_on(start, sentence, parts, line)
        self._read_quotations(sentence, parts, line)

    def _go_on(self, start: int, sentence: Sentence, parts: list[Part], line: Lines | None) -> None:
        """Keep who told the sentence before for one of the same paragraph that is set back in time as "
        "well."""
        told = self._before = self._told
        if told is not None and (line is not None or "\n" in self._folded[told.end : start]):
            told = None
        if parts:
            told = parts[-1] if line is None else None
        elif told is not None and paragraphs.goes_back(self._masked, start, sentence.end):
            self._add(start, sentence.end, told.who, told.via, SpeechAct.CLAIMS, is_reported=True)
            told = told._replace(end=sentence.end)
        else:
            told = None
        self._told = told

    def _log_frames(self, start: int, end: int) -> list[Frame]:
        """Frames of a log's line: a call from somebody, or a doer before an abbreviated verb."""
        found = []
        line_start = self._folded.rfind("\n", 0, start) + 1
        if not _LOG_LINE.match(self._folded, line_start):
            return []
        call = _LOG_CALL.search(self._masked, line_start, end)
        if call:
            begin, finish = trim(self._folded, call.start("who"), call.end("who"))
            found.append(Frame((begin, finish), (begin, begin + 1), SpeechAct.CLAIMS, looks_back=False))
        deed = _LOG_DEED.search(self._masked, line_start, end)
        if deed and looks_like_speaker(deed["who"]):
            found.append(Frame(deed.span("who"), deed.span("who"), SpeechAct.CLAIMS, looks_back=False))
        colon = frames_in(self._masked, self._after_time(line_start), end)
        return [*(colon if not found else []), *found]

    def _after_time(self, line_start: int) -> int:
        found = _LOG_LINE.match(self._folded, line_start)
        return found.end() if found else line_start

    def _parts(self, frames: list[Frame], start: int, sentence: Sentence, line: Lines | None) -> list[Part]:
        """Give every frame its part of the sentence."""
        parts = []
        passed = passed_on_by(self._masked, start, sentence.end)
        bounds = bounds_of(frames, start, sentence.end, self._masked)
        if bounds and not frames[0].looks_back and paragraphs.is_asked(self._folded, start):
            bounds[0] = (frames[0].who[0], bounds[0][1])
        for frame, (begin, finish) in zip(frames, bounds, strict=True):
            who = self._cast.mention(self._text, *frame.who)
            if paragraphs.PICTURES_SHOW.match(self._folded, frame.who[0], frame.verb[1]):
                who = Mention("the footage", *frame.who)
            elif paragraphs.PICTURES.match(self._folded, *frame.who):
                who = Mention("", *frame.who)
            via = self._via(frame, passed, line)
            self._add(begin, finish, who, via, frame.act, is_reported=line is None)
            parts.append(Part(begin, finish, frame, who, via))
        if parts:
            ends_open = self._folded[sentence.start : sentence.end].endswith(":")
            self._pending = (parts[-1].who, parts[-1].via) if ends_open else None
        return parts

    def _via(self, frame: Frame, passed: tuple[int, int] | None, line: Lines | None) -> tuple[str, ...]:
        spans = [span for span in (passed, frame.via) if span is not None]
        names = [line.who.name] if line else []
        names += [self._cast.mention(self._text, *span, speaks=False).name for span in spans]
        return tuple(dict.fromkeys(name for name in names if name))

    def _read_quotations(self, sentence: Sentence, parts: list[Part], line: Lines | None) -> None:
        for one in self._quotations.touching(sentence.start, sentence.end):
            if one.start < sentence.start and one.end <= sentence.end:
                part = next((each for each in parts if each.frame.looks_back), None)
            else:
                at = max(one.start, sentence.start)
                part = next((each for each in parts if each.start <= at < each.end), None)
            if part is not None and (one not in self._quoted or one.end <= sentence.end):
                self._set_quoted(one, part.who, part.via, part.frame.act)
            elif one not in self._quoted and one.start >= sentence.start - 1:
                self._guess_quoted(one, sentence, line)
            self._within(one, sentence)

    def _guess_quoted(self, one: Quotation, sentence: Sentence, line: Lines | None) -> None:
        stands_alone = self._folded[sentence.start : one.start].strip(' "') == ""
        signature = None if one.is_closed else SIGNATURE.match(self._folded, one.end)
        via: tuple[str, ...] = (
            (" ".join(self._text[slice(*signature.span("name"))].split()),) if signature else ()
        )
        if self._pending is not None:
            who, before = self._pending
            self._pending = None
            self._set_quoted(one, who, via or before, SpeechAct.CLAIMS)
        elif line is not None:
            self._set_quoted(one, line.who, (), SpeechAct.CLAIMS)
        elif (opener := self._opener(one, sentence, stands_alone)) is not None:
            self._set_quoted(one, opener, via, SpeechAct.CLAIMS)
        elif (
            stands_alone
            and self._cast.last is not None
            and len(self._folded[one.start : one.end].split()) > 3
        ):
            self._set_quoted(one, self._cast.last, via, SpeechAct.CLAIMS)

    def _opener(self, one: Quotation, sentence: Sentence, stands_alone: bool) -> Mention | None:
        """Return who opens the sentence of the paragraph that leads up to a quotation; None for nobody."""
        begin = sentence.start
        if stands_alone:
            paragraph = self._folded.rfind("\n", 0, sentence.start) + 1
            if self._before is not None and self._before.end > paragraph:
                return None
            begin = paragraphs.sentence_before(self._folded, paragraph, sentence.start)
        elif not self._folded[sentence.start : one.start - 1].rstrip().endswith(":"):
            return None
        span = paragraphs.opener_in(self._masked, begin, one.start)
        return self._cast.mention(self._text, *span) if span is not None else None

    def _set_quoted(self, one: Quotation, who: Mention, via: tuple[str, ...], act: SpeechAct) -> None:
        for number in self._set_of.pop((one.start, one.end), ()):
            del self._set[number]
        self._quoted[one] = (who, via, act)
        self._put(Stretch(one.start, one.end, who, via, act, is_quoted=True))

    def _within(self, one: Quotation, sentence: Sentence) -> None:
        """Frames inside a quotation: its speaker passes on what another says."""
        start, end = max(one.start, sentence.start), min(one.end, sentence.end)
        outer = self._quoted.get(one)
        for frame in frames_in(self._folded, start, end) if outer else []:
            phrase = self._folded[slice(*frame.who)]
            if re.match(
                r"(?:i|we|you|it|they|he|she|this|who)\b|.*\b(?:our|my)\b", phrase, re.IGNORECASE
            ) or LABELS.match(phrase):
                continue
            if not phrase[0].isupper() and not re.match(r"(?:the|a|an|his|her|their|its) ", phrase):
                continue
            assert outer is not None
            who = self._cast.mention(self._text, *frame.who, speaks=False)
            via = (*outer[1], outer[0].name) if outer[0].name else outer[1]
            begin = start if frame.looks_back else frame.who[0]
            self._put(Stretch(begin, end, who, via, frame.act, is_quoted=True))

    def _add(
        self,
        start: int,
        end: int,
        who: Mention,
        via: tuple[str, ...],
        act: SpeechAct,
        *,
        is_reported: bool = False,
    ) -> None:
        self._put(Stretch(start, end, who, via, act, is_quoted=False, is_reported=is_reported))

    def _put(self, one: Stretch) -> None:
        self._set[self._set_count] = one
        if one.is_quoted:
            self._set_of[one.start, one.end].append(self._set_count)
        self._set_count += 1
