"""Aircraft, places and moments named in a sentence: found by the kind of their words, not by a rule each."""

from __future__ import annotations

import re

from skykeep.statements.phrases import expand
from skykeep.statements.vocabulary import AIRCRAFT_KINDS

_I = re.IGNORECASE
_CRAFT = re.compile(expand(r"\b(?:{CRAFT})\b"), _I)
_KINDS = tuple((kind, re.compile(expand(words), _I)) for kind, words in AIRCRAFT_KINDS)
_NOT_FLYING_NOW = re.compile(
    r"[- \x1e\x1f](?:flights?|operators?|pilots?|users?|owners?|bans?|flying|laws?|rules?"
    r"|regulations?|defen[cs]es?|detection|teams?|units?|squads?|shows?|"
    r"licen[cs]es?|registrations?|hobbyists?|manufacturers?|makers?|enthusiasts?|clubs?"
    r"|photograph\w+|zones?|use|battery|batteries|guns?|training|exhaust|"
    r"launchers?|fans?|cage|sanctuary|crew|systems?|fire)\b",
    _I,
)
_OWN = re.compile(
    r"(?:\b(?:counter|anti)[- ]?|\b(?:police|rescue|ambulance|coastguard|army|patrol|our|search"
    r"|hospital|interceptor|signal|distress|anti-aircraft|surface-to-air|air[- ]defen[cs]e"
    r"|fired|use of|flying of|flights of|guided|unauthori[sz]ed|all|any|use|fly|flying) )$",
    _I,
)

_PREPOSITION = (
    r"(?:(?:at|from) a distance of (?:\w+ ){1,4}from|(?:in|at) the vicinity of|within sight of"
    r"|in sight of|(?:from|in) the (?:general )?direction of|(?:on|from|to) the (?:\w+ )?(?:side|edge"
    r"|outskirts|banks?"
    r"|shores?|slopes?|corner|fringes?) of|(?:at|from|near|by) the (?:\w+ )?(?:foot|edge|end|back|front"
    r"|top|bottom|side"
    r"|mouth|head|corner|rear) of|in the (?:\w+ )?(?:middle|centre|heart|shadow|lee|grounds|direction"
    r"|area) of"
    r"|level with|upstream of|downstream of|amid|among|amongst|atop|aboard|throughout|within (?:range"
    r"|reach|earshot) of|(?:just |well )?short of"
    r"|(?:at )?an? distance of|(?:to the |just |some |about |around |roughly "
    r"|abt )*(?:[\w.]+ (?:kilomet(?:re|er)s?|km|miles?|m|met(?:re|er)s|yards|feet|nm) )?"
    r"(?:north|south|east|west|north-?east|north-?west|south-?east|south-?west|NE|NW|SE|SW|N|S|E"
    r"|W)(?:wards?)? of|in front of|on top of|next to|close to|near to|near|nr|not far from"
    r"|over the top of|"
    r"inside|outside|above|over|ovr|beyond|behind|beside|beneath|below|alongside|along|around"
    r"|across|between|opposite|off|towards?|twds|past|into|onto|on to|on|in|at|against|under"
    r"|through|"
    r"abv)"
)
_PLACE = re.compile(
    expand(
        rf"\b(?P<how>{_PREPOSITION})(?: |$)(?P<what>(?:both |each |what (?:is|was|are|were|appears"
        rf"|seems) (?:believed |thought |said |understood )?to be )?(?:No\.? \d+ )?{{NP}}"
        rf"(?:,? (?:in|at|on|near|off|outside|from) (?!(?:the )?(?:night|morning|evening|afternoon|time"
        rf"|day|early|eve|\d|{{DAY}}|{{MONTH}})){{NP}})?)"
    ),
    _I,
)
_WEAK = re.compile(
    r"^(?:in|at|on|under|through|up|down|into|onto|on to|around|across|between|past|against|over"
    r"|below|off|inside|along)$",
    _I,
)
_PLACEWORD = re.compile(expand(r"\b{PLACEWORD}\b"), _I)
_NO_PLACE = re.compile(
    expand(
        r"\b(?:time|times|moment|night|morning|evening|afternoon|hours?|minutes?|seconds?|days?"
        r"|weeks?|weekend|months?|years?|dawn|dusk|midnight|noon|darkness|statement|message|release"
        r"|interview|briefing|"
        r"report|line|accordance|order|case|fact|response|reply|connection|addition|particular"
        r"|general|future|past|telephone|phone|condition|anonymity|behalf|charge|question|doubt"
        r"|course|way|"
        r"means|guns?|fire|gunfire|lights|least|most|first|last|once|all|it|them|him|her|us|which"
        r"|whom|what|error|public|board|alert|action|control|custody|contact|touch|attack|strike|use"
        r"|video|footage|"
        r"clip|picture|post|thread|{DAY}|{MONTH}|news|media|social|law|ban|permit|rules?|purpose"
        r"|precaution|caution|safety|security|age|people|journalists?|reporters?|suspicion|account|"
        r"claim|allegations?|accusations?|evidence|population|information|basis|circumstances|total|event|eve"
        r"|end|beginning|start|speed|altitude|height|metres?|meters?|feet|m|kilometres|direction"
        r"|minds?|"
        r"investigation|inquiry|search|view|terms|words|notice|warning|foot|bed|ministry|spokes\w+"
        r"|officials?|police(?! station)|services?|officers?|guests|danger|peace|war|shot|shots|cost"
        r"|sight|arms|duty|"
        r"universal|local time|English|context|version|edition|page|part|parts|piece|pieces|two|three"
        r"|half|others?|another|anyone|everyone|nobody|side|sides|hand|hands|knees|toy|kind|sort|force|"
        r"drones?|UAVs?|helicopters?|balloons?|machines?|devices?|aircraft|missiles?)\b"
    ),
    _I,
)
_OF_SAYING = re.compile(
    r"\b(?:(?:told|spoke|speaking|said|residents?|people|minister|ministry|mayor|president|king"
    r"|queen|government|officer|source|hospital|embassy|owner|manager|secretary|duke|governor"
    r"|head|chief|movement|user|outlet|press|caller|man|woman)(?: \w+)?)$",
    _I,
)

