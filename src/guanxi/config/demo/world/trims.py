"""The cars that the statements choose from: the stored catalogue, with what its file says of demand and use."""

from collections.abc import Iterator
from typing import Any

from guanxi.config.demo import catalogue
from guanxi.config.demo.world import lists
from guanxi.vehicles.models import Trim
from guanxi.vehicles.states import FeatureKind, MaintenanceKind, Powertrain

CHANCES = 256
PRIVATE_KM = 15_000
COSTS = {"PASSENGER": 1.0, "COMMERCIAL": 1.8}
MAKER = {"YL": "LYL", "QC": "LYC"}  # invented, as the carmaker is
# The first letter of a new-energy plate: of an electric car, and of the others.
LETTERS = {Powertrain.ELECTRIC: "DABCE", Powertrain.PLUG_IN: "FGHJK", Powertrain.RANGE_EXTENDED: "FGHJK"}
COLUMNS = (
    "t int, id bigint, name text, brand text, line text, green boolean, electric boolean, plate_letters text, vds text,"
    " colours text[], list_price float8, sold_from date, whole_months int, whole_km int, first_months int,"
    " first_km int, step_months int, step_km int, second_is_mandatory boolean, yearly_km int, costs float8"
)


def write() -> None:
    """Make the temporary tables of trims and of the chances that they are bought."""
    files = {model["code"]: (item, model) for item in catalogue.read()["series"] for model in item["models"]}
    trims = list(Trim.objects.select_related("model__series__brand").filter(model__code__in=files).order_by("code"))
    rows = [_row(number, trim, *files[trim.model.code]) for number, trim in enumerate(trims)]
    lists.table("demo_trim", COLUMNS, rows)
    lists.table("demo_trimslot", "brand text, line text, s int, t int", _slots(rows, files, trims))


def _row(number: int, trim: Trim, item: dict[str, Any], model: dict[str, Any]) -> dict[str, Any]:
    series = trim.model.series
    whole = series.warranty_terms.get(is_whole_car=True)
    steps = {step.kind: step for step in series.maintenance_steps.all()}
    first, periodic = steps[MaintenanceKind.FIRST], steps[MaintenanceKind.PERIODIC]
    colours = series.features.filter(kind=FeatureKind.COLOUR).order_by("pk").values_list("name_zh", flat=True)
    letters = LETTERS.get(Powertrain(trim.model.powertrain), "")
    return {
        "t": number, "id": trim.pk, "name": f"{trim.model.name_zh} {trim.name_zh}", "brand": series.brand.code,
        "line": series.line, "green": bool(letters), "electric": trim.model.powertrain == Powertrain.ELECTRIC,
        "plate_letters": letters, "vds": f"{MAKER[series.brand.code]}{model['vds']}{number % 8 + 1}",
        "colours": list(colours), "list_price": str(trim.list_price), "sold_from": str(trim.model.sold_from),
        "whole_months": whole.months, "whole_km": whole.km, "first_months": first.months, "first_km": first.km,
        "step_months": periodic.months, "step_km": periodic.km,
        "second_is_mandatory": MaintenanceKind.MANDATORY in steps,
        "yearly_km": item.get("yearly_km", PRIVATE_KM), "costs": COSTS[series.line],
    }  # fmt: skip


def _slots(rows: list[dict[str, Any]], files: dict[str, Any], trims: list[Trim]) -> Iterator[dict[str, Any]]:
    """Deal out the chances within a brand and a line by the share of the model, the plainer trim more often."""
    for brand, line in sorted({(row["brand"], row["line"]) for row in rows}):
        weights: dict[int, float] = {}
        seen: set[str] = set()
        for row, trim in zip(rows, trims, strict=True):
            if (row["brand"], row["line"]) == (brand, line):
                model = files[trim.model.code][1]
                plainer = 1.4 if model["code"] not in seen else 0.6
                seen.add(model["code"])
                weights[row["t"]] = model["share"] / len(model["trims"]) * (plainer if len(model["trims"]) > 1 else 1)
        yield from ({"brand": brand, "line": line, **chance} for chance in lists.chances(weights, CHANCES, "t"))
