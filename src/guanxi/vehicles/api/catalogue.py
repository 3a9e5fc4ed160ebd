"""The catalogue over the API, to be read."""

import datetime
from decimal import Decimal
from typing import Any

from ninja import Router, Schema

from guanxi.foundation.rest import REFUSALS, ApiRequest
from guanxi.vehicles.models import Series
from guanxi.vehicles.queries import catalogue

router = Router()


class CodedOut(Schema):
    id: int
    code: str
    name_zh: str
    name_en: str


class TrimOut(CodedOut):
    list_price: Decimal | None
    currency: str
    is_current: bool


class ModelOut(CodedOut):
    powertrain: str
    trims: list[TrimOut]


class SeriesOut(CodedOut):
    brand_id: int
    line: str
    guarantee: str
    is_current: bool
    models: list[ModelOut]


class LimitOut(CodedOut):
    months: int | None
    km: int | None


class TermOut(LimitOut):
    is_whole_car: bool
    valid_from: datetime.date


class MaintenanceStepOut(LimitOut):
    kind: str
    is_free: bool
    position: int


class SeriesDetail(SeriesOut):
    warranty: list[TermOut]
    maintenance: list[MaintenanceStepOut]


@router.get("", response={200: list[SeriesOut], **REFUSALS}, summary="The catalogue")
def get_catalogue(request: ApiRequest) -> object:
    return [_series(row) for brand in catalogue.tree(request.actor) for row in brand.series]


@router.get("/{series_id}", response={200: SeriesDetail, **REFUSALS}, summary="One series with its terms")
def get_series(request: ApiRequest, series_id: int) -> object:
    sheet = catalogue.sheet(request.actor, series_id)
    return _series(sheet.series) | {"warranty": sheet.plan.terms, "maintenance": sheet.plan.steps}


def _series(row: Series) -> dict[str, Any]:
    names = ("id", "code", "name_zh", "name_en", "brand_id", "line", "guarantee", "is_current")
    return {name: getattr(row, name) for name in names} | {"models": [_model(model) for model in row.models.all()]}


def _model(row: Any) -> dict[str, Any]:
    names = ("id", "code", "name_zh", "name_en", "powertrain")
    return {name: getattr(row, name) for name in names} | {"trims": list(row.trims.all())}
