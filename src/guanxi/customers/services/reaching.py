"""How a customer is reached: numbers and addresses, their state, and seeing a masked one whole."""

import datetime
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries
from guanxi.customers.models import Address, ContactPoint, Customer
from guanxi.customers.permissions import Verb
from guanxi.customers.policy import mask_contact
from guanxi.customers.services import deriving, standards
from guanxi.customers.states import Channel, Field, PointState
from guanxi.foundation import db, sealing
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, NotFound
from guanxi.records import services as records


def add_point(
    *, actor: Actor, customer_id: int, channel: str, value: str, label: str = "", at: datetime.datetime
) -> ContactPoint:
    """Add a way to reach a customer: checks, writes (the first of its channel is the main one), derives, audits.

    :raises Conflict: he has it already.
    """
    with db.atomic():
        row = db.lock(queries.visible_to(actor), customer_id)
        place = queries.check_customer(actor, Verb.CHANGE, customer_id)
        held = ContactPoint.objects.filter(customer=row, channel=Channel(channel))
        if held.filter(value=value).exists():
            raise Conflict(_("The customer has this number already."), field="value")
        is_first = not held.filter(is_primary=True).exists()
        made = ContactPoint.objects.create(
            customer=row, channel=channel, value=value, label=label, is_primary=is_first,
            touched_at=at,
        )  # fmt: skip
        _note(actor, row, place, after={"channel": channel, "value": mask_contact(channel, value)})
        deriving.refresh([row.pk], at)
    return made


def _note(
    actor: Actor,
    row: Customer,
    place: int | None,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object],
) -> None:
    records.audit(
        actor=actor, verb=Verb.CHANGE, subject_type="customer", subject_id=row.pk, subject_label=row.name,
        node_id=place, before=before, after=after,
    )  # fmt: skip


def _point(row: Customer, point_id: int) -> ContactPoint:
    found = ContactPoint.objects.select_for_update().filter(customer=row, pk=point_id).first()
    if found is None:
        raise NotFound
    return found


def set_point_state(
    *, actor: Actor, customer_id: int, point_id: int, state: str, reached: bool = False, at: datetime.datetime
) -> ContactPoint:
    """Say whether a number works and may be used; ``reached`` proves it by use: checks, locks, writes, derives, audits.

    :raises NotFound: the customer has no such contact point.
    """
    with db.atomic():
        row = db.lock(queries.visible_to(actor), customer_id)
        place = queries.check_customer(actor, Verb.CHANGE, customer_id)
        point = _point(row, point_id)
        before = {"state": point.state, "proven_at": point.proven_at}
        point.state = PointState.VALID if reached else PointState(state)
        point.proven_at = at if reached else point.proven_at
        point.touched_at = at
        point.save()
        shown = mask_contact(point.channel, point.value)
        after = {"state": point.state, "proven_at": point.proven_at}
        _note(actor, row, place, before=before | {"point": shown}, after=after | {"point": shown})
        deriving.grade([row.pk], at)
    return point


def make_main(*, actor: Actor, customer_id: int, point_id: int, at: datetime.datetime) -> None:
    """Make a contact point the main one of its channel: checks, locks, writes, audits.

    :raises NotFound: the customer has no such contact point.
    """
    with db.atomic():
        row = db.lock(queries.visible_to(actor), customer_id)
        place = queries.check_customer(actor, Verb.CHANGE, customer_id)
        point = _point(row, point_id)
        ContactPoint.objects.filter(customer=row, channel=point.channel, is_primary=True).update(is_primary=False)
        ContactPoint.objects.filter(pk=point.pk).update(is_primary=True, touched_at=at)
        _note(actor, row, place, after={"main": mask_contact(point.channel, point.value)})


def set_address(
    *, actor: Actor, customer_id: int, kind: str, values: Mapping[str, str], at: datetime.datetime
) -> Address:
    """Write the address of a kind: checks, locks, writes, refuses to empty what the standard requires (INFO-15),
    derives, audits the division without the street.

    :raises Invalid: it is the only address, now empty, and one is required.
    """
    with db.atomic():
        row = db.lock(queries.visible_to(actor), customer_id)
        place = queries.check_customer(actor, Verb.CHANGE, customer_id)
        made = Address.objects.filter(customer=row, kind=kind).first() or Address(customer=row, kind=kind)
        before = {"kind": kind, "district": made.district or made.city or made.province}
        for name, value in values.items():
            setattr(made, name, value)
        made.touched_at = at
        had = _has_address(row)
        made.save()
        if had and not _has_address(row):
            standards.keep(actor=actor, row=row, emptied={Field.ADDRESS}, at=at)
        _note(
            actor, row, place, before=before,
            after={"kind": kind, "district": made.district or made.city or made.province},
        )  # fmt: skip
        deriving.grade([row.pk], at)
    return made


def _has_address(row: Customer) -> bool:
    """Say whether a customer has an address as the standard means it: a city or a street at least."""
    return Address.objects.filter(customer=row).exclude(city="", line="").exists()


def reveal_point(*, actor: Actor, customer_id: int, point_id: int) -> str:
    """Return a whole number or address and write on the trail who saw it (NFR-01).

    :raises NotAllowed: the actor may not see whole numbers of this customer.
    """
    row = queries.customer(actor, customer_id)
    place = queries.check_customer(actor, Verb.REVEAL_PHONE, customer_id)
    point = ContactPoint.objects.filter(customer=row, pk=point_id).first()
    if point is None:
        raise NotFound
    records.audit(
        actor=actor, verb=Verb.REVEAL_PHONE, subject_type="customer", subject_id=row.pk, subject_label=row.name,
        node_id=place, after={"point": mask_contact(point.channel, point.value)},
    )  # fmt: skip
    return point.value


def reveal_identity(*, actor: Actor, customer_id: int) -> str:
    """Return the whole identity number and write on the trail who saw it (NFR-01).

    :raises NotFound: none is kept.
    """
    row = queries.customer(actor, customer_id)
    place = queries.check_customer(actor, Verb.REVEAL_IDENTITY, customer_id)
    if row.identity_sealed is None:
        raise NotFound
    records.audit(
        actor=actor, verb=Verb.REVEAL_IDENTITY, subject_type="customer", subject_id=row.pk, subject_label=row.name,
        node_id=place, after={"identity_tail": row.identity_tail},
    )  # fmt: skip
    return sealing.open_sealed(bytes(row.identity_sealed))
