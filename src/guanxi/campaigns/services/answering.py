"""What somebody answered: told by hand, by an offer code at the outlet, or in the call of the campaign."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign, Member
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import members as people
from guanxi.campaigns.states import STARTED, Ending, Response
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, NotFound
from guanxi.records import services as records

SHORT, LONGEST_ORDER = 400, 40
WRITTEN = [
    "responded_at", "response", "response_note", "response_by", "redeemed_on", "redeemed_order", "redeemed_amount",
]  # fmt: skip


@dataclass(frozen=True)
class Bill:
    """On which day a code was redeemed (left open: today), with which order and for what amount, if that is known."""

    on: datetime.date | None = None
    order_no: str = ""
    amount: Decimal | None = None


NO_BILL = Bill()


def record_response(*, actor: Actor, member_id: int, note: str, at: datetime.datetime) -> Member:
    """Record that somebody of a campaign answered: locks, checks the right at his outlet, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not record answers there.
    :raises Conflict: an answer of his is recorded already.
    """
    with db.atomic():
        row = db.lock(people.visible_to(actor).select_related("campaign"), member_id)
        return _keep(actor, row, Response.HAND, note, at)


def redeem(
    *, actor: Actor, code: str, customer_id: int | None = None, note: str = "", bill: Bill = NO_BILL,
    at: datetime.datetime,
) -> Member:  # fmt: skip
    """Redeem an offer code, once: his own code says by itself who it is, one for all takes the customer who names it.
    Finds him, locks, checks the right at his outlet and the days, writes it with order and amount where they are told;
    who had not answered yet has answered by it. Audits.

    :raises Invalid: nobody was given this code, another outlet gave it, it is over, another customer's, or something of
        the bill cannot be.
    :raises NotFound: the customer is none of its audience, or not for this actor.
    :raises NotAllowed: the actor may not record answers there.
    :raises Conflict: it was redeemed already.
    """
    check(actor, Verb.RESPOND)
    with db.atomic():
        found = _own(actor, code, customer_id) or _for_all(actor, code, customer_id)
        row = db.lock(people.visible_to(actor).select_related("campaign"), found.pk)
        on = _day(row, bill, at)
        if row.redeemed_on is not None:
            raise Conflict(_("This code was redeemed on %(day)s already.") % {"day": row.redeemed_on}, field="code")
        row.redeemed_on, row.redeemed_order = on, " ".join(bill.order_no.split())[:LONGEST_ORDER]
        row.redeemed_amount = bill.amount
        _keep(actor, row, Response.CODE, note, at)
    return row


def _own(actor: Actor, code: str, customer_id: int | None) -> Member | None:
    """Return whose own code it is, as far as the actor sees him."""
    wanted = policy.own_code(code)
    found = people.visible_to(actor).filter(code=wanted).first() if wanted else None
    if found is not None and customer_id not in {None, found.customer_id}:
        raise Invalid(_("This code was given to another customer."), field="who")
    return found


def _for_all(actor: Actor, code: str, customer_id: int | None) -> Member:
    wanted = code.strip().upper()
    campaign = queries.visible_to(actor).filter(offer_code=wanted, state__in=STARTED).first() if wanted else None
    if campaign is None:
        if people.is_known(wanted, policy.own_code(code)):
            raise Invalid(_("Another outlet gave this code; it is redeemed there."), field="code")
        raise Invalid(_("No campaign that has started has this code."), field="code")
    if customer_id is None:
        raise Invalid(_("This code is one for all: say which customer names it."), field="who")
    found = people.of_campaign(actor, campaign).filter(customer_id=customer_id).first()
    if found is None:
        raise NotFound(_("This customer is none of the audience of the campaign."))
    return found


def _day(row: Member, bill: Bill, at: datetime.datetime) -> datetime.date:
    """Return the day on which a code is redeemed.

    :raises Invalid: it has not come, lies before the start, or the code had ended; or the amount is below nought.
    """
    today, campaign = clock.day_of(at), row.campaign
    on = bill.on or today
    began = clock.day_of(campaign.started_at) if campaign.started_at else today
    if not began <= on <= today:
        raise Invalid(_("Between the start of the campaign and today."), field="on")
    if campaign.offer_until is not None and on > campaign.offer_until:
        raise Invalid(_("This code ended on %(day)s.") % {"day": campaign.offer_until}, field="code")
    if bill.amount is not None and bill.amount < 0:
        raise Invalid(_("An amount is not below nought."), field="amount")
    return on


def note_agreed(
    *, actor: Actor, campaign: Campaign, customer_id: int, response: Response, at: datetime.datetime
) -> bool:  # fmt: skip
    """Record that somebody agreed in the call or on the visit of a campaign: locks, writes, audits. Return whether it
    was news.

    :raises NotAllowed: the actor may not record answers there.
    """
    with db.atomic():
        found = Member.objects.filter(campaign=campaign, customer_id=customer_id, responded_at=None).first()
        if found is None:
            return False
        _keep(actor, db.lock(Member.objects.select_related("campaign"), found.pk), response, "", at)
    return True


def note_ending(*, actor: Actor, campaign: Campaign, customer_id: int, ending: Ending) -> bool:
    """Record how the call, the letter or the visit of somebody ended: checks the right at his outlet, writes, audits.
    Return whether it was news.

    :raises NotAllowed: the actor may not record answers there.
    """
    with db.atomic():
        rows = Member.objects.select_for_update().filter(campaign=campaign, customer_id=customer_id)
        row = rows.exclude(contacted_at=None).exclude(ending=ending).first()
        if row is None:
            return False
        check(actor, Verb.RESPOND, row.outlet_id)
        row.ending = ending
        row.save(update_fields=["ending"])
        records.audit(
            actor=actor, verb="campaigns.note_ending", subject_type="customer", subject_id=customer_id,
            node_id=row.outlet_id, subject_label=campaign.name,
            after={"campaign": campaign.number, "ending": ending.value},
        )  # fmt: skip
    return True


def _keep(actor: Actor, row: Member, response: Response, note: str, at: datetime.datetime) -> Member:
    check(actor, Verb.RESPOND, row.outlet_id)
    is_code = response == Response.CODE
    if row.responded_at is not None and not is_code:
        raise Conflict(_("An answer of this customer is recorded already."))
    if row.campaign.state not in STARTED:
        raise Invalid(_("The campaign has not started."))
    if row.responded_at is None:
        row.responded_at, row.response = at, response
        row.response_note, row.response_by = " ".join(note.split())[:SHORT], actor.name[:160]
    row.save(update_fields=WRITTEN)
    more = (
        {"redeemed_on": row.redeemed_on, "order": row.redeemed_order, "amount": row.redeemed_amount} if is_code else {}
    )
    records.audit(
        actor=actor, verb=Verb.RESPOND, subject_type="customer", subject_id=row.customer_id, node_id=row.outlet_id,
        subject_label=row.campaign.name, after={"campaign": row.campaign.number, "response": response.value, **more},
    )  # fmt: skip
    return row
