"""Shared passages, lineages and comparison held against labels: how many are found, how many are right.

`python3 x.py bench statement_copies [--reports FOLDER] [--sets FOLDER...]`. Sets are folders with
`labels.toml` (tests/statements/README.md says how they were labelled); those under `open` are the
default, and `founding` where its three reports are (see tests/recordings.py). Cells are scored twice: from
the labels' assertions, so that only the comparison is measured, and from those that the rules propose; so are
lineages, and the passages that one claim of one speaker joins beside those joined by words.
Beside it: how long the search takes on longer texts, and difflib's on the same words as a peer.

Budget: passages shared by two texts of 2,000 words in 2 s.
"""

from __future__ import annotations

import argparse
import difflib
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import msgspec

from recordings import HOW_TO_GET_RECORDINGS, RECORDINGS
from skykeep.domain.statement import Assertion, SourceDocument
from skykeep.statements.copies import find_copies
from skykeep.statements.copy_claims import same_claims
from skykeep.statements.copy_words import words_of
from skykeep.statements.lineage import find_lineages
from skykeep.statements.propose import propose
from statement_sets import FOUNDING, OPEN, LabelledSet, read_set, score_cells, score_copies

BUDGET_S = 2.0
_KINDS = ("verbatim", "reworded")
_RELATIONS = ("agree", "contradict", "one", "silent")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--reports", type=Path, default=RECORDINGS / "reports")
    parser.add_argument("--sets", type=Path, nargs="*", default=None)
    asked = parser.parse_args()
    sets = [read_set(folder) for folder in (OPEN if asked.sets is None else asked.sets)]
    if asked.sets is None and asked.reports.is_dir():
        sets.insert(0, read_set(FOUNDING, asked.reports))
    elif asked.sets is None:
        print(f"the three press reports are {HOW_TO_GET_RECORDINGS}")
    print_copies(sets)
    print_lineages(sets)
    print_cells(sets)
    print_times(sets)


def print_copies(sets: list[LabelledSet]) -> None:
    heads = ("labelled", "found", "as such", "proposed", "right")
    print(f"{'shared passages':<30}{'kind':<10}" + "".join(f"{head:>10}" for head in heads))
    by_words: Counter[tuple[str, str]] = Counter()
    with_claims: dict[str, Counter[tuple[str, str]]] = {"labelled": Counter(), "proposed": Counter()}
    for one in sets:
        documents = list(one.documents.values())
        shared = find_copies(documents)
        counts = score_copies(one, shared)
        by_words += counts
        for source, whole in with_claims.items():
            claims = same_claims(documents, assertions_of(one, source), shared)
            whole += score_copies(one, (*shared, *claims))
        _print_counts(one.name, counts)
    _print_counts("all, by words", by_words)
    for source, whole in with_claims.items():
        _print_counts(f"and by {source} claims", whole)
    for kind in _KINDS:
        recall = by_words[kind, "found"] / max(1, by_words[kind, "labelled"])
        precision = by_words[kind, "right"] / max(1, by_words[kind, "proposed"])
        print(f"  {kind}, by words: recall {recall:.2f}, precision {precision:.2f}")


def assertions_of(one: LabelledSet, source: str) -> tuple[Assertion, ...]:
    """Return a set's assertions as they are labelled, or as the rules propose them."""
    if source == "labelled":
        return one.assertions
    return tuple(each for document in one.documents.values() for each in propose(document))


def _print_counts(name: str, counts: Counter[tuple[str, str]]) -> None:
    for kind in _KINDS:
        if counts[kind, "labelled"] or counts[kind, "proposed"]:
            cells = [
                counts[kind, what] for what in ("labelled", "found", "found as such", "proposed", "right")
            ]
            print(f"{name:<30}{kind:<10}" + "".join(f"{cell:>10}" for cell in cells))


def print_lineages(sets: list[LabelledSet]) -> None:
    print("\nlineages: the same documents as labelled, and found in vain")
    for source in ("labelled", "proposed"):
        labelled = met = extra = 0
        for one in sets:
            documents = list(one.documents.values())
            names = {each.document_id: name for name, each in one.documents.items()}
            found = find_lineages(documents, find_copies(documents), assertions_of(one, source))
            groups = {frozenset(names[each] for each in line.document_ids) for line in found}
            wanted = {frozenset(line["documents"]) for line in one.labels.get("lineage", ())}
            labelled, met = labelled + len(wanted), met + len(wanted & groups)
            extra += len(groups - wanted)
        print(f"  from {source} assertions: {met} of {labelled}, {extra} in vain")


def print_cells(sets: list[LabelledSet]) -> None:
    print(
        "\ncells shown of those labelled (and of agree and contradict: how often the opposite is shown too)"
    )
    for source in ("labelled", "proposed"):
        counts: Counter[tuple[str, str]] = Counter()
        for one in sets:
            for cell in score_cells(one, assertions_of(one, source)):
                relation = cell.label["relation"]
                counts[relation, "labelled"] += 1
                counts[relation, "shown"] += cell.shown
                counts[relation, "opposite"] += cell.opposite_too
        told = ", ".join(
            f"{name} {counts[name, 'shown']}/{counts[name, 'labelled']}"
            + (f" ({counts[name, 'opposite']})" if counts[name, "opposite"] else "")
            for name in _RELATIONS
        )
        shown, labelled = (sum(counts[name, what] for name in _RELATIONS) for what in ("shown", "labelled"))
        print(f"  from {source} assertions: {told}; in all {shown}/{labelled}")


def print_times(sets: list[LabelledSet]) -> None:
    print("\ntwo texts of so many words: the search for shared passages, and difflib's matching blocks alone")
    words = [document.text for one in sets for document in one.documents.values()]
    slowest_s = 0.0
    for number in (500, 1_000, 2_000):
        # Reports of one night from the first on, and from the last back: half of them meet.
        texts = [_of_words(" ".join(order), number) for order in (words, words[::-1])]
        template = next(iter(sets[0].documents.values()))
        documents = [_with_text(template, f"text-{at}", text) for at, text in enumerate(texts)]
        start_s = time.perf_counter()
        found = find_copies(documents)
        ours_s = time.perf_counter() - start_s
        folded = [[word.folded for word in words_of(text)] for text in texts]
        start_s = time.perf_counter()
        difflib.SequenceMatcher(None, folded[0], folded[1], autojunk=False).get_matching_blocks()
        peer_s = time.perf_counter() - start_s
        slowest_s = max(slowest_s, ours_s)
        print(
            f"  {number:>6,} words: {ours_s:.2f} s for {len(found)} passages; difflib {peer_s:.2f} s,"
            f" ratio {ours_s / peer_s:.1f}"
        )
    print(f"budget {BUDGET_S:g} s: {'kept' if slowest_s <= BUDGET_S else 'NOT KEPT'}")


def _of_words(text: str, number: int) -> str:
    words = words_of(text)
    return text[: words[min(number, len(words)) - 1].end]


def _with_text(template: SourceDocument, document_id: str, text: str) -> SourceDocument:
    return msgspec.structs.replace(
        template, document_id=document_id, text=text, publisher="", published="", published_words=None
    )


if __name__ == "__main__":
    main()
