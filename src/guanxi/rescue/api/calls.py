"""Emergency calls of cars over the API: by the service to which they call, with the right for this alone (RESC-12)."""

import datetime
from decimal import Decimal
from typing import Annotated, Self

from ninja import Router, Schema, Status
from pydantic import Field, model_validator

from guanxi.foundation import clock
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Plain
from guanxi.rescue.services import receiving

router = Router()


class CarCallIn(Input):
    """``reference``: your own number of this call; the same one again is answered with the rescue that it made.

    All else is said as far as it is known; a VIN that is not on file still makes a rescue.
    """

    reference: Annotated[str, Field(min_length=4, max_length=50, pattern=Plain)]
    vin: Annotated[str, Field(max_length=20, pattern=Plain)] = ""
    latitude: Decimal | None = Field(None, ge=-90, le=90, decimal_places=6)
    longitude: Decimal | None = Field(None, ge=-180, le=180, decimal_places=6)
    where: Annotated[str, Field(max_length=200, pattern=Plain)] = ""
    phone: Annotated[str, Field(max_length=30, pattern=Plain)] = ""
    words: Annotated[str, Field(max_length=2000, pattern=Plain)] = ""
    help: Annotated[str, Field(max_length=24, pattern=Plain)] = ""
    is_crash: bool = False

    @model_validator(mode="after")
    def whole(self) -> Self:
        """Refuse half a position."""
        if (self.latitude is None) != (self.longitude is None):
            message = "latitude and longitude belong together"
            raise ValueError(message)
        return self

    def call(self) -> receiving.CarCall:
        """Return what the service takes."""
        position = None
        if self.latitude is not None and self.longitude is not None:
            position = (self.latitude, self.longitude)
        return receiving.CarCall(**self.dict(exclude={"latitude", "longitude"}), position=position)


class CarCallOut(Schema):
    """What became of the call; nothing of the car or of whose it is."""

    id: int
    number: str
    reference: str
    state: str
    received_at: datetime.datetime = Field(alias="taken_at")


@router.post("/emergency-calls", response={201: CarCallOut, **REFUSALS}, summary="Hand over an emergency call of a car")
def receive_emergency_call(request: ApiRequest, body: CarCallIn) -> object:
    return Status(201, receiving.receive(actor=request.actor, call=body.call(), at=clock.now()))
