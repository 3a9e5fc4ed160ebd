"""What every step of an enquiry does: the lock and the move, the tasks, the line on the trail."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.contact_centre.models import Enquiry
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import enquiries
from guanxi.contact_centre.states import Ending
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.rectification.models import Department
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.deadlines import Term

SUBJECT = "contact_centre.enquiry"
ANSWER, TELL = "contact_centre.answer", "contact_centre.tell"
LONGEST, SHORT, NAME = 2000, 400, 160
REASONS = {
    ANSWER: gettext_noop("A customer waits for an answer: %(what)s"),
    TELL: gettext_noop("Tell the customer what the department found out: %(what)s"),
}
HIGH = 2


def moved(actor: Actor, enquiry_id: int, verb: Verb, state: str) -> Enquiry:
    """Lock a visible enquiry, check the right on its side and that it stands at a state.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor lacks the verb there.
    :raises Conflict: it stands elsewhere.
    """
    rows = enquiries.visible_to(actor).select_related("category", "department__role")
    row = db.lock(rows, enquiry_id)
    check(actor, verb, row.place_id if verb == Verb.TAKE_ENQUIRY else row.outlet_id)
    if row.state != state:
        raise Conflict(_("This cannot follow: the enquiry stands at “%(state)s”.") % {"state": row.get_state_display()})
    return row


def ask(row: Enquiry, kind: str, due: Term | datetime.datetime, at: datetime.datetime) -> datetime.datetime:
    """Write the task of a step, as the system: who takes an enquiry need not share out work at the outlet, and the
    outlet hands it back to a call centre that it does not see. Whoever took it tells the customer. Return its deadline.
    """
    assert row.department is not None  # none is asked before an enquiry is passed on
    is_answer = kind == ANSWER
    owner = None if is_answer else row.taken_by_id
    role = row.department.role_id if is_answer else row.department.verifier_id
    node_id = (row.outlet_id or row.place_id) if is_answer else row.place_id
    task = adding.NewTask(
        kind=kind, key=row.key(kind), node_id=node_id, reason=REASONS[kind], due=due, owner_id=owner,
        role=role if owner is None else None, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.code,
        values={
            "what": row.category.name_zh, "what_en": row.category.name_en, "words": row.words, "words_en": row.words,
            "who": row.taken_by,
        },
        priority=HIGH,
    )  # fmt: skip
    db.widen(node_id)
    return adding.add_task(actor=SYSTEM, task=task, at=at).due_at


def end(row: Enquiry, kind: str, ending: Ending, at: datetime.datetime) -> None:
    """End the task of a step, whosever it is."""
    working.settle(actor=SYSTEM, key=row.key(kind), outcome=ending, at=at)


def department_of(code: str) -> Department:
    """Return a department in use.

    :raises Invalid: there is none.
    """
    found = Department.objects.select_related("role").filter(pk=code, is_active=True).first()
    if found is None:
        raise Invalid(_("Choose one of the values offered."), field="department")
    return found


def line(row: Enquiry, **said: Any) -> dict[str, Any]:
    """Return what the trail keeps of a step, but for who took it and which it was."""
    after = {"state": row.state, "outlet": row.outlet_id, "department": row.department_id, "due_at": row.due_at}
    return {
        "subject_type": SUBJECT, "subject_id": row.pk, "subject_label": row.code,
        "node_id": row.outlet_id or row.place_id, "after": after | said,
    }  # fmt: skip
