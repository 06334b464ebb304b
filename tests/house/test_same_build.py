"""The comparison of the committed console with its source names every difference there can be."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "web" / "same_build.py"


@pytest.fixture(scope="module")
def same_build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("same_build", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("built", "committed", "said"),
    [
        ({"a": b"same"}, {"a": b"same"}, []),
        ({"a": b"new", "b": b""}, {"a": b"new"}, ["b: built, but not committed"]),
        ({}, {"a": b"old"}, ["a: committed, but not built"]),
        ({"a": b"abc"}, {"a": b"abd"}, ["a: differs (3 bytes built, 3 committed; first at byte 2)"]),
        (
            {"a": b"abc"},
            {"a": b"ab"},
            ["a: differs (3 bytes built, 2 committed; one is the beginning of the other)"],
        ),
    ],
)
def test_every_difference_is_named(
    same_build: ModuleType, built: dict[str, bytes], committed: dict[str, bytes], said: list[str]
) -> None:
    assert same_build.differences(built, committed) == said


def test_what_python_leaves_behind_is_no_difference(same_build: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").write_bytes(b"x")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index.js").write_bytes(b"js")
    assert same_build.read_tree(tmp_path) == {"assets/index.js": b"js"}
