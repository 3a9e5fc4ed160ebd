"""Keeping a recall: writing it, changing a draft, putting cars on its list with findings."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.campaigns import policy
from guanxi.campaigns.models import Recall, RecallCar
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import recalls as queries
from guanxi.campaigns.queries.campaigns import PLACES
from guanxi.campaigns.states import WRITABLE, Finding, State
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.foundation.values import vins
from guanxi.messaging.queries import templates
from guanxi.network.models import Node
from guanxi.privacy.states import Purpose
from guanxi.records import services as records
from guanxi.vehicles.models import Vehicle

SUBJECT = "campaigns.recall"
TAKES_CARS = (*WRITABLE, State.RUNNING)
MOST = 20_000  # lines of one list
SAID = ("name", "reference", "about", "node_id", "is_safety", "channel", "template", "role_id")
# Each with its owner and the outlet whose customer he is, as far as it stands at or below the place of the recall.
ADD = """
INSERT INTO campaigns_recallcar (recall_id, vehicle_id, customer_id, outlet_id, state, is_approved, added_by_id,
  since, note, by)
SELECT %(recall)s, v.id, p.customer_id, home.outlet_id, 'OPEN', %(approved)s, %(person)s::bigint, %(at)s, '', ''
FROM vehicles_vehicle v
LEFT JOIN vehicles_participant p ON p.vehicle_id = v.id AND p.role = 'OWNER' AND p.until IS NULL
LEFT JOIN LATERAL (
  SELECT o.outlet_id FROM customers_relation o WHERE o.customer_id = p.customer_id AND o.ended_on IS NULL
    AND o.outlet_id IN (SELECT %(node)s::int UNION ALL SELECT n.descendant_id FROM network_ancestry n
      WHERE n.ancestor_id = %(node)s AND n.during @> %(today)s::date)
  ORDER BY (o.category = 'OWNER') DESC, o.since DESC, o.outlet_id LIMIT 1) home ON true
WHERE v.id = ANY(%(ids)s)
ON CONFLICT (recall_id, vehicle_id) DO NOTHING
"""


@dataclass(frozen=True)
class Found:
    """A line of a list that is not taken, and why."""

    line: int
    text: str
    finding: Finding


@dataclass(frozen=True)
class Report:
    """How many cars came onto the list, and what was wrong with the others."""

    added: int
    findings: Sequence[Found]


def add_recall(*, actor: Actor, values: Mapping[str, Any], at: datetime.datetime) -> Recall:
    """Write a recall as a draft (the fields of ``SAID``): checks the right at its place and its template, writes,
    audits.

    :raises NotAllowed: the actor may not keep recalls there.
    :raises Invalid: something in it cannot be.
    """
    check(actor, Verb.MANAGE_RECALLS, values["node_id"])
    row = Recall(made_at=at, made_by=actor.name[:160], **{name: values[name] for name in SAID})
    _refuse(row, clock.day_of(at))
    with db.atomic():
        row.save(force_insert=True)
        audit(actor, "campaigns.add_recall", row, name=row.name, about=row.about)
    return row


def change_recall(*, actor: Actor, recall_id: int, values: Mapping[str, Any], at: datetime.datetime) -> Recall:
    """Change what a recall says while it is a draft or was sent back: locks, checks the right at both places and what
    it says, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not keep recalls there.
    :raises Conflict: it was submitted already.
    :raises Invalid: something in it cannot be.
    """
    with db.atomic():
        row = locked(actor, recall_id, Verb.MANAGE_RECALLS)
        check(actor, Verb.MANAGE_RECALLS, values["node_id"])
        if row.state not in WRITABLE:
            raise Conflict(_("It was submitted: what it says stays as it is."))
        for name in SAID:
            setattr(row, name, values[name])
        _refuse(row, clock.day_of(at))
        row.save()
        audit(actor, "campaigns.change_recall", row, name=row.name, about=row.about)
    return row


def _refuse(row: Recall, today: datetime.date) -> None:
    if not Node.objects.filter(pk=row.node_id, kind__in=PLACES).exists():
        raise Invalid(_("Choose one of the values offered."), field="node_id")
    if not Role.objects.filter(pk=row.role_id, is_current=True).exists():
        raise Invalid(_("There is no such role."), field="role")
    for name in ("name", "about"):
        if not getattr(row, name).strip():
            raise Invalid(_("This is needed."), field=name)
    refuse_template(row, today)


def refuse_template(row: Recall, today: datetime.date) -> None:
    """Refuse a recall whose messages have no template in force for them.

    :raises Invalid: there is none, or it is for something else.
    """
    if not row.is_written:
        return
    found = templates.in_force(today).filter(code=row.template).first()
    if found is None or (found.channel, found.purpose) != (row.channel, Purpose.SERVICE):
        raise Invalid(_("The template is for another channel or purpose."), field="template")


def add_cars(*, actor: Actor, recall_id: int, text: str, at: datetime.datetime) -> Report:
    """Put the cars of a list of VINs on the list of a recall: locks, checks the right, reads line by line, finds the
    cars that the actor sees, writes them set-based, audits. On the list of a running recall they wait for a second
    person. What cannot be taken is reported, not refused; the same list again changes nothing.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not keep recalls there.
    :raises Conflict: it waits for approval, is approved, or over.
    """
    with db.atomic():
        row = locked(actor, recall_id, Verb.MANAGE_RECALLS)
        if row.state not in TAKES_CARS:
            raise Conflict(_("Its list stays as it is: it stands at “%(state)s”.") % {"state": row.get_state_display()})
        wanted, findings = _read(text)
        ids = dict(Vehicle.objects.filter(vin__in=list(wanted)).values_list("vin", "pk"))
        held = set(
            RecallCar.objects.filter(recall=row, vehicle_id__in=ids.values()).values_list("vehicle_id", flat=True)
        )
        findings += [Found(line, vin, Finding.UNKNOWN) for vin, line in wanted.items() if vin not in ids]
        findings += [Found(wanted[vin], vin, Finding.ALREADY) for vin, pk in ids.items() if pk in held]
        asked = {"recall": row.pk, "node": row.node_id, "today": clock.day_of(at), "at": at}
        asked |= {"approved": row.state != State.RUNNING, "person": actor.user_id}
        added = db.run(ADD, asked | {"ids": [pk for pk in ids.values() if pk not in held]})
        if added:
            audit(actor, "campaigns.add_cars", row, added=added, findings=len(findings))
    return Report(added, sorted(findings, key=lambda found: found.line))


def _read(text: str) -> tuple[dict[str, int], list[Found]]:
    """Return the VINs of a list with their first lines, and the lines that are none or come again."""
    wanted: dict[str, int] = {}
    findings: list[Found] = []
    for line, cell in policy.lines_of(text, MOST):
        vin = vins.clean(cell).value
        if vin is None:
            findings.append(Found(line, cell[:40], Finding.MALFORMED))
        elif vin in wanted:
            findings.append(Found(line, vin, Finding.DOUBLE))
        else:
            wanted[vin] = line
    return wanted, findings


def locked(actor: Actor, recall_id: int, verb: Verb) -> Recall:
    """Lock a visible recall and check the right at its place."""
    check(actor, verb, queries.recall(actor, recall_id).node_id)
    return db.lock(queries.visible_to(actor), recall_id)


def audit(actor: Actor, verb: str, row: Recall, **after: object) -> None:
    """Write the line of a step."""
    records.audit(
        actor=actor, verb=verb, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.name, node_id=row.node_id,
        after=after,
    )  # fmt: skip
