"""The effect of contact rules: what the arms of each rule come to, and the counts behind it."""

import datetime

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.care.permissions import Verb
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, PageQuery, Plain
from guanxi.insight.policy.effects import Compared
from guanxi.insight.queries import effects as queries
from guanxi.insight.queries.effects import Asked, Counts, Found

router = Router()


class ArmOut(Schema):
    """One arm of a rule. Whether they came is known of ``closed`` customers, whether they bought of ``settled``."""

    customers: int
    contacted: int
    reached: int
    closed: int
    came: int
    settled: int
    bought: int
    days: int | None = Field(description="After how many days the middle one of those who came did")


class ComparedOut(Schema):
    """What the arms come to for one outcome. Shares and the difference are between -1 and 1, compared within each
    version, place and month; null where nothing can be said.
    """

    verdict: str
    contact: float | None
    control: float | None
    difference: float | None
    low: float | None
    high: float | None
    extra: int | None
    extra_low: int | None
    extra_high: int | None


class EffectOut(Schema):
    """The effect of one contact rule over the months and places asked for."""

    code: str
    contact: ArmOut
    control: ArmOut
    came: ComparedOut
    bought: ComparedOut


class EffectQuery(Schema):
    first: datetime.date | None = Field(None, description="Windows that opened in the month of this day or later")
    last: datetime.date | None = Field(None, description="Windows that opened in the month of this day or earlier")
    place_id: int | None = Field(None, ge=1, lt=2**31, description="At this place and below")


class CountOut(Schema):
    """The counts of one version of a rule at a place, of one month and arm."""

    rule_id: int
    code: str
    place_id: int
    month: datetime.date
    arm: str
    customers: int
    contacted: int
    reached: int
    closed: int
    came: int
    settled: int
    bought: int
    days: list[int] = Field(description="After how many days each of those who came did")


class CountPage(Schema):
    items: list[CountOut]
    next: str | None


class CountQuery(PageQuery):
    code: str | None = Field(None, max_length=40, pattern=Plain)


@router.get("/effects", response={200: list[EffectOut], **REFUSALS}, summary="List the effect of contact rules")
def list_effects(request: ApiRequest, query: Query[EffectQuery]) -> object:
    check(request.actor, Verb.VIEW_RULES)
    first = query.first.replace(day=1) if query.first else None
    seen = queries.asked_for(request.actor, Asked(first, query.last, query.place_id), clock.today())
    codes = seen.order_by("code").values_list("code", flat=True).distinct()
    found = queries.compared(seen, codes, queries.terms())
    return [_said(found[code]) for code in sorted(found)]


def _said(found: Found) -> dict[str, object]:
    return {
        "code": found.code, "contact": _arm(found.contact), "control": _arm(found.control),
        "came": _compared(found.came), "bought": _compared(found.bought),
    }  # fmt: skip


def _arm(counts: Counts) -> dict[str, object]:
    return {name: getattr(counts, name) for name in ArmOut.model_fields}


def _compared(held: Compared) -> dict[str, object]:
    found, more = held.difference, held.extra
    return {
        "verdict": held.verdict.value, "contact": held.contact, "control": held.control,
        "difference": found and found.value, "low": found and found.low, "high": found and found.high,
        "extra": more and more.value, "extra_low": more and more.low, "extra_high": more and more.high,
    }  # fmt: skip


@router.get("/effects/counts", response={200: CountPage, **REFUSALS}, summary="The counts behind the effect of rules")
def list_counts(request: ApiRequest, query: Query[CountQuery]) -> object:
    check(request.actor, Verb.VIEW_RULES)
    rows = queries.visible_to(request.actor)
    found = paging.take(rows.filter(code=query.code) if query.code else rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}
