"""A small signed night that forgot something, with papers that still say it; and how to see to them."""

from __future__ import annotations

from pathlib import Path

from made_tree import LOG
from skykeep.app import papers
from skykeep.domain.record import Paper
from skykeep.store.log_excerpt import excerpt_of_log
from skykeep.store.manifest import seal_files
from skykeep.store.redaction import Taking, redact
from tampered_night import CITED, START_NS, dossier, make_night

LATER_NS = START_NS + 10**15
FORGOTTEN, BY, BECAUSE = "OP-4", "ada", "nobody needs it"


def make_forgetful_night(folder: Path) -> Path:
    """Write a night with papers, all sealed, then take something out of its log. Beside it lies `files.note`,
    the note of the manifest from before.
    """
    night = make_night(folder)
    (night / "case.json").write_text(f'{{"operator":"{FORGOTTEN}"}}\n')
    (night / "tracks.csv").write_text(f"track,operator\n1,{FORGOTTEN}\n")
    seal_files(night, "case.json", "tracks.csv", signer=LOG)
    (folder / "files.note").write_bytes((night / "manifest.note").read_bytes())
    taking = Taking(sequence=100, path="operator_id")
    redact(night / "night.db", [taking], by=BY, because=BECAUSE, now_utc_ns=LATER_NS, signer=LOG)
    return night


def see_to(night: Path, *, remake: bool = True) -> tuple[Paper, ...]:
    """See to the night's papers."""
    return papers.see_to_papers(night / "night.db", by=BY, now_utc_ns=LATER_NS, signer=LOG, remake=remake)


def made_again(log: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    """Make papers of this night, which holds nothing to judge; they say how long the log was."""
    evidence = excerpt_of_log(log, CITED, personal=False)
    made = {"case.json": b'{"size":%d}\n' % len(evidence), "dossier.pdf": dossier(evidence, "Less.")}
    return {name: data for name, data in made.items() if name in names}
