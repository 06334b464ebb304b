"""The public page's counter over the office: whoever holds a reference is the applicant, and nobody else."""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec

from skykeep.airspace.permit_fields import MOST_ENDURANCE_MIN, UNDECLARED
from skykeep.api.apply_desk import Application
from skykeep.app.office import Office, applicant_of
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.domain.permit import Permit, PermitState, PermitTerms, Scope


def _declared(scope: Scope) -> Scope:
    """Return what was asked for with what the page does not ask said as such: undeclared. The flight may last
    as long as leave is asked for.
    """
    flight = scope.flight
    minutes = math.ceil((scope.end_utc_ns - scope.start_utc_ns) / (60 * NS_PER_S))
    return msgspec.structs.replace(
        scope,
        flight=msgspec.structs.replace(
            flight,
            operation_category=flight.operation_category or UNDECLARED,
            operation_mode=flight.operation_mode or UNDECLARED,
            uas_class=flight.uas_class or "None",
            identification_technologies=flight.identification_technologies or (UNDECLARED,),
            connectivity_methods=flight.connectivity_methods or (UNDECLARED,),
            endurance_minutes=flight.endurance_minutes or min(max(minutes, 1), MOST_ENDURANCE_MIN),
        ),
    )


class OfficeCounter:
    """A `Counter`. `changed` is called after each act."""

    def __init__(self, office: Office, authority_id: str, changed: Callable[[], None] = lambda: None) -> None:
        self._office, self._authority_id, self._changed = office, authority_id, changed

    def apply(self, application: Application) -> str:
        """Submit an application and return the reference that it is seen under."""
        reference = self._office.new_reference()
        terms = PermitTerms(
            scope=_declared(application.scope),
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
