"""How long it takes to print the dossier of a night, beside a plain typst document of as many pages.

Budget: 3 s for printing a case that is kept, on a machine of its own.

    python benchmarks/dossier.py NIGHT [--rounds 5]

NIGHT is a folder such as `python3 x.py demo --headless --out NIGHT` leaves. Counted apart: taking the case up
from where it is kept, shaping it for its level, setting it (with its evidence, which reads the log), and the
command as a user runs it, start of Python included. Making the case from the log is a replay of the whole
night and is told once. The best of the rounds counts, for the machine may be shared.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import typst

from skykeep.app.dossier import case_of_night, printed
from skykeep.app.folder import find_log
from skykeep.evidence.levels import Level, at_level

BUDGET_S = 3.0
LINES_A_PAGE = 45
T = TypeVar("T")


def timed(what: Callable[[], T], rounds: int) -> tuple[float, T]:
    """Return the least of `rounds` times in seconds, and what came of it."""
    best_s = float("inf")
    for _ in range(rounds):
        start_s = time.perf_counter()
        result = what()
        best_s = min(best_s, time.perf_counter() - start_s)
    return best_s, result


def plain(pages: int) -> bytes:
    """Return a document of plain lines, as many pages, as PDF/A."""
    body = "A line of a plain document with some words in it.\\\\\n" * (LINES_A_PAGE * pages)
    source = "#set document(title: [Plain], date: datetime(year: 2031, month: 5, day: 3))\n" + body
    compiler = typst.Compiler(input=source.encode(), font_paths=typst.Fonts(include_system_fonts=False))
    pdf = compiler.compile(format="pdf", pdf_standards=["a-3a"], timestamp=0)
    assert isinstance(pdf, bytes)
    return pdf


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("night", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    log = find_log(arguments.night)
    fresh_s, _ = timed(lambda: case_of_night(arguments.night, fresh=True), 1)
    kept_s, case = timed(lambda: case_of_night(arguments.night), arguments.rounds)
    level_s, _ = timed(lambda: at_level(case, Level.PUBLIC), arguments.rounds)
    set_s, pdf = timed(lambda: printed(case, Level.FULL, "pdf", log), arguments.rounds)
    html_s, _ = timed(lambda: printed(case, Level.FULL, "html"), arguments.rounds)
    pages = pdf.count(b"/Type/Page/")
    plain_s, _ = timed(lambda: plain(pages), arguments.rounds)
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "dossier.pdf")
        command = [sys.executable, "-c", "from skykeep.cli import main; main()"]
        command += ["dossier", str(arguments.night), "--out", out]
        before_s = _children_s()
        user_s, _ = timed(lambda: subprocess.run(command, check=True, capture_output=True), arguments.rounds)
        processor_s = (_children_s() - before_s) / arguments.rounds
    print(f"the case made from the log, once        {fresh_s:8.2f} s")
    print(f"the case taken up from where it is kept {kept_s:8.2f} s")
    print(f"shaped for the public                   {level_s:8.2f} s")
    print(f"set as PDF/A-3, {pages} pages, {len(pdf):,} bytes {set_s:8.2f} s")
    print(f"set as HTML                             {html_s:8.2f} s")
    ratio, within = set_s / plain_s, "within" if user_s <= BUDGET_S else "OVER"
    print(f"a plain document of {pages} pages            {plain_s:8.2f} s, a ratio of {ratio:.1f}")
    print(f"the command as a user runs it           {user_s:8.2f} s, {within} the budget of {BUDGET_S:.0f} s")
    print(f"    of the processor                    {processor_s:8.2f} s each time")


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
