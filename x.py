#!/usr/bin/env python3
"""Run Skykeep from a fresh checkout; the first run installs what it needs into this folder.

python3 x.py demo       the night on a made-up harbour city, with the live console
python3 x.py test       every test; what it needs besides Python it installs, or says how to get
python3 x.py check      ruff, mypy, import-linter, and that the built console is the committed one
python3 x.py bench      benchmarks, each with its budget       python3 x.py docs    build the book
python3 x.py fmt        put the code in order                  python3 x.py VERB    any `skykeep` verb
"""
# Standard library only. Must parse on Python 3.8, so that an old one is told what is wrong in a sentence.

import ctypes.util
import hashlib
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent
TOOLS, VENV = ROOT / ".tools", ROOT / ".venv"
LOG = TOOLS / "setup.log"
OWN_VERBS = {
    # Two at a time, a file's tests together and in order: those that drive a browser stay last.
    "test": ["python", "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"],
    "check": ["python", ".ci/check.py"],
    "fmt": ["python", ".ci/check.py", "--fix"],
    "bench": ["python", "benchmarks"],
    "docs": ["mkdocs", "build", "--strict"],
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The environment's Python, when x.py is started with it, is not what the environment is built from.
PYTHON = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def say(sentence):
    """Tell the person; never on standard output, which belongs to the command."""
    print(sentence, file=sys.stderr, flush=True)


def install(command, what, **variables):
    """Run an installer; show its downloads, keep all it says in a file, and tell a failure in a sentence."""
    TOOLS.mkdir(exist_ok=True)
    cause, options = "", {"cwd": ROOT, "env": dict(os.environ, NO_COLOR="1", **variables)}
    options.update(stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
    with LOG.open("w") as log, subprocess.Popen(command, stdout=log, **options) as installer:
        for line in installer.stderr:
            print(line, end="", file=log, flush=True)
            cause = re.sub(r"^(error|cause|caused by): *", "", line.strip(), flags=re.IGNORECASE) or cause
            if cause.startswith("Downloading"):
                say(f"  {cause}")
    if installer.returncode:
        reason = f"its first run needs a network: {cause} (more in {LOG})"
        sys.exit(f"Skykeep could not install {what}, for which {reason}")


def find_uv():
    """Return the path of a uv that can read our lock file; pip brings one where there is none."""
    own = TOOLS / "bin" / "uv"
    for uv in filter(None, (shutil.which(str(own)), shutil.which("uv"))):
        asked = subprocess.run([uv, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if [int(part) for part in re.findall(r"\d+", asked.stdout.decode())[:2]] >= [0, 6]:
            return uv
    if importlib.util.find_spec("pip") is None:
        sys.exit("Skykeep's first run needs pip or uv, and this Python has neither (Debian: python3-pip).")
    say("Skykeep: first run, fetching the installer uv ...")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(TOOLS), "uv>=0.6"]
    install(pip, "uv", PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_ROOT_USER_ACTION="ignore")
    return str(own)


def sync(group):
    """Bring .venv to what uv.lock says, once per lock file, Python and place; later calls cost a hash.

    The run group never takes away what the dev group brought.
    """
    digest = hashlib.sha256(f"{sys.version} {PYTHON} {ROOT}".encode())
    for name in ("uv.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    stamps = [VENV / f".synced-{done}" for done in {group, "dev"}]
    if any(stamp.exists() and stamp.read_text() == digest.hexdigest() for stamp in stamps):
        return
    place = VENV / ".made-in"
    if place.exists() and place.read_text() != str(ROOT):
        shutil.rmtree(VENV)  # the checkout was moved, and programs in it name the place they were made in
    uv = find_uv()
    say("Skykeep: installing what it needs into .venv ...")
    command = [uv, "sync", "--locked", "--inexact", "--no-default-groups", "--python", PYTHON]
    variables = {"UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(VENV)}
    if not os.access(os.path.expanduser("~"), os.W_OK):
        variables["UV_CACHE_DIR"] = str(TOOLS / "cache")
    install(command + (["--group", "dev"] if group == "dev" else []), "its packages", **variables)
    for stray in VENV.glob("lib/python*/site-packages/tests"):
        shutil.rmtree(stray)  # taky ships its own tests under a name that would hide ours
    place.write_text(str(ROOT))
    (VENV / f".synced-{group}").write_text(digest.hexdigest())


def lacking():
    """Return Debian's packages that tests with a browser, a database, a broker or a network still need."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    packages = []
    if not any(map(shutil.which, BROWSERS)) or ctypes.util.find_library("atomic") is None:
        packages += ["chromium", "fonts-dejavu-core", "libatomic1"]
    if not any(pathlib.Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        packages += ["postgresql-postgis"]
    for program, package in (("mosquitto", "mosquitto"), ("ip", "iproute2"), ("unshare", "util-linux")):
        packages += [] if shutil.which(program, path=path) else [package]
    return packages


def find_peers():
    """Make sure that the tests with real peers can run, or say how they could."""
    packages = lacking()
    if packages and shutil.which("apt-get") and os.geteuid() == 0:
        say(f"Skykeep: installing what some tests need: {' '.join(packages)} ...")
        options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # At run level 1 a package that brings a service does not start it: tests start a broker of their own.
        options["env"] = dict(os.environ, DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1")
        for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", "-q", *command], **options)
    if lacking():
        say(f"Skykeep: some tests are *not run*; what they need: apt-get install {' '.join(lacking())}")


def main(arguments):
    """Dispatch; what is not ours is a `skykeep` verb, which takes over this process."""
    if not (3, 11) <= sys.version_info < (3, 14):
        sys.exit(f"Skykeep needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}.")
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        return print(__doc__)
    verb, rest = arguments[0], arguments[1:]
    try:
        sync("dev" if verb in OWN_VERBS else "run")
        if verb not in OWN_VERBS:
            return os.execv(str(VENV / "bin" / "skykeep"), ["skykeep", *arguments])
        if verb == "test":
            find_peers()
        name, *words = OWN_VERBS[verb]
        path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
        command = [str(VENV / "bin" / name), *words, *rest]
        return subprocess.run(command, cwd=ROOT, env=dict(os.environ, PATH=path)).returncode
    except OSError as error:
        sys.exit(f"Skykeep could not be set up in {ROOT}: {error}")
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
