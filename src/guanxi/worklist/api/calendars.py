"""Working calendars over the API."""

import datetime

from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Status

from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Invalid, NotFound
from guanxi.foundation.rest import REFUSALS, ApiRequest
from guanxi.worklist.api import shapes
from guanxi.worklist.permissions import Verb
from guanxi.worklist.policy import calendar as rules
from guanxi.worklist.policy import reckoning
from guanxi.worklist.policy.calendar import Calendar
from guanxi.worklist.policy.hours import write_day
from guanxi.worklist.queries import calendars as queries
from guanxi.worklist.queries.tasks import place_of
from guanxi.worklist.services import calendars as services

router = Router()
LONGEST = 400


def _place(request: ApiRequest, node_id: int) -> int | None:
    """Return the place asked for (None: the whole network) as far as its calendar may be seen."""
    check(request.actor, Verb.VIEW_CALENDAR)
    return place_of(request.actor, node_id, Verb.VIEW_CALENDAR).pk if node_id else None


def _days(held: Calendar, node_id: int | None, first: datetime.date, last: datetime.date) -> dict[str, object]:
    plans = [rules.plan(held, first + datetime.timedelta(number)) for number in range((last - first).days + 1)]
    days = [
        {
            "day": plan.day, "hours": write_day(plan.hours), "source": plan.source, "node_id": plan.node_id,
            "name": plan.name, "is_assumed": plan.is_assumed,
        }
        for plan in plans
    ]  # fmt: skip
    return {"node_id": node_id, "zone": str(held.zone), "announced_years": sorted(held.announced), "days": days}


@router.get("/places/{node_id}/calendar", response={200: shapes.CalendarOut, **REFUSALS}, summary="Which hours hold")
def get_calendar(request: ApiRequest, node_id: shapes.NodeKey, query: Query[shapes.AskedDays]) -> object:
    place = _place(request, node_id)
    first = query.first or clock.today()
    last = query.last or first + datetime.timedelta(days=29)
    if not 0 <= (last - first).days < LONGEST:
        raise Invalid(_("From a day to a later one, at most 400 days."), field="last")
    return _days(queries.calendar(place, clock.today(), since=first), place, first, last)


@router.get("/places/{node_id}/deadline", response={200: shapes.DeadlineOut, **REFUSALS}, summary="Reckon a deadline")
def reckon_deadline(request: ApiRequest, node_id: shapes.NodeKey, query: Query[shapes.AskedDeadline]) -> object:
    place = _place(request, node_id)
    if query.minutes is not None and query.days is not None:
        raise Invalid(_("Ask for working minutes or for working days."), field="minutes")
    start = query.start or clock.now()
    held = queries.calendar(place, clock.today(), since=clock.day_of(start) - datetime.timedelta(days=7))
    found = reckoning.Moment(None)
    if query.minutes is not None or query.days is not None:
        found = reckoning.due(held, start, reckoning.Term(query.minutes or 0, query.days))
    opens = reckoning.next_opening(held, start)
    return {
        "due_at": found.at, "is_assumed": found.is_assumed, "is_open": reckoning.is_open(held, start),
        "next_opening": opens.at,
    }  # fmt: skip


@router.put("/places/{node_id}/week", response={200: shapes.CalendarOut, **REFUSALS}, summary="Set the working week")
def set_week(request: ApiRequest, node_id: shapes.NodeKey, body: shapes.WeekIn) -> object:
    place = node_id or None
    services.set_week(
        actor=request.actor, node_id=place, since=body.since, days=body.days, keeps_holidays=body.keeps_holidays,
        at=clock.now(),
    )  # fmt: skip
    return _fortnight(place, body.since)


def _fortnight(place: int | None, first: datetime.date) -> dict[str, object]:
    held = queries.calendar(place, clock.today(), since=first)
    return _days(held, place, first, first + datetime.timedelta(days=13))


@router.post("/places/{node_id}/inherit", response={200: shapes.CalendarOut, **REFUSALS}, summary="Follow those above")
def inherit_week(request: ApiRequest, node_id: shapes.NodeKey, body: shapes.SinceIn) -> object:
    if not node_id:
        raise NotFound
    services.inherit_week(actor=request.actor, node_id=node_id, since=body.since, at=clock.now())
    return _fortnight(node_id, body.since)


@router.put("/places/{node_id}/days", response={200: shapes.CalendarOut, **REFUSALS}, summary="Set special days")
def set_days(request: ApiRequest, node_id: shapes.NodeKey, body: shapes.DaysIn) -> object:
    place = node_id or None
    services.set_days(actor=request.actor, node_id=place, at=clock.now(), **body.dict())
    return _fortnight(place, body.first)


@router.delete("/places/{node_id}/days/{day}", response={204: None, **REFUSALS}, summary="Take a special day back")
def drop_day(request: ApiRequest, node_id: shapes.NodeKey, day: datetime.date) -> object:
    services.drop_day(actor=request.actor, node_id=node_id or None, day=day)
    return Status(204, None)


@router.delete("/places/{node_id}/week/{since}", response={204: None, **REFUSALS}, summary="Take a week back")
def drop_week(request: ApiRequest, node_id: shapes.NodeKey, since: datetime.date) -> object:
    services.drop_week(actor=request.actor, node_id=node_id or None, since=since)
    return Status(204, None)
