"""The list of contact rules by their effect."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.care.models import Rule
from guanxi.care.queries import rules
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table
from guanxi.foundation.values.months import later
from guanxi.insight.models import Effect
from guanxi.insight.policy.effects import points
from guanxi.insight.queries import effects as queries
from guanxi.insight.states import Arm

MONTHS = 36
USUAL = 12  # months that are counted when nobody asks for others
ALL = "all"


def _months(_actor: Actor | None = None) -> Sequence[tuple[str, Text]]:
    """Return the last three years of months to choose from, the newest first."""
    this = clock.today().replace(day=1)
    return [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in (later(this, -back) for back in range(MONTHS))]


def month(text: str) -> datetime.date | None:
    """Return the first day of a month that was chosen, if it is one of those that can be."""
    return datetime.date.fromisoformat(f"{text}-01") if text in dict(_months()) else None


def _beginnings(_actor: Actor) -> Sequence[tuple[str, Text]]:
    return [*_months(), (ALL, _("the beginning"))]


def _this() -> str:
    return f"{clock.today():%Y-%m}"


def _usual() -> str:
    return f"{later(clock.today().replace(day=1), 1 - USUAL):%Y-%m}"


def period(first: str, last: str) -> tuple[datetime.date | None, datetime.date]:
    """Return the months asked for: the last twelve up to the last one, unless another first one or all are chosen."""
    until = month(last) or clock.today().replace(day=1)
    return (None if first == ALL else month(first) or later(until, 1 - USUAL)), until


def places(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the branches, call centres and outlets to choose from; one query."""
    return [(str(row.pk), row.name) for row in queries.places(actor, clock.today())]


def listed(actor: Actor, seen: QuerySet[Effect]) -> QuerySet[Rule]:
    """Return the last version of each rule of which something is counted, with how many were contacted."""
    of_rule = seen.filter(code=OuterRef("code"), arm=Arm.CONTACT).order_by().values("code")
    contacted = Subquery(of_rule.annotate(many=Sum("contacted")).values("many"))
    return rules.current(actor).filter(code__in=seen.order_by().values("code")).annotate(contacted=contacted)


def _same(rows: Rows, _value: str) -> Rows:
    """Keep the rows: the view chose what they count by this value already."""
    return rows


def _limit(name: str) -> Callable[[Any], float | None]:
    """Return what gives one part of the difference of a row, in points."""

    def value(row: Any) -> float | None:
        held = row.found.came.difference
        return None if held is None else points(getattr(held, name))

    return value


def _extra(name: str) -> Callable[[Any], int | None]:
    def value(row: Any) -> int | None:
        held = row.found.came.extra
        return None if held is None else int(getattr(held, name))

    return value


EFFECTS = Table(
    key="insight.effects",
    title=_("Effect of contact rules"),
    columns=(
        Column("rule", _("Rule"), lambda row: row.name, cell="rule"),
        Column("code", _("Code"), lambda row: row.code, sort=("code",), cell="code", hidden=True),
        Column("contacted", _("Contacted"), lambda row: row.found.contact.contacted, ("contacted",), "number"),
        Column("reached", _("Reached"), lambda row: row.found.contact.reached, cell="number"),
        Column("came", _("Came (percent)"), lambda row: points(row.found.came.contact), cell="number"),
        Column("control", _("Came without (percent)"), lambda row: points(row.found.came.control), cell="number"),
        Column("difference", _("Difference (points)"), _limit("value"), cell="difference"),
        Column("low", _("At least"), _limit("low"), cell="number", hidden=True),
        Column("high", _("At most"), _limit("high"), cell="number", hidden=True),
        Column("extra", _("Extra visits"), _extra("value"), cell="extra"),
        Column("extra_low", _("Extra visits at least"), _extra("low"), cell="number", hidden=True),
        Column("extra_high", _("Extra visits at most"), _extra("high"), cell="number", hidden=True),
        Column("verdict", _("Verdict"), lambda row: row.found.came.verdict.label, cell="verdict"),
        Column("open", _("Still open"), lambda row: row.found.open, cell="number"),
        Column("meant", _("To be contacted"), lambda row: row.found.contact.customers, cell="number", hidden=True),
        Column("left", _("Left out at random"), lambda row: row.found.control.customers, cell="number", hidden=True),
        Column("days", _("Days until they came"), lambda row: row.found.contact.days, cell="number", hidden=True),
        Column(
            "bought", _("Bought (percent)"), lambda row: points(row.found.bought.contact), cell="number", hidden=True
        ),
        Column(
            "bought_control", _("Bought without (percent)"), lambda row: points(row.found.bought.control),
            cell="number", hidden=True,
        ),
    ),
    filters=(
        Filter("from", _("Months from"), _same, _beginnings, usual=_usual),
        Filter("to", _("Months until"), _same, _months, usual=_this),
        Filter("place", _("Outlet or branch"), _same, places),
    ),
    default_sort="-contacted",
    row_url=lambda row: reverse("care:rule", args=[row.pk]),
)  # fmt: skip
