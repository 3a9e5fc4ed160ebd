"""How tasks are shown, and what the worklist contributes elsewhere: open work on the page of its subject, at home."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.foundation import clock, slots
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.slots import Hit, Moment
from guanxi.worklist import states
from guanxi.worklist.models import Attempt, Task
from guanxi.worklist.permissions import Verb
from guanxi.worklist.policy import tasks as rules
from guanxi.worklist.queries import tasks as queries
from guanxi.worklist.states import Outcome, State

LOOKS: dict[str, str] = {Outcome.REACHED: "green", Outcome.POSTPONED: "amber"}


@dataclass(frozen=True)
class Card:
    """A task as a line: what, why, until when; and what may be done with it here."""

    task: Task
    title: str
    why: str
    due: str
    group: str
    is_late: bool
    waits_until: str
    place: str
    owner: str
    subject_url: str
    icon: str
    done_url: str
    act: Text
    call_url: str
    in_person: bool
    can_claim: bool
    can_work: bool
    can_try: bool

    @property
    def pk(self) -> int:
        return self.task.pk


def when(moment: datetime.datetime, at: datetime.datetime) -> str:
    """Return a moment as short as it can be said today."""
    local, today = timezone.localtime(moment), clock.day_of(at)
    days = (local.date() - today).days
    if days == 0:
        return f"{local:%H:%M}"
    near = {-1: _("yesterday %(time)s"), 1: _("tomorrow %(time)s")}.get(days)
    if near:
        return near % {"time": f"{local:%H:%M}"}
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


def subject_url(task: Task) -> str:
    """Return the page of what a task is about, if there is one."""
    subject = states.subject(task.subject_type)
    if subject is None:
        return ""
    try:
        return reverse(subject.url_name, args=[task.subject_id])
    except NoReverseMatch:
        return ""


def done_url(task: Task) -> str:
    """Return the page that ends such a task, if it has one of its own."""
    page = states.kind(task.kind).page
    return reverse(page, args=[task.subject_id]) if page and task.subject_id else ""


def call_url(actor: Actor, task: Task) -> str:
    """Return the page on which a call is made or a visit recorded, if a capability has one for this actor."""
    return str(slots.ask("worklist.call_url", actor, task, default=""))


def may_work(actor: Actor, task: Task) -> bool:
    """Say whether the actor may work on a task: his own, one of his role, or one of his team."""
    if not task.is_live:
        return False
    if task.owner_id is not None and task.owner_id == actor.user_id:
        return actor.can(Verb.WORK)
    return actor.can(Verb.WORK if task.owner_id is None else Verb.ASSIGN, task.node_id)


def card(actor: Actor, task: Any, at: datetime.datetime) -> Card:
    """Return one task as a line; it has been prepared (``queries.prepare``)."""
    waits = rules.sleeps(task, at)
    wakes = max(task.opens_at, task.wake_at or task.opens_at)
    can_work, kind = may_work(actor, task), states.kind(task.kind)
    return Card(
        task=task, title=task.title, why=task.why, due=when(task.due_at, at),
        group=rules.group(task, at=at, day_ends=queries.day_end(at)), is_late=task.is_live and task.due_at < at,
        waits_until=when(wakes, at) if waits and task.is_live else "",
        place=task.place, owner=task.owner_name or task.role_name,
        subject_url=subject_url(task), icon=kind.icon, done_url=done_url(task),
        act=kind.act, call_url=call_url(actor, task) if can_work and (kind.by_phone or kind.in_person) else "",
        in_person=kind.in_person,
        can_claim=task.owner_id is None and can_work, can_work=can_work, can_try=can_work and kind.attempts,
    )  # fmt: skip


def cards(actor: Actor, rows: Iterable[Task], at: datetime.datetime) -> list[Card]:
    """Return tasks as lines, in the order in which they are best done; three queries."""
    found = rules.in_order(list(rows), at)
    queries.prepare(found)
    return [card(actor, row, at) for row in found]


def moments(actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return what came of the tasks about a customer, for his timeline; two queries."""
    if not actor.can(Verb.VIEW):
        return []
    rows = [row for row in queries.about(actor, "customer", customer_id, limit) if row.state == State.DONE]
    names = queries.names(row.finished_by_id for row in rows)
    return [
        Moment(
            row.finished_at, row.kind_label, " · ".join(part for part in (row.outcome_label, row.outcome_note) if part),
            names.get(row.finished_by_id or 0, ""), "list-checks", "green", reverse("worklist:task", args=[row.pk]),
        )
        for row in rows
        if row.finished_at
    ]  # fmt: skip


def what_happened(sheet: queries.Sheet) -> list[Moment]:
    """Return the attempts at a task and the rungs that it reached, oldest first; one query."""
    named = queries.names(person for item in sheet.escalations for person in item.told)
    found = [
        Moment(
            item.at, item.get_outcome_display(), item.note + _tried_again(item), item.person_name,
            "calendar-clock" if item.outcome == Outcome.POSTPONED else "phone-call",
            LOOKS.get(item.outcome, "blue"),
        )
        for item in sheet.attempts
    ]  # fmt: skip
    for rung in sheet.escalations:
        people = " · ".join(named[person] for person in rung.told if person in named)
        words = _("Told: %(rank)s") % {"rank": rung.get_to_display()}
        found.append(
            Moment(rung.at, words, "", people or _("Nobody who is in sight from here"), "trending-up", "violet")
        )
    return sorted(found, key=lambda moment: moment.at)


def _tried_again(item: Attempt) -> str:
    if item.next_try_at is None:
        return ""
    return " " + _("Next: %(moment)s") % {"moment": f"{timezone.localtime(item.next_try_at):%Y-%m-%d %H:%M}"}


def find(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Find the actor's own live tasks by whom they are about or what is to be done."""
    wanted = text.casefold()
    found = [row for row in queries.mine(actor) if wanted in f"{row.subject_label} {row.note}".casefold()]
    return [
        Hit(
            row.title, f"{row.kind_label} · {when(row.due_at, clock.now())}",
            reverse("worklist:task", args=[row.pk]), "list-checks",
        )
        for row in found[:limit]
    ]  # fmt: skip
