"""Every static check of the house, each with its time; with `--fix`, mend what can be mended."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

CHECKS: dict[str, Sequence[str | Path]] = {
    "ruff": [BIN / "ruff", "check", "--quiet"],
    "format": [BIN / "ruff", "format", "--check", "--quiet"],
    "mypy": [BIN / "mypy", "--no-error-summary"],
    "imports": [BIN / "lint-imports", "--no-logo"],
}
WEB: dict[str, Sequence[str | Path]] = {
    "the built console is the committed one": [sys.executable, ROOT / "web" / "same_build.py"],
}
MEND: dict[str, Sequence[str | Path]] = {
    "ruff": [BIN / "ruff", "check", "--fix", "--quiet"],
    "format": [BIN / "ruff", "format", "--quiet"],
}


def run_each(commands: Mapping[str, Sequence[str | Path]]) -> list[str]:
    """Run every command, even after one has failed; show what a failed one said; return which failed."""
    failed = []
    for name, command in commands.items():
        begin_s = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        verdict = "ok    " if done.returncode == 0 else "FAILED"
        print(f"{verdict} {time.monotonic() - begin_s:4.0f} s  {name}", flush=True)
        if done.returncode != 0:
            failed.append(name)
            sys.stdout.write(done.stdout.decode(errors="replace"))
    return failed


def main(arguments: Sequence[str]) -> int:
    """Check, or mend with `--fix`; 0 when nothing failed. Under CI=true what was not run has failed."""
    if arguments == ["--fix"]:
        return len(run_each(MEND))
    if shutil.which("npm") or os.environ.get("CI") == "true":
        return len(run_each(CHECKS | WEB))
    failed = run_each(CHECKS)
    print(f"not run        {', '.join(WEB)} (needs node and npm)")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
