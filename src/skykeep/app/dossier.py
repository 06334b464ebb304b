"""The dossier of a night, from its folder: the case made again from the log alone, and printed.

Making the case replays the log, which takes about as long as judging it did. So it is kept: beside a sealed
log by whoever ran the night (`case.json`, sealed with the rest), else in the cache of whoever asked. It is
taken up again only where it was made from this log, as its last checkpoint and what follows that say, by this
version.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from skykeep import __version__
from skykeep.app.evidence_cited import cited
from skykeep.app.folder import CASE, cache_dir, find_log, log_note
from skykeep.app.known_then import Moment, known_at
from skykeep.base.errors import InputError, SetupError, SkykeepError
from skykeep.evidence.case import Case
from skykeep.evidence.case_json import case_json, read_case_json
from skykeep.evidence.checkpoint import Signer
from skykeep.evidence.dossier import dossier
from skykeep.evidence.excerpt import FILE_NAME
from skykeep.evidence.levels import Level, at_level
from skykeep.evidence.paper import Attachment, Figure
from skykeep.evidence.paper_html import html_page
from skykeep.store.log_database import is_being_written
from skykeep.store.log_reader import LogReader
from skykeep.store.manifest import hash_file, read_manifest, replace_file, seal_files

if TYPE_CHECKING:
    from skykeep.app.watchers import NightMemory  # who only prints need not load the simulator

FORMATS = ("pdf", "html", "json")
# How long the end of a watch may wait for its case: well within what service managers give a program to end.
PATIENCE_S = 60.0
MOST_ENTRIES = 1_000_000
"""Of a log that is read for a case while somebody waits for the end of its watch: about half a minute."""
_LOOK_S = 2.0

Say = Callable[[str], None]
Step = Callable[[float], None]


def case_of_night(
    path: Path, *, fresh: bool = False, say: Say = lambda _: None, step: Step = lambda _: None
) -> Case:
    """Return the case of a night's folder or log, kept or made anew; with `fresh` always anew. `step` is told
    how much is made, from 0 to 1.
    """
    log = find_log(path)
    kept = None if fresh else _kept(log)
    if kept is not None:
        return kept
    # Whoever prints what was kept need not wait for what replays.
    from skykeep.app.case_of_log import case_of_log

    say(f"No case is kept of this log. {_how_made(log)} ...")
    case = case_of_log(log, step)
    if not is_being_written(log.parent):
        place = _cached(log)
        # Where nothing can be kept it is made again next time.
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            replace_file(place, case_json(case, Level.FULL))
    return case


def _how_made(log: Path) -> str:
    """Return what is done to make the case of a log."""
    from skykeep.app.replay import Recording

    if Recording(log).is_redacted:
        return "Something was redacted: decisions are made again as far as they can be, the rest is as logged"
    return "Making every decision again: about as long as judging took then"


def keep_case(
    log: Path, signer: Signer | None, say: Say, memory: NightMemory, patience_s: float = PATIENCE_S
) -> bool:
    """Make the case of a closed log and seal it beside it, so that nobody who prints it has to wait; say
    whether it is there. Every decision is made again for it where that takes no longer than `patience_s`,
    else it is made from what the watch remembered of all of it. Nothing that fails here may spoil its end.
    """
    try:
        case = _case_in_time(log, say, memory, patience_s)
        if case is None:
            return False
        replace_file(log.with_name(CASE), case_json(case, Level.FULL))
        seal_files(log.parent, CASE, signer=signer)
    except (SkykeepError, OSError) as error:
        say(f"The case was not made, the first `skykeep dossier` makes it: {error}")
        return False
    return True


def _case_in_time(log: Path, say: Say, memory: NightMemory, patience_s: float) -> Case | None:
    from skykeep.app.case_of_log import case_of_log, case_of_watch

    began_s = time.monotonic()

    def step(done: float) -> None:
        took_s = time.monotonic() - began_s
        if took_s > _LOOK_S and took_s > done * patience_s:
            raise _TooLongError(took_s / done if done > 0.0 else None)

    say(f"Making the case. {_how_made(log)} ...")
    try:
        return case_of_log(log, step)
    except _TooLongError as error:
        takes = "too long" if error.takes_s is None else f"about {max(error.takes_s / 60.0, 1.0):.0f} min"
    last = LogReader(log).last_entry()
    if last is not None and last.sequence > MOST_ENTRIES:
        say(f"The case would take {takes}: the first `skykeep dossier` makes it.")
        return None
    say(f"That would take {takes}: the case is made from what the watch remembers ...")
    return case_of_watch(log, memory)


class _TooLongError(Exception):
    def __init__(self, takes_s: float | None) -> None:
        super().__init__(takes_s)
        self.takes_s = takes_s


def known_moments(log: Path, times_utc_ns: Sequence[int], case: Case) -> Case:
    """Return the case with pages for these moments too."""
    asked = [Moment(time_utc_ns=time, because="asked for") for time in times_utc_ns]
    pages = (*case.known, *known_at(LogReader(log).entries(), asked))
    return msgspec.structs.replace(case, known=tuple(sorted(pages, key=lambda page: page.at_utc_ns)))


def printed(case: Case, level: Level, kind: str, log: Path | None = None, names: Iterable[str] = ()) -> bytes:
    """Return the dossier of a whole case at a level, as one of `FORMATS`. Into a PDF goes the case itself,
    and with `log` the entries that it cites, with their proofs, and what verifies them. `names` are further
    names of persons to be withheld below the full level.
    """
    shown = at_level(case, level, names)
    if kind == "json":
        return case_json(shown, level)
    code = _code(case.log.note)
    if kind == "html":
        return html_page(dossier(shown, level, (), code)).encode()
    from skykeep.store.dossier_file import dossier_pdf

    attached = [
        Attachment(
            name=CASE,
            media_type="application/json",
            relationship="data",
            says=f"The case that this document prints, for programs; level {level.value}.",
            data=case_json(shown, level),
        )
    ]
    if log is not None:
        attached += _evidence(log, level)
    return dossier_pdf(dossier(shown, level, tuple(attached), code))


def read_names(path: Path) -> tuple[str, ...]:
    """Return the names of a list: one a line, what stands after `#` is a remark; SetupError where it is no
    text.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise SetupError(f"{path}: must be a text in UTF-8, one name a line: {error}") from error
    return tuple(name for line in lines if (name := line.partition("#")[0].strip()))


