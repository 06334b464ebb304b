"""The words of a schedule, sorted: which days, and which hours of them. What they mean is in `aero_hours`."""

from __future__ import annotations

import re
from typing import NamedTuple

from skykeep.domain.zone import SunEvent

LONGEST_TEXT = 2_000
DAY_S = 86_400
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_EVENTS = {
    "SR": SunEvent.SR, "SUNRISE": SunEvent.SR, "SS": SunEvent.SS, "SUNSET": SunEvent.SS,
    "BMCT": SunEvent.BMCT, "BCMT": SunEvent.BMCT, "EECT": SunEvent.EECT, "ECET": SunEvent.EECT,
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<event>SUNRISE|SUNSET|BMCT|BCMT|EECT|ECET|SR|SS)\b"
    r"(?:\s?(?:(?P<sign>PLUS|MINUS|\+|-)\s?(?P<offset>\d{1,3})(?!\d)(?:\s?MINS?\b)?))?"
    r"|(?P<month>JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]{0,6}\b"
    r"|(?P<weekday>MON|TUE|WED|THU|FRI|SAT|SUN)(?:[A-Z]{0,6}DAYS?|S)?\b"
    r"|(?P<time>\d{4}|\d\d:\d\d)\s?(?:Z\b|UTC\b)?|(?P<date>\d{1,2})(?!\d)"
    r"|(?P<h24>H24)\b|(?P<hj>HJ)\b|(?P<hn>HN)\b|(?P<daily>DAILY|DLY|EVERY DAY|EACH DAY)\b"
    r"|(?P<except>EXCEPT|EXCLUDING|EXCL|EXC)\b|(?P<holiday>(?:PUBLIC\s)?HOLIDAYS?|HOLS?|PH)\b|(?P<to>-|TO\b|TILL?\b|UNTIL\b|/)"
    r"|(?P<filler>AND\b|EVERY\b|EACH\b|ON\b|FROM\b|BTN\b|BETWEEN\b|HRS?\b|[,;&.:\s])",
    re.ASCII,
)


class Token(NamedTuple):
    kind: str
    value: int
    offset_s: float = 0.0


class Moment(NamedTuple):
    """A time of day, or an event of the sun with its offset."""

    second: float | None
    event: SunEvent | None
    offset_s: float


class Span(NamedTuple):
    begin: Moment
    end: Moment
    until: tuple[Token, ...] = ()


class Group(NamedTuple):
    """Days (tokens as they stood; none: every day) and the spans of each."""

    days: tuple[Token, ...]
    spans: tuple[Span, ...]
    excepted: tuple[Token, ...] = ()


class NotUnderstoodError(ValueError):
    """A schedule that does not fit the grammar."""


def tokens_of(text: str) -> list[Token]:
    words = " ".join(text[: LONGEST_TEXT + 1].upper().replace("–", "-").split())
    if not words or len(text) > LONGEST_TEXT:
        raise NotUnderstoodError
    tokens, at = [], 0
    while at < len(words):
        match = _TOKEN.match(words, at)
        if match is None:
            raise NotUnderstoodError
        at = match.end()
        if match.lastgroup is not None and match["filler"] is None:
            tokens.append(_token(match))
    return tokens


def _token(match: re.Match[str]) -> Token:
    if match["event"]:
        minutes = int(match["offset"] or 0)
        sign = -1.0 if match["sign"] in ("MINUS", "-") else 1.0
        return Token("event", list(SunEvent).index(_EVENTS[match["event"]]), sign * minutes * 60.0)
    if match["time"]:
        digits = match["time"].replace(":", "")
        hour, minute = int(digits[:2]), int(digits[2:])
        if minute > 59 or hour > 24 or (hour == 24 and minute):
            raise NotUnderstoodError
        return Token("time", hour * 3600 + minute * 60)
    if match["month"]:
        return Token("month", _MONTHS.index(match["month"]) + 1)
    if match["weekday"]:
        return Token("weekday", _WEEKDAYS.index(match["weekday"]))
    if match["date"]:
        if not 1 <= int(match["date"]) <= 31:
            raise NotUnderstoodError
        return Token("date", int(match["date"]))
    kinds = ("h24", "hj", "hn", "daily", "except", "holiday", "to")
    return Token(next(kind for kind in kinds if match[kind]), 0)


_DAYS = ("month", "weekday", "date", "daily", "holiday")


def groups_of(tokens: list[Token]) -> list[Group]:
    groups: list[Group] = []
    at = 0
    while at < len(tokens):
        if tokens[at].kind == "except":
            excepted, at = _take_days(tokens, at + 1)
            if not groups or not excepted:
                raise NotUnderstoodError
            if at < len(tokens) and tokens[at].kind in ("time", "event"):
                spans, at = _take_spans(tokens, at)
                excepted = (*excepted, Token("hours", 0))
            groups[-1] = groups[-1]._replace(excepted=groups[-1].excepted + excepted)
            continue
        days, at = _take_days(tokens, at)
        spans, at = _take_spans(tokens, at)
        if not days and not spans:
            raise NotUnderstoodError
        if days and not spans and groups and not groups[-1].days:
            groups[-1] = groups[-1]._replace(days=days)  # the hours stood before their days
        else:
            groups.append(Group(days, spans))
    return groups


def _take_days(tokens: list[Token], at: int) -> tuple[tuple[Token, ...], int]:
    taken: list[Token] = []
    while at < len(tokens):
        token = tokens[at]
        joins = token.kind == "to" and taken and at + 1 < len(tokens) and tokens[at + 1].kind in _DAYS
        if token.kind not in _DAYS and not joins:
            break
        taken.append(token)
        at += 1
    return tuple(taken), at


def _take_spans(tokens: list[Token], at: int) -> tuple[tuple[Span, ...], int]:
    whole = Moment(0.0, None, 0.0)
    rise, fall = Moment(None, SunEvent.SR, 0.0), Moment(None, SunEvent.SS, 0.0)
    named = {"h24": Span(whole, whole), "hj": Span(rise, fall), "hn": Span(fall, rise)}
    spans: list[Span] = []
    while at < len(tokens) and tokens[at].kind in ("time", "event", *named):
        if tokens[at].kind in named:
            spans.append(named[tokens[at].kind])
            at += 1
            continue
        if at + 2 >= len(tokens) or tokens[at + 1].kind != "to":
            raise NotUnderstoodError
        until, end = _take_days(tokens, at + 2)
        if end >= len(tokens) or tokens[end].kind not in ("time", "event"):
            raise NotUnderstoodError
        spans.append(Span(_moment(tokens[at], False), _moment(tokens[end], True), until))
        at = end + 1
    return tuple(spans), at


def _moment(token: Token, is_end: bool) -> Moment:
    if token.kind == "event":
        return Moment(None, list(SunEvent)[token.value], token.offset_s)
    second = float(token.value)
    # One minute to midnight is how the end of a day is written.
    return Moment(float(DAY_S) if is_end and second == DAY_S - 60 else second, None, 0.0)
