"""`check` runs every check, shows what failed, and fails when one did."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "check.py"
GOOD = [sys.executable, "-c", "print('I say nothing that matters')"]
BAD = [
    sys.executable,
    "-c",
    "import sys; print('line 3 is wrong'); print('so is 4', file=sys.stderr); sys.exit(1)",
]


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_one_failing_check_is_named_and_the_others_still_run(
    check: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    assert check.run_each({"first": GOOD, "second": BAD, "third": GOOD}) == ["second"]
    said = capfd.readouterr().out
    assert [line.split()[0] for line in said.splitlines()] == ["ok", "FAILED", "line", "so", "ok"]


@pytest.mark.parametrize(("npm", "ci", "failed"), [(True, "", 1), (False, "true", 1), (False, "", 0)])
def test_the_console_is_compared_where_it_can_be_and_in_ci_it_must(
    check: ModuleType, monkeypatch: pytest.MonkeyPatch, npm: bool, ci: str, failed: int
) -> None:
    monkeypatch.setattr(check, "CHECKS", {"all": GOOD})
    monkeypatch.setattr(check, "WEB", {"console": BAD})
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/npm" if npm else None)
    monkeypatch.setenv("CI", ci)
    assert check.main([]) == failed
