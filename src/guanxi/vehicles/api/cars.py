"""Cars over the API: the same verbs as the pages."""

from typing import Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Plain
from guanxi.vehicles.api.shapes import (
    ChangesIn,
    ConditionIn,
    CoverIn,
    DatesIn,
    EndPartIn,
    OwnerIn,
    ParticipantIn,
    ParticipantOut,
    PlateIn,
    ReadingIn,
    ReadingOut,
    SaleIn,
    VehicleDetail,
    VehicleIn,
    VehicleOut,
    VehiclePage,
)  # fmt: skip
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import cars as queries
from guanxi.vehicles.queries import finding
from guanxi.vehicles.services import cars, mileage, owners, papers
from guanxi.vehicles.services.papers import NewSale

router = Router()


class Asked(Schema):
    q: str = Field(default="", max_length=80, pattern=Plain, description="The end of a plate or a VIN, an order number")
    customer_id: int | None = Field(None, ge=1, lt=2**63, description="Cars that this customer has now")
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


@router.get("", response={200: VehiclePage, **REFUSALS}, summary="List cars, or find them")
def list_vehicles(request: ApiRequest, query: Query[Asked]) -> object:
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.visible_to(actor)
    if query.q:
        rows = finding.matching(rows, query.q, actor)
    if query.customer_id:
        rows = rows.filter(participants__customer_id=query.customer_id, participants__until__isnull=True).distinct()
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


def _detail(request: ApiRequest, pk: int) -> dict[str, Any]:
    file = queries.file(request.actor, pk, clock.today())
    names = (*VehicleOut.model_fields, "engine_no", "made_on", "condition_on")
    return {name: getattr(file.vehicle, name) for name in names} | {
        "warranty_state": file.coverage.state,
        "participants": file.participants, "plates": file.plates, "readings": file.readings,
    }  # fmt: skip


@router.get("/{vehicle_id}", response={200: VehicleDetail, **REFUSALS}, summary="One car")
def get_vehicle(request: ApiRequest, vehicle_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return _detail(request, vehicle_id)


@router.post("", response={201: VehicleOut, **REFUSALS}, summary="Add a car with its owner")
def add_vehicle(request: ApiRequest, body: VehicleIn) -> object:
    values = body.dict()
    owner = values.pop("customer_id")
    car = cars.NewCar(**values)
    return Status(201, cars.add_vehicle(actor=request.actor, customer_id=owner, car=car, at=clock.now()))


@router.patch("/{vehicle_id}", response={200: VehicleOut, **REFUSALS}, summary="Change the marks of a car")
def change_vehicle(request: ApiRequest, vehicle_id: int, body: ChangesIn) -> object:
    values = body.dict(exclude_unset=True)
    if values.get("vin", "") is None:
        del values["vin"]
    kept = {name: value for name, value in values.items() if value is not None or name in {"trim_id", "made_on"}}
    return cars.change_vehicle(actor=request.actor, vehicle_id=vehicle_id, values=kept, at=clock.now())


@router.put("/{vehicle_id}/plate", response={200: VehicleOut, **REFUSALS}, summary="Give a car a plate from a day on")
def set_plate(request: ApiRequest, vehicle_id: int, body: PlateIn) -> object:
    return cars.set_plate(actor=request.actor, vehicle_id=vehicle_id, at=clock.now(), **body.dict())


@router.put("/{vehicle_id}/dates", response={200: VehicleOut, **REFUSALS}, summary="Insurance and inspection")
def set_dates(request: ApiRequest, vehicle_id: int, body: DatesIn) -> object:
    return cars.set_dates(actor=request.actor, vehicle_id=vehicle_id, at=clock.now(), **body.dict())


@router.put("/{vehicle_id}/condition", response={200: VehicleOut, **REFUSALS}, summary="Scrapped, away, or in use")
def set_condition(request: ApiRequest, vehicle_id: int, body: ConditionIn) -> object:
    return cars.set_condition(actor=request.actor, vehicle_id=vehicle_id, at=clock.now(), **body.dict())


@router.post("/{vehicle_id}/readings", response={201: ReadingOut, **REFUSALS}, summary="Record the mileage")
def record_reading(request: ApiRequest, vehicle_id: int, body: ReadingIn) -> object:
    made = mileage.record_reading(actor=request.actor, vehicle_id=vehicle_id, at=clock.now(), **body.dict())
    return Status(201, made)


@router.post("/{vehicle_id}/participants", response={201: ParticipantOut, **REFUSALS}, summary="Add a driver or payer")
def add_participant(request: ApiRequest, vehicle_id: int, body: ParticipantIn) -> object:
    made = owners.add_participant(actor=request.actor, vehicle_id=vehicle_id, at=clock.now(), **body.dict())
    return Status(201, made)


@router.post("/participants/{participant_id}/end", response={200: ParticipantOut, **REFUSALS}, summary="End it")
def end_participant(request: ApiRequest, participant_id: int, body: EndPartIn) -> object:
    return owners.end_participant(actor=request.actor, participant_id=participant_id, on=body.on, at=clock.now())


@router.post("/{vehicle_id}/owner", response={200: VehicleOut, **REFUSALS}, summary="Change the owner on a day")
def change_owner(request: ApiRequest, vehicle_id: int, body: OwnerIn) -> object:
    return owners.change_owner(actor=request.actor, vehicle_id=vehicle_id, at=clock.now(), **body.dict())


@router.post("/{vehicle_id}/sales", response={201: VehicleDetail, **REFUSALS}, summary="Record a sale")
def sell(request: ApiRequest, vehicle_id: int, body: SaleIn) -> object:
    values = body.dict()
    buyer = values.pop("customer_id")
    papers.sell(
        actor=request.actor, vehicle_id=vehicle_id, customer_id=buyer, sale=NewSale(**values), at=clock.now()
    )  # fmt: skip
    return Status(201, _detail(request, vehicle_id))


@router.post("/{vehicle_id}/covers", response={201: VehicleDetail, **REFUSALS}, summary="Record cover that was bought")
def add_cover(request: ApiRequest, vehicle_id: int, body: CoverIn) -> object:
    papers.add_cover(actor=request.actor, vehicle_id=vehicle_id, at=clock.now(), **body.dict())
    return Status(201, _detail(request, vehicle_id))
