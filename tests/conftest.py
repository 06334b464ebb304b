"""What every test may need: Hypothesis profiles, a real Chromium, and our own doubles on the path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import playwright
import pytest
from hypothesis import settings

# Doubles that several rooms share lie here; tests are imported one by one, so the folder is not on the path.
sys.path.insert(0, str(Path(__file__).parent))

from postgres import postgres as postgres
from recordings import HOW_TO_GET_RECORDINGS
from registers import register as register
from registers import register_url as register_url

settings.register_profile("fast", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=1000, derandomize=True)
settings.load_profile(os.environ.get("SKYKEEP_HYPOTHESIS", "fast"))

IN_CI = os.environ.get("CI") == "true"
# What a clean machine cannot have: recordings are never committed, and no machine has every Python.
MAY_BE_ABSENT_IN_CI = ("recordings", "where_present")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET_CHROMIUM = (
    "not run: no Chromium. Debian: `apt-get install chromium`; then `python3 x.py test` again"
)
HOW_TO_GET_THE_DRIVER = "not run: Playwright's driver does not start. Debian: `apt-get install libatomic1`"


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return a Chromium to drive; without one the test is not run."""
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path is not None:
            break
    else:
        pytest.skip(HOW_TO_GET_CHROMIUM)
    driver = Path(playwright.__file__).parent / "driver" / "node"
    if subprocess.run([driver, "--version"], capture_output=True, check=False).returncode != 0:
        pytest.skip(HOW_TO_GET_THE_DRIVER)
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests that drive a browser last: the driver leaves an event loop in the main thread, where no
    other test could run one of its own any more. Mark what needs recordings, which CI cannot have.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    for item in items:
        if any(mark.kwargs.get("reason") == HOW_TO_GET_RECORDINGS for mark in item.iter_markers("skipif")):
            item.add_marker("recordings")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI=true a test that was not run is a failure."""
    report = yield
    may_be_absent = any(item.get_closest_marker(name) for name in MAY_BE_ABSENT_IN_CI)
    if IN_CI and report.skipped and not may_be_absent and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"not run, which in CI is a failure: {report.longrepr}"
    return report
