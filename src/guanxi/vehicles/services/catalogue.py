"""Changes of the catalogue, by headquarters: series, models, trims, features, warranty terms, maintenance steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid, NotFound
from guanxi.network.models import Node
from guanxi.records import services as records
from guanxi.vehicles.models import CarModel, Feature, MaintenanceStep, Series, Trim, WarrantyTerm
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.services import warranties


@dataclass(frozen=True)
class Kind:
    """One kind of row of the catalogue: under what it stands, what may be written, whether it may go again."""

    model: type[Model]
    stands_under: type[Model]
    above: str
    fields: tuple[str, ...]
    may_go: bool = False


_NAMES = ("name_zh", "name_en", "code")
KINDS = {
    "series": Kind(Series, Node, "brand_id", (*_NAMES, "line", "guarantee", "is_current")),
    "model": Kind(CarModel, Series, "series_id", (*_NAMES, "powertrain", "aliases", "sold_from", "sold_to")),
    "trim": Kind(Trim, CarModel, "model_id", (*_NAMES, "list_price", "currency", "is_current")),
    "feature": Kind(Feature, Series, "series_id", (*_NAMES, "kind", "price"), may_go=True),
    "warranty": Kind(
        WarrantyTerm, Series, "series_id", (*_NAMES, "months", "km", "is_whole_car", "valid_from"), may_go=True
    ),
    "step": Kind(
        MaintenanceStep, Series, "series_id", (*_NAMES, "kind", "months", "km", "is_free", "position"), may_go=True
    ),
}


def _facts(kind: str, row: Any) -> dict[str, Any]:
    shape = KINDS[kind]
    return {name: getattr(row, name) for name in (shape.above, *shape.fields)}


def _set(kind: str, row: Any, values: Mapping[str, Any]) -> None:
    unknown = set(values) - set(KINDS[kind].fields)
    if unknown:
        raise Invalid(_("Unknown field."), field=min(unknown))
    for name, value in values.items():
        setattr(row, name, value)
    if kind in {"warranty", "step"} and not (row.months or row.km):
        raise Invalid(_("Give months or kilometres, or both."), field="months")
    if kind == "model" and row.sold_from and row.sold_to and row.sold_to <= row.sold_from:
        raise Invalid(_("It must end after the day it begins."), field="sold_to")
    try:
        with db.atomic():
            row.save()
    except IntegrityError as error:
        raise Invalid(_("This code is taken."), field="code") from error


def _reckon(kind: str, row: Any) -> None:
    """A changed term changes the warranty of cars sold already; a job does it."""
    if kind == "warranty":
        warranties.reckon_later([row.series_id])


def _audit(
    actor: Actor, kind: str, row: Any, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> None:
    records.audit(
        actor=actor, verb=Verb.CHANGE_CATALOGUE, subject_type=f"catalogue.{kind}", subject_id=row.pk,
        subject_label=row.name_zh, before=before, after=after,
    )  # fmt: skip


def _known(kind: str) -> Kind:
    if kind not in KINDS:
        raise NotFound
    return KINDS[kind]


def add_part(*, actor: Actor, kind: str, above_id: int, values: Mapping[str, Any]) -> Any:
    """Add a row to the catalogue under another: checks, writes, lets a job reckon warranties, audits.

    :raises NotFound: there is no such kind, or nothing of this number to stand under.
    :raises Invalid: the code is taken, or a value cannot be accepted.
    """
    shape = _known(kind)
    check_everywhere(actor, Verb.CHANGE_CATALOGUE)
    above: Any = shape.stands_under
    with db.atomic():
        if not above.objects.filter(pk=above_id).exists():
            raise NotFound
        row = shape.model(**{shape.above: above_id})
        _set(kind, row, values)
        _reckon(kind, row)
        _audit(actor, kind, row, None, _facts(kind, row))
    return row


def change_part(*, actor: Actor, kind: str, part_id: int, values: Mapping[str, Any]) -> Any:
    """Change a row of the catalogue: checks, locks, writes, lets a job reckon warranties, audits.

    :raises NotFound: there is no such row.
    :raises Invalid: the code is taken, or a value cannot be accepted.
    """
    shape = _known(kind)
    check_everywhere(actor, Verb.CHANGE_CATALOGUE)
    with db.atomic():
        rows: Any = shape.model
        row = db.lock(rows.objects, part_id)
        before = _facts(kind, row)
        _set(kind, row, values)
        _reckon(kind, row)
        _audit(actor, kind, row, before, _facts(kind, row))
    return row


def remove_part(*, actor: Actor, kind: str, part_id: int) -> int:
    """Take a feature, a warranty term or a maintenance step out of the catalogue: checks, locks, deletes, lets a job
    reckon warranties, audits. Return the series it belonged to.

    :raises Conflict: cars refer to it; say that it is not sold any more instead.
    """
    shape = _known(kind)
    check_everywhere(actor, Verb.CHANGE_CATALOGUE)
    if not shape.may_go:
        raise Conflict(_("Cars refer to it: say that it is not sold any more instead."))
    with db.atomic():
        rows: Any = shape.model
        row = db.lock(rows.objects, part_id)
        _audit(actor, kind, row, _facts(kind, row), None)
        _reckon(kind, row)
        row.delete()
    return int(row.series_id)
