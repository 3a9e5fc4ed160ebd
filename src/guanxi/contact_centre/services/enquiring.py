"""Taking an enquiry: once, with the customer it makes known, what it found, and the department that has to answer."""

import datetime
import uuid
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.events import EnquiryTaken
from guanxi.contact_centre.models import Enquiry, EnquiryCategory
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy import calls
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.queries import enquiries
from guanxi.contact_centre.services import enquiry_steps, findings
from guanxi.contact_centre.services.enquiry_steps import ANSWER, LONGEST, NAME
from guanxi.contact_centre.states import Aim, EnquiryKind, EnquiryState, Way
from guanxi.customers import queries as customers
from guanxi.customers.models import Customer
from guanxi.customers.services import recording
from guanxi.customers.services.recording import Newcomer
from guanxi.customers.states import Kind
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid
from guanxi.foundation.values import phones
from guanxi.network.models import Node
from guanxi.records import services as records
from guanxi.vehicles.queries import cars
from guanxi.worklist.services.deadlines import Asked, Term, reckon

AIMS: dict[str, tuple[str, ...]] = {
    EnquiryKind.SUGGESTION: ("", *Aim.values)
}  # only a suggestion says what is suggested


@dataclass(frozen=True)
class NewEnquiry:
    """What the agent writes down. ``department`` empty: the one that usually answers such an enquiry. ``is_new``: the
    caller becomes a potential customer of the outlet.
    """

    token: uuid.UUID
    category: str
    words: str
    is_resolved: bool
    answer: str = ""
    kind: str = EnquiryKind.QUESTION
    way: str = Way.PHONE
    number: str = ""
    caller: str = ""
    customer_id: int | None = None
    is_new: bool = False
    vehicle_id: int | None = None
    outlet_id: int | None = None
    department: str = ""
    started_at: datetime.datetime | None = None
    aim: str = ""
    found: findings.Found = field(default_factory=findings.Found)


def take(*, actor: Actor, enquiry: NewEnquiry, at: datetime.datetime) -> Enquiry:
    """Take an enquiry, in one transaction: checks the right and what was typed, returns the enquiry of the same token
    if there is one, adds the caller as a potential customer if asked, writes the enquiry; what was not resolved goes to
    a department of the outlet as a task with a deadline on its calendar; passes on what was found, audits, publishes
    EnquiryTaken.

    :raises NotAllowed: the actor may not take enquiries about that outlet.
    :raises NotFound: the customer or the car is none that the actor sees.
    :raises Invalid: something that was typed cannot be accepted.
    :raises Conflict: the new customer is there already.
    """
    check(actor, Verb.TAKE_ENQUIRY, enquiry.outlet_id)
    category = _accepted(enquiry)
    if enquiry.outlet_id is not None and not Node.objects.filter(pk=enquiry.outlet_id).exists():
        raise Invalid(_("Choose one of the values offered."), field="outlet")
    with db.atomic():
        db.serialise(f"contact_centre.{enquiry.token}")
        known = Enquiry.objects.select_related("category").filter(token=enquiry.token).first()
        if known is not None:
            return known
        customer = _customer(actor, enquiry, at)
        row = _made(actor, enquiry, category, customer, at)
        _passed_on(row, enquiry, at)
        row.save()
        if row.department_id:
            enquiry_steps.ask(row, ANSWER, Term(days=category.answer_days), at)
        _find(actor, row, customer, enquiry.found, at)
        records.audit(actor=actor, verb=Verb.TAKE_ENQUIRY, **enquiry_steps.line(row, category=category.pk))
        events.publish(EnquiryTaken(row.pk, row.outlet_id, row.customer_id, category.pk, row.is_first_contact))
    return row


def _accepted(enquiry: NewEnquiry) -> EnquiryCategory:
    """Return the category of an enquiry whose form is right.

    :raises Invalid: it is not.
    """
    category = EnquiryCategory.objects.filter(pk=enquiry.category, is_active=True).first()
    if category is None:
        raise Invalid(_("Choose one of the values offered."), field="category")
    for value, known, name in (
        (enquiry.kind, EnquiryKind.values, "kind"), (enquiry.way, Way.values, "way"),
        (enquiry.aim, AIMS.get(enquiry.kind, ("",)), "aim"),
    ):  # fmt: skip
        if value not in known:
            raise Invalid(_("Choose one of the values offered."), field=name)
    if not enquiry.words.strip():
        raise Invalid(_("Write what the customer said."), field="words")
    if enquiry.is_resolved and not enquiry.answer.strip():
        raise Invalid(_("Write what the customer was told."), field="answer")
    if not enquiry.is_resolved and enquiry.outlet_id is None:
        raise Invalid(_("Choose the outlet whose department answers."), field="outlet")
    if not enquiry.is_resolved and enquiry.customer_id is None and not enquiry.number:
        raise Invalid(_("Without a number nobody can tell the customer later."), field="number")
    return category


