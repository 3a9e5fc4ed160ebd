"""Contact rules over the API: which there are, what each will do, and switching them."""

import datetime

from ninja import Router, Schema

from guanxi.care.models import Rule
from guanxi.care.permissions import Verb
from guanxi.care.queries import previews, wording
from guanxi.care.queries import rules as queries
from guanxi.care.services import rules as services
from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input

router = Router()


class RuleOut(Schema):
    """A version of a contact rule; ``sentence`` says it in the language of the request."""

    id: int
    code: str
    name_zh: str
    name_en: str
    since: datetime.date
    until: datetime.date | None
    is_on: bool
    anchor: str
    audience: list[dict[str, object]]
    coverage: int
    margin: int | None
    replaces: bool
    channel: str
    fallback: str
    template: str
    where: str
    priority: int
    source: str
    is_assumed: bool
    sentence: str


class MonthOut(Schema):
    month: datetime.date
    found: int


class PreviewOut(Schema):
    """How many a rule finds; ``is_past``: the months are those that went by;
    ``part``: they are reckoned from one customer in so many.
    """

    today: int
    week: int
    total: int
    is_past: bool
    part: int
    months: list[MonthOut]


class SwitchIn(Input):
    is_on: bool


def _said(row: Rule, words: wording.Words | None = None) -> dict[str, object]:
    names = [name for name in RuleOut.model_fields if name != "sentence"]
    return {name: getattr(row, name) for name in names} | {"sentence": wording.sentence(row, words)}


@router.get("/rules", response={200: list[RuleOut], **REFUSALS}, summary="List contact rules")
def list_rules(request: ApiRequest) -> object:
    check(request.actor, Verb.VIEW_RULES)
    rows = list(queries.current(request.actor).select_related("role").order_by("code"))
    words = wording.words(rows)
    return [_said(row, words) for row in rows]


@router.get("/rules/{rule_id}/preview", response={200: PreviewOut, **REFUSALS}, summary="What a rule will do")
def preview(request: ApiRequest, rule_id: int) -> object:
    check(request.actor, Verb.VIEW_RULES)
    found = previews.preview(request.actor, queries.rule(request.actor, rule_id), clock.today())
    months = [{"month": month, "found": number} for month, number in found.months]
    return {
        "today": found.today, "week": found.week, "total": found.total, "is_past": found.is_past, "part": found.part,
        "months": months,
    }  # fmt: skip


@router.post("/rules/{rule_id}/switch", response={200: RuleOut, **REFUSALS}, summary="Switch a rule on or off")
def switch_rule(request: ApiRequest, rule_id: int, body: SwitchIn) -> object:
    row = services.switch_rule(actor=request.actor, rule_id=rule_id, is_on=body.is_on, at=clock.now())
    return _said(row)
