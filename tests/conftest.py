"""What every test may need: Hypothesis profiles, a real Chromium, and our own doubles on the path."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# Doubles that several rooms share lie here; tests are imported one by one, so the folder is not on the path.
sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile("fast", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=1000, derandomize=True)
settings.load_profile(os.environ.get("SKYKEEP_HYPOTHESIS", "fast"))

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET_CHROMIUM = (
    "not run: no Chromium. Debian: `apt-get install chromium`; then `python3 x.py test` again"
)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return a Chromium to drive. Without one the test is not run, which under CI=true is a failure."""
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path is not None:
            return path
    if os.environ.get("CI") == "true":
        pytest.fail(HOW_TO_GET_CHROMIUM)
    pytest.skip(HOW_TO_GET_CHROMIUM)
