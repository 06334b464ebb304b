"""Names written as one, in handles, tags and addresses: `@annakarenina99`, `karenina.anna`, `akarenina@`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from skykeep.evidence.as_seen import flat
from skykeep.evidence.rewriting import Edit

_BETWEEN = r"[0-9_.\-]{0,4}"
_NO_LETTER = re.compile(r"[\W\d_]+")
# Inside of a longer run of letters only what is too long to stand there by chance; how far the run is
# followed; how many parts of a name are put together.
_LEAST_INSIDE, _LONGEST_REST, _MOST_PARTS, _LEAST_AFTER_INITIAL = 8, 40, 6, 4


class JoinedNames:
    """Two parts of a name side by side without a space, in either order; `shared` as in `PersonNames`."""

    def __init__(self, shared: str) -> None:
        self._shared = shared
        self._put: dict[str, str] = {}
        self._initialled: dict[str, str] = {}
        self._pairs: set[tuple[str, ...]] = set()
        self._any_of: re.Pattern[str] | None = None

    def add(self, words: Sequence[str], parts: Sequence[str], put: str) -> None:
        """Add the name of `words`, of which `parts` are its bearer's."""
        plain = [flat(part)[0] for part in parts[:_MOST_PARTS]]
        pairs: set[tuple[str, ...]] = set(itertools.permutations(plain, 2))
        if len(plain) > 1:
            pairs.add(tuple(flat(word)[0] for word in words[:_MOST_PARTS]))
        for pair in pairs:
            _put(self._put, "".join(pair), put, self._shared)
        for one, other in itertools.permutations(plain, 2):
            if len(other) >= _LEAST_AFTER_INITIAL:
                _put(self._initialled, one[0] + other, put, self._shared)
                _put(self._initialled, other + one[0], put, self._shared)
        self._pairs |= pairs
        self._any_of = None

    def edits(self, seen: str) -> list[Edit]:
        """Return what to put where in a text as it is seen, in order; nothing overlaps."""
        if not self._pairs:
            return []
        if self._any_of is None:
            longest_first = sorted(self._pairs, key=lambda pair: (-len("".join(pair)), pair))
            self._any_of = re.compile("|".join(_BETWEEN.join(map(re.escape, pair)) for pair in longest_first))
        plain, places = flat(seen)
        found: list[Edit] = []
        for each in self._any_of.finditer(plain):
            start, end = each.span()
            key = _NO_LETTER.sub("", each.group())
            alone = not plain[start - 1 : start].isalpha() and not plain[end : end + 1].isalpha()
            if not alone and len(key) < _LEAST_INSIDE:
                continue
            first, last = _whole_run(plain, start, end)
            edit = (places[first], places[last - 1] + 1, self._put.get(key, self._shared))
            if found and edit[0] < found[-1][1]:
                edit = (found[-1][0], max(edit[1], found[-1][1]), found.pop()[2])
            found.append(edit)
        return found

    def by_initial(self, word: str) -> str | None:
        """Return what to put for a word beside an @ that is a part of a name with an initial."""
        return self._initialled.get(flat(word)[0])


def _put(known: dict[str, str], key: str, put: str, shared: str) -> None:
    known[key] = put if known.get(key, put) == put else shared


def _whole_run(plain: str, start: int, end: int) -> tuple[int, int]:
    """Return the run of letters and digits that a name is found in, so that no rest of it tells more."""
    least, most = max(start - _LONGEST_REST, 0), min(end + _LONGEST_REST, len(plain))
    while start > least and (plain[start - 1].isalnum() or plain[start - 1] == "_"):
        start -= 1
    while end < most and (plain[end].isalnum() or plain[end] == "_"):
        end += 1
    return start, end
