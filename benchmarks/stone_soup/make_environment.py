"""Make an environment of its own for Stone Soup: `python make_environment.py FOLDER` prints its Python.

Uses uv where there is one, else `venv` and pip. A folder that was already made from the same list is kept.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
OWN_UV = Path(__file__).parents[2] / ".tools" / "bin" / "uv"


def make_environment(folder: Path) -> Path:
    """Return the Python of an environment in `folder` that holds exactly what `requirements.txt` lists."""
    python, stamp = folder / "bin" / "python", folder / ".made-from"
    wanted = REQUIREMENTS.read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    uv = shutil.which("uv") or shutil.which(str(OWN_UV))
    if uv:
        make: list[str | Path] = [
            uv,
            "venv",
            "--quiet",
            "--allow-existing",
            "--python",
            sys.executable,
            folder,
        ]
        subprocess.run(make, check=True)
        install: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        venv.create(folder, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "--requirement", REQUIREMENTS], check=True)
    stamp.write_text(wanted)
    return python


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(make_environment(Path(sys.argv[1])))
