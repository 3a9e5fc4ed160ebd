"""Leaving customers alone for a time, whatever they agreed to."""

import datetime
from collections.abc import Sequence

from django.db.models import Q

from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Invalid
from guanxi.privacy.models import Hold
from guanxi.privacy.permissions import Verb
from guanxi.records import services as records

HOLD = """
INSERT INTO privacy_hold (customer_id, source, since)
SELECT c.id, %(source)s, %(at)s FROM customers_customer c
WHERE c.id = ANY(%(ids)s::bigint[]) AND c.merged_into_id IS NULL
ON CONFLICT (customer_id, source) WHERE lifted_at IS NULL DO NOTHING
"""


def hold_exactly(
    *, actor: Actor, source: str, customer_ids: Sequence[int], at: datetime.datetime
) -> tuple[int, int]:  # fmt: skip
    """Leave exactly these customers alone for a source: checks the right, waits for others, holds who is not held yet,
    lets the others go, audits with one line. Return how many were held and let go; the same again changes nothing.

    :raises NotAllowed: the actor may not record decisions of customers everywhere.
    :raises Invalid: no source.
    """
    check_everywhere(actor, Verb.RECORD)
    if not source.strip():
        raise Invalid
    ids = sorted(set(customer_ids))
    with db.atomic():
        db.serialise(f"privacy.hold.{source}")
        others = Hold.objects.filter(~Q(customer_id__in=ids), source=source, lifted_at__isnull=True)
        freed = others.update(lifted_at=at)
        held = db.run(HOLD, {"source": source, "at": at, "ids": ids})
        if held or freed:
            records.audit(
                actor=actor, verb="privacy.hold", subject_type="privacy.hold", subject_id=source,
                after={"held": held, "let_go": freed},
            )  # fmt: skip
    return held, freed
