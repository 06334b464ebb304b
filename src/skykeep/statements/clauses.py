"""Clauses: where the words around a passage begin and end, and whether they tell of what happened."""

from __future__ import annotations

import re

from skykeep.statements.phrases import expand

_I = re.IGNORECASE
_BREAK = re.compile(r"[;:](?!\d)|, (?:but|and|while|although)\b| - |\b(?:but|while|although)\b", _I)
# Words without which a place or a time is of something else: who was to queue where, what opens when.
_HAPPENING = re.compile(
    expand(
        r"\b(?:{CRAFT}|{THING}|{ATTACK}|{BLAST}|{HUM}|{SHOW}|shot|down(?:ed)?|crash\w*|f(?:ell|alls?|alling"
        r"|allen)|land(?:s|ed|ing)|hit|struck|strike|dropp?(?:s|ed|ing)?|tumbl\w+|plung\w+|smoke|debris"
        r"|fragments|wreck\w*|hover\w*|circl\w+|cross\w+|fl(?:ew|y|ies|ying|own)|overfl\w+|appear\w*"
        r"|approach\w*|spotted|sighted|seen|saw|detected|hear|heard|woken|explo\w+|intercept\w+|jam\w*"
        r"|engag\w+|destroy\w*|fir(?:e|ed|ing)|burn\w*|happen\w*|going on|events?|incidents?|visitors?"
        r"|intru\w+|came|went|gone|got|lights?|pass(?:ed|es|ing)|climb\w*|launch\w*|sent|recovered|found"
        r"|netted|caught|alarms?|alerts?|damaged?|injur\w+|hurt|kept on|slid|ended|taken off|minus|film\w*"
        r"|twds|heading|hdg|called|dead|killed|died|drowned|noticed|observed|arrived|left|vanished"
        r"|disappeared|stoppage)\b"
    ),
    _I,
)


def clause_around(folded: str, start: int, end: int, begin: int, finish: int) -> tuple[int, int]:
    """Return the clause of the sentence `begin` to `finish` in which the passage `start` to `end` stands."""
    first, last = begin, finish
    for each in _BREAK.finditer(folded, begin, finish):
        if each.end() <= start:
            first = each.end()
        elif each.start() >= end:
            last = each.start()
            break
    return first, last


def tells_of_event(folded: str, start: int, end: int, begin: int, finish: int) -> bool:
    """Whether the clause around a passage, without the passage itself, speaks of the night's event."""
    first, last = clause_around(folded, start, end, begin, finish)
    return (
        _HAPPENING.search(folded, first, start) is not None
        or _HAPPENING.search(folded, end, last) is not None
    )


# What denies; a subject of none ("nobody", "no drone") denies all that its clause says of it.
_NEGATOR = re.compile(
    r"\b(?P<subject>no one|nobody|none|neither|no|nothing|nor)\b"
    r"|(?P<adverb>\bnot|n't|\bnever|\bcannot)\b|(?P<noun>\bwithout|\bnil)\b"
    r"|(?P<verb>\bden(?:y|ies|ied|ying|ials?)|\bfalse(?:ly)?|\buntrue|\brejects?(?:ed|ing)?)\b",
    _I,
)
# Negators that deny nothing, or deny a denial.
_NO_DENIAL = re.compile(
    r"\b(?:no doubt|not only|not just|not merely|nothing but|no fewer|no less|no more than|not least"
    r"|no longer"
    r"|no sooner|no (?:time|secret) |no information (?:about|on|of)|whether or not|not (?:rul\w+ out"
    r"|exclud\w+|den(?:y|ied|ies)|doubt\w*)"
    r"|(?:would|could|can|did|do|does|will)(?: not|n't) (?:rule out|exclude|deny|doubt|say|tell|know|explain"
    r"|disclose|reveal|confirm))",
    _I,
)
# Behind these a clause of its own begins, which no negator before them reaches...
_SHUTS = re.compile(
    r"[;:\"]|\b(?:but|because|when|where|who|whom|whose|which|what|how|why|whether|if|until|unless|after"
    r"|before|since|while|although|though|instead|rather|except|other than|as well|as a result|due to"
    r"|owing to|following|despite|thanks to)\b",
    _I,
)
# ... and so does "that", but for words by which one denies what follows: "it is not thought that he was in".
_RAISES = re.compile(
    r"\b(?:think|thought|believed?|suppose[d]?|understood|expect(?:ed)?|likely|true|case|seem(?:s|ed)?"
    r"|appear(?:s|ed)?"
    r"|imagine|reckon|accept(?:ed)?|evidence|sign|indication|proof|suggest(?:ion|ed|s)?|claim(?:s|ed)?|say"
    r"|said"
    r"|reports?|den(?:y|ies|ied|ying))\b",
    _I,
)
_THAT = re.compile(r"\bthat\b", _I)
_RELATIVE = re.compile(r"(?:that|which|who)\b", _I)
_REACH = {"subject": 90, "adverb": 60, "noun": 45, "verb": 70}
_BEGINS_NEGATED = re.compile(
    r"(?:no one|nobody|none|neither|no|not|never|without)\b|(?:[\w'-]+ )?(?:did|was|were|has|have|had|do"
    r"|does)"
    r"(?: not|n't)\b",
    _I,
)
_NEGATED_AFTER = re.compile(
    r"[ ]*(?:[\w'-]+ ){0,2}?(?:was|were|is|are|did|do|does|has|have|had|could|can|would)(?: not|n't| never)\b"
    r"(?! (?:say|saying|know|known|clear|only|just|been (?:said|found|identified)))",
    _I,
)


def is_denied(folded: str, start: int, begin: int, finish: int) -> bool:
    """Whether a negation in the clause before `start` reaches as far as that: it has a scope, not a "
    "distance."""
    if _RELATIVE.match(folded, start):
        return False
    first, _ = clause_around(folded, start, start, begin, finish)
    before = _NO_DENIAL.sub(lambda found: "_" * len(found.group()), folded[first:start])
    return any(_reaches(before, each) for each in _NEGATOR.finditer(before))


def begins_negated(words: str) -> bool:
    """Whether the words themselves deny: "not explosions", "did not fire"."""
    return _BEGINS_NEGATED.match(words) is not None


def is_denied_after(folded: str, end: int, finish: int) -> bool:
    """Whether the passage that ends at `end` is the subject of a negated verb: "radio waves don't burn"."""
    return _NEGATED_AFTER.match(folded, end, finish) is not None


def _reaches(before: str, negator: re.Match[str]) -> bool:
    kind = next(name for name, words in negator.groupdict().items() if words)
    between = before[negator.end() :]
    if len(between) > _REACH[kind] or _SHUTS.search(between):
        return False
    that = _THAT.search(between)
    if that is not None and kind != "verb" and _RAISES.search(between, 0, that.start()) is None:
        return False
    # A comma ends what was denied, but for an aside between a subject of none and its verb.
    commas = between.count(",")
    return commas == 0 or (kind == "subject" and commas == 2)