_T_DAY = (
    r"(?:(?:early|late|first thing|last thing) (?:yesterday|today|tonight|on {DAY}|{DAY})"
    r"|last (?:weekend|evening|{DAY})"
    r"(?: (?:night|morning|evening|afternoon))?|(?:at|over|during) the weekend|last night|lasts night"
    r"|tonight|overnight|the night before(?: last)?|(?:yesterday"
    r"|tomorrow)(?: morning| evening| night| afternoon)?|this (?:morning|evening|afternoon)|today"
    r"|earlier (?:today|tonight|this \w+)"
    r"|(?:late |early )?(?:on )?{DAY}(?:'s)?(?: (?:overnight|night|morning|evening"
    r"|afternoon))?(?: \d{1,2} {MONTH}(?: \d{4})?)?"
    r"|(?:on )?(?:the )?(?:night of )?(?:the )?(?:\d{1,2}(?:st|nd|rd|th)?(?:[-/]\d{1,2}"
    r"| to \d{1,2})? (?:of )?{MONTH}|{MONTH} \d{1,2}(?:st|nd|rd|th)?)(?:,? \d{4})?"
    r"|(?:in|on|during|through) the night (?:from|of|between|to) (?:the )?\d{1,2}(?:st|nd|rd"
    r"|th)?(?:(?: (?:to|and) |-)(?:the )?\d{1,2}(?:st|nd|rd|th)?)?(?: (?:of )?{MONTH})?"
    r"|on the (?:morning|evening|night|eve) of {NP}|\d{4}-\d\d-\d\d)"
)
_T_PART = (
    r"(?:(?:(?:very |late |early |just |shortly |well |soon |some time |sometime |moments "
    r"|minutes )*(?:in|at|during|before|after|around|about|by|towards|until|since|through"
    r"|over) )?(?:the |this |that |the same )?(?:course of the )?(?:very |middle of the )?"
    r"{PART_OF_DAY}(?: hours)?(?: of)?(?: local time)?)"
)
_T_CLOCK = (
    r"(?:(?:(?:at|around|about|by|from|since|shortly|just|soon|before|after|abt"
    r"|approx(?:imately)?|between|circa|ca|c|precisely|exactly|some time|roughly|nearly|almost"
    r"|a little|a few minutes) )*{CLOCK}(?: (?:and|to|-) {CLOCK})?)"
)
_T_PLAIN = (
    r"(?:(?:between|from|at|around|about|shortly (?:after|before)|by|since) (?!(?:19"
    r"|20)\d\d\b(?! ?(?:UTC|hours|hrs)))"
    r"[0-2]\d[0-5]\d(?: (?:and|to) [0-2]\d[0-5]\d)?(?: ?(?:UTC|hours|hrs|Z|local(?: time)?))?(?![\d:]))"
)
_T_HOUR = (
    r"(?:(?:at|around|about|shortly after|shortly before|just after|just before|soon after|after"
    r"|before|towards|gone|past|by|a few minutes (?:after|before|past|to)|between"
    r"|on the stroke of|nearly|almost) (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve)(?: (?:and|or) (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve))?(?: (?:in the (?:morning|night|afternoon|evening)|at night|sharp"
    r"|o'clock))?(?=[.,;!?]|$| (?:on|this|last|that|when|and (?:had|saw|heard|was|were|then|that)"
    r"|in the|local|yesterday|the (?:alarm"
    r"|drone))\b))"
)
_T_AGO = (
    r"(?:in the (?:dead|middle|depths?) of (?:the )?night|while (?:the )?\w+ (?:slept|was asleep"
    r"|were asleep)|at cock ?crow|towards? morning|by moonlight|before bedtime|after supper"
    r"|(?:{NUMBER}|an|half an|several|a few) (?:hours?|minutes?) (?:before|after) (?:dawn"
    r"|midnight|sunrise|noon|dusk|sunset|dark)|just now|just before|moments (?:ago|later|earlier)"
    r"|(?:{NUMBER}|a few|half an|an|a couple of|several) (?:minutes?|mins?|hours?|hrs?"
    r"|seconds?)(?: or so)? (?:ago|earlier|later|before)|at (?:that|the same|this) (?:time"
    r"|moment)|after dark|a moment ago)"
)
_T_OCCASION = (
    r"(?:(?:on the eve|in the run-up|on the morning|in advance|during|just before|shortly before"
    r"|ahead) (?:of|to) {NP}(?:,? (?:and )?{NP})?)"
)
_MOMENT = re.compile(
    expand(
        rf"\b(?:{_T_AGO}|{_T_PLAIN}|{_T_CLOCK}|{_T_HOUR}|{_T_PART}|{_T_DAY}|(?<!safe[ ])night(?= attacks?"
        rf"| raids?))(?:,? (?:{_T_DAY}|{_T_PART}|{_T_CLOCK}|on {_T_DAY}|local time|UTC))*"
    ),
    _I,
)
_OCCASION = re.compile(expand(rf"\b{_T_OCCASION}"), _I)
_HEADING = re.compile(r"(?P<name>[A-Z][a-z'-]+(?: (?:of |on |the )*[A-Z][a-z'-]+){0,3})(?:[.!]|$)")
_BEFORE_A_PLACE = ("in", "at", "over", "near", "above", "for", "around")
_NO_MOMENT = re.compile(r"^(?:day|night|noon|at the time)$|^(?:dawn|night)$", _I)


