"""Writing check lists by hand: a new one, and the next version of one. Rounds keep the version they were asked with."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.care.models import CheckItem, CheckList
from guanxi.care.permissions import Verb
from guanxi.care.policy import checklists as policy
from guanxi.care.policy.checklists import ONE_DAY, Point
from guanxi.care.queries import checklists as queries
from guanxi.care.states.checklists import Outlets, Within
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid, Problem
from guanxi.records import services as records

LOCK = "care.checklists"
LONGEST_TERM = 200
WORDS = {
    "missing": _("Say it in both languages."),
    "long": _("This is too long."),
    "code": _("A code has small letters, digits and underscores, at least two."),
    "double": _("This point stands in the list twice."),
}


@dataclass(frozen=True)
class Wording:
    """What a version says: its values, its points in order, and from which day on it holds."""

    values: Mapping[str, Any]
    points: Sequence[Point]
    valid_from: datetime.date


def add_check_list(
    *, actor: Actor, code: str, node_id: int | None, wording: Wording, at: datetime.datetime
) -> CheckList:
    """Write a new check list: checks the right at its place and everything that it says, waits for others, writes,
    audits.

    :raises NotAllowed: the actor may not change check lists there, or everywhere if it belongs to no place.
    :raises Conflict: there is a list of this code.
    :raises Invalid: everything wrong, each at its field.
    """
    _check(actor, node_id)
    with db.atomic():
        db.serialise(LOCK)
        _refuse_unfit(code, node_id, wording)
        if CheckList.objects.filter(code=code).exists():
            raise _taken()
        row = CheckList(code=code, node_id=node_id, source="", **wording.values)
        try:
            with db.atomic():
                _write(row, wording, policy.begins(wording.valid_from, clock.day_of(at), None), at)
        except IntegrityError as error:  # another place has it, out of this actor's sight
            raise _taken() from error
        _audit(actor, "care.add_check_list", row, {})
    return row


def change_check_list(*, actor: Actor, list_id: int, wording: Wording, at: datetime.datetime) -> CheckList:
    """Write the next version of a check list: waits for others, checks the right and everything that it says, ends the
    version before it, takes back one that has not begun, writes, audits. It holds from the day that is wished, but not
    before today, and after the last day on which the list was asked for or gone through.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not change it.
    :raises Conflict: a later version exists.
    :raises Invalid: everything wrong, each at its field.
    """
    with db.atomic():
        db.serialise(LOCK)
        row = queries.check_list(actor, list_id)
        _check(actor, row.node_id)
        if row.until is not None:
            raise Conflict(_("This is an earlier version; change the last one."))
        _refuse_unfit(row.code, row.node_id, wording)
        today = clock.day_of(at)
        since = policy.begins(wording.valid_from, today, queries.last_asked(row.code, today))
        before = _plain(row)
        following = CheckList(code=row.code, node_id=row.node_id, source=row.source, **wording.values)
        is_same = queries.said(following) == queries.said(row) and list(wording.points) == queries.points(row)
        if is_same and (row.since <= today or row.since == since):
            return row
        _end(row.code, since, today)
        _write(following, wording, since, at)
        _audit(actor, Verb.CHANGE_CHECK_LISTS, following, before)
    return following


def _end(code: str, since: datetime.date, today: datetime.date) -> None:
    """Take back what has not begun and what the new version stands in for, and end what holds until then."""
    versions = CheckList.objects.filter(code=code)
    versions.filter(since__gte=min(since, today + ONE_DAY)).delete()
    before = versions.order_by("-since").first()
    if before is not None:
        versions.filter(pk=before.pk).update(until=since)


def _write(row: CheckList, wording: Wording, since: datetime.date, at: datetime.datetime) -> None:
    known = queries.codes_of(row.code)
    row.since, row.made_at = since, at
    row.save(force_insert=True)
    CheckItem.objects.bulk_create(
        CheckItem(list=row, code=point.code, position=number, name_zh=point.name_zh, name_en=point.name_en)
        for number, point in enumerate(policy.coded(wording.points, known), 1)
    )


def _refuse_unfit(code: str, node_id: int | None, wording: Wording) -> None:
    problems = [*_wrong_code(code, node_id), *_wrong(wording.values), *_wrong_points(wording.points)]
    if problems:
        raise Invalid(problems=problems)


def _wrong_code(code: str, node_id: int | None) -> Iterator[Problem]:
    if not policy.CODE.fullmatch(code):
        yield Problem(WORDS["code"], "code")
    elif node_id is not None and not code.startswith("x_"):
        yield Problem(_("The code of an outlet's own list begins with x_."), "code")


def _wrong(values: Mapping[str, Any]) -> Iterator[Problem]:
    weekdays, every = values["weekdays"], values["every"]
    roles = set(Role.objects.filter(is_current=True).values_list("pk", flat=True))
    looks = (
        (not values["name_zh"], "name_zh", WORDS["missing"]),
        (not values["name_en"], "name_en", WORDS["missing"]),
        (values["outlets"] not in Outlets.values, "outlets", _("Choose one of the values offered.")),
        (values["unit"] not in Within.values, "unit", _("Choose one of the values offered.")),
        (not set(weekdays) <= set(range(1, 8)), "weekdays", _("Choose one of the values offered.")),
        (not policy.ON_CALL <= every <= policy.MOST_EVERY, "every", _("From 0 to 60 working days.")),
        (bool(weekdays) and every != 1, "every", _("Either days of the week, or every so many working days")),
        (not 1 <= values["within"] <= LONGEST_TERM, "within", _("From 1 to 200.")),
        (values["role_id"] not in roles, "role", _("There is no such role.")),
        (values["fixer_id"] not in roles, "fixer", _("There is no such role.")),
        (bool(values["assumed_en"]) and not values["assumed_zh"], "assumed_zh", WORDS["missing"]),
    )
    return (Problem(message, name) for is_wrong, name, message in looks if is_wrong)


def _wrong_points(points: Sequence[Point]) -> Iterator[Problem]:
    if not 0 < len(points) <= policy.MOST:
        yield Problem(_("A check list has one to forty points."), "points")
    for place, name, kind in policy.flaws(points):
        yield Problem(WORDS[kind], f"points.{place}.{name}")


def _taken() -> Conflict:
    return Conflict(_("There is a check list of this code already."), field="code")


def _check(actor: Actor, node_id: int | None) -> None:
    if node_id is None:
        check_everywhere(actor, Verb.CHANGE_CHECK_LISTS)
    else:
        check(actor, Verb.CHANGE_CHECK_LISTS, node_id)


def _plain(row: CheckList) -> dict[str, Any]:
    """Return what the trail keeps of a version."""
    held = queries.said(row) | {"by": f"{row.by:%H:%M}", "since": row.since.isoformat()}
    items = CheckItem.objects.filter(list=row).order_by("position")
    return held | {"points": [f"{item.code}: {item.name_zh} | {item.name_en}" for item in items]}


def _audit(actor: Actor, verb: str, row: CheckList, before: Mapping[str, Any]) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type="care.check_list", subject_id=row.code, subject_label=row.name_zh,
        node_id=row.node_id, before=before, after=_plain(row),
    )  # fmt: skip
