"""The rules of the house are enforced: each is broken here on purpose, in a copy, and found out."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "skykeep"
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())
VERBS = (
    "tracking",
    "scoring",
    "identity",
    "airspace",
    "assessment",
    "response",
    "evidence",
    "statements",
    "wire",
)
PURE_ROOMS = ("base", "geo", "domain", "models", *VERBS)


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a copy of the source tree, with the rules of this house."""
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", ROOT / "pyproject.toml"],
        cwd=tree,
        env={"PYTHONPATH": str(tree), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the source tree: the Python of it, which is all that import-linter reads."""
    tree = tmp_path_factory.mktemp("house")
    for path in SOURCE.rglob("*.py"):
        copy = tree / path.relative_to(SOURCE.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return tree


@pytest.fixture
def tree(pristine: Path) -> Iterator[Path]:
    """Lend the copy, and take away afterwards what was added."""
    before = set(pristine.rglob("*"))
    yield pristine
    for path in sorted(set(pristine.rglob("*")) - before, reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()


def test_the_house_as_it_stands_keeps_its_rules(tree: Path) -> None:
    result = lint(tree)
    assert result.returncode == 0, result.stdout


BREACHES = {
    "a verb imports a verb": (
        "airspace/side.py",
        "import skykeep.tracking",
        "imports only from floors below",
    ),
    "a verb imports a verb inside a function": (
        "identity/side.py",
        "def f() -> None:\n    import skykeep.response",
        "imports only from floors below",
    ),
    "wire imports a verb": ("wire/side.py", "from skykeep import evidence", "imports only from floors below"),
    "a noun imports a verb": ("domain/up.py", "import skykeep.wire", "imports only from floors below"),
    "the engine imports the edge": ("engine/up.py", "import skykeep.store", "imports only from floors below"),
    "a feed imports the store": ("feeds/side.py", "import skykeep.store", "imports only from floors below"),
    "the composer imports the console": ("app/up.py", "import skykeep.api", "imports only from floors below"),
    "a room that is not on the plan": (
        "cellar/__init__.py",
        '"""Unplanned."""',
        "imports only from floors below",
    ),
    "two modules import each other": (
        "geo/one.py",
        "import skykeep.geo.two",
        "No cycles",
        "geo/two.py",
        "import skykeep.geo.one",
    ),
    "a verb reads the clock": ("tracking/clock.py", "import time", "Floors 0-3"),
    "a verb rolls dice": ("assessment/dice.py", "from random import random", "Floors 0-3"),
    "a codec opens a socket": ("wire/port.py", "import socket", "Floors 0-3"),
    "a verb writes a table": ("evidence/table.py", "import sqlalchemy", "Floors 0-3"),
    "the ground floor reads the environment": ("base/setting.py", "import os", "Floors 0-3"),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_found(tree: Path, breach: str) -> None:
    path, text, rule, *more = BREACHES[breach]
    for name, content in ((path, text), *zip(more[::2], more[1::2], strict=True)):
        (tree / "skykeep" / name).parent.mkdir(exist_ok=True)
        (tree / "skykeep" / name).write_text(content + "\n")
    result = lint(tree)
    assert result.returncode != 0
    broken = [line for line in result.stdout.splitlines() if "BROKEN" in line]
    assert any(rule in line for line in broken), result.stdout


# What imports do not show: built-in input and output, numpy's dice, the wall clock of datetime.
FORBIDDEN_NAMES = {"open", "input", "print", "exec", "eval", "breakpoint"}
FORBIDDEN_ATTRIBUTES = {
    "now",
    "utcnow",
    "today",
    "default_rng",
    "fromfile",
    "tofile",
    "loadtxt",
    "savetxt",
    "memmap",
}


def impure_words(source: str) -> list[str]:
    """Return the calls in a module that floors 0-3 may not make."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_NAMES:
            found.append(node.func.id)
        elif isinstance(node, ast.Attribute):
            word = ast.unparse(node)
            if (
                word in ("np.random", "numpy.random", "np.load", "np.save")
                or node.attr in FORBIDDEN_ATTRIBUTES
            ):
                found.append(word)
    return found


def test_impure_words_are_seen() -> None:
    assert impure_words("x = open('f')") == ["open"]
    assert impure_words("x = datetime.now(UTC)") == ["datetime.now"]
    assert impure_words("x = np.random.default_rng(1)") == ["np.random.default_rng", "np.random"]
    assert impure_words("opened = shop.open; now = 3") == []


def test_floors_0_to_3_neither_open_nor_print_nor_ask_the_time() -> None:
    found = {
        str(path.relative_to(SOURCE)): words
        for room in PURE_ROOMS
        for path in sorted((SOURCE / room).rglob("*.py"))
        if (words := impure_words(path.read_text()))
    }
    assert found == {}


# --- What the product is made of -----------------------------------------------------------------


def imported_distributions() -> set[str]:
    """Return the packages, by the name they are installed under, that the product imports."""
    modules = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.partition(".")[0])
    installed = packages_distributions()
    outside = modules - sys.stdlib_module_names - {"skykeep"}
    return {installed[module][0].lower() for module in outside}


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    declared = {line.partition(">")[0] for line in CONFIG["project"]["dependencies"]}
    extras = CONFIG["project"]["optional-dependencies"].values()
    imported = imported_distributions() - {line.partition(">")[0] for extra in extras for line in extra}
    # FastAPI is Starlette. Uvicorn finds websockets by its name, SQLAlchemy pg8000, zoneinfo the time zones.
    assert imported - declared == {"starlette"}
    assert declared - imported == {"websockets", "pg8000", "tzdata"}
