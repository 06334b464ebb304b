"""`python3 x.py bench [NAME ...]`: run benchmarks by name, or list them with what they print.

Each prints a table with its budget beside every figure and exits non-zero when over budget.
"""

from __future__ import annotations

import ast
import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> int:
    """Run what is named; with no name, list."""
    there = {path.stem: path for path in sorted(HERE.glob("*.py")) if not path.stem.startswith("_")}
    if not names:
        for name, path in there.items():
            docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
            print(f"{name:<20} {docstring.splitlines()[0]}")
        return 0
    name, *arguments = names
    if name not in there:
        print(f"no benchmark {name!r}: there are {', '.join(there)}")
        return 2
    sys.path.insert(0, str(HERE))
    sys.argv = [str(there[name]), *arguments]
    try:
        runpy.run_path(str(there[name]), run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


sys.exit(main(sys.argv[1:]))
