"""Numbers as people say them: "a pair of", "half a dozen", "at least three", "two to four", "x2"."""

from __future__ import annotations

import re

from skykeep.base.number_words import ONE_TO_NINETEEN

_ONES = ("zero", *ONE_TO_NINETEEN)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORTH = {
    **{word: number for number, word in enumerate(_ONES)},
    **{word: 10 * number for number, word in enumerate(_TENS, start=2)},
    **dict.fromkeys(("pair", "couple", "brace", "twice", "both", "2nd", "second"), 2),
    **dict.fromkeys(("trio", "thrice", "third", "3rd"), 3),
    **dict.fromkeys(("once", "single", "lone", "solitary", "first"), 1),
    "dozen": 12,
    "nought": 0,
    "score": 20,
    "hundred": 100,
}
_MANY = re.compile(
    r"\b(?:several|many|multiple|numerous|various|countless|few|dozens|scores|swarm|handful|group"
    r"|string|cluster|fleet|wave"
    r"|number of)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(r"\b(?:at least|no fewer than|not fewer than|no less than|as many as)\b", re.IGNORECASE)
_MORE = re.compile(r"\b(?:more than|over)\b", re.IGNORECASE)
_MOST = re.compile(r"\b(?:at most|up to|no more than|fewer than|less than)\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?|\d+[a-z]*", re.IGNORECASE)


def numbers_in(words: str) -> list[int]:
    """Return every number said in `words`, in order; "half a dozen" is one number, 6."""
    plain = re.sub(r"(?:a )?half[- ](?:a[- ])?dozen", "6", words, flags=re.IGNORECASE)
    plain = re.sub(
        r"(two|three) score", lambda found: str(20 * _WORTH[found[1].lower()]), plain, flags=re.IGNORECASE
    )
    plain = re.sub(r"five-and-twenty", "25", plain, flags=re.IGNORECASE)
    plain = re.sub(r"baker's dozen", "13", plain, flags=re.IGNORECASE)
    plain = re.sub(r"\bx ?(\d+)", r"\1", plain, flags=re.IGNORECASE)
    plain = re.sub(r"\b(\d+)x\b", r"\1", plain)
    plain = re.sub(r"\bboth\b|\bseconds?(?! one)\b(?= of)", " ", plain, flags=re.IGNORECASE)
    return [worth for each in _WORD.findall(plain) if (worth := _worth(each.lower())) is not None]


def _worth(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    if word in _WORTH:
        return _WORTH[word]
    tens, dash, ones = word.partition("-")
    if dash and tens in _TENS and ones in _ONES:
        return _WORTH[tens] + _WORTH[ones]
    return None


def count_value(words: str) -> str:
    """Return a count as the guide writes it: "2", "2-4", "at least 3", "up to 5", "several"; "" for none."""
    found = numbers_in(words)
    if not found:
        return "several" if _MANY.search(words) else ""
    number = str(found[0])
    if re.search(r"\b(?:couple|pair|dozen)s\b", words, re.IGNORECASE):
        return "several"
    if len(found) > 1 and found[1] > found[0] and re.search(r"\w ?(?:-|\bto\b|\bor\b|\band\b) ?\w", words):
        is_range = re.search(r"(?:-|\bto\b|\bor\b|between .*\band\b)", words, re.IGNORECASE)
        number = f"{found[0]}-{found[1]}" if is_range else number
    if _LEAST.search(words):
        return f"at least {number}"
    if _MORE.search(words):
        return f"more than {number}"
    return f"up to {number}" if _MOST.search(words) else number


def counted_words(words: str) -> str:
    """Return "at least three loud bangs" as "at least 3 loud bangs"; words without a number as they are."""
    first = re.match(
        r"(?P<how>(?:at least |up to |more than |about |around |some )?)(?P<number>an? pair of"
        r"|an? couple of|half a dozen"
        r"|[\w-]+)(?= )",
        words,
        re.IGNORECASE,
    )
    if first is None or not numbers_in(first["number"]):
        return words
    return f"{first['how'].lower()}{numbers_in(first['number'])[0]}{words[first.end() :]}"
