"""Keeping a recall: writing it, putting cars on its list with findings, opening and closing it."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import policy
from guanxi.campaigns.models import Recall, RecallCar
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import recalls as queries
from guanxi.campaigns.queries.campaigns import PLACES
from guanxi.campaigns.states import Finding, RecallState
from guanxi.foundation import clock, db, jobs
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.foundation.values import vins
from guanxi.messaging.queries import templates
from guanxi.network.models import Node
from guanxi.privacy.states import Purpose
from guanxi.records import services as records
from guanxi.vehicles.models import Vehicle

SUBJECT = "campaigns.recall"
MOST = 20_000  # lines of one list
SAID = ("name", "reference", "about", "node_id", "is_safety", "channel", "template", "role_id")
# Each with its owner and the outlet whose customer he is, as far as it stands at or below the place of the recall.
ADD = """
INSERT INTO campaigns_recallcar (recall_id, vehicle_id, customer_id, outlet_id, state, since, note, by)
SELECT %(recall)s, v.id, p.customer_id, home.outlet_id, 'OPEN', %(at)s, '', ''
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
    if not Node.objects.filter(pk=values["node_id"], kind__in=PLACES).exists():
        raise Invalid(_("Choose one of the values offered."), field="node_id")
    row = Recall(made_at=at, made_by=actor.name[:160], **{name: values[name] for name in SAID})
    for name in ("name", "about"):
        if not getattr(row, name).strip():
            raise Invalid(_("This is needed."), field=name)
    _refuse_template(row, clock.day_of(at))
    with db.atomic():
        row.save(force_insert=True)
        _audit(actor, "campaigns.add_recall", row, name=row.name, about=row.about)
    return row


def _refuse_template(row: Recall, today: datetime.date) -> None:
    if not row.is_written:
        return
    found = templates.in_force(today).filter(code=row.template).first()
    if found is None or (found.channel, found.purpose) != (row.channel, Purpose.SERVICE):
        raise Invalid(_("The template is for another channel or purpose."), field="template")


def add_cars(*, actor: Actor, recall_id: int, text: str, at: datetime.datetime) -> Report:
    """Put the cars of a list of VINs on the list of a recall: locks, checks the right, reads line by line, finds the
    cars that the actor sees, writes them set-based, audits, stores the job that invites if the recall is open. What
    cannot be taken is reported, not refused; the same list again changes nothing.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not keep recalls there.
    :raises Conflict: it is closed.
    """
    with db.atomic():
        row = _locked(actor, recall_id)
        if row.state == RecallState.CLOSED:
            raise Conflict(_("The recall is closed."))
        wanted, findings = _read(text)
        ids = dict(Vehicle.objects.filter(vin__in=list(wanted)).values_list("vin", "pk"))
        held = set(
            RecallCar.objects.filter(recall=row, vehicle_id__in=ids.values()).values_list("vehicle_id", flat=True)
        )
        findings += [Found(line, vin, Finding.UNKNOWN) for vin, line in wanted.items() if vin not in ids]
        findings += [Found(wanted[vin], vin, Finding.ALREADY) for vin, pk in ids.items() if pk in held]
        asked = {"recall": row.pk, "node": row.node_id, "today": clock.day_of(at), "at": at}
        added = db.run(ADD, asked | {"ids": [pk for pk in ids.values() if pk not in held]})
        if added:
            _audit(actor, "campaigns.add_cars", row, added=added, findings=len(findings))
            if row.state == RecallState.OPEN:
                jobs.enqueue("campaigns.invite", queueing_lock="campaigns.invite")
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


def open_recall(*, actor: Actor, recall_id: int, at: datetime.datetime) -> Recall:
    """Open a recall with at least one car: locks, checks the right and the state, writes, audits, stores the job that
    invites the owners. One that is open already is returned as it is.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not keep recalls there.
    :raises Conflict: it is closed, or has no car.
    """
    with db.atomic():
        row = _locked(actor, recall_id)
        if row.state == RecallState.OPEN:
            return row
        if row.state == RecallState.CLOSED:
            raise Conflict(_("The recall is closed."))
        if not row.cars.exists():
            raise Conflict(_("Put cars on its list first."))
        row.state, row.opened_at = RecallState.OPEN, at
        row.save(update_fields=["state", "opened_at"])
        _audit(actor, "campaigns.open_recall", row, state=row.state)
        jobs.enqueue("campaigns.invite", queueing_lock="campaigns.invite")
    return row


def close_recall(*, actor: Actor, recall_id: int, at: datetime.datetime) -> Recall:
    """Close an open recall: nobody is invited any more. Locks, checks the right and the state, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not keep recalls there.
    :raises Conflict: it is not open.
    """
    with db.atomic():
        row = _locked(actor, recall_id)
        if row.state != RecallState.OPEN:
            raise Conflict(_("Only an open recall can be closed."))
        row.state, row.closed_at = RecallState.CLOSED, at
        row.save(update_fields=["state", "closed_at"])
        _audit(actor, "campaigns.close_recall", row, state=row.state)
    return row


def _locked(actor: Actor, recall_id: int) -> Recall:
    check(actor, Verb.MANAGE_RECALLS, queries.recall(actor, recall_id).node_id)
    return db.lock(queries.visible_to(actor), recall_id)


def _audit(actor: Actor, verb: str, row: Recall, **after: object) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.name, node_id=row.node_id,
        after=after,
    )  # fmt: skip
