"""What a call or an enquiry brings to light becomes work at once: a correction order for data that are wrong, a task
for a customer who wants to buy, a notice about a problem that a department has to put right.
"""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.contact_centre.models import PurchaseIntention, Terms
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.states import Intention
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid
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
REASONS = {
    "": gettext_noop("Said in the call of %(day)s: wants to buy a car"),
    Intention.ADDITIONAL: gettext_noop("Said in the call of %(day)s: wants one more car"),
    Intention.REPLACEMENT: gettext_noop("Said in the call of %(day)s: wants another car instead of the present one"),
    Intention.CROSS: gettext_noop("Said in the call of %(day)s: wants another product of ours"),
    Intention.RECOMMENDATION: gettext_noop("Said in the call of %(day)s: recommends somebody who wants to buy"),
}
HIGH, LONGEST = 2, 2000


@dataclass(frozen=True)
class Origin:
    """Where something came to light: which conversation, at which place, with whom, about which car."""

    key: str
    token: str
    node_id: int
    customer_id: int
    customer: str
    vehicle_id: int | None = None
    task_id: int | None = None


@dataclass(frozen=True)
class Found:
    """What was found, in the words of the agent; empty what was not."""

    correction: str = ""
    purchase: str = ""
    problem: str = ""
    problem_words: str = ""
    purchase_kind: str = ""


def pass_all_on(*, actor: Actor, origin: Origin, found: Found, terms: Terms, at: datetime.datetime) -> None:
    """Write the order, the task and the notice of everything that was found; each audits.

    :raises NotAllowed: the actor may not write tasks, order corrections or issue notices there.
    :raises Invalid: no known kind of problem or of purchase, or no words about it.
    """
    if found.purchase_kind and found.purchase_kind not in Intention.values:
        raise Invalid(_("Choose one of the values offered."), field="purchase_kind")
    if found.purchase_kind and not found.purchase.strip():
        raise Invalid(_("Say what the customer wants to buy."), field="purchase")
    if found.correction.strip():
        order_correction(actor=actor, origin=origin, words=found.correction, terms=terms, at=at)
    if found.purchase.strip():
        pass_on(actor=actor, origin=origin, found=found, terms=terms, at=at)
    if found.problem or found.problem_words.strip():
        if not found.problem_words.strip():
            raise Invalid(_("Say what is wrong."), field="problem_words")
        put_before(actor=actor, origin=origin, problem=found.problem, words=found.problem_words, at=at)


def pass_on(*, actor: Actor, origin: Origin, found: Found, terms: Terms, at: datetime.datetime) -> Task:
    """Write the task of somebody who wants to buy for the outlet of the customer, with the words of the agent, and keep
    the intention by its kind (SUP-09): chooses the outlet, writes both, audits.

    :raises NotAllowed: the actor may not write tasks there.
    """
    outlet_id = queries.outlet_of(actor, origin.customer_id, origin.node_id)
    new = adding.NewTask(
        kind=PURCHASE, key=f"{PURCHASE}:{origin.key}", node_id=outlet_id, role=terms.purchase_role_id,
        reason=REASONS[found.purchase_kind],
        due=Term(days=terms.purchase_days), subject_type=queries.CUSTOMER, subject_id=origin.customer_id,
        subject_label=origin.customer, note=found.purchase.strip()[:LONGEST],
        values={"day": clock.day_of(at).isoformat(), "cars": [origin.vehicle_id] if origin.vehicle_id else []},
        priority=HIGH, parent_id=origin.task_id,
    )  # fmt: skip
    task = adding.add_task(actor=actor, task=new, at=at)
    PurchaseIntention.objects.create(
        key=new.key, customer_id=origin.customer_id, vehicle_id=origin.vehicle_id, place_id=origin.node_id,
        outlet_id=outlet_id, kind=found.purchase_kind, words=new.note, said_at=at, person_id=actor.user_id,
        person_name=actor.name[:160], task_id=task.pk,
    )  # fmt: skip
    return task


def order_correction(*, actor: Actor, origin: Origin, words: str, terms: Terms, at: datetime.datetime) -> Order:
    """Order the correction of what a customer says of his data from his outlet, with the role and the days of the
    terms: chooses the outlet, orders, audits.

    :raises NotAllowed: the actor may not order corrections there.
    """
    new = NewOrder(
        queries.outlet_of(actor, origin.customer_id, origin.node_id), origin.customer_id, words, origin.token,
        origin.vehicle_id, terms.correction_role_id, terms.correction_days,
    )  # fmt: skip
    return ordering.order(actor=actor, new=new, at=at)


def put_before(*, actor: Actor, origin: Origin, problem: str, words: str, at: datetime.datetime) -> Notice:
    """Issue a rectification notice to the outlet of the customer about a problem that he told of (FUP-06): chooses the
    outlet, issues, audits.

    :raises NotAllowed: the actor may not issue notices there.
    :raises Invalid: no known kind of problem.
    """
    notice = NewNotice(
        queries.outlet_of(actor, origin.customer_id, origin.node_id), problem, words, origin.token,
        customer_id=origin.customer_id, vehicle_id=origin.vehicle_id,
    )  # fmt: skip
    return issuing.issue(actor=actor, notice=notice, at=at)
