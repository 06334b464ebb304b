"""Why the office says no, by what the asker can do about it."""

from __future__ import annotations

from collections.abc import Iterable

from skykeep.base.errors import InputError
from skykeep.domain.permit import PermitConflict


class FormError(InputError):
    """A form is wrong in every one of `errors`, of which there is at least one: told all at once, so that
    whoever filled it in can mend it in one go.
    """

    def __init__(self, errors: Iterable[InputError]) -> None:
        self.errors = tuple(errors)
        first = self.errors[0]
        super().__init__(first.field, first.found, first.must)
        self.args = ("; ".join(str(error) for error in self.errors),)


class UnknownSubjectError(InputError):
    """There is no such permit, restriction or subscription, or none that the asker may know of."""


class NotEntitledError(InputError):
    """The asker may know of it, but not do that with it."""


class IllegalStepError(InputError):
    """Its state does not allow the step; `must` names the steps that it does."""


class ConflictError(InputError):
    """It cannot stand beside what is there already: `conflicts` says with what."""

    def __init__(self, conflicts: tuple[PermitConflict, ...]) -> None:
        self.conflicts = conflicts
        said = "; ".join(conflict.because for conflict in conflicts)
        super().__init__("scope", said or "in conflict", "free of conflicts")
