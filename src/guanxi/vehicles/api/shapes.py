"""What goes in and out about cars over the API."""

import datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from guanxi.foundation.rest import Input, Plain

Key = Annotated[int, Field(ge=1, lt=2**63)]
Vin = Annotated[str, Field(min_length=17, max_length=30, pattern=Plain)]
Word = Annotated[str, Field(max_length=60, pattern=Plain)]
Short = Annotated[str, Field(max_length=40, pattern=Plain)]
Kilometres = Annotated[int, Field(ge=0, le=5_000_000)]


class VehicleOut(Schema):
    """A car as lists show it."""

    id: int
    vin: str
    is_vin_doubtful: bool
    plate: str
    trim_id: int | None
    model_text: str
    colour: str
    condition: str
    sold_on: datetime.date | None
    warranty_until: datetime.date | None
    warranty_km: int | None
    insured_until: datetime.date | None
    inspected_until: datetime.date | None
    odometer_km: int | None
    odometer_on: datetime.date | None
    touched_at: datetime.datetime


class VehiclePage(Schema):
    items: list[VehicleOut]
    next: str | None = Field(description="The cursor of the next page; null on the last")


class ParticipantOut(Schema):
    id: int
    customer_id: int
    role: str
    since: datetime.date | None
    until: datetime.date | None


class PlateOut(Schema):
    number: str
    since: datetime.date | None
    until: datetime.date | None


class ReadingOut(Schema):
    id: int
    read_on: datetime.date
    km: int
    source: str
    is_plausible: bool


class VehicleDetail(VehicleOut):
    engine_no: str
    made_on: datetime.date | None
    condition_on: datetime.date | None
    warranty_state: str
    participants: list[ParticipantOut]
    plates: list[PlateOut]
    readings: list[ReadingOut]


class VehicleIn(Input):
    customer_id: Key = Field(description="The owner")
    vin: Vin
    plate: str = Field(default="", max_length=20, pattern=Plain)
    trim_id: Key | None = None
    model_text: Word = ""
    colour: Annotated[str, Field(max_length=30, pattern=Plain)] = ""
    engine_no: Short = ""
    made_on: datetime.date | None = None
    since: datetime.date | None = Field(None, description="Owned since")


class ChangesIn(Input):
    """What to change of a car; what is absent stays."""

    vin: Vin | None = None
    trim_id: Key | None = None
    model_text: Word | None = None
    colour: Annotated[str, Field(max_length=30, pattern=Plain)] | None = None
    engine_no: Short | None = None
    made_on: datetime.date | None = None


class PlateIn(Input):
    number: str = Field(max_length=20, pattern=Plain, description="Empty: the car has no plate any more")
    since: datetime.date


class DatesIn(Input):
    insured_until: datetime.date | None
    inspected_until: datetime.date | None


class ConditionIn(Input):
    condition: Literal["IN_USE", "SCRAPPED", "LEFT"]
    on: datetime.date


class ReadingIn(Input):
    km: Kilometres
    on: datetime.date
    source: Literal["VISIT", "OWNER", "IMPORT", "CAR"] = "OWNER"


class ParticipantIn(Input):
    customer_id: Key
    role: Literal["DRIVER", "PAYER", "CONTACT"]
    since: datetime.date


class EndPartIn(Input):
    on: datetime.date


class OwnerIn(Input):
    customer_id: Key
    on: datetime.date
    others_leave: bool = Field(default=True, description="The drivers, payers and contacts leave with the old owner")


class SaleIn(Input):
    customer_id: Key = Field(description="The buyer")
    outlet_id: int = Field(ge=1, lt=2**31)
    sold_on: datetime.date
    consultant_name: Short = ""
    price: Decimal | None = Field(None, ge=0, max_digits=12, decimal_places=2)
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    use: str = Field(default="", max_length=40, pattern=r"^[A-Z0-9_]*$")
    order_no: Short = ""


class CoverIn(Input):
    name: str = Field(min_length=1, max_length=60, pattern=Plain)
    since: datetime.date
    until: datetime.date
    km: Annotated[int, Field(ge=1, le=5_000_000)] | None = None
