"""The labels of statements are sound: every passage is there, the guide (README.md) is kept to."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SETS = sorted(path.parent for path in HERE.glob("*/*/labels.toml"))
SLOTS = frozenset(
    re.findall(r"^\| `(\w+)` \|", (HERE / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
)
_ACTS = (
    "claims denies reports_hearing reports_seeing posts_footage announces threatens declines corrects doubts"
)
ACTS = frozenset(_ACTS.split(" "))
RELATIONS = frozenset(("agree", "contradict", "silent", "one"))


def labels_of(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "labels.toml").read_text(encoding="utf-8"))


def seen_text(folder: Path, name: str) -> str:
    """Return what a reader sees of a document, with its line ends as they are."""
    path = folder / name
    if path.suffix != ".txt":
        found = [folder / f"{name}.seen.txt", path.with_suffix(".seen.txt")]
        path = next(each for each in found if each.exists())
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def test_no_set_is_lost() -> None:
    kinds = Counter(folder.parent.name for folder in SETS)
    assert kinds == {"open": 15, "held_back": 8, "kept_back": 8, "next": 8}
    assert len(SLOTS) == 20


@pytest.mark.parametrize("folder", SETS, ids=lambda folder: folder.name)
def test_every_label_is_sound(folder: Path) -> None:
    labels = labels_of(folder)
    texts = {one["name"]: seen_text(folder, one["name"]) for one in labels["document"]}
    assert labels["set_id"] == folder.name
    assert labels["assertion"]
    for one in labels["document"]:
        if one["published"]:
            datetime.datetime.fromisoformat(one["published"])
    for one in labels["assertion"]:
        begin, end = one["words"]
        assert texts[one["document"]][begin:end] == one["quote"], one
        assert one["slot"] in SLOTS, one
        assert one["act"] in ACTS, one
        assert one["certainty"] in ("asserted", "hedged"), one
        assert one["value"], one
        # Having declined can itself be taken back.
        assert one["slot"] == "comment" if one["act"] == "declines" else True, one
        assert one["act"] in ("declines", "corrects") if one["slot"] == "comment" else True, one
        if "speaker_words" in one:
            begin, end = one["speaker_words"]
            assert 0 <= begin < end <= len(texts[one["document"]]), one
    for one in labels.get("copy", []):
        for side in (one["a"], one["b"]):
            begin, end = side["words"]
            assert 0 <= begin < end <= len(texts[side["document"]]), one
    for one in labels.get("lineage", []):
        assert set(one["documents"]) <= set(texts), one
    speakers = {one["speaker"] for one in labels["assertion"]} | {one["source"] for one in labels["document"]}
    speakers |= {name for one in labels["assertion"] for name in one["via"]}
    for one in labels["cell"]:
        assert one["slot"] in SLOTS, one
        assert one["relation"] in RELATIONS, one
        assert set(one["between"]) <= speakers, one


def test_the_founding_labels_hold_offsets_and_no_words() -> None:
    labels = labels_of(HERE / "founding")
    assert len(labels["document"]) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", one["sha256"]) for one in labels["document"])
    for one in labels["assertion"]:
        assert "quote" not in one, one
        assert one["slot"] in SLOTS, one
        assert ("value" in one) != ("value_words" in one), one
        assert len(one.get("value", "").split()) <= 4, one