def _evidence(log: Path, level: Level) -> list[Attachment]:
    """Return the entries that a dossier cites, each with its proof, and the program that checks them. What
    is in them is for readers of the whole case: others see that they are there, of which kind, and when.
    """
    from skykeep.store import standalone_verifier
    from skykeep.store.log_excerpt import excerpt_of_log

    whole = level is Level.FULL
    sequences = cited(LogReader(log).entries())
    return [
        Attachment(
            name=FILE_NAME,
            media_type="application/json",
            relationship="source",
            says="Entries of the log, each with the proof that it is under the checkpoint"
            + ("." if whole else ", their contents withheld."),
            data=excerpt_of_log(log, sequences, personal=whole, payloads=whole),
        ),
        Attachment(
            name="verify.py",
            media_type="text/x-python",
            relationship="supplement",
            says="Checks this document and its evidence: plain Python, to be read first.",
            data=Path(standalone_verifier.__file__).read_bytes(),
        ),
    ]


def _code(note: str) -> Figure | None:
    """Return a checkpoint as a square to scan, None where it is none or too long for that."""
    from skykeep.store.checkpoint_page import code_svg

    with contextlib.suppress(InputError):
        return Figure(
            svg=code_svg(note.encode()),
            alternative="The checkpoint above as a QR code.",
            caption="The checkpoint, letter by letter, to be scanned.",
            share=0.3,
        )
    return None


def _kept(log: Path) -> Case | None:
    """Return the case that was kept of this log, None where there is none that fits."""
    for place in (_beside(log), _cached(log)):
        if place is None or not place.is_file():
            continue
        with contextlib.suppress(InputError):
            case = read_case_json(place.read_bytes())
            last = LogReader(log).last_entry()
            entries = 0 if last is None else last.sequence
            if (case.version, case.log.note, case.log.entries) == (__version__, log_note(log), entries):
                return case
    return None


def forget_kept(log: Path) -> None:
    """Remove the cases of a log that were kept in the cache: they say what it may have forgotten since."""
    reader = LogReader(log)
    try:
        for note in reader.notes():
            for kept in _kept_folder().glob(f"{_name_of(note)}*.json"):
                kept.unlink(missing_ok=True)
    finally:
        reader.close()


def _beside(log: Path) -> Path | None:
    """Return the case that lies beside a log, if it is as it was sealed there."""
    place = log.with_name(CASE)
    manifest = read_manifest(log.parent)
    sealed = manifest.file(CASE) if manifest is not None else None
    if sealed is None or not place.is_file() or hash_file(place).sha256 != sealed.sha256:
        return None
    return place


def _cached(log: Path) -> Path:
    """Return where the case of this log would be kept: by its last checkpoint, and by the entries that no
    checkpoint speaks for, where a watch was cut off.
    """
    reader = LogReader(log)
    try:
        after = [entry.digest for entry in reader.entries(reader.last_checkpoint().entries + 1)]
        name = _name_of(reader.last_note())
    finally:
        reader.close()
    if after:
        name += f"-{hashlib.sha256(b''.join(after)).hexdigest()}"
    return _kept_folder() / f"{name}.json"


def _kept_folder() -> Path:
    return cache_dir() / "cases"


def _name_of(note: bytes) -> str:
    return hashlib.sha256(f"{__version__}\n{note.decode()}".encode()).hexdigest()
