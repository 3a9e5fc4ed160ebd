"""Ordering a correction from the outlet that filed a record (INFO-27, FORM-33)."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, words_of
from guanxi.network.models import Ancestry, Node
from guanxi.records import services as records
from guanxi.vehicles.queries import cars
from guanxi.verification.events import CorrectionOrdered
from guanxi.verification.models import Check, Occasion, Order
from guanxi.verification.permissions import Verb
from guanxi.verification.services import steps
from guanxi.verification.services.steps import CORRECT
from guanxi.verification.states import About
from guanxi.worklist.services.deadlines import Asked, reckon


@dataclass(frozen=True)
class NewOrder:
    """What an order says. ``token`` names what it came from: the same one again is the same order. ``role`` and
    ``days``: who corrects it and within how many working days; left open: as the occasion says.
    """

    outlet_id: int
    customer_id: int
    words: str
    token: str
    vehicle_id: int | None = None
    role: str = ""
    days: int | None = None


def order(*, actor: Actor, new: NewOrder, at: datetime.datetime) -> Order:
    """Order a correction of what a customer said in any call: checks the right at the outlet and what it says, writes
    the order with its task and deadline, audits, publishes CorrectionOrdered. The same token returns what it made.

    :raises NotAllowed: the actor may not order corrections there.
    :raises NotFound: the customer or car is none that the actor sees.
    :raises Invalid: no outlet, no words, or nothing says who corrects what calls bring to light.
    """
    check(actor, Verb.ISSUE, new.outlet_id)
    customers.customer(actor, new.customer_id)
    if new.vehicle_id is not None:
        cars.seen(actor, new.vehicle_id)
    if not Node.objects.filter(pk=new.outlet_id).exists():
        raise Invalid(_("Choose one of the values offered."), field="outlet_id")
    occasion = Occasion.objects.filter(about=About.ANY, is_active=True).order_by("code").first()
    if occasion is None:
        raise Invalid(_("Nothing says who corrects records; apply the base preset."))
    return issue(actor=actor, new=new, occasion=occasion, found=None, at=at)


def issue(
    *, actor: Actor, new: NewOrder, occasion: Occasion, found: Check | None, at: datetime.datetime
) -> Order:  # fmt: skip
    """Write an order, perhaps of a check, whose right was checked before: reckons the deadline on the outlet's
    calendar, writes it with the task of the outlet, audits, publishes CorrectionOrdered.

    :raises Invalid: no words, or days that cannot be.
    """
    words = words_of(new.words, "words")
    days = occasion.correct_days if new.days is None else new.days
    if not 1 <= days <= 60:  # noqa: PLR2004 -- as the table says
        raise Invalid(_("Between one and sixty working days."), field="days")
    with db.atomic():
        db.serialise(f"verification.{new.token}")
        earlier = Order.objects.filter(token=new.token).first()
        if earlier is not None:
            return earlier
        asked = Asked(CORRECT, new.outlet_id, at, None, days, None)
        place_id = found.place_id if found else _place(actor, new.outlet_id, at)
        row = Order.objects.create(
            check_of=found, occasion=occasion, outlet_id=new.outlet_id, place_id=place_id,
            role_id=new.role or occasion.role_id, customer_id=new.customer_id, vehicle_id=new.vehicle_id, words=words,
            days=days, token=new.token[:64], issued_at=at, issued_by_id=actor.user_id, issued_by=actor.name[:160],
            due_at=reckon([asked], at)[asked].due_at,
        )  # fmt: skip
        steps.ask(actor, row, CORRECT, at)
        records.audit(actor=actor, verb=Verb.ISSUE, **steps.line(row, {}))
        events.publish(CorrectionOrdered(row.pk, row.outlet_id, row.customer_id))
    return row


def _place(actor: Actor, outlet_id: int, at: datetime.datetime) -> int:
    """Return where an order is verified: at the outlet itself, if the actor belongs there, else where he belongs."""
    if actor.home_id is None:
        return outlet_id
    above = {"ancestor_id": outlet_id, "descendant_id": actor.home_id, "during__contains": clock.day_of(at)}
    return outlet_id if Ancestry.objects.filter(**above).exists() else actor.home_id
