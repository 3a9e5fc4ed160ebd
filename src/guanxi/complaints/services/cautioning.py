"""A caution about a dangerous customer: proposed, reviewed by a second person, kept, lifted (CMP-36, CC-09)."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.complaints import policy
from guanxi.complaints.models import Caution, CautionStep
from guanxi.complaints.permissions import Verb, check_keeping
from guanxi.complaints.queries import cases, cautions, choosing
from guanxi.complaints.queries.cautions import SUBJECT
from guanxi.complaints.services import steps
from guanxi.complaints.services.steps import Whose
from guanxi.complaints.states import CautionAct, CautionReason, CautionState
from guanxi.customers import queries as customers
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid, words_of
from guanxi.records import services as records
from guanxi.worklist.services import adding, working

REVIEW, KEEP = "complaints.review_caution", "complaints.keep_caution"
REASONS = {
    REVIEW: gettext_noop("Decide whether whoever meets this customer should be careful"),
    KEEP: gettext_noop("Look again at the caution about this customer: keep it or lift it"),
}
WITHIN, AHEAD = "1d", datetime.timedelta(days=2)  # the term of the review; when the next one shows on the worklist
FURTHEST = datetime.timedelta(days=366)


@dataclass(frozen=True)
class NewCaution:
    """What is proposed: about whom, at which outlet or call centre, why, and perhaps after which complaint."""

    customer_id: int
    place_id: int
    reason: str
    words: str
    complaint_id: int | None = None
    is_by_rule: bool = False


@dataclass(frozen=True)
class Plan:
    """How to deal with a customer, the one person who decides, and the day on which it is looked at again."""

    words: str
    owner_id: int | None
    review_on: datetime.date | None


def propose_caution(*, actor: Actor, new: NewCaution, at: datetime.datetime) -> Caution:
    """Propose that whoever meets a customer be careful: checks the right at the place and that the actor sees the
    customer and the complaint, writes it with its first step, asks somebody else to review it, audits.

    :raises NotAllowed: the actor proposes no cautions there.
    :raises NotFound: the customer or the complaint is none that the actor sees.
    :raises Conflict: there is one about this customer at this place.
    :raises Invalid: no words, a reason that is none, or a place that is not offered.
    """
    words_of(new.words, message=_("Say what happened."))
    check(actor, Verb.PROPOSE_CAUTION, new.place_id)
    customers.customer(actor, new.customer_id)
    about = cases.complaint(actor, new.complaint_id) if new.complaint_id is not None else None
    if about is not None and about.customer_id != new.customer_id:
        raise Invalid(_("This complaint is another customer's."), field="complaint")
    if new.reason not in CautionReason.values:
        raise Invalid(_("Choose one of the values offered."), field="reason")
    if str(new.place_id) not in dict(cautions.places(actor, new.customer_id, about)):
        raise Invalid(_("Choose one of the values offered."), field="place")
    with db.atomic():
        held = hold(new)
        if held is not None:
            raise Conflict(_("There is a caution about this customer here: %(number)s.") % {"number": held.number})
        return write(actor=actor, new=new, at=at)


def hold(new: NewCaution) -> Caution | None:
    """Let nobody else propose one about this customer at this place; return the one that is proposed or in force."""
    db.serialise(f"complaints.caution.{new.customer_id}.{new.place_id}")
    return cautions.open_at(new.customer_id, new.place_id)


def write(*, actor: Actor, new: NewCaution, at: datetime.datetime) -> Caution:
    """Write a caution that is proposed, its first step and the task of its review; audit."""
    who = None if new.is_by_rule else actor.user_id
    row = Caution.objects.create(
        customer_id=new.customer_id, place_id=new.place_id, complaint_id=new.complaint_id, reason=new.reason,
        is_by_rule=new.is_by_rule, proposed_at=at, proposed_by_id=who,
        proposed_by="" if new.is_by_rule else actor.name[:160],
    )  # fmt: skip
    _say(row, CautionAct.PROPOSED, new.words, at, who, row.proposed_by)
    _ask(row, REVIEW, _reviewer(row, at), steps.term(WITHIN), at)
    records.audit(actor=actor, verb=Verb.PROPOSE_CAUTION, **_line(row, {}, {"is_by_rule": new.is_by_rule}))
    return row


def review_caution(
    *, actor: Actor, caution_id: int, is_needed: bool, words: str, plan: Plan | None = None, at: datetime.datetime
) -> Caution:  # fmt: skip
    """Decide whether a caution is needed, as a second person: locks, checks, puts it in force with its plan, its owner
    and the task of the next review, or dismisses it; ends the task of this review, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor reviews no cautions there.
    :raises Conflict: it was reviewed, or the actor proposed it himself.
    :raises Invalid: no words, or no whole plan for one that is needed.
    """
    said = words_of(words, message=_("Say why."))
    with db.atomic():
        row = db.lock(cautions.visible_to(actor), caution_id)
        check(actor, Verb.REVIEW_CAUTION, row.place_id)
        if not policy.may_review_caution(row.proposed_by_id, actor.user_id):
            raise Conflict(_("Whoever proposed a caution does not review it; somebody else does."))
        before = _plain(row)
        _move(row, CautionState.IN_FORCE if is_needed else CautionState.DISMISSED, (CautionState.PROPOSED,))
        row.reviewed_at, row.reviewed_by_id, row.reviewed_by = at, actor.user_id, actor.name[:160]
        if is_needed:
            _plan(row, plan, at)
        else:
            row.ended_at = at
        row.save()
        _say(row, CautionAct(row.state), said, at, actor.user_id, actor.name)
        _end(row, REVIEW, at)
        if is_needed:
            _ask_again(row, at)
        records.audit(actor=actor, verb=Verb.REVIEW_CAUTION, **_line(row, before, {"words": said}))
    return row


def keep_caution(*, actor: Actor, caution_id: int, words: str, plan: Plan, at: datetime.datetime) -> Caution:
    """Keep a caution in force until another day, with the plan and the owner that hold from now on: locks, checks,
    writes, replaces the task of the next review, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor neither owns it nor reviews cautions there.
    :raises Conflict: it is not in force.
    :raises Invalid: no words, or no whole plan.
    """
    said = words_of(words, message=_("Say why."))
    with db.atomic():
        row = db.lock(cautions.visible_to(actor), caution_id)
        check_keeping(actor, row)
        before = _plain(row)
        _move(row, CautionState.IN_FORCE, (CautionState.IN_FORCE,))
        _plan(row, plan, at)
        row.save()
        _say(row, CautionAct.KEPT, said, at, actor.user_id, actor.name)
        _end(row, KEEP, at)
        _ask_again(row, at)
        records.audit(actor=actor, verb=KEEP, **_line(row, before, {"words": said}))
    return row


def lift_caution(*, actor: Actor, caution_id: int, reason: str, at: datetime.datetime) -> Caution:
    """Lift a caution with a reason: locks, checks, writes, ends the task of its next review, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor neither owns it nor reviews cautions there.
    :raises Conflict: it is not in force.
    :raises Invalid: no reason.
    """
    said = words_of(reason, "reason", _("Say why."))
    with db.atomic():
        row = db.lock(cautions.visible_to(actor), caution_id)
        check_keeping(actor, row)
        before = _plain(row)
        _move(row, CautionState.LIFTED, (CautionState.IN_FORCE,))
        row.ended_at, row.review_on = at, None
        row.save()
        _say(row, CautionAct.LIFTED, said, at, actor.user_id, actor.name)
        _end(row, KEEP, at)
        records.audit(actor=actor, verb="complaints.lift_caution", **_line(row, before, {"reason": said}))
    return row


def _move(row: Caution, state: str, from_: tuple[str, ...]) -> None:
    if row.state not in from_ or not policy.may_move_caution(row.state, state):
        raise Conflict(_("This cannot follow: it stands at “%(state)s”.") % {"state": row.get_state_display()})
    row.state = state


def _plan(row: Caution, plan: Plan | None, at: datetime.datetime) -> None:
    """Write the plan of a caution, unsaved.

    :raises Invalid: no words, nobody who may own it there, or a day that is past or more than a year ahead.
    """
    day = clock.day_of(at)
    row.plan = words_of(plan.words if plan else "", "plan", _("Say how to deal with him."))
    assert plan is not None
    names = cautions.owners(row.place_id, day)
    if plan.owner_id not in names:
        raise Invalid(_("Choose one of the values offered."), field="owner")
    if plan.review_on is None or not day < plan.review_on <= day + FURTHEST:
        raise Invalid(_("Choose a day from tomorrow on, within a year."), field="review_on")
    row.owner_id, row.owner_name, row.review_on = plan.owner_id, names[plan.owner_id], plan.review_on


def _say(
    row: Caution, act: CautionAct, words: str, at: datetime.datetime, person_id: int | None, name: str
) -> None:  # fmt: skip
    CautionStep.objects.create(
        caution=row, at=at, person_id=person_id, person_name=name[:160], act=act, words=words.strip()[: steps.LONGEST]
    )


def _reviewer(row: Caution, at: datetime.datetime) -> Whose:
    """Return who reviews a caution: of the roles that do, the first that somebody holds there who did not propose it;
    if there is none, the role.
    """
    roles = cautions.reviewing_roles(row.place_id)
    held = choosing.candidates(row.place_id, clock.day_of(at), Verb.REVIEW_CAUTION)
    others = (item for item, _name in held if item.person_id != row.proposed_by_id)
    return Whose(policy.choose_person(others, roles), next(iter(roles), None))


def _ask_again(row: Caution, at: datetime.datetime) -> None:
    """Write the task of the next review: the owner's, due before its day is over."""
    assert row.review_on is not None
    due = clock.start_of(row.review_on + datetime.timedelta(days=1))
    _ask(row, KEEP, Whose(row.owner_id), due, at, max(at, due - AHEAD))


