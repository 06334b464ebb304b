"""Where the real recordings lie: beside the checkout, never in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RECORDINGS = Path(os.environ.get("SKYKEEP_RECORDINGS", ROOT.parent / "shared" / "data"))
HOW_TO_GET_RECORDINGS = "not run: no recordings; set SKYKEEP_RECORDINGS to the folder that holds them"

needs_recordings = pytest.mark.skipif(not RECORDINGS.is_dir(), reason=HOW_TO_GET_RECORDINGS)
