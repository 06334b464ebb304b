"""Words of a text as they are compared: where each stands, how it reads without case, what it means.

A *meaning* is the word's stem, or the first word of its line in `copy_synonyms`. Words of grammar have none.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import NamedTuple

import snowballstemmer

from skykeep.statements import copy_synonyms
from skykeep.statements.folding import fold
from skykeep.statements.sentences import split_sentences

_WORD = re.compile(r"\d+(?:[.,:]\d+)+|\w+(?:['-]\w+)*")
_LINE = re.compile(r"[^\n]*\S(?=[^\S\n]*(?:\n|\Z))")
_HEAD_LINES, _HEAD_CHARACTERS = 3, 120
_OF_A_COUNTRY = re.compile(r"(\w{4,}?)(?:ians?|ese|is?)")
_STEMMER = snowballstemmer.stemmer("english")
_UNMANNED = frozenset(("unmanned", "uncrewed"))
_AFTER_UNMANNED = frozenset(
    ("aerial", "aircraft", "vehicle", "vehicles", "system", "systems", "air", "craft")
)


class Word(NamedTuple):
    """Characters `start` to `end` of the text; `folded` is how it reads, `meaning` "" for grammar."""

    start: int
    end: int
    folded: str
    meaning: str
    is_name: bool
    is_capital: bool = False


class Sentence(NamedTuple):
    """Words `first` to `last` (not with it) of a text's words."""

    first: int
    last: int


@functools.cache
def _tables() -> tuple[dict[str, str], frozenset[str]]:
    meanings: dict[str, str] = {}
    for number, line in enumerate(copy_synonyms.NUMBERS.split("\n")[1:-1]):
        meanings.update((word, f"#{number}") for word in line.split())
    for line in copy_synonyms.MEANINGS.split("\n")[1:-1]:
        words = line.split()
        for word in words:
            meanings.setdefault(word, f"={words[0]}")
            meanings.setdefault(_STEMMER.stemWord(word), f"={words[0]}")
    return meanings, frozenset(copy_synonyms.GRAMMAR.split())


@functools.lru_cache(maxsize=50_000)
def meaning_of(folded: str) -> str:
    """Return what a folded word means for comparison, "" for a word of grammar."""
    meanings, grammar = _tables()
    if folded in grammar:
        return ""
    if folded in meanings:
        return meanings[folded]
    if folded.isdigit():
        return f"#{int(folded)}"
    stem = str(_STEMMER.stemWord(folded))
    return meanings.get(stem, stem)


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a text in order; offsets are of `text` itself."""
    plain = fold(text)
    found: list[Word] = []
    for each in _WORD.finditer(plain):
        shown = each[0]
        folded = unicodedata.normalize("NFKC", shown).casefold().removesuffix("'s")
        meaning = meaning_of(_country(folded) if shown[:1].isupper() else folded)
        # "Unmanned aerial vehicle" is one thing said in three words: the first one carries it.
        if found and folded in _AFTER_UNMANNED and _carries(found):
            meaning = ""
        if found and folded == "one" and found[-1].folded == "no":
            meaning = meaning_of("nobody")
        starts = not found or plain[found[-1].end : each.start()].strip(' "(') != ""
        found.append(
            Word(
                each.start(),
                each.end(),
                folded,
                meaning,
                shown[:1].isupper() and not starts,
                shown[:1].isupper(),
            )
        )
    return tuple(found)


def _country(folded: str) -> str:
    """Return a name without the ending that makes of a country its people and its tongue."""
    found = _OF_A_COUNTRY.fullmatch(folded)
    return found[1] if found else folded


def _carries(found: list[Word]) -> bool:
    return any(word.folded in _UNMANNED for word in found[-2:])


def sentences_of(text: str, words: tuple[Word, ...]) -> tuple[Sentence, ...]:
    """Return the sentences that hold words, as ranges of words."""
    found: list[Sentence] = []
    at = 0
    for one in split_sentences(fold(text)):
        first = at
        while at < len(words) and words[at].start < one.end:
            at += 1
        if at > first:
            found.append(Sentence(first, at))
    return tuple(found)


def without_heading(
    folded: str, words: tuple[Word, ...], sentences: tuple[Sentence, ...]
) -> tuple[Sentence, ...]:
    """Return the sentences of a text but for its heading, which says what it is about as anybody would: short
    lines among the first without a mark at their end.
    """
    lines = [found.span() for found in _LINE.finditer(folded)][:_HEAD_LINES]
    heads = {
        end
        for start, end in lines
        if end - start < _HEAD_CHARACTERS and folded[start:end].rstrip()[-1] not in '.!?"'
    }
    return tuple(one for one in sentences if words[one.last - 1].end not in heads)
