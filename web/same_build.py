"""Build the console anew and compare it, byte for byte, with the committed one in `src/skykeep/webui`.

    python web/same_build.py

Two builds of the same source are the same bytes, so a difference means that the committed console is not
what the source says: `npm run build`, then commit. Needs node and npm; fetches the packages of
`package-lock.json` when they are not there as it says.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

WEB = Path(__file__).resolve().parent
COMMITTED = WEB.parent / "src" / "skykeep" / "webui"
# A copy of the lock file, left where it was installed from, says what is there.
INSTALLED_LOCK = WEB / "node_modules" / ".skykeep-lock.json"


def ensure_packages() -> None:
    """Install the packages of the lock file, unless exactly those are there."""
    lock = (WEB / "package-lock.json").read_bytes()
    if INSTALLED_LOCK.is_file() and INSTALLED_LOCK.read_bytes() == lock:
        return
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=WEB, check=True)
    INSTALLED_LOCK.write_bytes(lock)


def build(folder: Path) -> None:
    """Build the console into `folder`."""
    subprocess.run(["node", "tools/symbols.mjs", "--check"], cwd=WEB, check=True, stdout=subprocess.DEVNULL)
    vite = ["node", "node_modules/vite/bin/vite.js", "build", "--outDir", str(folder), "--emptyOutDir"]
    subprocess.run([*vite, "--logLevel", "warn"], cwd=WEB, check=True)


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return the files under `folder` by their path in it, without what Python leaves behind."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def differences(built: dict[str, bytes], committed: dict[str, bytes]) -> list[str]:
    """Say of each file that is not the same what is wrong with it."""
    sentences = []
    for name in sorted(built.keys() | committed.keys()):
        if name not in committed:
            sentences.append(f"{name}: built, but not committed")
        elif name not in built:
            sentences.append(f"{name}: committed, but not built")
        elif built[name] != committed[name]:
            pairs = enumerate(zip(built[name], committed[name], strict=False))
            first = next((at for at, (new, old) in pairs if new != old), None)
            where = f"first at byte {first}" if first is not None else "one is the beginning of the other"
            sizes = f"{len(built[name])} bytes built, {len(committed[name])} committed"
            sentences.append(f"{name}: differs ({sizes}; {where})")
    return sentences


def main() -> int:
    """Build, compare, say what differs; 0 only when nothing does."""
    try:
        with tempfile.TemporaryDirectory(prefix="skykeep-web-") as folder:
            ensure_packages()
            build(Path(folder))
            found = differences(read_tree(Path(folder)), read_tree(COMMITTED))
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The console could not be built: {error}")
        return 1
    for sentence in found:
        print(sentence)
    if found:
        print(
            "The committed console is not what web/ builds: `npm run build` there, then commit the outcome."
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
