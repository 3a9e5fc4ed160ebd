"""What a call brings to light becomes work at once: data to correct, a customer who wants to buy, a problem that a
department has to put right.
"""

import datetime

from django.utils.translation import gettext_noop

from guanxi.contact_centre import queries
from guanxi.contact_centre.models import Call, Terms
from guanxi.contact_centre.states import Finding
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.rectification.models import Notice
from guanxi.rectification.services import issuing
from guanxi.rectification.services.issuing import NewNotice
from guanxi.worklist.models import Task
from guanxi.worklist.services import adding
from guanxi.worklist.services.deadlines import Term

CORRECTION, PURCHASE = "contact_centre.correction", "contact_centre.purchase"
KINDS = {Finding.CORRECTION: CORRECTION, Finding.PURCHASE: PURCHASE}
REASONS = {
    Finding.CORRECTION: gettext_noop("Said in the call of %(day)s: the data are not right"),
    Finding.PURCHASE: gettext_noop("Said in the call of %(day)s: wants to buy a car"),
}
HIGH, NORMAL = 2, 3


def pass_on(
    *, actor: Actor, call: Call, customer: str, finding: str, words: str, terms: Terms, at: datetime.datetime
) -> Task:
    """Write the task of a finding for the outlet of the customer, with the words of the agent: chooses the outlet and
    the role, writes, audits.

    :raises NotAllowed: the actor may not write tasks there.
    """
    found = Finding(finding)
    is_purchase = found == Finding.PURCHASE
    role = terms.purchase_role_id if is_purchase else terms.correction_role_id
    days = terms.purchase_days if is_purchase else terms.correction_days
    outlet_id = queries.outlet_of(actor, call.customer_id, call.node_id)
    new = adding.NewTask(
        kind=KINDS[found], key=f"{KINDS[found]}:{call.pk}", node_id=outlet_id,
        role=role, reason=REASONS[found], due=Term(days=days), subject_type=queries.CUSTOMER,
        subject_id=call.customer_id, subject_label=customer, note=words.strip()[:2000],
        values={"day": clock.day_of(at).isoformat(), "cars": [call.vehicle_id] if call.vehicle_id else []},
        priority=HIGH if is_purchase else NORMAL, parent_id=call.task_id,
    )  # fmt: skip
    return adding.add_task(actor=actor, task=new, at=at)


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
