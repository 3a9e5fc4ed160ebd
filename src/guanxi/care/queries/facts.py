"""What an audience can ask about a customer and a car: a fixed set of facts, each with its SQL, its words and, where
it is chosen from a list, the choices.

In the SQL stand ``m`` for the case (customer, car, outlet, day), ``c`` the customer, ``r`` his open relation to the
outlet, ``v`` the car.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.care.policy.audience import ANY, BETWEEN, NO, NONE, YES, Condition
from guanxi.care.states.owners import State
from guanxi.care.states.tiers import Tier
from guanxi.codelists import queries as codelists
from guanxi.codelists.queries import in_language
from guanxi.contact_centre.states import Intention
from guanxi.customers.models import Relation
from guanxi.customers.states import INDUSTRIES, Category, Doubt, Gender, Kind, Verification
from guanxi.foundation import clock, divisions
from guanxi.foundation.errors import Text
from guanxi.privacy.states import Purpose
from guanxi.vehicles.models import Series
from guanxi.vehicles.states import Powertrain
from guanxi.workshop import queries as workshop

Options = Sequence[tuple[str, Text]]
MOST_TAGS = 60
OPEN_CASE = "open_complaint"


@dataclass(frozen=True)
class Fact:
    """One fact: its kind says how it can be compared (``policy.audience.OPERATORS``)."""

    key: str
    label: Text
    kind: str
    sql: str
    options: Callable[[], Options] = tuple


def _of(choices: Sequence[tuple[Any, Any]]) -> Callable[[], Options]:
    return lambda: tuple((str(value), label) for value, label in choices)


def _series() -> Options:
    rows = Series.objects.order_by("code").values_list("code", "name_zh", "name_en")
    return [(code, in_language(zh, en)) for code, zh, en in rows]


def _tags() -> Options:
    held = Relation.objects.exclude(tags=[]).order_by("-pk").values_list("tags", flat=True)[:2000]
    return [(tag, tag) for tag in sorted({tag for tags in held for tag in tags})[:MOST_TAGS]]


def _provinces() -> Options:
    return [(division.code, divisions.short(division)) for division in divisions.of("")]


def _uses() -> Options:
    return sorted((code, label.name) for code, label in codelists.labels("vehicle_uses", clock.today()).items())


def _industries() -> Options:
    return [(code, label.name) for code, label in codelists.labels(INDUSTRIES, clock.today()).items()]


def _categories() -> Options:
    return sorted(workshop.category_names(clock.today()).items())


_SERIES = """(SELECT s.code FROM vehicles_trim t JOIN vehicles_carmodel cm ON cm.id = t.model_id
  JOIN vehicles_series s ON s.id = cm.series_id WHERE t.id = v.trim_id)"""
_POWER = """(SELECT cm.powertrain FROM vehicles_trim t JOIN vehicles_carmodel cm ON cm.id = t.model_id
  WHERE t.id = v.trim_id)"""
_USE = """(SELECT s.use FROM vehicles_sale s WHERE s.vehicle_id = v.id ORDER BY s.sold_on DESC NULLS LAST LIMIT 1)"""
_AGE = """(extract(year FROM age(m.base, v.sold_on)) * 12 + extract(month FROM age(m.base, v.sold_on)))::int"""
_VISITS = """(SELECT count(*)::int FROM workshop_visit w WHERE w.customer_id = m.customer_id AND w.counts
  AND w.entered_on > m.base - 365 AND w.entered_on <= m.base)"""
_LAST = """(SELECT w.category FROM workshop_visit w WHERE w.customer_id = m.customer_id AND w.counts
  ORDER BY w.entered_on DESC, w.id DESC LIMIT 1)"""
_PROVINCE = """(SELECT a.province FROM customers_address a WHERE a.customer_id = m.customer_id AND a.province <> ''
  ORDER BY a.id LIMIT 1)"""
_MOBILE = """EXISTS (SELECT 1 FROM customers_contactpoint q WHERE q.customer_id = m.customer_id
  AND q.channel = 'MOBILE' AND q.state = 'VALID')"""
_CONSENT = """ARRAY(SELECT DISTINCT k.purpose::text FROM privacy_consent k WHERE k.customer_id = m.customer_id
  AND k.standing = 'GIVEN')"""
_STATE = """(SELECT o.state FROM care_ownerstate o WHERE o.customer_id = m.customer_id
  AND o.outlet_id = m.outlet_id)"""
_TIER = """coalesce((SELECT o.tier FROM care_ownerstate o WHERE o.customer_id = m.customer_id
  AND o.outlet_id = m.outlet_id), 'NORMAL')"""
_OPEN_CASE = "EXISTS (SELECT 1 FROM matters_open q WHERE q.customer_id = m.customer_id)"
_CARS = """(SELECT count(*)::int FROM vehicles_participant q WHERE q.customer_id = m.customer_id AND q.role = 'OWNER'
  AND q.until IS NULL)"""

_INDUSTRY = """(CASE WHEN c.industry <> '' THEN coalesce((SELECT k.code FROM codelists_code k
  JOIN codelists_codelist l ON l.id = k.list_id AND l.code = 'industries'
  WHERE c.industry IN (k.code, k.name_zh, k.name_en) ORDER BY k.id LIMIT 1), c.industry) END)"""
_YEARS = """(CASE WHEN c.born_on IS NOT NULL THEN extract(year FROM age(m.base, c.born_on))::int END)"""
_SOLD = (
    """FROM vehicles_sale s WHERE s.customer_id = m.customer_id AND s.sold_on > m.base - 365 AND s.sold_on <= m.base"""
)
_BOUGHT = f"(SELECT count(*)::int {_SOLD})"
_PAID = f"(SELECT coalesce(round(sum(s.price)), 0)::bigint {_SOLD} AND s.currency = 'CNY')"
_SPENT = """(SELECT coalesce(round(sum(w.total)), 0)::bigint FROM workshop_visit w WHERE w.customer_id = m.customer_id
  AND w.currency = 'CNY' AND w.entered_on > m.base - 365 AND w.entered_on <= m.base)"""
_WANTS = """ARRAY(SELECT DISTINCT i.kind::text FROM contact_centre_purchaseintention i
  WHERE i.customer_id = m.customer_id AND i.kind <> '' AND i.said_at >= m.base - 365)"""
_DOUBTS = """(SELECT q.doubts::text[] FROM customers_quality q WHERE q.customer_id = m.customer_id)"""

FACTS: dict[str, Fact] = {
    fact.key: fact
    for fact in (
        Fact("kind", gettext_lazy("Kind of customer"), "choice", "c.kind", _of(Kind.choices)),
        Fact("gender", gettext_lazy("Gender"), "choice", "c.gender", _of(Gender.choices)),
        Fact("age", gettext_lazy("Age of the customer in years"), "number", _YEARS),
        Fact("industry", gettext_lazy("Industry"), "choice", _INDUSTRY, _industries),
        Fact("doubts", gettext_lazy("Doubts about the record"), "list", _DOUBTS, _of(Doubt.choices)),
        Fact("verification", gettext_lazy("Verification"), "choice", "c.verification", _of(Verification.choices)),
        Fact("category", gettext_lazy("Relation to the outlet"), "choice", "r.category", _of(Category.choices)),
        Fact("state", gettext_lazy("State of the owner"), "choice", _STATE, _of(State.choices)),
        Fact("tier", gettext_lazy("Value tier"), "choice", _TIER, _of(Tier.choices)),
        Fact("tags", gettext_lazy("Tags"), "list", "r.tags::text[]", _tags),
        Fact("province", gettext_lazy("Province"), "choice", _PROVINCE, _provinces),
        Fact("series", gettext_lazy("Series of the car"), "choice", _SERIES, _series),
        Fact("powertrain", gettext_lazy("Powertrain"), "choice", _POWER, _of(Powertrain.choices)),
        Fact("use", gettext_lazy("Use of the car"), "choice", _USE, _uses),
        Fact("age_months", gettext_lazy("Age of the car in months"), "number", _AGE),
        Fact("cars", gettext_lazy("Cars owned"), "number", _CARS),
        Fact("visits_year", gettext_lazy("Valid visits in a year"), "number", _VISITS),
        Fact("visits_paid", gettext_lazy("Paid in the workshop in a year (yuan)"), "number", _SPENT),
        Fact("purchases_year", gettext_lazy("Cars bought in a year"), "number", _BOUGHT),
        Fact("purchases_paid", gettext_lazy("Paid for cars in a year (yuan)"), "number", _PAID),
        Fact("intention", gettext_lazy("Intention to buy within a year"), "list", _WANTS, _of(Intention.choices)),
        Fact("last_visit", gettext_lazy("Category of the last valid visit"), "choice", _LAST, _categories),
        Fact("has_mobile", gettext_lazy("Has a valid mobile number"), "flag", _MOBILE),
        Fact(OPEN_CASE, gettext_lazy("Has an open complaint"), "flag", _OPEN_CASE),
        Fact("consent", gettext_lazy("Consent given for"), "list", _CONSENT, _of(Purpose.choices)),
    )
}
KINDS = {key: fact.kind for key, fact in FACTS.items()}
LOWEST, HIGHEST = -1_000_000_000, 1_000_000_000


def compiled(condition: Condition, number: int) -> tuple[str, dict[str, Any]]:
    """Return a condition as SQL that is true or false, and its parameters."""
    fact, name = FACTS[condition.fact], f"c{number}"
    if fact.kind == "flag":
        return (fact.sql if condition.op == YES else f"NOT {fact.sql}"), {}
    if fact.kind == "number":
        low, high = condition.values
        text = f"coalesce({fact.sql} BETWEEN %({name}_low)s AND %({name}_high)s, false)"
        return text, {f"{name}_low": int(low or LOWEST), f"{name}_high": int(high or HIGHEST)}
    compare = "&&" if fact.kind == "list" else "="
    right = f"%({name})s::text[]" if fact.kind == "list" else f"ANY(%({name})s)"
    text = f"coalesce({fact.sql} {compare} {right}, false)"
    return (text if condition.op == ANY else f"NOT {text}"), {name: list(condition.values)}


def sentence(condition: Condition, words: Mapping[str, Mapping[str, Text]]) -> str:
    """Return a condition as people say it; ``words`` are the choices of the facts asked for."""
    fact = FACTS[condition.fact]
    said = [str(words.get(fact.key, {}).get(value, value)) for value in condition.values]
    values = {"fact": fact.label, "values": _(" or ").join(said)}
    if condition.op == BETWEEN:
        low, high = condition.values
        values |= {"low": low, "high": high}
        if not high:
            return _("%(fact)s: %(low)s or more") % values
        return (_("%(fact)s: %(low)s to %(high)s") if low else _("%(fact)s: at most %(high)s")) % values
    texts = {
        ANY: _("%(fact)s: %(values)s"), NONE: _("%(fact)s: not %(values)s"), YES: _("%(fact)s: yes"),
        NO: _("%(fact)s: no"),
    }  # fmt: skip
    return texts[condition.op] % values


def words(conditions: Sequence[Condition]) -> dict[str, dict[str, Text]]:
    """Return the choices of the facts that conditions ask for; at most one query a fact."""
    return {key: dict(FACTS[key].options()) for key in {item.fact for item in conditions}}


def shown(value: Any, choices: Mapping[str, Text]) -> str:
    """Return the value of a fact as people read it."""
    if value is None or value in ("", []):
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(str(choices.get(item, item)) for item in value)
    return str(choices.get(str(value), value))
