"""Sending a provider to a rescue, recalling him, and sending another when he refuses or stays silent (RESC-06)."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor
from guanxi.foundation.errors import Invalid
from guanxi.network.states import Kind
from guanxi.records import services as records
from guanxi.rescue import policy
from guanxi.rescue.models import Dispatch, Rescue, Terms
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries import providers, rescues
from guanxi.rescue.services import steps
from guanxi.rescue.services.steps import ANSWER, CHASE, NAME, RECEIVE, SEND
from guanxi.rescue.states import Ending, Sending, State
from guanxi.worklist.services import working

BATCH = 200


def send(*, actor: Actor, rescue_id: int, provider_id: int, at: datetime.datetime) -> Dispatch:
    """Send a provider to a rescue: locks, checks that he can help, writes the sending with its quote, ends the task to
    send, gives an outlet its task to answer, audits. A partner finds the rescue in his list.

    :raises NotFound: the rescue is none that the actor sees.
    :raises NotAllowed: the actor does not dispatch where it was taken.
    :raises Conflict: it stands elsewhere by now.
    :raises Invalid: the provider cannot help, and why.
    """
    with db.atomic():
        row, before = steps.moved(actor, rescue_id, Verb.DISPATCH, State.SENT)
        terms = rescues.terms_on(clock.day_of(at))
        found = next((one for one in providers.candidates(row, terms, at) if one.row.pk == provider_id), None)
        if found is None:
            raise Invalid(_("Choose one of the values offered."), field="provider")
        if found.inability is not None:
            raise Invalid(_("This provider cannot be sent: %(why)s.") % {"why": found.reason}, field="provider")
        row.provider, row.due_at = found.row.node, at + datetime.timedelta(minutes=terms.accept_minutes)
        _quote(row, found.road_km, terms, at)
        made = Dispatch.objects.create(
            rescue=row, number=row.dispatches.count() + 1, provider_id=provider_id, road_km=found.road_km, sent_at=at,
            sent_by=actor.name[:NAME], due_at=row.due_at,
        )  # fmt: skip
        row.save()
        steps.end(row, SEND, Ending.SENT, at)
        if found.row.node.kind != Kind.PARTNER:
            steps.ask(row, ANSWER, provider_id, terms.answerer_id, row.due_at, at)
        records.audit(actor=actor, verb=Verb.DISPATCH, **steps.line(row, before))
    return made


def recall(*, actor: Actor, rescue_id: int, reason: str, at: datetime.datetime) -> Rescue:
    """Recall who was sent, with a reason, so that another is sent: locks, checks, writes, takes his tasks away, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not dispatch where it was taken.
    :raises Conflict: nobody is on the way.
    :raises Invalid: no reason.
    """
    words = steps.reason_of(reason)
    with db.atomic():
        row, before = steps.moved(actor, rescue_id, Verb.DISPATCH, State.TAKEN)
        sent = steps.running(row)
        sent.state, sent.reason = Sending.RECALLED, words
        sent.save()
        _withdraw(row, words, at)
        steps.to_be_sent(row, at)
        row.save()
        records.audit(actor=actor, verb="rescue.recall", **steps.line(row, before, {"reason": words}))
    return row


def cancel(*, actor: Actor, rescue_id: int, reason: str, at: datetime.datetime) -> Rescue:
    """Cancel a rescue with a reason: locks, checks, writes, recalls who is on the way, takes all tasks away, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not dispatch where it was taken.
    :raises Conflict: somebody is at the place, or it is over.
    :raises Invalid: no reason.
    """
    words = steps.reason_of(reason)
    with db.atomic():
        row, before = steps.moved(actor, rescue_id, Verb.DISPATCH, State.CANCELLED)
        row.dispatches.filter(state__in=[Sending.SENT, Sending.ACCEPTED]).update(state=Sending.RECALLED, reason=words)
        row.reason, row.ended_at = words, at
        _withdraw(row, words, at)
        row.save()
        records.audit(actor=actor, verb="rescue.cancel", **steps.line(row, before))
    return row


def sweep(*, actor: Actor, at: datetime.datetime) -> int:
    """Take rescues back from providers who did not answer in time, so that others are sent, and let the dispatcher
    chase those who are late: locks, writes, audits, a batch at a time. Return how many were touched.
    """
    lapsed = Dispatch.objects.filter(state=Sending.SENT, due_at__lte=at).order_by("due_at")
    keys = list(lapsed.values_list("rescue_id", flat=True)[:BATCH])
    late = Rescue.objects.filter(state=State.ACCEPTED, due_at__lte=at).order_by("due_at")
    chased = list(late.values_list("pk", flat=True)[:BATCH])
    for pk in keys:
        _lapse(actor, pk, at)
    for pk in chased:
        _chase(pk, at)
    return len(keys) + len(chased)


def _lapse(actor: Actor, rescue_id: int, at: datetime.datetime) -> None:
    """Take one rescue back from a provider who stayed silent, unless he answered meanwhile."""
    with db.atomic():
        row = db.lock(Rescue.objects.select_related("help"), rescue_id)
        sent = row.dispatches.select_for_update().filter(state=Sending.SENT, due_at__lte=at).first()
        if row.state != State.SENT or sent is None:
            return
        before = steps.plain(row)
        sent.state, row.state = Sending.LAPSED, State.TAKEN
        sent.save()
        working.withdraw(actor=SYSTEM, key=row.key(ANSWER), reason=str(_("Not answered in time")), at=at)
        steps.to_be_sent(row, at)
        row.save()
        records.audit(actor=actor, verb="rescue.lapse", **steps.line(row, before))


def _chase(rescue_id: int, at: datetime.datetime) -> None:
    """Let the dispatcher ask where help stays, once a quarter of an hour."""
    with db.atomic():
        row = db.lock(Rescue.objects.select_related("help"), rescue_id)
        if row.state != State.ACCEPTED or row.due_at > at:
            return
        terms = rescues.terms_on(clock.day_of(at))
        row.due_at = at + datetime.timedelta(minutes=15)
        row.save()
        steps.ask(row, CHASE, row.place_id, terms.dispatcher_id, row.due_at, at)


def _withdraw(row: Rescue, words: str, at: datetime.datetime) -> None:
    for work in (SEND, ANSWER, CHASE, RECEIVE):
        working.withdraw(actor=SYSTEM, key=row.key(work), reason=words, at=at)


def _quote(row: Rescue, road_km: int | None, terms: Terms, at: datetime.datetime) -> None:
    """Note what the help costs over the way there and back, and what a member pays less: of several discounts the one
    that takes most off; without a position or a tariff nothing is quoted.
    """
    tariff = rescues.tariff_on(row.help_id, clock.day_of(at))
    row.quoted = row.quoted_customer = row.discount = row.discounted = None
    if tariff is None or road_km is None:
        return
    night = policy.is_night(clock.local(at).time(), terms.night_from, terms.night_until)

    def price(less: policy.Less | None) -> policy.Price:
        return policy.price(tariff.rate, km=2 * road_km, is_night=night, share=row.share, less=less)

    best, chosen = price(None), None
    for one in rescues.discounts_for(row, clock.day_of(at)):
        cheaper = price(one.less)
        if cheaper.discounted > best.discounted:
            best, chosen = cheaper, one
    row.quoted, row.quoted_customer, row.currency = best.total, best.customer, tariff.currency
    row.discount, row.discounted = chosen, best.discounted if chosen else None