def aircraft_in(folded: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return where `folded[start:end]` names a kind of aircraft, with the guide's word for it or its own."""
    found = []
    for each in _CRAFT.finditer(folded, start, end):
        if _NOT_FLYING_NOW.match(folded, each.end(), end) or _OWN.search(
            folded, max(start, each.start() - 20), each.start()
        ):
            continue
        kind = next(name for name, words in _KINDS if words.fullmatch(each.group()))
        found.append((*each.span(), each.group() if kind == "=" else kind))
    return found


def places_in(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where `folded[start:end]` says where: a preposition with a name or with a word for a place."""
    found = []
    at = start
    while each := _PLACE.search(folded, at, end):
        at = each.end("how")
        what = _plain(each["what"])
        head = re.split(r" (?:of|in|at|on|near|off|outside) ", what)[0]
        if _NO_PLACE.search(head) and not _PLACEWORD.search(head):
            continue
        if _OF_SAYING.search(_plain(folded[max(start, each.start() - 30) : each.start()]).rstrip()):
            continue
        is_thing = re.match(r"(?:the|an?|his|her|its|their|our) \w", what, _I) is not None
        if _WEAK.match(_plain(each["how"])) and not (is_thing or _PLACEWORD.search(what) or _is_named(what)):
            continue
        found.append((each.start(), each.end()))
        at = each.end()
    return found


def heading_in(text: str, folded: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where a line or opening that is nothing but a name names a place, as a heading does; else None.

    It is one where it has a word for a place, or where the text says "in" or "over" it elsewhere.
    """
    found = _HEADING.match(folded, start, end)
    if found is None or (start > 0 and "\n" not in text[max(0, start - 3) : start]):
        return None
    name = found["name"]
    # Plainly sought first: most names stand behind none of these words.
    stands = any(f"{word} {name}" in folded for word in _BEFORE_A_PLACE)
    elsewhere = stands and re.search(rf"\b(?:{'|'.join(_BEFORE_A_PLACE)}) {re.escape(name)}\b", folded)
    return found.span("name") if elsewhere or _PLACEWORD.search(name) else None


def _plain(marked: str) -> str:
    return marked.replace("\x1e", " ").replace("\x1f", " ")


def _is_named(what: str) -> bool:
    words = [
        word
        for word in what.split()
        if word.lower() not in ("the", "a", "an", "his", "her", "its", "our", "their")
    ]
    return bool(words) and any(word[0].isupper() for word in words)


def moments_in(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where `folded[start:end]` says when, by clock, day, part of the day or occasion."""
    spans = [
        each.span() for each in _MOMENT.finditer(folded, start, end) if not _NO_MOMENT.match(each.group())
    ]
    spans += [each.span() for each in _OCCASION.finditer(folded, start, end)]
    return [
        span for span in spans if not any(a <= span[0] and span[1] <= b and (a, b) != span for a, b in spans)
    ]
