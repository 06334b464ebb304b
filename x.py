#!/usr/bin/env python3
"""Run Skykeep from a fresh checkout: `python3 x.py demo`, `test`, `check`, `bench`, `docs`, `fmt`, or any
`skykeep` command.

Standard library only. Finds uv or installs it into `.tools`, syncs `.venv` with the lock file, and
executes. Must parse on Python 3.8, so that an old one is told what is wrong in a sentence.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent
TOOLS = ROOT / ".tools"
VENV_BIN = ROOT / ".venv" / "bin"
IN_CI = os.environ.get("CI", "").lower() in ("1", "true")
BROWSER_PACKAGES = ["chromium", "fonts-dejavu-core"]
CHECKS = {
    "ruff": ["ruff", "check", "--quiet"],
    "format": ["ruff", "format", "--check", "--quiet"],
    "mypy": ["mypy", "--no-error-summary"],
    "imports": ["lint-imports", "--no-logo"],
}


def say(sentence):
    """Tell the person; never on standard output, which belongs to the command."""
    print(sentence, file=sys.stderr, flush=True)


def find_uv():
    """Return the path of uv, installing it with pip where there is none."""
    own = TOOLS / "bin" / "uv"
    found = str(own) if own.exists() else shutil.which("uv")
    if found:
        return found
    say("Skykeep: first run, fetching the installer uv ...")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-cache-dir", "--target", str(TOOLS), "uv"]
    if subprocess.run(command + ["--disable-pip-version-check", "--root-user-action=ignore"]).returncode:
        sys.exit("Skykeep could not install uv with pip: it needs pip (Debian: python3-pip) and a network for its first run.")
    return str(own)


def sync(groups):
    """Bring .venv to what uv.lock says, once per lock file and Python; later calls cost a hash."""
    digest = hashlib.sha256(sys.version.encode() + sys.executable.encode())
    for name in ("uv.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    stamp = ROOT / ".venv" / f".synced-{'-'.join(groups) or 'run'}"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    uv = find_uv()
    say("Skykeep: installing what it needs into .venv ...")
    command = [uv, "sync", "--locked", "--quiet", "--inexact", "--no-default-groups", "--python", sys.executable]
    for group in groups:
        command += ["--group", group]
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_PROJECT_ENVIRONMENT=str(ROOT / ".venv"))
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        sys.exit("Skykeep could not install its packages: the first run needs a network (what failed stands above).")
    stamp.write_text(digest.hexdigest())


def run(*command, **options):
    """Run a program of .venv from the root and return its exit code."""
    environment = dict(os.environ, PATH=f"{VENV_BIN}{os.pathsep}{os.environ.get('PATH', '')}")
    return subprocess.run([str(VENV_BIN / command[0]), *command[1:]], cwd=ROOT, env=environment, **options).returncode


def find_browser():
    """Make sure there is a Chromium for the browser tests, or say how to get one."""
    if shutil.which("chromium"):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("Skykeep: installing Debian's Chromium for the browser tests ...")
        quiet = dict(stdout=subprocess.DEVNULL, env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"))
        subprocess.run(["apt-get", "update", "-q"], **quiet)
        subprocess.run(["apt-get", "install", "-qy", "--no-install-recommends", *BROWSER_PACKAGES], **quiet)
    if not shutil.which("chromium"):
        say("Skykeep: no Chromium, so the browser tests report *not run*; `apt-get install chromium` brings it.")


def check():
    """Run every static check, report each, and return how many failed."""
    failed = []
    for name, command in CHECKS.items():
        code = run(*command)
        say(f"{'ok    ' if code == 0 else 'FAILED'} {name}")
        failed += [name] if code else []
    if shutil.which("npm"):
        code = run("python", "web/same_build.py")
        say(f"{'ok    ' if code == 0 else 'FAILED'} web build equals the committed one")
        failed += ["web"] if code else []
    else:
        say("not run: web build equals the committed one (needs node and npm)")
        failed += ["web"] if IN_CI else []
    return len(failed)


def main(arguments):
    """Dispatch; everything that is not ours is a `skykeep` command."""
    if sys.version_info < (3, 11) or sys.version_info >= (3, 14):
        sys.exit(f"Skykeep needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}.")
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    sync(["dev"] if verb in ("test", "check", "bench", "docs", "fmt") else [])
    if verb == "test":
        find_browser()
        return run("python", "-m", "pytest", *rest)
    if verb == "check":
        return check()
    if verb == "bench":
        return run("python", "benchmarks", *rest)
    if verb == "docs":
        return run("mkdocs", "build", "--strict", *rest)
    if verb == "fmt":
        return run("ruff", "check", "--fix", "--quiet") + run("ruff", "format")
    os.execv(str(VENV_BIN / "skykeep"), ["skykeep", *arguments])  # noqa: RET503


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
