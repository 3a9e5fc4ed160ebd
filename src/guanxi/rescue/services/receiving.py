"""A car that calls for help by itself becomes a rescue with its position (RESC-12)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Invalid
from guanxi.foundation.values import phones, vins
from guanxi.records import services as records
from guanxi.rescue.events import RescueTaken
from guanxi.rescue.models import Rescue
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries import calling, rescues
from guanxi.rescue.services import steps
from guanxi.rescue.services.steps import LONGEST, NAME
from guanxi.rescue.states import Claim


@dataclass(frozen=True)
class CarCall:
    """What a car says. ``reference``: its number at the service of the car; ``is_crash``: an airbag opened."""

    reference: str
    vin: str = ""
    position: tuple[Decimal, Decimal] | None = None
    where: str = ""
    phone: str = ""
    words: str = ""
    help: str = ""
    is_crash: bool = False


def receive(*, actor: Actor, call: CarCall, at: datetime.datetime) -> Rescue:
    """Make a rescue of an emergency call of a car: checks the right, finds the car by its VIN and its owner, works out
    who pays, writes it at the call centre with the task to send somebody, audits, publishes RescueTaken. A VIN that is
    not on file, or none, still makes one with what is known. The same reference again returns what it made.

    What nobody said is taken for the worst until somebody asked: not everybody is in safety, and after a crash somebody
    is hurt.

    :raises NotAllowed: the actor may not hand over such calls for the whole network.
    :raises Invalid: no reference.
    :raises Conflict: no terms of rescues are in force.
    """
    check_everywhere(actor, Verb.RECEIVE_CALL)
    reference = " ".join(call.reference.split())[:60]
    if not reference:
        raise Invalid(_("This is needed."), field="reference")
    with db.atomic():
        token = f"car:{reference}"
        db.serialise(f"rescue.{token}")
        earlier = Rescue.objects.filter(token=token, taken_by_id=actor.user_id).first()
        if earlier is not None:
            return earlier
        row = _made(actor, call, reference, at)
        row.save(force_insert=True)
        steps.to_be_sent(row, at)
        row.save()
        told = {"claim": row.claim, "reference": reference, "vin": row.vin}
        records.audit(actor=actor, verb=Verb.RECEIVE_CALL, **steps.line(row, {}, told))
        events.publish(RescueTaken(row.pk, row.place_id, row.customer_id, row.vehicle_id))
    return row


def _made(actor: Actor, call: CarCall, reference: str, at: datetime.datetime) -> Rescue:
    day = clock.day_of(at)
    terms = rescues.terms_on(day)
    vin = (vins.clean(call.vin).value or " ".join(call.vin.split()).upper())[:20]
    car = calling.car(vin)
    owner = calling.owner(car.pk) if car else None
    claim = rescues.claim_of(car, terms, at, day)
    read = phones.clean(call.phone).value
    said = (read and (read.mobile or read.landline)) or " ".join(call.phone.split())[:30]
    north, east = call.position or (None, None)
    with translation.override(settings.LANGUAGE_CODE):  # who reads it works in the language of the house
        words = call.words.strip()[:LONGEST] or gettext("The car called for help by itself.")
        unknown = gettext("Position not known")
    spot = f"{north}, {east}" if call.position else unknown
    return Rescue(
        place_id=calling.desk(actor, day), token=f"car:{reference}", reference=reference, vin=vin,
        help=calling.help_of(call.help, terms), is_hurt=call.is_crash, is_safe=False,
        on_expressway=False, can_move=False, caller=(owner.name if owner else vin or reference)[:80],
        phone=said or (owner.phone if owner else ""), plate=car.plate if car else "",
        customer_id=owner.pk if owner else None, vehicle=car, where=" ".join(call.where.split())[:200] or spot,
        latitude=north, longitude=east, words=words, claim=claim,
        share=terms.cover_share if claim == Claim.ENTITLED else 0, taken_at=at, taken_by_id=actor.user_id,
        taken_by=actor.name[:NAME], due_at=at,
    )  # fmt: skip
