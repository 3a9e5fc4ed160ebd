"""What a call brings to light becomes work at once: a correction order for data that are wrong, a task for a customer
who wants to buy, a notice about a problem that a department has to put right.
"""

import datetime

from django.utils.translation import gettext_noop

from guanxi.contact_centre import queries
from guanxi.contact_centre.models import Call, Terms
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.rectification.models import Notice
from guanxi.rectification.services import issuing
from guanxi.rectification.services.issuing import NewNotice
from guanxi.verification.models import Order
from guanxi.verification.services import ordering
from guanxi.verification.services.ordering import NewOrder
from guanxi.worklist.models import Task
from guanxi.worklist.services import adding
from guanxi.worklist.services.deadlines import Term

CORRECTION, PURCHASE = "contact_centre.correction", "contact_centre.purchase"
WANTS = gettext_noop("Said in the call of %(day)s: wants to buy a car")
HIGH = 2


def pass_on(
    *, actor: Actor, call: Call, customer: str, words: str, terms: Terms, at: datetime.datetime
) -> Task:  # fmt: skip
    """Write the task of somebody who wants to buy for the outlet of the customer, with the words of the agent: chooses
    the outlet, writes, audits.

    :raises NotAllowed: the actor may not write tasks there.
    """
    outlet_id = queries.outlet_of(actor, call.customer_id, call.node_id)
    new = adding.NewTask(
        kind=PURCHASE, key=f"{PURCHASE}:{call.pk}", node_id=outlet_id, role=terms.purchase_role_id, reason=WANTS,
        due=Term(days=terms.purchase_days), subject_type=queries.CUSTOMER, subject_id=call.customer_id,
        subject_label=customer, note=words.strip()[:2000],
        values={"day": clock.day_of(at).isoformat(), "cars": [call.vehicle_id] if call.vehicle_id else []},
        priority=HIGH, parent_id=call.task_id,
    )  # fmt: skip
    return adding.add_task(actor=actor, task=new, at=at)


def order_correction(*, actor: Actor, call: Call, words: str, terms: Terms, at: datetime.datetime) -> Order:
    """Order the correction of what a customer says of his data from his outlet, with the role and the days of the
    terms: chooses the outlet, orders, audits.

    :raises NotAllowed: the actor may not order corrections there.
    """
    new = NewOrder(
        queries.outlet_of(actor, call.customer_id, call.node_id), call.customer_id, words, f"call-{call.token}",
        call.vehicle_id, terms.correction_role_id, terms.correction_days,
    )  # fmt: skip
    return ordering.order(actor=actor, new=new, at=at)


def put_before(*, actor: Actor, call: Call, problem: str, words: str, at: datetime.datetime) -> Notice:
    """Issue a rectification notice to the outlet of the customer about a problem that he told of (FUP-06): chooses the
    outlet, issues, audits.

    :raises NotAllowed: the actor may not issue notices there.
    :raises Invalid: no known kind of problem.
    """
    notice = NewNotice(
        queries.outlet_of(actor, call.customer_id, call.node_id), problem, words, f"call-{call.token}",
        customer_id=call.customer_id, vehicle_id=call.vehicle_id,
    )  # fmt: skip
    return issuing.issue(actor=actor, notice=notice, at=at)
