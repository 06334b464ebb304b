"""What a flight plan of the InterUSS interface says, and the terms of a permit that it comes to.

Its form is checked by the office as every application's is: the serial by ANSI/CTA-2063-A, the operator's
number by EN 4709-02 with its check character, a class and a category that are one, an endurance of 1 to
14,400 minutes, at least one technology of each kind. The plan's id is kept as the purpose: a plan has none.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from skykeep.api.interuss_places import Uuid, Volume4DBody, volume4d_of
from skykeep.api.register_api_answers import RefusedError
from skykeep.base.errors import InputError
from skykeep.domain.faults import FormError
from skykeep.domain.permit import Flight, PermitPriority, PermitTerms, Scope, Volume4D
from skykeep.domain.zone import HeightReference, LengthUnit, Limit, limit_m

MARK = "flight plan "
Word = Annotated[str, Meta(max_length=200)]
Words = Annotated[tuple[Word, ...], Meta(max_length=50)]


class PlanSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`contact` is who answers for plans that come in here, an e-mail address or a telephone number: the
    interface has no field for one. `ground_hae_m` is the lowest and highest ground above the ellipsoid where
    flights are planned: with it altitudes above the ellipsoid become heights above ground, the wider way.
    `authority_id` is asked.
    """

    contact: str
    ground_hae_m: tuple[float, float] | None = None
    authority_id: str = ""


class BasicInformation(msgspec.Struct, frozen=True):
    usage_state: Annotated[str, Meta(pattern="^(Planned|InUse|Closed)$")]
    uas_state: Annotated[str, Meta(pattern="^(Nominal|OffNominal|Contingent|NotSpecified)$")]
    area: Annotated[tuple[Volume4DBody, ...], Meta(max_length=50)] = ()


class FlightAuthorisation(msgspec.Struct, frozen=True):
    uas_serial_number: Word
    operation_category: Annotated[str, Meta(pattern="^(Unknown|Open|Specific|Certified)$")]
    operation_mode: Annotated[str, Meta(pattern="^(Undeclared|Vlos|Bvlos)$")]
    uas_class: Annotated[str, Meta(pattern="^(Other|C[0-6])$")]
    identification_technologies: Words
    connectivity_methods: Words
    endurance_minutes: int
    emergency_procedure_url: Annotated[str, Meta(max_length=2_000)]
    operator_id: Word
    uas_id: Word | None = None
    uas_type_certificate: Word | None = None


class PlanDetails(msgspec.Struct, frozen=True):
    basic_information: BasicInformation
    uspace_flight_authorisation: FlightAuthorisation | None = None
    additional_information: dict[str, Any] | None = None


class PlanBody(msgspec.Struct, frozen=True):
    flight_plan: PlanDetails
    execution_style: Annotated[str, Meta(pattern="^(Hypothetical|IfAllowed|InReality)$")]
    request_id: Annotated[str, Meta(min_length=1, max_length=200)]


class ClearBody(msgspec.Struct, frozen=True):
    request_id: Annotated[str, Meta(min_length=1, max_length=200)]
    extent: Volume4DBody


def plan_id_of(text: str) -> str:
    """Return a plan's id; 400 where it is no UUID."""
    try:
        return msgspec.convert(text, Uuid).lower()
    except msgspec.ValidationError:
        raise RefusedError(400, "id", text[:80], "a UUID") from None


def terms_of_plan(plan: PlanDetails, plan_id: str, settings: PlanSettings) -> PermitTerms:
    """Return the terms of an application; FormError names everything in which it is no application."""
    errors: list[InputError] = []
    said = plan.uspace_flight_authorisation
    if said is None:
        errors.append(InputError("uspace_flight_authorisation", "missing", "given"))
    volumes = []
    for index, body in enumerate(plan.basic_information.area):
        try:
            volumes.append(_above_ground(volume4d_of(body, f"area[{index}]"), settings))
        except InputError as error:
            errors.append(error)
    if said is None or errors:
        raise FormError(errors)
    scope = Scope(
        volumes=tuple(volumes),
        serials=(said.uas_serial_number,),
        operator_ids=(said.operator_id,),
        rule_set=_rule_set(plan.additional_information),
        flight=Flight(
            purpose=f"{MARK}{plan_id}",
            operation_category=said.operation_category,
            operation_mode=said.operation_mode,
            uas_class=said.uas_class,
            identification_technologies=said.identification_technologies,
            connectivity_methods=said.connectivity_methods,
            endurance_minutes=said.endurance_minutes,
            emergency_procedure_url=said.emergency_procedure_url,
        ),
    )
    is_open = said.operation_category == "Open"
    return PermitTerms(
        scope=scope,
        holder=f"operator {said.operator_id.partition('-')[0]}",
        priority=PermitPriority.HOBBY if is_open else PermitPriority.COMMERCIAL,
        contact=settings.contact,
        authority_id=settings.authority_id or None,
    )


def _above_ground(flown: Volume4D, settings: PlanSettings) -> Volume4D:
    """Return a volume in heights above ground where the ground is known."""
    if settings.ground_hae_m is None:
        return flown
    low_m, high_m = settings.ground_hae_m
    volume = msgspec.structs.replace(
        flown.volume,
        floor=_height(flown.volume.floor, high_m, least_m=0.0),
        ceiling=_height(flown.volume.ceiling, low_m),
    )
    return msgspec.structs.replace(flown, volume=volume)


def _height(limit: Limit | None, ground_hae_m: float, least_m: float | None = None) -> Limit | None:
    hae_m = limit_m(limit)
    if limit is None or hae_m is None or limit.reference is not HeightReference.HAE:
        return limit
    height_m = hae_m - ground_hae_m
    height_m = height_m if least_m is None else max(least_m, height_m)
    return Limit(value=height_m, unit=LengthUnit.M, reference=HeightReference.AGL)


def _rule_set(additional: dict[str, Any] | None) -> str:
    """Return the rule set that a jurisdiction's own words name, "" where none does."""
    for words in (additional or {}).values():
        if isinstance(words, dict) and isinstance(words.get("operation_rule_set"), str):
            return str(words["operation_rule_set"])[:200]
    return ""
