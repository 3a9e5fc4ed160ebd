"""Adding a customer, changing what is known of him."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.codelists import queries as codelists
from guanxi.customers import queries
from guanxi.customers.events import CustomerAdded
from guanxi.customers.models import Address, ContactPoint, Customer, Relation
from guanxi.customers.permissions import Verb
from guanxi.customers.services import deriving, standards
from guanxi.customers.states import HABITS, INDUSTRIES, Category, Channel, Field, Kind
from guanxi.foundation import clock, db, events, readings, sealing
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.foundation.values import identity, names
from guanxi.records import services as records

FIELDS = (
    "kind", "name", "gender", "born_on", "identity_kind", "industry", "occupation", "hobbies", "habits",
    "preferred_channel",
)  # fmt: skip

PLAIN = {  # what the standard calls the plain fields of a record
    "name": Field.NAME, "gender": Field.GENDER, "born_on": Field.BIRTHDAY, "industry": Field.INDUSTRY,
    "occupation": Field.OCCUPATION, "hobbies": Field.HOBBIES, "preferred_channel": Field.CHANNEL,
    "identity_tail": Field.IDENTITY,
}  # fmt: skip


@dataclass(frozen=True)
class Newcomer:
    """What is known of a new customer: fields by name, ways to reach him, one address, what he is to the outlet."""

    fields: Mapping[str, Any]
    mobile: str = ""
    landline: str = ""
    email: str = ""
    wechat: str = ""
    identity_number: str = ""
    address: Mapping[str, str] | None = None
    category: str = Category.POTENTIAL
    source: str = ""
    consultant_id: int | None = None

    @property
    def ways(self) -> dict[Channel, str]:
        every = {
            Channel.MOBILE: self.mobile, Channel.LANDLINE: self.landline, Channel.EMAIL: self.email,
            Channel.WECHAT: self.wechat,
        }  # fmt: skip
        return {channel: value for channel, value in every.items() if value}

    @property
    def given(self) -> set[str]:
        """What the standard finds given."""
        ways, address = self.ways, self.address or {}
        other = {
            Field.PHONE: Channel.MOBILE in ways or Channel.LANDLINE in ways, Field.EMAIL: Channel.EMAIL in ways,
            Field.WECHAT: Channel.WECHAT in ways, Field.IDENTITY: self.identity_number,
            Field.ADDRESS: address.get("city") or address.get("line"), Field.SOURCE: self.source,
        }  # fmt: skip
        plain = {field for name, field in PLAIN.items() if self.fields.get(name)}
        return plain | {field for field, is_there in other.items() if is_there}


class Known(Conflict):
    """The customer is there already; ``customer_id`` says which record."""

    def __init__(self, customer_id: int) -> None:
        self.customer_id = customer_id
        super().__init__(_("A customer with this name and this number is there already."), field="mobile")


def add_customer(
    *, actor: Actor, outlet_id: int | None, newcomer: Newcomer, at: datetime.datetime, day: datetime.date
) -> Customer:
    """Add a customer and his relation to an outlet (INFO-11, INFO-23): checks, refuses who lacks what the standard of
    the day requires (INFO-15) and whom the outlet has already, writes relation, record, contact points and address,
    derives search words and quality, audits, publishes CustomerAdded. Who is known to the network by the same name and
    number is not doubled: he gets a relation.

    :raises Invalid: a value cannot be accepted, or a required one is missing.
    :raises Known: the actor sees this customer already.
    """
    _may_add(actor, outlet_id)
    fields = clean_fields(newcomer.fields)
    standards.require(kind=fields["kind"], category=newcomer.category, given=newcomer.given, day=day)
    with db.atomic():
        if newcomer.mobile:
            db.serialise(f"customers.add.{newcomer.mobile}")
        pk = _same(fields["name"], newcomer.mobile)
        if pk is not None and queries.visible_to(actor).filter(pk=pk).exists():
            raise Known(pk)
        is_new = pk is None
        pk = pk or db.next_id("customers_customer")[0]
        if outlet_id is not None:
            _relate(pk, outlet_id, newcomer, at=at, day=day)
        if is_new:
            _write(pk, fields, newcomer, at)
        deriving.refresh([pk], at)
        records.audit(
            actor=actor, verb=Verb.ADD, subject_type="customer", subject_id=pk, subject_label=fields["name"],
            node_id=outlet_id, after={"category": newcomer.category, "source": newcomer.source, "joined": not is_new},
        )  # fmt: skip
        events.publish(CustomerAdded(pk, outlet_id))
        return Customer.objects.get(pk=pk)


def _may_add(actor: Actor, outlet_id: int | None) -> None:
    if outlet_id is None:
        check_everywhere(actor, Verb.ADD)
    else:
        queries.check_outlet(actor, Verb.ADD, outlet_id)


def _same(name: str, mobile: str) -> int | None:
    """Return the record of the network with this very name and number, whoever may see it."""
    if not mobile:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_same(%s, %s)", [name, mobile])
        found: int | None = cursor.fetchone()[0]
    return found


def clean_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as they are kept: the name cleaned and spelt, an industry by its code, habits once each;
    unknown ones are refused.

    :raises Invalid: the name says nothing, a habit is none of the list, or a field is unknown.
    """
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise Invalid(_("Unknown field."), field=min(unknown))
    values = dict(fields)
    if "name" in values:
        name = names.clean(str(values["name"])).value
        if not name or len(name) > 80:  # noqa: PLR2004 -- the column's length
            raise Invalid(_("This is not a name."), field="name")
        reading, initials = readings.spell(name)
        values |= {"name": name, "reading": reading[:240], "initials": initials[:80]}
        values.setdefault("kind", Kind.COMPANY if names.is_company(name) else Kind.PERSON)
    if "habits" in values:
        values["habits"] = _habits(values["habits"])
    if values.get("industry"):
        values["industry"] = _industry(str(values["industry"]).strip())
    return values


