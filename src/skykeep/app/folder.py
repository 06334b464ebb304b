"""A night's folder: log, recording, case, dossier, summary, and the manifest that seals them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import platformdirs

from skykeep.base.errors import SetupError
from skykeep.domain.encoding import decode_json
from skykeep.domain.record import Software
from skykeep.evidence.case import LogReference
from skykeep.evidence.checkpoint import Signer, time_text
from skykeep.evidence.log_walk import WalkReport, walk_log
from skykeep.store.log_reader import LogReader
from skykeep.store.manifest import replace_file, seal_files

if TYPE_CHECKING:
    from skykeep.sim.world import World

LOG, RECORDING, DOSSIER, SUMMARY = "night.db", "tracks.parquet", "dossier.pdf", "summary.json"
CASE = "case.json"


def cache_dir() -> Path:
    """Return where what can be made again is kept: map tiles."""
    return Path(platformdirs.user_cache_dir("skykeep", appauthor=False))


def demo_world() -> World:
    """Return the made-up world, grown on first use and kept; grown anew where nothing can be kept."""
    # Late: whoever only reads a folder need not wait for what grows worlds.
    from skykeep.sim.world import build_world
    from skykeep.sim.world.package import ensure_world

    try:
        return ensure_world(cache_dir())
    except OSError:
        return build_world()


def simulated_origin(scenario: str, seed: int) -> str:
    """Return what the log of a simulated night is called: the same for the same night."""
    return f"simulation.invalid/{_name(scenario)}/{seed}"


def live_origin(site_id: str, start_utc_ns: int, key_name: str = "") -> str:
    """Return what a real log is called: by the key that signs it, else by its site, and when it was begun."""
    return f"{key_name or _name(site_id) + '.invalid'}/{time_text(start_utc_ns)}"


def _name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-").lower() or "unnamed"


def find_log(path: Path) -> Path:
    """Return the log that a folder holds, or the log itself; SetupError when there is none."""
    log = path / LOG if path.is_dir() else path
    if not log.is_file():
        raise SetupError(f"{path}: holds no {LOG}, and is no log")
    return log


def verify_log(log: Path) -> WalkReport:
    """Walk all entries of a log, up to its last checkpoint and what was kept of its tree."""
    reader = LogReader(log)
    with reader.tree() as tree:
        return walk_log(reader.entries(), stored_node=tree.node, checkpoints=(reader.last_checkpoint(),))


def log_note(log: Path) -> str:
    """Return the note of a log's last checkpoint: what its dossier tells the reader to keep."""
    return LogReader(log).last_note().decode()


def log_reference(log: Path, walk: WalkReport, *, replay_identical: bool | None) -> LogReference:
    """Return what a dossier says of the log it rests on."""
    return LogReference(
        file=log.name,
        entries=walk.entries,
        note=log_note(log),
        verified=walk.first_bad is None and walk.missing_end is None,
        replay_identical=replay_identical,
    )


def log_starts(log: Path) -> list[Software]:
    """Return what a log says of each start: on what it ran from there on."""
    return [decode_json(entry.payload, Software) for entry in LogReader(log).entries(kind="software")]


def write_summary(folder: Path, summary: dict[str, Any], signer: Signer | None = None) -> None:
    """Keep the summary beside the log, seal it with what else is there, and have that signed."""
    replace_file(folder / SUMMARY, msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n")
    there = (name for name in (RECORDING, CASE, DOSSIER, SUMMARY) if (folder / name).is_file())
    seal_files(folder, *there, signer=signer)
