"""x.py as a stranger meets it: an old Python, no pip, no network, a space in the path, a second run."""

from __future__ import annotations

import ast
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# The Python that this environment was built from.
BASE_PYTHON: str = sys._base_executable  # type: ignore[attr-defined]
BARE_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"

FAKE_UV = """#!/bin/sh
# Stands in for uv: notes what it was asked, and makes the environment a run needs.
PATH=/usr/bin:/bin
[ "$1" = "--version" ] && { echo "uv ${FAKE_UV_VERSION:-0.9.1 (abc 2025-01-01)}"; exit 0; }
mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"
echo "$*" >> "$UV_PROJECT_ENVIRONMENT/../asked"
for name in skykeep python mkdocs ruff mypy lint-imports; do
    printf '#!/bin/sh\\necho "${0##*/} in $(pwd):" "$@"\\nexit %s\\n' "${FAKE_EXIT:-0}" \\
        > "$UV_PROJECT_ENVIRONMENT/bin/$name"
    chmod +x "$UV_PROJECT_ENVIRONMENT/bin/$name"
done
echo "Downloading numpy (16.1MiB)" >&2
echo "Installed 3 packages" >&2
"""


class Checkout:
    """A copy of what x.py reads, in a folder with a space in its name, and a home of its own."""

    def __init__(self, tmp_path: Path, closed_port: int) -> None:
        self.root = tmp_path / "a fresh checkout"
        self.root.mkdir()
        for name in ("x.py", "pyproject.toml", "uv.lock"):
            shutil.copy(ROOT / name, self.root)
        self.home = tmp_path / "home"
        (self.home / "bin").mkdir(parents=True)
        self.put_program("chromium", "#!/bin/sh\n")
        self.put_program("apt-get", f'#!/bin/sh\necho "$*" >> "{self.home}/asked-apt"\n')
        proxy = f"http://127.0.0.1:{closed_port}"
        self.environment = {
            "HOME": str(self.home),
            "PATH": f"{self.home}/bin:{BARE_PATH}",
            "HTTPS_PROXY": proxy,
            "HTTP_PROXY": proxy,
            "NO_PROXY": "",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_RETRIES": "0",
            "UV_HTTP_RETRIES": "0",
            "UV_NO_CONFIG": "1",
        }

    def put_uv(self, script: str = FAKE_UV) -> None:
        """Give this checkout a uv of our making."""
        folder = self.root / ".tools" / "bin"
        folder.mkdir(parents=True)
        (folder / "uv").write_text(script)
        (folder / "uv").chmod(0o755)

    def put_program(self, name: str, script: str) -> None:
        """Put a program of our making first on the path."""
        (self.home / "bin" / name).write_text(script)
        (self.home / "bin" / name).chmod(0o755)

    def run(
        self, *arguments: str, python: Sequence[str] = (sys.executable,), **variables: str
    ) -> tuple[int, str, str]:
        """Run x.py from elsewhere; return exit code, standard output and standard error."""
        done = subprocess.run(
            [*python, str(self.root / "x.py"), *arguments],
            check=False,
            cwd=self.home,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stdout, done.stderr

    def asked(self) -> list[str]:
        """Return what the fake uv was asked to do."""
        note = self.root / "asked"
        return note.read_text().splitlines() if note.exists() else []


PYTEST = "-m pytest -n 2 --dist loadfile --no-loadscope-reorder"


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    # The port stays bound and never listens: whoever connects is refused, and nobody else can take it.
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        yield Checkout(tmp_path, closed.getsockname()[1])


def is_one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.startswith("Skykeep") and "Traceback" not in text


def find_python(version: str) -> str | None:
    """Return an interpreter of this version, if this machine has one."""
    found = shutil.which(f"python{version}", path=BARE_PATH)
    pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    return found or (str(pyenv[-1]) if pyenv else None)


# --- Pythons -----------------------------------------------------------------------------------


def test_an_old_python_can_read_it() -> None:
    ast.parse((ROOT / "x.py").read_text(), feature_version=(3, 8))


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((ROOT / "x.py").read_text())
    imported = {
        name.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert imported
    assert imported <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 10, 13), (3, 14, 0), (4, 0, 0)])
