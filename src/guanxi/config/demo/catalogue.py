"""Writes what the invented carmaker builds: series, models, trims, colours, options, warranty, maintenance plans."""

import datetime
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Model

from guanxi.network.models import Node
from guanxi.vehicles.models import CarModel, Feature, MaintenanceStep, Series, Trim, WarrantyTerm
from guanxi.vehicles.states import FeatureKind

FILE = Path(__file__).with_name("catalogue.toml")
SINCE = datetime.date(2014, 1, 1)


def read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def write() -> None:
    """Write the catalogue in one statement a table."""
    data = read()
    brands = dict(Node.objects.filter(kind="BRAND").values_list("code", "pk"))
    rows: list[Model] = []
    for item in data["series"]:
        series = Series(
            brand_id=brands[item["brand"]], code=item["code"], line=item["line"], guarantee=item["guarantee"],
            **_names(item),
        )  # fmt: skip
        rows += [series, *_features(series, item, data), *_plans(series, item), *_models(series, item)]
    tables: tuple[type[Model], ...] = (Series, CarModel, Trim, Feature, WarrantyTerm, MaintenanceStep)
    for table in tables:
        table._default_manager.bulk_create([row for row in rows if type(row) is table])  # noqa: SLF001 -- Django's own name for the manager of any model


def _names(item: dict[str, Any]) -> dict[str, str]:
    return {"name_zh": item["zh"], "name_en": item["en"]}


def _features(series: Series, item: dict[str, Any], data: dict[str, Any]) -> list[Model]:
    wanted = [(FeatureKind.COLOUR, code, data["colours"][code]) for code in item["colours"]]
    wanted += [(FeatureKind.OPTION, code, data["options"][code]) for code in item["options"]]
    return [
        Feature(series=series, kind=kind, code=code, price=Decimal(found.get("price", 0)), **_names(found))
        for kind, code, found in wanted
    ]


def _plans(series: Series, item: dict[str, Any]) -> list[Model]:
    terms: list[Model] = [
        WarrantyTerm(
            series=series, code=term["code"], months=term["months"], km=term["km"],
            is_whole_car=term.get("whole", False), valid_from=SINCE, **_names(term),
        )
        for term in item["warranty"]
    ]  # fmt: skip
    steps: list[Model] = [
        MaintenanceStep(
            series=series, kind=step["kind"], code=step["code"], months=step["months"], km=step["km"],
            is_free=step.get("free", False), position=position, **_names(step),
        )
        for position, step in enumerate(item["maintenance"], 1)
    ]  # fmt: skip
    return terms + steps


def _models(series: Series, item: dict[str, Any]) -> list[Model]:
    rows: list[Model] = []
    for found in item["models"]:
        model = CarModel(
            series=series, code=found["code"], powertrain=found["powertrain"], aliases=found["aliases"],
            sold_from=found["from"], **_names(found),
        )  # fmt: skip
        trims = [
            Trim(model=model, code=f"{found['code']}-{code}", list_price=Decimal(price), name_zh=zh, name_en=en)
            for code, zh, en, price in found["trims"]
        ]
        rows += [model, *trims]
    return rows
