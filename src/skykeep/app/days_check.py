"""Are the days of a watch all there, and each the one that the next goes on from?

Each log of a folder of nights is checked by itself, with the checkpoint by which the next names it: a day
that was made anew, cut off or exchanged is no longer the one that was named. What is named and not here is
missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from cryptography import x509

from skykeep.app.case_check import checkpoint_of, named_case
from skykeep.app.days import Ends, ends_of
from skykeep.app.folder import LOG
from skykeep.app.orders_check import NightReport, check_night
from skykeep.base.errors import InputError, IntegrityError, SetupError
from skykeep.evidence.signed_note import VerifierKey
from skykeep.store.known_note import KnownNote
from skykeep.store.log_check import Finding


class DaysReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of checking the nights of one folder; `findings` are on how they hang together."""

    path: str
    nights: tuple[NightReport, ...]
    findings: tuple[Finding, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing that is here was changed."""
        return all(each.intact for each in self.nights) and all(each.missing for each in self.findings)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing, as far as anybody can tell."""
        return all(each.verified and each.complete for each in self.nights) and not self.findings


def holds_days(path: Path) -> bool:
    """Say whether a folder holds nights in folders of their own, and no log itself."""
    return path.is_dir() and not any(path.glob("*.db")) and any(path.glob(f"*/{LOG}"))


def check_days(
    path: Path,
    *,
    orders: bool = True,
    outside: tuple[KnownNote, ...] = (),
    known: tuple[VerifierKey, ...] = (),
    authorities: tuple[x509.Certificate, ...] = (),
) -> DaysReport:
    """Check all nights in a folder, and how they hang together; the rest is as in `check_night`, where each
    of `outside` goes to the night that it is of.
    """
    findings: list[Finding] = []
    ends: dict[Path, Ends] = {}
    for log in sorted(path.glob(f"*/{LOG}")):
        try:
            ends[log.parent] = ends_of(log)
        except (IntegrityError, InputError, SetupError) as error:
            findings.append(_finding(log.parent.name, f"{error}."))
    findings += [_finding(*told, missing=missing) for *told, missing in _gaps(ends)]
    nights, given = [], list(outside)
    for folder, its in ends.items():
        case = named_case(folder)
        names = {its.origin, "" if case is None else case.origin}
        mine = [each for each in outside if checkpoint_of(each).origin in names]
        given = [each for each in given if each not in mine]
        mine += _named_by_others(its.origin, ends)
        nights.append(
            check_night(folder, orders=orders, outside=tuple(mine), known=known, authorities=authorities)
        )
    for each in given:
        says = f"{each.name}, from you, is of the log {checkpoint_of(each).origin}, which is not here."
        findings.append(_finding(each.name, says, missing=True))
    return DaysReport(path=str(path), nights=tuple(nights), findings=tuple(findings))


def _named_by_others(origin: str, ends: dict[Path, Ends]) -> Iterator[KnownNote]:
    for folder, its in ends.items():
        if its.before is not None and _origin_before(its) == origin:
            yield KnownNote(name=f"the checkpoint in {folder.name}", note=its.before.note.encode())


def _origin_before(its: Ends) -> str:
    assert its.before is not None
    return checkpoint_of(KnownNote(name="", note=its.before.note.encode())).origin


def _gaps(ends: dict[Path, Ends]) -> Iterator[tuple[str, str, bool]]:
    """Yield where days do not hang together: the folder, in a sentence, and whether something is missing."""
    of_origin: dict[str, Path] = {}
    followers: dict[str, Path] = {}
    for folder, its in ends.items():
        if its.origin in of_origin:
            says = f"{of_origin[its.origin].name} and {folder.name} both hold the log {its.origin}."
            yield folder.name, says, False
        of_origin.setdefault(its.origin, folder)
    for folder, its in ends.items():
        name = folder.name
        if its.before is not None:
            origin = _origin_before(its)
            if origin not in of_origin:
                says = f"{name} goes on from {its.before.folder}, the log {origin}, which is missing"
                yield name, f"{says}{_instead(folder, its.before.folder, ends)}.", True
            elif origin in followers:
                yield name, f"{followers[origin].name} and {name} both go on from {origin}.", False
            followers.setdefault(origin, folder)
        if its.after is not None and its.after.origin not in of_origin:
            says = f"{name} went on in {its.after.folder}, the log {its.after.origin}, which is missing"
            yield name, f"{says}{_instead(folder, its.after.folder, ends)}.", True
    for folder, its in ends.items():
        after = None if its.after is None else of_origin.get(its.after.origin)
        if after is not None and followers.get(its.origin) is None:
            yield after.name, f"{folder.name} went on in {after.name}, which says nothing of it.", False


def _instead(folder: Path, name: str, ends: dict[Path, Ends]) -> str:
    """Say which log stands where another should, "" where none does."""
    other = ends.get(folder.parent / Path(name).name)
    return "" if other is None else f": {name} holds another, {other.origin}"


def _finding(name: str, says: str, *, missing: bool = False) -> Finding:
    return Finding(file=name, entry=None, field="days", sentence=says, missing=missing)
