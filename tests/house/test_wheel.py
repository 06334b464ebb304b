"""The wheel that leaves the house: the console is in it, it is small, and it works where no checkout is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import skykeep

ROOT = Path(__file__).parents[2]
LARGEST_BYTES = 8_000_000


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the builder that `pyproject.toml` names; it is here, so no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_it_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size <= LARGEST_BYTES


def test_it_holds_every_file_of_the_package_and_nothing_else(names: set[str]) -> None:
    there = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if ".dist-info/" not in name} == there
    assert {name for name in names if name.endswith((".map", ".ts", ".svelte"))} == set()


def test_it_holds_the_console_the_scenario_the_types_and_the_licence(names: set[str]) -> None:
    assert "skykeep/webui/index.html" in names
    assert "skykeep/webui/licences.txt" in names
    for suffix in (".js", ".css"):
        assert any(name.startswith("skykeep/webui/assets/") and name.endswith(suffix) for name in names)
    assert "skykeep/py.typed" in names
    assert any(name.endswith("the-night.toml") for name in names)
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_it_brings_the_command(wheel: Path, names: set[str]) -> None:
    (entry_points,) = (name for name in names if name.endswith("/entry_points.txt"))
    with zipfile.ZipFile(wheel) as archive:
        assert "skykeep = skykeep.cli:main" in archive.read(entry_points).decode().splitlines()


def test_the_page_asks_only_for_what_is_in_it(wheel: Path, names: set[str]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        page = archive.read("skykeep/webui/index.html").decode()
    asked = [word.split('"')[0] for word in page.replace("'", '"').split('="./')[1:]]
    assert asked
    assert [path for path in asked if f"skykeep/webui/{path}" not in names] == []


@pytest.mark.slow
def test_it_works_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    """Its dependencies are lent by a path file, which does not bring the checkout along."""
    environment = tmp_path / "an environment"
    venv.create(environment, symlinks=True)
    variables = {"base": str(environment), "platbase": str(environment)}
    packages = Path(sysconfig.get_path("purelib", "venv", variables))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (packages / "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        main = "import sys, skykeep.cli as c; print(c.__file__, file=sys.stderr); c.main()"
        return subprocess.run(
            [environment / "bin" / "python", "-P", "-c", main, *arguments],
            cwd=tmp_path,
            env=dict(os.environ, XDG_CACHE_HOME=str(tmp_path / "cache"), PYTHONPATH=""),
            capture_output=True,
            text=True,
            check=False,
        )

    helped = run("--help")
    assert helped.returncode == 0, helped.stderr
    assert str(packages) in helped.stderr
    assert str(Path(skykeep.__file__).parent) not in helped.stderr
    night = run("demo", "--headless", "--json", "--seconds", "5", "--out", "night")
    assert night.returncode == 0, night.stderr
    assert json.loads(night.stdout)["log"]["verified"] is True
    assert run("verify", "night").returncode == 0
