"""The compile switch: a cache that cannot go stale unseen."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import skykeep
from skykeep.base.compile import KERNEL_SOURCES

SOURCE = Path(skykeep.__file__).parent
ASK = "from skykeep.base.compile import kernel_cache_dir; print(kernel_cache_dir())"


def answer(program: str, **environment: str) -> str:
    """Return what a fresh interpreter prints."""
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return result.stdout.strip()


def cache_of(tree: Path) -> str:
    return answer(ASK, PYTHONPATH=str(tree))


def test_a_constant_changed_in_any_kernel_room_changes_the_cache(tmp_path: Path) -> None:
    tree = tmp_path / "src"
    shutil.copytree(SOURCE, tree / "skykeep", ignore=shutil.ignore_patterns("__pycache__", "webui"))
    before = cache_of(tree)
    assert cache_of(tree) == before
    changed = tree / "skykeep" / "tracking" / "columns.py"
    changed.write_text(changed.read_text() + "\nANOTHER = 1\n")
    assert cache_of(tree) != before


def test_every_kernel_and_what_it_imports_are_known_to_the_cache() -> None:
    known = {path for pattern in KERNEL_SOURCES for path in SOURCE.glob(pattern)}
    holding = [path for path in SOURCE.rglob("*.py") if "@kernel\n" in path.read_text()]
    assert set(holding) <= known
    assert holding
    for path in holding:
        for module in re.findall(r"^from skykeep\.([\w.]+) import", path.read_text(), re.MULTILINE):
            imported = SOURCE / (module.replace(".", "/") + ".py")
            # Nouns give kernels types and no constants.
            assert imported in known or module.startswith("domain."), f"{path.name} imports {module}"


def test_without_compiling_kernels_are_plain_python() -> None:
    code = (
        "from skykeep.models.ballistics import fall_to_ground as f; import types; "
        "print(isinstance(f, types.FunctionType))"
    )
    environment = {**os.environ, "SKYKEEP_COMPILE": "0"}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert result.stdout.strip() == "True"


def test_it_is_known_whether_the_first_run_will_have_to_compile(tmp_path: Path) -> None:
    ask = "from skykeep.base.compile import is_compiled; print(is_compiled())"
    assert answer(ask, NUMBA_CACHE_DIR=str(tmp_path)) == "False"
    assert answer(ask, NUMBA_CACHE_DIR=str(tmp_path), SKYKEEP_COMPILE="0") == "True"
    # Some kernels are not all of them.
    compile_one = "from skykeep.tracking.gate import looked_at; import numpy as np; "
    run = "looked_at(np.zeros(32), np.zeros(3)); "
    assert answer(compile_one + run + ask, NUMBA_CACHE_DIR=str(tmp_path)) == "False"
    (place,) = tmp_path.glob("tracking_*")
    (place / "life.process-30.py311.1.nbc").touch()
    assert answer(ask, NUMBA_CACHE_DIR=str(tmp_path)) == "True"
