"""What a comparison with other trackers measured, kept as JSON, and the Markdown table made of it.

Runs that were made once are kept, so that our own rows can be made again by themselves. The speed probe that
ran beside each says whether rates compare; on another processor, rates are compared in its units.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

TRACKERS = {"gnn": "GNN", "jpda": "JPDA", "ehm2": "JPDA by EHM2", "phd": "GM-PHD"}
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEADINGS = (
    "scene",
    "tracker",
    "finished",
    "probe, ms",
    "detections/s",
    "Skykeep is faster by",
    "GOSPA, m",
    "Skykeep, same seconds, m",
    "ratio of GOSPA",
    "spurious",
    "switches",
)


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """What one evaluator says of one table of tracks."""

    gospa_m: float
    spurious: float
    switches: int


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One tracker on one scene. `score` is over the seconds it finished, None where they are too few.

    `detections_per_s` is of the processor; None where nothing was finished.
    """

    ended: str
    finished_s: float
    finished_share: float
    limit_s: float | None = None
    detections_per_s: float | None
    probe_s: float
    score: Score | None


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Where something ran, and with what."""

    processor: str
    cores: int
    python: str
    versions: dict[str, str]


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """One scene, known again by its digest. `ours_to` is our score up to where each cut run came."""

    detections_sha256: str
    detections: int
    ours: Run
    ours_to: dict[str, Score]
    peers: dict[str, Run]


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """A whole comparison."""

    evaluator: str
    peers_on: Machine
    ours_on: Machine
    tuning: dict[str, object]
    scenes: dict[str, Scene]


def read_results(path: Path) -> Results | None:
    """Return what was kept, None where nothing was."""
    return msgspec.json.decode(path.read_bytes(), type=Results) if path.exists() else None


def write_results(path: Path, results: Results) -> None:
    """Keep a comparison, readable by people."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results, order="sorted"), indent=2) + b"\n")


def key_of(to_s: float) -> str:
    """Return the name of a moment in `ours_to`."""
    return f"{to_s:g}"


def times_faster(ours: Run, peer: Run, same_processor: bool) -> float | None:
    """Return how many times the detections per second ours tracks; per unit of probe on another processor."""
    if ours.detections_per_s is None or not peer.detections_per_s:
        return None
    # Not corrected on the same one: the probe loses half to a busy neighbour where trackers lose a quarter.
    pace = 1.0 if same_processor else ours.probe_s / peer.probe_s
    return ours.detections_per_s / peer.detections_per_s * pace


def table_of(results: Results) -> str:
    """Return the Markdown table and what it was made on."""
    same_processor = results.ours_on.processor == results.peers_on.processor
    aligned = ["---", "---", *["--:"] * (len(HEADINGS) - 2)]
    lines = [_joined(HEADINGS), f"|{'|'.join(aligned)}|"]
    for name, scene in sorted(results.scenes.items(), key=lambda item: item[1].detections):
        lines.append(_joined(_cells(name, "**Skykeep**", scene.ours, None, None)))
        for method, title in TRACKERS.items():
            if method in scene.peers:
                peer = scene.peers[method]
                same = scene.ours_to.get(key_of(peer.finished_s))
                lines.append(
                    _joined(_cells(name, title, peer, times_faster(scene.ours, peer, same_processor), same))
                )
    return "\n".join([*lines, "", _made_on(results)])


def _cells(scene: str, title: str, run: Run, faster: float | None, same: Score | None) -> list[str]:
    score = run.score
    finished = "all"
    if run.ended != "finished":
        limit = f" of {run.limit_s:g} s" if run.limit_s else ""
        finished = f"{run.finished_s:g} s, {run.finished_share:.0%} ({run.ended}{limit})"
    return [
        scene,
        title,
        finished,
        _told(1e3 * run.probe_s, ".1f"),
        _told(run.detections_per_s, ",.0f"),
        "" if title.startswith("**") else f"{_told(faster, ',.0f')} x",
        _told(score.gospa_m if score else None, ".1f"),
        "" if title.startswith("**") else _told(same.gospa_m if same else None, ".1f"),
        _told(score.gospa_m / same.gospa_m if score and same else None, ".2f")
        if not title.startswith("**")
        else "",
        _told(score.spurious if score else None, ".3f"),
        _told(score.switches if score else None, "d"),
    ]


def _told(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _joined(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _made_on(results: Results) -> str:
    ours, peers = results.ours_on, results.peers_on
    where = f"{ours.processor}, {ours.cores} cores, one run at a time beside other work"
    if (ours.processor, ours.cores) != (peers.processor, peers.cores):
        where = f"Skykeep on {where}; the others on {peers.processor}, {peers.cores} cores"
    listed = "; ".join(
        f"{who}: Python {machine.python}, "
        + ", ".join(f"{name} {version}" for name, version in sorted(machine.versions.items()))
        for who, machine in (("Skykeep", ours), ("the others", peers))
    )
    return f"{where}. {listed}. Scored by {results.evaluator}."


def replace_table(page: str, table: str) -> str:
    """Return a page with what stands between its two marks replaced."""
    before, found, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"the page has no {BEGIN} ... {END}")
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"
