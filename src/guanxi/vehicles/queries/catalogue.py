"""Reads of the catalogue: what can be bought, how long it is covered, when it is maintained."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotFound
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.vehicles import policy
from guanxi.vehicles.models import CarModel, Feature, MaintenanceStep, Series, Trim, WarrantyTerm
from guanxi.vehicles.permissions import Verb


def visible_to(actor: Actor) -> QuerySet[Series]:
    """Return the series of every brand, for those who may read the catalogue."""
    return Series.objects.all() if actor.can(Verb.VIEW_CATALOGUE) else Series.objects.none()


@dataclass(frozen=True)
class Plan:
    """Warranty terms and maintenance steps of some series."""

    terms: list[WarrantyTerm] = field(default_factory=list)
    steps: list[MaintenanceStep] = field(default_factory=list)

    def only(self, series_id: int) -> "Plan":
        return Plan(
            [row for row in self.terms if row.series_id == series_id],
            [row for row in self.steps if row.series_id == series_id],
        )

    @property
    def steps_of_policy(self) -> list[policy.Step]:
        return [policy.Step(row.months, row.km, row.is_free) for row in self.steps]

    @property
    def terms_of_policy(self) -> list[policy.Term]:
        """The terms that decide the warranty end of the whole car."""
        return [policy.Term(row.months, row.km, row.valid_from) for row in self.terms if row.is_whole_car]


def plans(series_ids: Iterable[int], *, with_terms: bool = True) -> Plan:
    """Return the steps of some series, and their terms; a query each, none for no series."""
    ids = list(series_ids)
    if not ids:
        return Plan()
    terms = WarrantyTerm.objects.filter(series_id__in=ids if with_terms else []).order_by("code", "-valid_from")
    steps = MaintenanceStep.objects.filter(series_id__in=ids).order_by("position", "months", "km")
    return Plan(list(terms), list(steps))


@dataclass(frozen=True)
class Brand:
    """A brand with its series, these with their models and trims."""

    id: int
    name: str
    series: list[Series]


def tree(actor: Actor) -> list[Brand]:
    """Return the catalogue from brand down to trim; four queries."""
    check(actor, Verb.VIEW_CATALOGUE)
    trims = Prefetch("trims", Trim.objects.order_by("code"))
    models = Prefetch("models", CarModel.objects.order_by("code").prefetch_related(trims))
    found: dict[int, list[Series]] = defaultdict(list)
    rows = visible_to(actor).select_related("brand").prefetch_related(models).order_by("brand__code", "code")
    for row in rows:
        found[row.brand_id].append(row)
    return [Brand(pk, series[0].brand.name, series) for pk, series in found.items()]


@dataclass(frozen=True)
class Sheet:
    """One series with everything that belongs to it."""

    series: Series
    models: list[CarModel]
    features: list[Feature]
    plan: Plan


def sheet(actor: Actor, series_id: int) -> Sheet:
    """Return one series with models, trims, features, warranty and maintenance plan; six queries.

    :raises NotAllowed, NotFound: the catalogue may not be read, or there is no such series.
    """
    check(actor, Verb.VIEW_CATALOGUE)
    row = visible_to(actor).select_related("brand").filter(pk=series_id).first()
    if row is None:
        raise NotFound
    trims = Prefetch("trims", Trim.objects.order_by("code"))
    models = CarModel.objects.filter(series=row).order_by("code").prefetch_related(trims)
    features = Feature.objects.filter(series=row).order_by("kind", "code")
    return Sheet(row, list(models), list(features), plans([row.pk]))


def trims(*, current_only: bool = True) -> list[Trim]:
    """Return the trims to choose from, with model and series; one query."""
    rows = Trim.objects.select_related("model__series").order_by("model__series__code", "model__code", "code")
    return list(rows.filter(is_current=True) if current_only else rows)


def models() -> list[CarModel]:
    """Return all models with their series; one query."""
    return list(CarModel.objects.select_related("series").order_by("series__code", "code"))


def brands() -> QuerySet[Node]:
    return Node.objects.filter(kind=Kind.BRAND).order_by("code")


def part(model: type[Any], pk: int) -> Any:
    """Return one row of the catalogue.

    :raises NotFound: there is none of this number.
    """
    found = model.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