def _ask(
    row: Caution, kind: str, whose: Whose, due: Any, at: datetime.datetime, opens_at: datetime.datetime | None = None
) -> None:  # fmt: skip
    """Write a task about a caution, as the system; it does not say what was said. Nobody reviews: it stays a list."""
    if whose.person_id is None and whose.role is None:
        return
    task = adding.NewTask(
        kind=kind, key=f"{kind}:{row.pk}", node_id=row.place_id, reason=REASONS[kind], due=due, opens_at=opens_at,
        owner_id=whose.person_id, role=whose.role, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.number,
        priority=2,
    )  # fmt: skip
    db.widen(row.place_id)
    adding.add_task(actor=SYSTEM, task=task, at=at)


def _end(row: Caution, kind: str, at: datetime.datetime) -> None:
    db.widen(row.place_id)
    working.settle(actor=SYSTEM, key=f"{kind}:{row.pk}", outcome=row.state, at=at)


def _plain(row: Caution) -> dict[str, Any]:
    return {
        "state": row.state, "reason": row.reason, "owner": row.owner_id, "plan": row.plan,
        "review_on": row.review_on.isoformat() if row.review_on else None,
    }  # fmt: skip


def _line(row: Caution, before: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject_type": SUBJECT, "subject_id": row.pk, "subject_label": row.number, "node_id": row.place_id,
        "before": before, "after": _plain(row) | said,
    }  # fmt: skip
