"""The catalogue: kept by headquarters, read by everybody who sees cars."""

import datetime
from decimal import Decimal

import pytest

from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.vehicles.models import Feature, Series
from guanxi.vehicles.queries import catalogue as queries
from guanxi.vehicles.services import catalogue

pytestmark = pytest.mark.django_db
SERIES = {"code": "YH", "name_zh": "远航", "line": "PASSENGER", "guarantee": "HOUSEHOLD"}


def add(actor, kind, above, /, **values):
    return catalogue.add_part(actor=actor, kind=kind, above_id=above, values=values)


def test_headquarters_builds_the_tree(cast, acting):
    actor = acting(cast.hq)
    series = add(actor, "series", cast.brand_id, **SERIES)
    model = add(actor, "model", series.pk, code="YH-M", name_zh="混动", powertrain="HYBRID")
    add(actor, "trim", model.pk, code="YH-T", name_zh="豪华版", list_price=Decimal("158000.00"))
    (brand,) = [brand for brand in queries.tree(acting(cast.advisor)) if brand.id == cast.brand_id]
    (shown,) = [row for row in brand.series if row.code == "YH"]
    assert [[trim.code for trim in model.trims.all()] for model in shown.models.all()] == [["YH-T"]]


@pytest.mark.parametrize("name", ["gm", "advisor", "branch", "auditor"])
def test_nobody_else_changes_it(cast, acting, trim, name):
    actor = acting(getattr(cast, name))
    with pytest.raises(NotAllowed):
        add(actor, "series", cast.brand_id, **SERIES)
    with pytest.raises(NotAllowed):
        catalogue.change_part(actor=actor, kind="trim", part_id=trim.pk, values={"name_zh": "x"})
    with pytest.raises(NotAllowed):
        catalogue.remove_part(actor=actor, kind="step", part_id=1)


def test_who_sees_no_cars_reads_no_catalogue(cast, acting, trim):
    with pytest.raises(NotAllowed):
        queries.tree(acting(cast.rescue))


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("model", {"code": "T-M", "name_zh": "x", "powertrain": "HYBRID"}, "code"),  # taken
        ("warranty", {"code": "X", "name_zh": "x", "valid_from": datetime.date(2024, 1, 1)}, "months"),
        ("step", {"code": "X", "name_zh": "x", "kind": "FIRST"}, "months"),
        (
            "model",
            {
                "code": "N", "name_zh": "x", "powertrain": "HYBRID", "sold_from": datetime.date(2024, 1, 1),
                "sold_to": datetime.date(2024, 1, 1),
            },
            "sold_to",
        ),
        ("feature", {"code": "X", "name_zh": "x", "kind": "OPTION", "surprise": 1}, "surprise"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(cast, acting, trim, kind, values, field):
    with pytest.raises(Invalid) as refusal:
        add(acting(cast.hq), kind, trim.model.series_id, **values)
    assert refusal.value.field == field


def test_a_feature_comes_changes_and_goes_with_a_line_each(cast, acting, trim):
    actor = acting(cast.hq)
    series = trim.model.series_id
    row = add(actor, "feature", series, code="RED", name_zh="红", kind="COLOUR")
    catalogue.change_part(actor=actor, kind="feature", part_id=row.pk, values={"price": Decimal(2000)})
    assert Feature.objects.get(pk=row.pk).price == Decimal(2000)
    assert catalogue.remove_part(actor=actor, kind="feature", part_id=row.pk) == series
    assert not Feature.objects.filter(pk=row.pk).exists()
    acting(SYSTEM)
    assert AuditEntry.objects.filter(subject_type="catalogue.feature", subject_id=str(row.pk)).count() == 3


def test_what_cars_refer_to_does_not_go(cast, acting, trim):
    with pytest.raises(Conflict):
        catalogue.remove_part(actor=acting(cast.hq), kind="trim", part_id=trim.pk)
    assert Series.objects.filter(pk=trim.model.series_id).exists()


def test_what_is_not_there_is_not_found(cast, acting):
    actor = acting(cast.hq)
    for kind, above in (("series", 0), ("nothing", cast.brand_id)):
        with pytest.raises(NotFound):
            add(actor, kind, above, **SERIES)
    with pytest.raises(NotFound):
        catalogue.change_part(actor=actor, kind="series", part_id=0, values={})
