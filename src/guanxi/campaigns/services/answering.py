"""What somebody answered: told by hand, by an offer code at the outlet, or in the call of the campaign."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.campaigns.models import Campaign, Member
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import members as people
from guanxi.campaigns.states import STARTED, Response
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, NotFound
from guanxi.records import services as records

SHORT = 400


def record_response(*, actor: Actor, member_id: int, note: str, at: datetime.datetime) -> Member:
    """Record that somebody of a campaign answered: locks, checks the right at his outlet, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not record answers there.
    :raises Conflict: an answer of his is recorded already.
    """
    with db.atomic():
        row = db.lock(people.visible_to(actor).select_related("campaign"), member_id)
        return _keep(actor, row, Response.HAND, note, at)


def redeem(*, actor: Actor, code: str, customer_id: int, note: str = "", at: datetime.datetime) -> Member:
    """Redeem the offer code of a campaign for a customer of its audience: finds the campaign that has started, then as
    ``record_response``.

    :raises Invalid: no campaign that has started has this code.
    :raises NotFound: the customer is none of its audience, or not for this actor.
    :raises NotAllowed: the actor may not record answers there.
    :raises Conflict: it was redeemed for him, or he answered otherwise.
    """
    check(actor, Verb.RESPOND)
    wanted = code.strip().upper()
    campaign = queries.visible_to(actor).filter(offer_code=wanted, state__in=STARTED).first() if wanted else None
    if campaign is None:
        raise Invalid(_("No campaign that has started has this code."), field="code")
    with db.atomic():
        found = people.of_campaign(actor, campaign).filter(customer_id=customer_id).first()
        if found is None:
            raise NotFound(_("This customer is none of the audience of the campaign."))
        row = db.lock(people.visible_to(actor).select_related("campaign"), found.pk)
        return _keep(actor, row, Response.CODE, note, at)


def note_call(*, actor: Actor, campaign: Campaign, customer_id: int, at: datetime.datetime) -> bool:
    """Record that somebody agreed in the call of a campaign: locks, writes, audits. Return whether it was news.

    :raises NotAllowed: the actor may not record answers there.
    """
    with db.atomic():
        found = Member.objects.filter(campaign=campaign, customer_id=customer_id, responded_at=None).first()
        if found is None:
            return False
        _keep(actor, db.lock(Member.objects.select_related("campaign"), found.pk), Response.CALL, "", at)
    return True


def _keep(actor: Actor, row: Member, response: Response, note: str, at: datetime.datetime) -> Member:
    check(actor, Verb.RESPOND, row.outlet_id)
    if row.responded_at is not None:
        raise Conflict(_("An answer of this customer is recorded already."))
    if row.campaign.state not in STARTED:
        raise Invalid(_("The campaign has not started."))
    row.responded_at, row.response = at, response
    row.response_note, row.response_by = " ".join(note.split())[:SHORT], actor.name[:160]
    row.save(update_fields=["responded_at", "response", "response_note", "response_by"])
    records.audit(
        actor=actor, verb=Verb.RESPOND, subject_type="customer", subject_id=row.customer_id, node_id=row.outlet_id,
        subject_label=row.campaign.name, after={"campaign": row.campaign.number, "response": response.value},
    )  # fmt: skip
    return row
