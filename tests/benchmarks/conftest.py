"""Benchmarks are programs, not a package: they are found as they find each other."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = str(Path(__file__).parents[2] / "benchmarks")

if FOLDER not in sys.path:
    sys.path.append(FOLDER)
