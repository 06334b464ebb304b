"""The office as the doors use it, and how several acts, or an act and a condition on it, are one change.

`inside` opens one change of the register and lets an office work in it whose every reading and writing is of
that change. So a version that an officer read is compared and the step taken before anybody else can come
between; and what is only asked hypothetically really happens, and is then not kept.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeVar

from skykeep.app.office import Office
from skykeep.app.office_desk import Desk
from skykeep.domain.register import Register, RegisterReader, RegisterWriter

T = TypeVar("T")


class _NotKeptError(Exception):
    """Ends a change that is not to be kept."""

    def __init__(self, result: Any) -> None:
        self.result = result
        super().__init__("not kept")


class _Inside:
    """The register as seen within a change that is open."""

    def __init__(self, writer: RegisterWriter) -> None:
        self._writer = writer

    def read(self) -> RegisterReader:
        return self._writer

    def change(self, work: Callable[[RegisterWriter], T]) -> T:
        return work(self._writer)


def inside(office: Office, work: Callable[[Office], T], *, keep: bool = True) -> T:
    """Let `work` use the office within one change, and return what it gives; with `keep` False nothing of it
    stays.
    """

    def change(writer: RegisterWriter) -> T:
        result = work(_over(office, _Inside(writer)))
        if not keep:
            raise _NotKeptError(result)
        return result

    try:
        return office.register.change(change)
    except _NotKeptError as not_kept:
        result: T = not_kept.result
        return result


def _over(office: Office, register: Register) -> Office:
    """Return the office and its desks over another register."""
    other = copy.copy(office)
    other.register = register
    for name, desk in vars(office).items():
        if isinstance(desk, Desk):
            desk = copy.copy(desk)
            desk.register = register
            setattr(other, name, desk)
    return other
