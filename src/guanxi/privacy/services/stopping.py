"""A customer who wants no more by a channel: every consent for it is withdrawn, and it is declined towards all."""

import datetime
from collections.abc import Iterable, Sequence

from guanxi.customers import queries as customers
from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.privacy.events import ConsentRecorded, ConsentWithdrawn
from guanxi.privacy.models import Consent
from guanxi.privacy.permissions import Verb
from guanxi.privacy.services.consents import NO_PROOF
from guanxi.privacy.states import Medium, Purpose, Standing
from guanxi.records import services as records


def stop_channel(*, actor: Actor, customer_ids: Sequence[int], medium: str, proof: str, at: datetime.datetime) -> None:
    """Stop a channel for customers, for every purpose and all places (NFR-01, NFR-12): checks the right at an outlet of
    each, waits for others, withdraws what was given, declines towards the group what is not declined yet, audits,
    publishes ConsentWithdrawn and ConsentRecorded. Only a later consent of the customer opens it again.

    :raises Invalid: there is no proof, or no such channel.
    """
    if not proof.strip():
        raise Invalid(NO_PROOF, field="proof")
    medium = Medium(medium).value
    with db.atomic():
        for pk in sorted(customer_ids):
            customers.check_customer(actor, Verb.RECORD, pk)
            db.serialise(f"privacy.consent.{pk}")
        held = list(Consent.objects.filter(customer_id__in=customer_ids, medium=medium).exclude(standing="WITHDRAWN"))
        given = [row for row in held if row.standing == Standing.GIVEN]
        for row in given:
            row.standing, row.withdrawn_at, row.withdrawal_proof = Standing.WITHDRAWN, at, proof.strip()[:200]
        Consent.objects.bulk_update(given, ["standing", "withdrawn_at", "withdrawal_proof"])
        declined = {
            (row.customer_id, row.purpose, row.recipient_id) for row in held if row.standing == Standing.REFUSED
        }
        made = Consent.objects.bulk_create(
            Consent(
                customer_id=pk, purpose=purpose, medium=medium, recipient_id=group, standing=Standing.REFUSED,
                proof=proof.strip()[:200], given_at=at, recorded_by_id=actor.user_id, recorded_by=actor.name[:80],
            )
            for pk, purpose, group in _cells(customer_ids)
            if (pk, purpose, group) not in declined
        )  # fmt: skip
        _tell(actor, given, made)


def _cells(customer_ids: Iterable[int]) -> Iterable[tuple[int, str, int]]:
    groups = list(Node.objects.filter(kind=Kind.GROUP).values_list("pk", flat=True))
    return ((pk, purpose.value, group) for pk in customer_ids for purpose in Purpose for group in groups)


def _tell(actor: Actor, withdrawn: Sequence[Consent], declined: Sequence[Consent]) -> None:
    rows = [*withdrawn, *declined]
    about = [
        {"purpose": row.purpose, "medium": row.medium, "recipient": row.recipient_id, "customer": row.customer_id,
         "standing": row.standing}
        for row in rows
    ]  # fmt: skip
    lines = [records.Line(row.pk, str(row.customer_id), after=line) for row, line in zip(rows, about, strict=True)]
    records.audit_many(actor=actor, verb=Verb.RECORD, subject_type="consent", lines=lines)
    for row in withdrawn:
        events.publish(ConsentWithdrawn(row.pk, row.customer_id, row.purpose, row.medium, row.recipient_id))
    for row in declined:
        told = ConsentRecorded(row.pk, row.customer_id, row.purpose, row.medium, row.recipient_id, row.standing)
        events.publish(told)
