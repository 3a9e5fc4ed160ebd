"""What a call or an enquiry brings to light becomes work at once: data to correct, a customer who wants to buy, a
problem that a department has to put right.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.contact_centre.models import Terms
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.states import Finding
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid
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

    @property
    def tasks(self) -> Mapping[Finding, str]:
        every = {Finding.CORRECTION: self.correction, Finding.PURCHASE: self.purchase}
        return {finding: words for finding, words in every.items() if words.strip()}


def pass_all_on(*, actor: Actor, origin: Origin, found: Found, terms: Terms, at: datetime.datetime) -> None:
    """Write the tasks and the notice of everything that was found; each audits.

    :raises NotAllowed: the actor may not write tasks or issue notices there.
    :raises Invalid: no known kind of problem, or no words about it.
    """
    for finding, words in found.tasks.items():
        pass_on(actor=actor, origin=origin, finding=finding, words=words, terms=terms, at=at)
    if found.problem or found.problem_words.strip():
        if not found.problem_words.strip():
            raise Invalid(_("Say what is wrong."), field="problem_words")
        put_before(actor=actor, origin=origin, problem=found.problem, words=found.problem_words, at=at)


def pass_on(*, actor: Actor, origin: Origin, finding: Finding, words: str, terms: Terms, at: datetime.datetime) -> Task:
    """Write the task of a finding for the outlet of the customer, with the words of the agent: chooses the outlet and
    the role, writes, audits.

    :raises NotAllowed: the actor may not write tasks there.
    """
    is_purchase = finding == Finding.PURCHASE
    role = terms.purchase_role_id if is_purchase else terms.correction_role_id
    days = terms.purchase_days if is_purchase else terms.correction_days
    outlet_id = queries.outlet_of(actor, origin.customer_id, origin.node_id)
    new = adding.NewTask(
        kind=KINDS[finding], key=f"{KINDS[finding]}:{origin.key}", node_id=outlet_id,
        role=role, reason=REASONS[finding], due=Term(days=days), subject_type=queries.CUSTOMER,
        subject_id=origin.customer_id, subject_label=origin.customer, note=words.strip()[:2000],
        values={"day": clock.day_of(at).isoformat(), "cars": [origin.vehicle_id] if origin.vehicle_id else []},
        priority=HIGH if is_purchase else NORMAL, parent_id=origin.task_id,
    )  # fmt: skip
    return adding.add_task(actor=actor, task=new, at=at)


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
