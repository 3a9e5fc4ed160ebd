"""The ledger of consent: lines are added and withdrawn, never changed; texts are added, never changed."""

import datetime
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.privacy import queries
from guanxi.privacy.events import ConsentRecorded, ConsentWithdrawn
from guanxi.privacy.models import Consent, ConsentText
from guanxi.privacy.permissions import Verb
from guanxi.privacy.states import Medium, Purpose, Standing
from guanxi.records import services as records

DECISIONS = (Standing.GIVEN, Standing.REFUSED)
NO_PROOF = _("Say how it is proven: a signed form, a recording, a message.")


@dataclass(frozen=True)
class Decision:
    """What a customer decided: for what, by which channel, towards whom, on what proof and since when.

    The text is the one of the purpose that held on the day, unless another is named.
    """

    purpose: str
    medium: str
    recipient_id: int
    standing: str
    proof: str
    given_at: datetime.datetime
    text_id: int | None = None


def record_consent(*, actor: Actor, customer_id: int, decision: Decision, at: datetime.datetime) -> Consent:
    """Write a customer's consent or refusal into the ledger (NFR-01): checks the right at an outlet of the customer,
    closes the line that stood before, adds the new one, audits, publishes ConsentRecorded.

    :raises NotFound: the customer is not visible.
    :raises Invalid: a value is unknown, there is no proof, the moment has not come, or the recipient is neither an
        outlet of the customer nor its brand or group.
    """
    customer = customers.customer(actor, customer_id)
    place = customers.check_customer(actor, Verb.RECORD, customer_id)
    text = _checked(actor, customer_id, decision, at)
    with db.atomic():
        db.serialise(f"privacy.consent.{customer_id}")
        _close(actor, customer_id, decision, place)
        made = Consent.objects.create(
            customer_id=customer_id, purpose=decision.purpose, medium=decision.medium,
            recipient_id=decision.recipient_id, standing=decision.standing, text=text, proof=decision.proof.strip(),
            given_at=decision.given_at, recorded_by_id=actor.user_id, recorded_by=actor.name[:80],
        )  # fmt: skip
        _audit(actor, made, place, str(customer), None)
        told = ConsentRecorded(
            made.pk, customer_id, made.purpose, made.medium, made.recipient_id, made.standing
        )  # fmt: skip
        events.publish(told)
    return made


def _checked(actor: Actor, customer_id: int, decision: Decision, at: datetime.datetime) -> ConsentText | None:
    """Refuse what cannot be written, and return the text that was agreed to."""
    known = {"purpose": Purpose.values, "medium": Medium.values, "standing": DECISIONS}
    for name, values in known.items():
        if getattr(decision, name) not in values:
            raise Invalid(_("Choose one of the values offered."), field=name)
    if not decision.proof.strip():
        raise Invalid(NO_PROOF, field="proof")
    if decision.given_at > at:
        raise Invalid(_("This day has not come yet."), field="day")
    day = timezone.localdate(at)
    outlets = queries.outlets_of(actor, customer_id, Verb.RECORD)
    if decision.recipient_id not in {node.pk for node in queries.recipients(outlets, day)}:
        raise Invalid(_("This is no outlet of the customer, and not its brand or group."), field="recipient")
    if decision.text_id is None:
        return queries.text_of(decision.purpose, timezone.localdate(decision.given_at))
    text = ConsentText.objects.filter(pk=decision.text_id, purpose=decision.purpose).first()
    if text is None:
        raise Invalid(_("This text is not about this purpose."), field="text")
    return text


def _close(actor: Actor, customer_id: int, decision: Decision, place: int | None) -> None:
    """Let the line that stands end where the new one begins; the trail keeps how it stood."""
    rows = Consent.objects.filter(
        customer_id=customer_id, purpose=decision.purpose, medium=decision.medium, recipient_id=decision.recipient_id
    )
    newest = rows.order_by("-given_at", "-pk").first()
    if newest is not None and queries.moment(newest) > decision.given_at:
        raise Invalid(_("A later decision is in the ledger already."), field="day")
    old = rows.exclude(standing=Standing.WITHDRAWN).first()
    if old is not None:
        before, proof = old.standing, decision.proof.strip()
        old.standing, old.withdrawn_at, old.withdrawal_proof = Standing.WITHDRAWN, decision.given_at, proof
        old.save(update_fields=["standing", "withdrawn_at", "withdrawal_proof"])
        _audit(actor, old, place, str(old.customer), before)


def _audit(actor: Actor, row: Consent, place: int | None, name: str, before: str | None) -> None:
    about = {"purpose": row.purpose, "medium": row.medium, "recipient": row.recipient_id, "customer": row.customer_id}
    records.audit(
        actor=actor, verb=Verb.RECORD, subject_type="consent", subject_id=row.pk, subject_label=name, node_id=place,
        before=None if before is None else about | {"standing": before}, after=about | {"standing": row.standing},
    )  # fmt: skip


def withdraw_consent(*, actor: Actor, consent_id: int, proof: str, at: datetime.datetime) -> Consent:
    """Withdraw a consent that was given (NFR-01): locks, checks, marks the line with moment and proof, audits,
    publishes ConsentWithdrawn.

    :raises Conflict: it is no consent that stands.
    :raises Invalid: there is no proof.
    """
    if not proof.strip():
        raise Invalid(NO_PROOF, field="proof")
    with db.atomic():
        row = db.lock(queries.visible_to(actor), consent_id)
        place = customers.check_customer(actor, Verb.RECORD, row.customer_id)
        if row.standing != Standing.GIVEN:
            raise Conflict(_("Only a consent that stands can be withdrawn."))
        row.standing, row.withdrawn_at, row.withdrawal_proof = Standing.WITHDRAWN, at, proof.strip()[:200]
        row.save(update_fields=["standing", "withdrawn_at", "withdrawal_proof"])
        _audit(actor, row, place, str(row.customer), Standing.GIVEN)
        events.publish(ConsentWithdrawn(row.pk, row.customer_id, row.purpose, row.medium, row.recipient_id))
    return row


def add_text(
    *, actor: Actor, purpose: str, version: str, text_zh: str, text_en: str, valid_from: datetime.date
) -> ConsentText:
    """Add a version of the words that customers agree to: checks, writes, audits. Texts are never changed.

    :raises Conflict: this version of the purpose is there already.
    :raises Invalid: the purpose is unknown, or words or version are missing.
    """
    check_everywhere(actor, Verb.MANAGE_TEXTS)
    if purpose not in Purpose.values:
        raise Invalid(_("Choose one of the values offered."), field="purpose")
    for name, value in (("version", version), ("text_zh", text_zh)):
        if not value.strip():
            raise Invalid(_("This is needed."), field=name)
    with db.atomic():
        made = _insert(purpose, version.strip(), (text_zh.strip(), text_en.strip()), valid_from)
        records.audit(
            actor=actor, verb=Verb.MANAGE_TEXTS, subject_type="consent_text", subject_id=made.pk,
            subject_label=str(made), after={"purpose": purpose, "version": made.version, "valid_from": valid_from},
        )  # fmt: skip
    return made


def _insert(purpose: str, version: str, words: tuple[str, str], valid_from: datetime.date) -> ConsentText:
    try:
        with db.atomic():
            return ConsentText.objects.create(
                purpose=purpose, version=version, text_zh=words[0], text_en=words[1], valid_from=valid_from
            )
    except IntegrityError as error:
        raise Conflict(_("This version is there already: texts are never changed."), field="version") from error
