"""The house as drawn is the house as built."""

import ast
import re
from pathlib import Path

import skykeep

ROOT = Path(__file__).parents[2]
SOURCE = Path(skykeep.__file__).parent
ROOM_LINE = re.compile(r"^\| \d \| `(\w+)` \| (.+) \|$", re.MULTILINE)


def docstring_line(room: Path) -> str:
    docstring = ast.get_docstring(ast.parse((room / "__init__.py").read_text()))
    assert docstring is not None, f"{room.name} has no docstring"
    return docstring.split("\n\n")[0].replace("\n", " ")


def test_every_room_has_its_line_in_the_architecture() -> None:
    drawn = dict(ROOM_LINE.findall((ROOT / "docs" / "ARCHITECTURE.md").read_text()))
    built = {
        room.name: docstring_line(room)
        for room in sorted(SOURCE.iterdir())
        if (room / "__init__.py").exists()
    }
    assert drawn == built


# One file by design: a stranger reads it whole, and takes it away alone.
WHOLE = {"src/skykeep/store/standalone_verifier.py": 595}


def test_files_stay_readable() -> None:
    long = {
        name: count
        for path in SOURCE.rglob("*.py")
        if (count := len(path.read_text().splitlines())) > WHOLE.get(name := str(path.relative_to(ROOT)), 330)
    }
    assert long == {}


def test_functions_stay_readable() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.name} {length}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > 80
    ]
    assert long == []


def test_every_adr_is_in_the_book() -> None:
    book = (ROOT / "mkdocs.yml").read_text()
    missing = [
        adr.name for adr in sorted((ROOT / "docs" / "adr").glob("*.md")) if f"adr/{adr.name}" not in book
    ]
    assert missing == []
