"""Everything that changes the workbench: telling people, reading, and saved views."""

import datetime
import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Invalid, NotAllowed
from guanxi.network import queries as network
from guanxi.records import services as records
from guanxi.workbench import notifications, policy, queries
from guanxi.workbench.models import Notification, SavedView
from guanxi.workbench.permissions import Verb

CHANNEL = "guanxi_push"
LONGEST_QUERY = 1000


def notify(
    *,
    actor: Actor,
    user_ids: Iterable[int],
    kind: str,
    text_zh: str,
    text_en: str,
    url: str = "",
    at: datetime.datetime,
) -> int:
    """Tell some people something: writes one line each and signals the open pages, all in the caller's
    transaction; then one audit line. Return how many people were told.

    :raises Invalid: ``url`` is not an address of this system.
    """
    if url and (not url.startswith("/") or url.startswith(("//", "/\\"))):
        raise Invalid(_("A notification links to a page of this system."), field="url")
    readers = sorted(set(user_ids))
    if not readers:
        return 0
    with db.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT workbench_tell(reader, %s, %s, %s, %s, %s) FROM unnest(%s::bigint[]) AS reader",
                [at, kind, text_zh, text_en, url, readers],
            )
        records.audit(
            actor=actor, verb="workbench.notify", subject_type="notification", subject_id=kind,
            subject_label=text_zh, after={"people": readers},
        )  # fmt: skip
    return len(readers)


def _tell(user_id: int | None, message: notifications.Message) -> None:
    if user_id is None:
        return
    notify(
        actor=SYSTEM, user_ids=[user_id], kind=message.kind, text_zh=message.text_zh, text_en=message.text_en,
        url=message.url, at=clock.now(),
    )  # fmt: skip


def tell_role_granted(
    *, person_id: int, role_zh: str, role_en: str, node_zh: str, node_en: str, by: str, **_rest: Any
) -> None:
    """React to a granted role: tells the person."""
    message = notifications.role_granted(role=(role_zh, role_en), node=(node_zh, node_en), by=by)
    _tell(person_id, message)


def tell_membership_ended(
    *, person_id: int, role_zh: str, role_en: str, node_zh: str, node_en: str, by: str, **_rest: Any
) -> None:
    """React to an ended role: tells the person."""
    message = notifications.membership_ended(role=(role_zh, role_en), node=(node_zh, node_en), by=by)
    _tell(person_id, message)


def tell_invitation_accepted(*, inviter_id: int, person_id: int, person_name: str, **_rest: Any) -> None:
    """React to an accepted invitation: tells who invited."""
    _tell(inviter_id, notifications.invitation_accepted(person_id=person_id, name=person_name))


def tell_network_imported(*, person_id: int | None, name: str, added: int, changed: int, **_rest: Any) -> None:
    """React to a finished import: tells who asked for it."""
    _tell(person_id, notifications.network_imported(name=name, added=added, changed=changed))


def tell_import_ended(
    *, run_id: int, person_id: int | None, file_name: str, state: str, added: int, changed: int, **_rest: Any
) -> None:
    """React to an import that was written, undone, or could be neither: tells who started it."""
    _tell(person_id, notifications.import_ended(run_id, name=file_name, state=state, added=added, changed=changed))


def tell_tasks_assigned(*, person_id: int, by: str, count: int, task_id: int, label: str, **_rest: Any) -> None:
    """React to work that was given to a person: tells the person."""
    _tell(person_id, notifications.tasks_assigned(task_id, by=by, count=count, label=label))


def tell_tasks_escalated(
    *, person_id: int, to: str, count: int, task_id: int, label: str, is_late: bool, **_rest: Any
) -> None:
    """React to tasks that reached a rung of their ladder: tells whoever stands there."""
    _tell(person_id, notifications.tasks_escalated(task_id, to=to, count=count, label=label, is_late=is_late))


def tell_complaint_warned(*, person_id: int, complaint_id: int, number: str, level: str, **_rest: Any) -> None:
    """React to a complaint of which somebody has to know at once: tells him."""
    _tell(person_id, notifications.complaint_warned(complaint_id, number=number, level=level))


def tell_crisis_told(*, person_id: int, crisis_id: int, number: str, **_rest: Any) -> None:
    """React to a crisis of which somebody has to know at once: tells him."""
    _tell(person_id, notifications.crisis_told(crisis_id, number=number))


def tell_alarm_raised(*, person_id: int, alarm_id: int, label: str, **_rest: Any) -> None:
    """React to an alarm that somebody is asked to judge: tells him."""
    _tell(person_id, notifications.alarm_raised(alarm_id, label=label))


