"""The birthdays of a customer's family: noted and taken back (INFO-09)."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers import policy, queries
from guanxi.customers.models import FamilyMember
from guanxi.customers.permissions import Verb
from guanxi.customers.states import Kin, Kind
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, Invalid, NotFound
from guanxi.records import services as records


@dataclass(frozen=True)
class NewMember:
    """Who somebody of the family is, and when he has his birthday."""

    kin: str
    month: int
    day: int
    year: int | None = None
    name: str = ""


def add_family_member(*, actor: Actor, customer_id: int, member: NewMember, at: datetime.datetime) -> FamilyMember:
    """Note somebody of the family of a visible customer and his birthday: locks, checks, writes, audits.

    :raises Invalid: the customer is a company, there is no such day, or it lies in the future.
    :raises Conflict: it is noted already.
    """
    with db.atomic():
        row = db.lock(queries.visible_to(actor), customer_id)
        place = queries.check_customer(actor, Verb.CHANGE, customer_id)
        if row.kind != Kind.PERSON:
            raise Invalid(_("A company has no family."), field="kin")
        if not policy.is_birthday(member.month, member.day, member.year, clock.day_of(at)):
            raise Invalid(_("Nobody can be born on this day."), field="day")
        made, is_new = FamilyMember.objects.get_or_create(
            customer=row, kin=Kin(member.kin), name=member.name.strip()[:80], month=member.month, day=member.day,
            defaults={"year": member.year, "noted_at": at},
        )  # fmt: skip
        if not is_new:
            raise Conflict(_("This is known already."))
        records.audit(
            actor=actor, verb=Verb.CHANGE, subject_type="customer", subject_id=row.pk, subject_label=row.name,
            node_id=place, after=_facts(made),
        )  # fmt: skip
    return made


def remove_family_member(*, actor: Actor, customer_id: int, member_id: int) -> None:
    """Take back what was noted of somebody of the family: locks, checks, deletes, audits.

    :raises NotFound: nobody of this customer's family.
    """
    with db.atomic():
        row = db.lock(queries.visible_to(actor), customer_id)
        place = queries.check_customer(actor, Verb.CHANGE, customer_id)
        found = FamilyMember.objects.filter(customer=row, pk=member_id).first()
        if found is None:
            raise NotFound
        records.audit(
            actor=actor, verb=Verb.CHANGE, subject_type="customer", subject_id=row.pk, subject_label=row.name,
            node_id=place, before=_facts(found),
        )  # fmt: skip
        found.delete()


def _facts(row: FamilyMember) -> dict[str, Any]:
    return {"kin": row.kin, "name": row.name, "birthday": policy.birthday(row.month, row.day, row.year)}
