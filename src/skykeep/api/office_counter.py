"""The public page's counter over the office: whoever holds a reference is the applicant, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

from skykeep.api.apply_desk import Application
from skykeep.app.office import Office, applicant_of
from skykeep.base.errors import InputError
from skykeep.domain.permit import Permit, PermitState, PermitTerms


class OfficeCounter:
    """A `Counter`. `changed` is called after each act."""

    def __init__(self, office: Office, authority_id: str, changed: Callable[[], None] = lambda: None) -> None:
        self._office, self._authority_id, self._changed = office, authority_id, changed

    def apply(self, application: Application) -> str:
        """Submit an application and return the reference that it is seen under."""
        reference = self._office.new_reference()
        terms = PermitTerms(
            scope=application.scope,
            holder=application.holder,
            priority=application.priority,
            authority_id=self._authority_id,
            contact=application.contact,
        )
        self._office.permits.apply(applicant_of(reference), terms)
        self._changed()
        return reference

    def status(self, reference: str) -> Permit | None:
        """Return how it stands; None where there is nothing under this reference."""
        return self._office.permits.of_reference(reference)

    def accept_offer(self, reference: str) -> None:
        """Take what was offered."""
        self._office.permits.accept(applicant_of(reference), self._of(reference).permit_id)
        self._changed()

    def decline_offer(self, reference: str) -> None:
        """Decline it, which ends the application."""
        permit = self._of(reference)
        if permit.state is not PermitState.ALTERNATIVE_OFFERED:
            raise InputError("state", permit.state.value, PermitState.ALTERNATIVE_OFFERED.value)
        self._withdraw(reference, permit, "the offer was declined")

    def withdraw(self, reference: str) -> None:
        """End it."""
        self._withdraw(reference, self._of(reference), "")

    def _withdraw(self, reference: str, permit: Permit, reason: str) -> None:
        self._office.permits.withdraw(applicant_of(reference), permit.permit_id, reason)
        self._changed()

    def _of(self, reference: str) -> Permit:
        permit = self.status(reference)
        if permit is None:
            raise InputError("reference", "unknown", "that of an application")
        return permit