def _customer(actor: Actor, enquiry: NewEnquiry, at: datetime.datetime) -> Customer | None:
    if enquiry.customer_id is not None:
        found = customers.customer(actor, enquiry.customer_id)
        if enquiry.vehicle_id is not None and enquiry.vehicle_id not in {
            car.pk for car in cars.held_by([found.pk]).get(found.pk, [])
        }:
            raise Invalid(_("This is no car of the customer."), field="vehicle")
        return found
    if not enquiry.is_new:
        return None
    if not enquiry.caller.strip():
        raise Invalid(_("A new customer has a name."), field="caller")
    read = phones.clean(enquiry.number).value
    newcomer = Newcomer(
        {"kind": Kind.PERSON, "name": enquiry.caller}, mobile=(read and read.mobile) or "",
        landline=(read and read.landline) or "",
    )  # fmt: skip
    if enquiry.outlet_id is None:
        raise Invalid(_("Choose the outlet whose customer he becomes."), field="outlet")
    return recording.add_customer(
        actor=actor, outlet_id=enquiry.outlet_id, newcomer=newcomer, at=at, day=clock.day_of(at)
    )


def _made(
    actor: Actor, enquiry: NewEnquiry, category: EnquiryCategory, customer: Customer | None, at: datetime.datetime
) -> Enquiry:
    """Return the enquiry, unsaved, as if it were resolved."""
    number = enquiries.numbers(enquiry.number)[0] if enquiry.number else ""
    return Enquiry(
        token=enquiry.token, place_id=_place(actor, enquiry.outlet_id, at), outlet_id=enquiry.outlet_id,
        way=enquiry.way, number=number, caller=" ".join(enquiry.caller.split())[:80], customer=customer,
        vehicle_id=enquiry.vehicle_id if customer else None, category=category, kind=enquiry.kind, aim=enquiry.aim,
        words=enquiry.words.strip()[:LONGEST], answer=enquiry.answer.strip()[:LONGEST], is_first_contact=True,
        state=EnquiryState.CLOSED, started_at=calls.began(enquiry.started_at, at), taken_at=at,
        taken_by_id=actor.user_id, taken_by=actor.name[:NAME], closed_at=at, closed_by=actor.name[:NAME],
    )  # fmt: skip


def _passed_on(row: Enquiry, enquiry: NewEnquiry, at: datetime.datetime) -> None:
    """Let the enquiry wait for its department, if it was not resolved."""
    if enquiry.is_resolved or enquiry.outlet_id is None:
        return
    row.is_first_contact, row.state = False, EnquiryState.WITH_DEPARTMENT
    row.closed_at, row.closed_by = None, ""
    row.department = enquiry_steps.department_of(enquiry.department or row.category.department_id)
    asked = Asked(ANSWER, enquiry.outlet_id, at, None, row.category.answer_days, None)
    row.due_at = reckon([asked], at)[asked].due_at


def _place(actor: Actor, outlet_id: int | None, at: datetime.datetime) -> int:
    place = queries.place_for(actor, outlet_id, clock.day_of(at))
    if place is None:
        raise Invalid(_("Choose the outlet."), field="outlet")
    return place


def _find(actor: Actor, row: Enquiry, customer: Customer | None, found: findings.Found, at: datetime.datetime) -> None:
    if customer is None or found == findings.Found():
        return
    origin = findings.Origin(
        f"enquiry:{row.pk}", f"enquiry-{row.token}", row.outlet_id or row.place_id, customer.pk, customer.name,
        row.vehicle_id,
    )  # fmt: skip
    terms = queries.terms_on(clock.day_of(at))
    findings.pass_all_on(actor=actor, origin=origin, found=found, terms=terms, at=at)
