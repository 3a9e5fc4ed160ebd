"""What a customer is to an outlet, and to other customers."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries
from guanxi.customers.events import CustomerRelated
from guanxi.customers.models import Association, Relation
from guanxi.customers.permissions import Verb
from guanxi.customers.services import deriving, standards
from guanxi.customers.states import Category, Field, Tie
from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records import services as records

FIELDS = (
    "category", "source", "consultant_id", "consultant_name", "tags", "holds_material", "knows_location",
    "has_no_grudge", "has_contact_plan",
)  # fmt: skip


def relate(
    *, actor: Actor, customer_id: int, outlet_id: int, category: str, day: datetime.date, at: datetime.datetime
) -> Relation:
    """Begin a relation of a visible customer to an outlet: checks, writes, derives, audits, publishes
    CustomerRelated. From then on the outlet sees him.

    :raises Invalid: there is no such outlet.
    :raises Conflict: there is one already.
    """
    queries.check_outlet(actor, Verb.RELATE, outlet_id)
    with db.atomic():
        row = db.lock(queries.visible_to(actor), customer_id)
        if Relation.objects.filter(customer=row, outlet_id=outlet_id, ended_on__isnull=True).exists():
            raise Conflict(_("The customer is one of this outlet already."))
        made = Relation.objects.create(
            customer=row, outlet_id=outlet_id, category=Category(category), since=day, touched_at=at
        )
        deriving.refresh([row.pk], at)
        records.audit(
            actor=actor, verb=Verb.RELATE, subject_type="customer", subject_id=row.pk, subject_label=row.name,
            node_id=outlet_id, after={"category": category, "since": day},
        )  # fmt: skip
        events.publish(CustomerRelated(row.pk, outlet_id, category))
    return made


def change_relation(*, actor: Actor, relation_id: int, values: Mapping[str, Any], at: datetime.datetime) -> Relation:
    """Change what a customer is to an outlet: category, source, consultant, tags, the marks of a base customer
    (CLASS-04): locks, checks, writes, derives, audits; a new category is published as CustomerRelated.

    :raises Invalid: a value is unknown, or the source is emptied and the standard requires one.
    """
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise Invalid(_("Unknown field."), field=min(unknown))
    with db.atomic():
        row = _held(actor, relation_id)
        before = {name: getattr(row, name) for name in FIELDS}
        for name, value in values.items():
            setattr(row, name, value)
        row.tags = sorted({str(tag).strip()[:24] for tag in row.tags if str(tag).strip()})
        if before["source"] and not row.source:
            standards.keep(actor=actor, row=row.customer, emptied={Field.SOURCE}, at=at)
        row.touched_at = at
        row.save()
        deriving.grade([row.customer_id], at)
        records.audit(
            actor=actor, verb=Verb.RELATE, subject_type="customer", subject_id=row.customer_id,
            subject_label=row.customer.name, node_id=row.outlet_id, before=before,
            after={name: getattr(row, name) for name in FIELDS},
        )  # fmt: skip
        if row.category != before["category"]:
            events.publish(CustomerRelated(row.customer_id, row.outlet_id, row.category))
    return row


def become_owner(
    *, actor: Actor, customer_id: int, outlet_id: int, day: datetime.date, at: datetime.datetime
) -> Relation | None:
    """Make the buyer of a car an owner at the outlet that sold it, from the day of the sale on (CLASS-03): checks,
    locks, ends on that day what he was before and begins the new relation with all that was known, derives, audits,
    publishes CustomerRelated. A relation that began on that day or later is one of an owner from that day on. Who is an
    owner there stays as he is; None if the outlet has no relation to him any more.

    :raises Invalid: there is no such outlet.
    """
    queries.check_outlet(actor, Verb.RELATE, outlet_id)
    with db.atomic():
        row = db.lock(queries.visible_to(actor), queries.living(customer_id))
        held = Relation.objects.filter(customer=row, outlet_id=outlet_id, ended_on__isnull=True).first()
        if held is None or held.category == Category.OWNER:
            return held
        before = {"category": held.category, "since": held.since}
        if held.since < day:
            Relation.objects.filter(pk=held.pk).update(ended_on=day, touched_at=at)
            held.pk, held.run_id = None, None
        held.category, held.since, held.touched_at = Category.OWNER, day, at
        held.save()
        deriving.refresh([row.pk], at)
        records.audit(
            actor=actor, verb=Verb.RELATE, subject_type="customer", subject_id=row.pk, subject_label=row.name,
            node_id=outlet_id, before=before, after={"category": held.category, "since": day},
        )  # fmt: skip
        events.publish(CustomerRelated(row.pk, outlet_id, held.category))
    return held


@dataclass(frozen=True)
class Many:
    """What changes for many customers at once; what is None stays."""

    consultant_id: int | None = None
    tag: str = ""


def change_many(*, actor: Actor, customer_ids: Sequence[int], change: Many, at: datetime.datetime) -> int:
    """Give many customers a consultant, a tag, or both, at the outlets where the actor decides: locks in the order
    of keys, writes in one statement each, audits a line for each. Return how many relations changed.

    :raises Invalid: nothing is to be changed.
    :raises NotAllowed: the actor decides at none of their outlets.
    """
    tag = change.tag.strip()[:24]
    if change.consultant_id is None and not tag:
        raise Invalid(_("Choose a consultant or write a tag."))
    check(actor, Verb.RELATE)
    with db.atomic():
        rows = Relation.objects.filter(customer_id__in=list(customer_ids), ended_on__isnull=True)
        where = actor.where(Verb.RELATE)
        if where is not None:
            rows = rows.filter(db.among("outlet_id", where))
        held = list(rows.select_for_update(of=("self",)).select_related("customer").order_by("pk"))
        if not held:
            raise NotAllowed(Verb.RELATE)
        chosen = Relation.objects.filter(pk__in=[row.pk for row in held])
        if change.consultant_id is not None:
            chosen.update(consultant_id=change.consultant_id, touched_at=at)
        if tag:
            added = Func(F("tags"), Value(tag), function="array_append", output_field=Relation._meta.get_field("tags"))  # noqa: SLF001 -- Django's documented reflection
            chosen.exclude(tags__contains=[tag]).update(tags=added, touched_at=at)
        deriving.grade([row.customer_id for row in held], at)
        after = {"consultant_id": change.consultant_id, "tag": tag}
        lines = [records.Line(row.customer_id, row.customer.name, row.outlet_id, None, after) for row in held]
        records.audit_many(actor=actor, verb=Verb.RELATE, subject_type="customer", lines=lines)
    return len(held)


def end_relation(*, actor: Actor, relation_id: int, day: datetime.date, at: datetime.datetime) -> None:
    """End a relation: locks, checks, writes the day, derives, audits. The outlet no longer sees the customer.

    :raises Invalid: the day lies before the relation began.
    """
    with db.atomic():
        row = _held(actor, relation_id)
        if day < row.since:
            raise Invalid(_("It cannot end before it began."), field="day")
        customer = row.customer
        records.audit(
            actor=actor, verb=Verb.RELATE, subject_type="customer", subject_id=customer.pk,
            subject_label=customer.name, node_id=row.outlet_id, before={"ended_on": None}, after={"ended_on": day},
        )  # fmt: skip
        Relation.objects.filter(pk=row.pk).update(ended_on=day, touched_at=at)
        deriving.refresh([customer.pk], at)


def _held(actor: Actor, relation_id: int) -> Relation:
    """Lock an open relation at which the actor may decide.

    :raises NotFound: there is none, or not for this actor.
    """
    row = db.lock(Relation.objects.select_related("customer").filter(ended_on__isnull=True), relation_id)
    if not actor.can(Verb.VIEW, row.outlet_id):
        raise NotFound
    check(actor, Verb.RELATE, row.outlet_id)
    return row


def associate(*, actor: Actor, customer_id: int, other_id: int, tie: str, at: datetime.datetime) -> Association:
    """Say what one visible customer is to another (INFO-11): checks both, writes, audits.

    :raises Invalid: it is the same customer.
    :raises Conflict: it is said already.
    """
    if customer_id == other_id:
        raise Invalid(_("A customer has no relation to himself."), field="other")
    with db.atomic():
        row = db.lock(queries.visible_to(actor), customer_id)
        other = queries.customer(actor, other_id)
        place = queries.check_customer(actor, Verb.CHANGE, customer_id)
        made, is_new = Association.objects.get_or_create(
            customer=row, other=other, tie=Tie(tie), defaults={"touched_at": at}
        )
        if not is_new:
            raise Conflict(_("This is known already."))
        records.audit(
            actor=actor, verb=Verb.CHANGE, subject_type="customer", subject_id=row.pk, subject_label=row.name,
            node_id=place, after={"tie": tie, "other": other.pk},
        )  # fmt: skip
    return made


def dissociate(*, actor: Actor, customer_id: int, association_id: int) -> None:
    """Take back what one customer is to another: checks, deletes, audits.

    :raises NotFound: there is no such relation.
    """
    with db.atomic():
        row = db.lock(queries.visible_to(actor), customer_id)
        place = queries.check_customer(actor, Verb.CHANGE, customer_id)
        found = next((tie for tie, _other, _first in queries.associations(row) if tie.pk == association_id), None)
        if found is None:
            raise NotFound
        records.audit(
            actor=actor, verb=Verb.CHANGE, subject_type="customer", subject_id=row.pk, subject_label=row.name,
            node_id=place, before={"tie": found.tie, "other": found.other_id},
        )  # fmt: skip
        found.delete()
