"""What is open with a customer, whoever has to do with it: read while he is on the telephone."""

from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.contact_centre.models import Enquiry
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import enquiries
from guanxi.contact_centre.queries.calls import CUSTOMER
from guanxi.contact_centre.states import OPEN as ENQUIRY_OPEN
from guanxi.foundation.actor import Actor
from guanxi.rectification import queries as notices
from guanxi.rectification.models import Notice
from guanxi.rectification.permissions import Verb as Notices
from guanxi.rectification.states import OPEN as NOTICE_OPEN
from guanxi.worklist.models import Task
from guanxi.worklist.queries import tasks

FEW, LOOKED_AT = 8, 20


@dataclass(frozen=True)
class Matters:
    """Tasks that are to be done for a customer, notices that are not filed, enquiries of which he was not told."""

    tasks: Sequence[Task] = ()
    notices: Sequence[Notice] = ()
    enquiries: Sequence[Enquiry] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.tasks or self.notices or self.enquiries)


def open_with(actor: Actor, customer_id: int, beside: int | None = None) -> Matters:
    """Return what is open with a customer as far as the actor sees it, without one task; three queries."""
    held = [row for row in tasks.about(actor, CUSTOMER, customer_id, FEW) if row.is_live and row.pk != beside]
    told = notices.of_customer(actor, customer_id, LOOKED_AT) if actor.can(Notices.VIEW) else []
    asked = enquiries.of_customer(actor, customer_id, LOOKED_AT) if actor.can(Verb.VIEW_ENQUIRIES) else []
    return Matters(
        held, [row for row in told if row.state in NOTICE_OPEN][:FEW],
        [row for row in asked if row.state in ENQUIRY_OPEN][:FEW],
    )  # fmt: skip