def _habits(said: Iterable[str]) -> list[str]:
    """Return habits of spending in the order of their codes (INFO-07); one query if there are any.

    :raises Invalid: one is none of the list.
    """
    codes = sorted(set(said))
    if codes and set(codes) - set(codelists.labels(HABITS, clock.today())):
        raise Invalid(_("Choose one of the values offered."), field="habits")
    return codes


def _industry(said: str) -> str:
    """Return the code of an industry that was said in words of the list; other words stay (INFO-10). One query."""
    names = codelists.labels(INDUSTRIES, clock.today())
    return next((code for code, label in names.items() if said in {label.zh, label.en}), said)


def _relate(pk: int, outlet_id: int, newcomer: Newcomer, *, at: datetime.datetime, day: datetime.date) -> None:
    Relation.objects.create(
        customer_id=pk, outlet_id=outlet_id, category=newcomer.category, source=newcomer.source, since=day,
        touched_at=at, consultant_id=newcomer.consultant_id,
    )  # fmt: skip


def _write(pk: int, fields: Mapping[str, Any], newcomer: Newcomer, at: datetime.datetime) -> None:
    row = Customer(pk=pk, created_at=at, touched_at=at, **fields)
    if newcomer.identity_number:
        put_identity(row, newcomer.identity_number)
    row.save(force_insert=True)
    ContactPoint.objects.bulk_create(
        ContactPoint(customer_id=pk, channel=channel, value=value, is_primary=True, touched_at=at)
        for channel, value in newcomer.ways.items()
    )
    if newcomer.address and any(newcomer.address.values()):
        Address.objects.create(customer_id=pk, touched_at=at, **newcomer.address)


def put_identity(row: Customer, number: str) -> None:
    """Seal an identity number into a record; an empty one takes it away.

    :raises Invalid: it is none.
    """
    found = identity.clean(number)
    if number and not found.value:
        raise Invalid(_("This is not an identity number: its digits do not fit together."), field="identity_number")
    text = found.value or ""
    row.identity_sealed = sealing.seal(text) if text else None
    row.identity_digest = sealing.digest(text) if text else None
    row.identity_tail = text[-4:]


def change_customer(
    *,
    actor: Actor,
    customer_id: int,
    fields: Mapping[str, Any],
    identity_number: str | None = None,
    at: datetime.datetime,
) -> Customer:
    """Change what is known of a customer: checks, locks, refuses to empty what the standard requires of him (INFO-15),
    writes, derives, audits. An ``identity_number`` of None leaves the one that is there, an empty one takes it away.

    :raises Invalid: a value cannot be accepted.
    """
    values = clean_fields(fields)
    with db.atomic():
        row = db.lock(queries.visible_to(actor), customer_id)
        place = queries.check_customer(actor, Verb.CHANGE, customer_id)
        before = _facts(row)
        for name, value in values.items():
            setattr(row, name, value)
        if identity_number is not None:
            put_identity(row, identity_number)
        emptied = {field for name, field in PLAIN.items() if before[name] and not getattr(row, name)}
        standards.keep(actor=actor, row=row, emptied=emptied, at=at)
        row.touched_at = at
        row.save()
        deriving.refresh([row.pk], at)
        records.audit(
            actor=actor, verb=Verb.CHANGE, subject_type="customer", subject_id=row.pk, subject_label=row.name,
            node_id=place, before=before, after=_facts(row),
        )  # fmt: skip
    return row


def _facts(row: Customer) -> dict[str, Any]:
    """Return what the trail keeps: the identity number by its end only."""
    return {name: getattr(row, name) for name in (*FIELDS, "identity_tail")}