def test_another_python_is_refused_in_a_sentence(checkout: Checkout, version: tuple[int, int, int]) -> None:
    """The interpreter is this one under a false number; the real ones come below, where they are present."""
    dotted = ".".join(map(str, version))
    disguise = (
        f"import runpy, sys; sys.version_info = {version}; sys.version = '{dotted} (main)';"
        "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    code, out, err = checkout.run("demo", python=(sys.executable, "-c", disguise))
    assert code == 1
    assert out == ""
    assert err == f"Skykeep needs Python 3.11, 3.12 or 3.13; this is {dotted}.\n"


@pytest.mark.where_present
@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10", "3.14"])
def test_a_real_other_python_is_refused_in_a_sentence(checkout: Checkout, version: str) -> None:
    python = find_python(version)
    if python is None:
        pytest.skip(f"not run: no Python {version} on this machine")
    code, out, err = checkout.run("demo", python=(python,))
    assert code == 1
    assert out == ""
    assert is_one_sentence(err)
    assert f"this is {version}." in err


@pytest.mark.where_present
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_every_python_it_names_is_taken(checkout: Checkout, version: str) -> None:
    python = find_python(version)
    if python is None:
        pytest.skip(f"not run: no Python {version} on this machine")
    checkout.put_uv()
    code, out, err = checkout.run("demo", "--headless", python=(python,))
    assert (code, out) == (0, f"skykeep in {checkout.home}: demo --headless\n"), err


# --- What is missing ---------------------------------------------------------------------------


def test_no_pip_is_one_sentence(checkout: Checkout) -> None:
    # Isolated and without site-packages, as on a Debian without python3-pip.
    code, out, err = checkout.run("demo", python=(BASE_PYTHON, "-I", "-S"))
    assert code == 1
    assert out == ""
    assert is_one_sentence(err)
    assert "python3-pip" in err


def test_no_network_for_uv_is_one_sentence_after_the_first_line(checkout: Checkout) -> None:
    if shutil.which("uv", path=BARE_PATH):
        checkout.environment["PATH"] = "/nonexistent"
    code, out, err = checkout.run("demo", python=(python_with_pip(),))
    first, _, rest = err.partition("\n")
    assert code == 1
    assert out == ""
    assert first == "Skykeep: first run, fetching the installer uv ..."
    assert is_one_sentence(rest)
    assert "needs a network" in rest


def python_with_pip() -> str:
    """Return this Python outside its environment, which has pip unless Debian's python3-pip is missing."""
    if subprocess.run([BASE_PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("not run: the Python of this environment has no pip")
    return BASE_PYTHON


def test_no_network_for_the_packages_is_one_sentence(checkout: Checkout) -> None:
    uv = next(filter(None, (shutil.which(str(ROOT / ".tools/bin/uv")), shutil.which("uv"))), None)
    if uv is None:
        pytest.skip("not run: no uv; `python3 x.py test` brings one")
    (checkout.root / "src" / "skykeep").mkdir(parents=True)
    checkout.environment["PATH"] = f"{Path(uv).parent}:{BARE_PATH}"
    code, out, err = checkout.run("demo")
    first, _, rest = err.partition("\n")
    assert code == 1
    assert out == ""
    assert first == "Skykeep: installing what it needs into .venv ..."
    rest = "".join(line for line in rest.splitlines(keepends=True) if not line.startswith("  Downloading"))
    assert is_one_sentence(rest)
    assert "needs a network" in rest
    assert (checkout.root / ".tools" / "setup.log").read_text().strip()


def test_a_failing_installer_is_told_with_its_last_word(checkout: Checkout) -> None:
    answer = '[ "$1" = "--version" ] && { echo "uv 1.2.3"; exit 0; }'
    checkout.put_uv(f'#!/bin/sh\n{answer}\necho "error: disk is full" >&2; exit 2\n')
    code, _, err = checkout.run("demo")
    assert code == 1
    assert is_one_sentence(err.partition("\n")[2])
    assert "network: disk is full (more in " in err


@pytest.mark.skipif(os.geteuid() == 0, reason="not run: root may write anywhere")
@pytest.mark.where_present
def test_a_checkout_of_somebody_else_is_one_sentence(checkout: Checkout) -> None:
    checkout.root.chmod(stat.S_IRUSR | stat.S_IXUSR)
    code, _, err = checkout.run("demo")
    checkout.root.chmod(stat.S_IRWXU)
    assert code == 1
    assert "Traceback" not in err


def test_a_uv_that_is_too_old_is_not_used(checkout: Checkout) -> None:
    checkout.put_uv()
    code, _, err = checkout.run("demo", python=(python_with_pip(),), FAKE_UV_VERSION="0.2.9")
    assert code == 1
    assert checkout.asked() == []
    assert "fetching the installer uv" in err


# --- What it does ------------------------------------------------------------------------------


def test_the_command_has_standard_output_to_itself(checkout: Checkout) -> None:
    checkout.put_uv()
    code, out, err = checkout.run("demo", "--out", "two words")
    assert code == 0
    assert out == f"skykeep in {checkout.home}: demo --out two words\n"
    assert err.splitlines() == [
        "Skykeep: installing what it needs into .venv ...",
        "  Downloading numpy (16.1MiB)",
    ]


def test_the_exit_code_is_that_of_the_command(checkout: Checkout) -> None:
    checkout.put_uv()
    assert checkout.run("verify", "x", FAKE_EXIT="3")[0] == 3


def test_demo_brings_no_tools_and_takes_none_away(checkout: Checkout) -> None:
    checkout.put_uv()
    checkout.run("demo")
    checkout.run("docs")
    run, dev = checkout.asked()
    assert "--group" not in run
    assert "--inexact" in run
    assert "--locked" in run
    assert "--group dev" in dev


def test_what_is_there_is_not_installed_again(checkout: Checkout) -> None:
    checkout.put_uv()
    checkout.run("docs")
    for verb in ("demo", "docs", "demo"):
        assert checkout.run(verb)[2] == ""
    assert len(checkout.asked()) == 1


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml"])
def test_a_new_lock_is_installed(checkout: Checkout, name: str) -> None:
    checkout.put_uv()
    checkout.run("demo")
    with (checkout.root / name).open("a") as file:
        file.write("\n")
    checkout.run("demo")
    assert len(checkout.asked()) == 2


def test_the_environment_follows_a_checkout_that_was_moved(checkout: Checkout) -> None:
    checkout.put_uv()
    checkout.run("demo")
    old = checkout.root / ".venv" / "bin" / "mkdocs"
    old.write_text(f"#!{old.parent}/python\n")
    checkout.root = checkout.root.rename(checkout.root.with_name("moved"))
    assert checkout.run("docs")[:2] == (0, f"mkdocs in {checkout.root}: build --strict\n")
    assert len(checkout.asked()) == 2


def test_tools_run_in_the_checkout_and_pass_their_words_on(checkout: Checkout) -> None:
    checkout.put_uv()
    assert checkout.run("test", "-k", "a b")[1] == f"python in {checkout.root}: {PYTEST} -k a b\n"
    assert checkout.run("bench", "seeds")[1] == f"python in {checkout.root}: benchmarks seeds\n"
    assert checkout.run("docs")[1] == f"mkdocs in {checkout.root}: build --strict\n"
    assert checkout.run("check")[1] == f"python in {checkout.root}: .ci/check.py\n"


def test_a_missing_browser_is_installed_by_root_and_asked_for_by_others(checkout: Checkout) -> None:
    checkout.put_uv()
    (checkout.home / "bin" / "chromium").unlink()
    asked = checkout.home / "asked-apt"
    code, out, err = checkout.run("test", PATH=str(checkout.home / "bin"))
    assert (code, out) == (0, f"python in {checkout.root}: {PYTEST}\n")
    assert "apt-get install chromium" in err
    if os.geteuid() == 0:
        update, install = asked.read_text().splitlines()
        assert "update" in update
        assert "chromium" in install
    else:
        assert not asked.exists()


def test_without_words_it_says_what_there_is_and_installs_nothing(checkout: Checkout) -> None:
    code, out, err = checkout.run()
    assert (code, err) == (0, "")
    assert all(f"x.py {verb}" in out for verb in ("demo", "test", "check", "bench", "docs", "fmt"))
