"""Were the orders of a night rightly given? Told from what is in its log.

An order is taken as it is written. What people said before it is among the log's inputs; what they were shown
is made again from those, so that nothing the log says of a proposal is believed. Where an approval was
altered, put in or taken out and the tree made anew, the order is one that nobody gave, and this names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from cryptography import x509

from skykeep.app.case_check import case_findings, checkpoint_of, named_case
from skykeep.app.days import ends_of
from skykeep.app.replay import NoRecorder, Recording, RedactedError
from skykeep.app.untouched import untouched
from skykeep.app.watchers import Quiet
from skykeep.base.errors import InputError, IntegrityError, SetupError
from skykeep.domain.commands import ProposalCommand
from skykeep.domain.encoding import decode_json
from skykeep.domain.posture import Occupancy, Posture
from skykeep.domain.record import EntryRole
from skykeep.domain.response import EffectOrder, Proposal
from skykeep.engine.inputs import Input
from skykeep.engine.pipeline import OUTPUT_KINDS
from skykeep.evidence.signed_note import VerifierKey
from skykeep.response import ResponseEvent
from skykeep.response.verify import OrderCheck, verify_order
from skykeep.sim.world import World
from skykeep.store.case_folder import FOLDER
from skykeep.store.known_note import KnownNote
from skykeep.store.log_check import CheckReport, Finding, check_path
from skykeep.store.log_reader import LogReader
from skykeep.store.manifest import strangers
from skykeep.store.record_check import check_record

_ORDER = OUTPUT_KINDS[EffectOrder]
_FIRST_INPUT = 3
_STRANGERS_NAMED = 8


class LoggedOrder(OrderCheck, frozen=True, kw_only=True):
    """What came of looking at an order of a log, and which entry it is."""

    entry: int


class NightReport(CheckReport, frozen=True, kw_only=True):
    """What became of checking a night; `orders` are those looked at, what is wrong with one is a finding of
    the field `order`.
    """

    orders: tuple[LoggedOrder, ...] = ()


class _Said(Quiet):
    """A listener that keeps what people said of proposals and were shown, in order."""

    def __init__(self) -> None:
        self.told: list[Proposal | ProposalCommand] = []
        self.level = 0

    def on_duty(self, event: Posture | Occupancy) -> None:
        if isinstance(event, Posture):
            self.level = event.level

    def on_input(self, record: Input) -> None:
        if isinstance(record, ProposalCommand):
            self.told.append(record)

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:  # noqa: ARG002
        if isinstance(event, Proposal):
            self.told.append(event)


def check_orders(path: Path, world: World | None = None) -> Iterator[LoggedOrder]:
    """Yield what came of looking at every order of a log. It takes a replay up to the last order, and no
    time where there is none. RedactedError where what led to the next one is not all there any more.
    """
    written = [entry.sequence for entry in LogReader(path).entries(kind=_ORDER, role=EntryRole.OUTPUT)]
    if not written:
        return
    recording, said = Recording(path), _Said()
    pipeline = recording.pipeline(NoRecorder(), (said,), world)
    for entry in recording.entries():
        if entry.sequence > written[-1]:
            break
        if entry.role is EntryRole.INPUT and entry.sequence >= _FIRST_INPUT:
            pipeline.receive(recording.input_of(entry))
        elif entry.kind == _ORDER:
            recording.check_whole(entry)
            order = decode_json(entry.payload, EffectOrder)
            simulated = recording.header.simulated
            check = verify_order(order, recording.site, said.told, simulated=simulated, level=said.level)
            yield LoggedOrder(order_id=check.order_id, faults=check.faults, entry=entry.sequence)


def _other_days(log: Path) -> list[str]:
    """Say which logs a log goes on from and in: those are beside it, or not."""
    ends, notes = ends_of(log), []
    if ends.before is not None:
        note = checkpoint_of(KnownNote(name=log.name, note=ends.before.note.encode()))
        notes.append(
            f"it goes on from the log {note.origin}, {note.entries} entries, in {ends.before.folder}; verify "
            "the folder of both to have that looked at too."
        )
    if ends.after is not None:
        notes.append(f"the watch went on in {ends.after.folder}, the log {ends.after.origin}.")
    return notes


def _is_link(name: str) -> Finding:
    says = f"{name} is a link: what it leads to is not what was sealed."
    return Finding(file=name, entry=None, field="file", sentence=says)


def check_night(
    path: Path,
    *,
    orders: bool = True,
    outside: tuple[KnownNote, ...] = (),
    known: tuple[VerifierKey, ...] = (),
    authorities: tuple[x509.Certificate, ...] = (),
) -> NightReport:
    """Check a night's directory, its log, or a file sealed beside it: is it as it was written, who signed it,
    and was every order in it rightly given? Without `orders` all but the last; SetupError when there is no
    log at `path`. `outside` are checkpoints and manifests' notes that left the house, `known` keys that the
    reader knows, `authorities` certificates of those who timestamp.
    """
    named = named_case(path if path.is_dir() else path.parent)
    of_case = tuple(each for each in outside if named and checkpoint_of(each).origin == named.origin)
    outside = tuple(each for each in outside if each not in of_case)
    report = check_path(path, tuple(checkpoint_of(each) for each in outside))
    log = Path(report.path)
    signed = check_record(log, outside, known, authorities)
    notes, findings = [*report.notes, *signed.notes], [*report.findings, *signed.findings]
    wrong_in_case, case_notes = case_findings(log.parent, of_case, known)
    notes, findings = [*notes, *case_notes], [*findings, *wrong_in_case]
    notes += _other_days(log) if report.intact else []
    for at in ("", f"{FOLDER}/"):
        links, unsealed = strangers(log.parent / at)
        findings += [_is_link(f"{at}{name}") for name in links]
        unsealed = [f"{at}{name} was not sealed with the log: nothing speaks for it." for name in unsealed]
        more = len(unsealed) - _STRANGERS_NAMED
        notes += unsealed[:_STRANGERS_NAMED] + [f"and nothing for {more} more."] * (more > 0)
    looked: list[LoggedOrder] = []
    if not orders:
        notes.append("whether its orders were rightly given was not looked at.")
    elif any(finding.file == log.name for finding in report.findings):
        notes.append("its orders were not looked at: the log is not as it was written.")
    else:
        try:
            with untouched(log, report) as copy:
                looked.extend(check_orders(copy))
        except RedactedError as error:
            notes.append(f"orders after that were not looked at: {error}")
        except SetupError as error:
            notes.append(f"its orders were not looked at: {error}.")
        except (InputError, IntegrityError, msgspec.MsgspecError, ValueError, LookupError) as error:
            says = f"what led to its orders cannot be made again: {error}."
            findings.append(Finding(file=log.name, entry=None, field="order", sentence=says))
    for order in looked:
        for fault in order.faults:
            says = f"{order.order_id} (entry {order.entry}) was not rightly given. {fault}"
            findings.append(Finding(file=log.name, entry=order.entry, field="order", sentence=says))
    changed = {
        "verified": not findings,
        "intact": all(finding.missing for finding in findings),
        "complete": False if any(finding.missing for finding in findings) else report.complete,
        "notes": tuple(notes),
        "findings": tuple(findings),
    }
    return NightReport(**(msgspec.structs.asdict(report) | changed), orders=tuple(looked))
