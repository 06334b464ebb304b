"""The documentation says what is so: it builds, its links lead somewhere, its commands can be typed."""

from __future__ import annotations

import importlib
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from skykeep.cli import VERBS, skykeep

ROOT = Path(__file__).parents[2]
OWN_VERBS = ("test", "check", "bench", "docs", "fmt")
PAPERS = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md"))
    if "node_modules" not in path.parts
)
# A command in back-quotes, or alone on a line that is set as code.
COMMAND = re.compile(
    r"`((?:skykeep|python3 x\.py)(?: [^`]*)?)`|^(?: {4}|\t)((?:skykeep|python3 x\.py) .*)$", re.M
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands_in(text: str) -> Iterator[list[str]]:
    """Yield the words of each command of ours in a paper, without what stands in square brackets."""
    text = FENCED.sub(lambda block: "".join(f"    {line}\n" for line in block[1].splitlines()), text)
    for quoted, on_a_line in COMMAND.findall(text):
        bare = re.sub(r"\s{2,}.*$|\s#.*$|[\[\]]", "", quoted or on_a_line)
        words = shlex.split(bare)
        yield words[2:] if words[0] == "python3" else words[1:]


def check_command(words: list[str]) -> None:
    """Fail unless a person can type this: verbs and options that there are."""
    if not words or words[0] in ("--help", "--version", "VERB", *OWN_VERBS):
        return
    command: click.Command = skykeep
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            there = command.get_command(click.Context(command), word)
            assert there is not None, f"there is no {' '.join(words)!r}"
            command = there
        elif word.startswith("--"):
            known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
            assert word.partition("=")[0] in known, f"{command.name} has no {word}"


def test_a_command_that_is_not_there_is_found_out() -> None:
    assert list(
        commands_in("say `skykeep verify DIR` or\n\n    python3 x.py demo --seed 3   another night\n")
    ) == [
        ["verify", "DIR"],
        ["demo", "--seed", "3"],
    ]
    check_command(["verify", "DIR", "--json"])
    with pytest.raises(AssertionError, match="there is no"):
        check_command(["fly"])
    with pytest.raises(AssertionError, match="has no --fast"):
        check_command(["demo", "--fast"])


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_in_a_paper_can_be_typed(paper: Path) -> None:
    for words in commands_in(paper.read_text()):
        check_command(words)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_in_a_paper_leads_somewhere(paper: Path) -> None:
    targets = [target for target in LINK.findall(paper.read_text()) if "://" not in target]
    assert [target for target in targets if not (paper.parent / target).exists()] == []


def test_the_readme_shows_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "python3 x.py demo" in readme
    assert "python3 x.py test" in readme
    assert readme.index("console-dark.png") < readme.index("python3 x.py demo")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_answers_help(verb: str) -> None:
    command = getattr(importlib.import_module(f"skykeep.cli.{verb}"), verb)
    assert isinstance(command, click.Command)
    assert command.get_short_help_str()
    named = re.search(r"\(([a-z, ]+)\)", VERBS[verb])
    if isinstance(command, click.Group) and named is not None:
        assert set(named[1].split(", ")) <= set(command.list_commands(click.Context(command)))


def test_the_book_builds_without_a_warning(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path / "site"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "site" / "index.html").exists()


def test_the_book_holds_every_paper_of_docs() -> None:
    book = (ROOT / "mkdocs.yml").read_text()
    papers = sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))
    assert [paper for paper in papers if paper not in book] == []


def test_the_version_is_the_newest_in_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert newest[1] == version
