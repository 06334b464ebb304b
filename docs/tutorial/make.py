"""Run the tutorial: every chapter's code, its words and its pictures.

    .venv/bin/python -m docs.tutorial.make         all chapters: write what they print, and their pictures
    .venv/bin/python -m docs.tutorial.make 03 05   these only

A chapter's Python blocks run from top to bottom in one namespace. A text block stands for what the Python
block before it prints. To write anew is right after the tracker changed; read the chapters afterwards, for
their sentences are not written by a program.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).parent
CHAPTERS = sorted(HERE.glob("[0-9][0-9]-*.md"))

_BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
_NUMBER = re.compile(r"[-+]?\d+(?:\.(\d+))?")


def played(text: str, name: str) -> Iterator[tuple[re.Match[str], str]]:
    """Run a chapter's blocks one after the other; yield each with what it printed."""
    space: dict[str, object] = {"__name__": f"tutorial {name}"}
    for block in _BLOCK.finditer(text):
        # A mistake is shown with its place in the chapter.
        line = text.count("\n", 0, block.start(1))
        code = compile("\n" * line + block[1], name, "exec")
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(code, space)  # noqa: S102 - our own chapter
        yield block, said.getvalue()


def written_anew(chapter: Path) -> str:
    """Return the chapter's text with what its code prints now; its pictures are drawn on the way."""
    text, out, done = chapter.read_text(encoding="utf-8"), "", 0
    for block, said in played(text, chapter.name):
        out += text[done : block.start()] + f"```python\n{block[1]}```\n"
        out += f"\n```text\n{said}```\n" if said else ""
        done = block.end()
    return out + text[done:]


def _words(text: str) -> list[str]:
    """Return the words, each number as its count of decimals."""
    return _NUMBER.sub(lambda number: f"#{len(number[1] or '')}", text).split()


def alike(told: str, found: str) -> bool:
    """Return whether two texts say the same: words alike, numbers within one of the last digit shown."""
    if _words(told) != _words(found):
        return False
    for a, b in zip(_NUMBER.finditer(told), _NUMBER.finditer(found), strict=True):
        if abs(float(a[0]) - float(b[0])) > 1.001 * 10.0 ** -len(a[1] or ""):
            return False
    return True


def main(arguments: Sequence[str]) -> int:
    """Write the chapters anew whose numbers are given, or all."""
    for chapter in CHAPTERS:
        if not arguments or chapter.name[:2] in arguments:
            chapter.write_text(written_anew(chapter), encoding="utf-8", newline="\n")
            print(chapter.name)  # noqa: T201 - a command of its own
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