def tell_reading_asked(*, people: list[int], is_reminder: bool, **values: Any) -> None:
    """React to an article that people have to read and confirm, or to a reminder of it: tells them."""
    message = notifications.reading_asked(is_reminder=is_reminder, **values)
    notify(
        actor=SYSTEM, user_ids=people, kind=message.kind, text_zh=message.text_zh, text_en=message.text_en,
        url=message.url, at=clock.now(),
    )  # fmt: skip


def forget(*, actor: Actor, number: str, people: Iterable[int]) -> int:
    """Take away what names something by its number from all but some people: writes set-based, audits. Return how much.

    :raises NotAllowed: the actor is not the system.
    """
    if not actor.is_system:
        raise NotAllowed
    with db.atomic():
        rows = Notification.objects.filter(text_en__contains=number).exclude(user_id__in=list(people))
        count, _each = rows.delete()
        if count:
            records.audit(
                actor=actor, verb="workbench.forget", subject_type="notification", subject_id=number,
                subject_label=number, after={"taken": count},
            )  # fmt: skip
    return count


def forget_crisis(*, number: str, people: list[int], **_rest: Any) -> None:
    """React to a room of a crisis that was closed to people: takes what names it from everybody else."""
    forget(actor=SYSTEM, number=number, people=people)


def _signal(actor: Actor) -> None:
    """Let the actor's other open pages show the new count."""
    payload = json.dumps({"user": actor.user_id, "unread": queries.unread(actor)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


def mark_read(*, actor: Actor, notification_id: int, at: datetime.datetime) -> str:
    """Mark one notification of the actor as read and signal the open pages; return its address.

    Leaves no audit line: who read a line meant for him alone is nobody else's business.

    :raises NotFound: it is not the actor's.
    """
    with db.atomic():
        row = db.lock(queries.notifications(actor), notification_id)
        if row.read_at is None:
            row.read_at = at
            row.save(update_fields=["read_at"])
            _signal(actor)
    return row.url


def mark_all_read(*, actor: Actor, at: datetime.datetime) -> int:
    """Mark everything the actor was told as read and signal the open pages; return how many there were."""
    with db.atomic():
        count = queries.notifications(actor).filter(read_at__isnull=True).update(read_at=at)
        if count:
            _signal(actor)
    return count


def save_view(
    *, actor: Actor, table: str, name: str, query: str, is_shared: bool = False, node_id: int | None = None,
    at: datetime.datetime,
) -> SavedView:  # fmt: skip
    """Keep a list's search, filters, sort order and columns under a name: checks the right to share,
    writes (a view of the same name is replaced), audits.

    A shared view belongs to ``node_id``, or to the actor's own place.

    :raises Invalid: no name, no list, or more conditions than can be kept.
    :raises NotFound: there is no such place, or not for this actor.
    :raises NotAllowed: the actor may not share at that place.
    """
    name, query = " ".join(name.replace("\x00", "").split())[:60], policy.kept_query(query)
    if not policy.is_list(table):
        raise Invalid(_("There is no such list."), field="table")
    if not name:
        raise Invalid(_("Give the view a name."), field="name")
    if len(query) > LONGEST_QUERY:
        raise Invalid(_("These are more conditions than a view can keep."), field="query")
    place = _place(actor, node_id) if is_shared else None
    with db.atomic():
        old = queries.own_views(actor).select_for_update().filter(table=table, name=name).first()
        before = _plain(old) if old else None
        values = {"query": query, "is_shared": bool(place), "node_id": place, "created_at": at}
        view, _made = SavedView.objects.update_or_create(
            owner_id=actor.user_id, table=table, name=name, defaults=values
        )
        records.audit(
            actor=actor, verb="workbench.save_view", subject_type="saved_view", subject_id=view.pk,
            subject_label=name, node_id=place or actor.home_id, before=before, after=_plain(view),
        )  # fmt: skip
    return view


def _place(actor: Actor, node_id: int | None) -> int | None:
    """The place with which a view is shared: one that the actor sees and may share at."""
    place = actor.home_id if node_id is None else network.node(actor, node_id).pk
    check(actor, Verb.SHARE_VIEW, place)
    return place


def delete_view(*, actor: Actor, view_id: int) -> None:
    """Delete one of the actor's own views: locks, deletes, audits.

    :raises NotFound: it is not the actor's.
    """
    with db.atomic():
        view = db.lock(queries.own_views(actor), view_id)
        before, place = _plain(view), view.node_id or actor.home_id
        view.delete()
        records.audit(
            actor=actor, verb="workbench.delete_view", subject_type="saved_view", subject_id=view_id,
            subject_label=view.name, node_id=place, before=before, after=None,
        )  # fmt: skip


def _plain(view: SavedView) -> dict[str, Any]:
    return {"table": view.table, "name": view.name, "query": view.query, "is_shared": view.is_shared}
