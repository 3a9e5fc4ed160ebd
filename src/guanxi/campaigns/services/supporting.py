"""Support for sales, service and promotion: asked for by an outlet, given from above, judged by who asked (SUP-15)."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.campaigns.models import Support
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns, supports
from guanxi.campaigns.queries.supports import SUBJECT
from guanxi.campaigns.states import SUPPORT_MOVES, SupportDesk, SupportKind, SupportState
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid, words_of
from guanxi.network.models import Node
from guanxi.records import services as records
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.deadlines import Term

GIVE, JUDGE = "campaigns.give_support", "campaigns.judge_support"
REASONS = {
    GIVE: gettext_noop("A support is asked for: %(what)s"),
    JUDGE: gettext_noop("Say whether the support helped: %(what)s"),
}
JUDGED_WITHIN = 10
EVENING = datetime.timedelta(hours=18)


@dataclass(frozen=True)
class NewSupport:
    """What is asked for, by which department, until when. ``token`` names the form: the same one again is the same."""

    node_id: int
    desk: str
    kind: str
    words: str
    wanted_by: datetime.date
    token: str


def ask_support(*, actor: Actor, support: NewSupport, at: datetime.datetime) -> Support:
    """Ask those above an outlet for a support: checks the right there and what is asked, writes it with the task of who
    plans campaigns at the branch, audits. The same form again returns what it made.

    :raises NotAllowed: the actor asks for nothing there.
    :raises Invalid: no words, no such department or kind, or a day that is past.
    """
    check(actor, Verb.ASK_SUPPORT, support.node_id)
    words = words_of(support.words, "words", _("Say what is needed, and what for."))
    if support.desk not in SupportDesk.values:
        raise Invalid(_("Choose one of the values offered."), field="desk")
    if support.kind not in SupportKind.values:
        raise Invalid(_("Choose one of the values offered."), field="kind")
    if not Node.objects.filter(pk=support.node_id).exists():
        raise Invalid(_("Choose one of the values offered."), field="node")
    if support.wanted_by < clock.day_of(at):
        raise Invalid(_("This day is past."), field="wanted_by")
    with db.atomic():
        db.serialise(f"campaigns.support.{support.token}")
        earlier = Support.objects.filter(token=support.token, asked_by_id=actor.user_id).first()
        if earlier is not None:
            return earlier
        row = Support.objects.create(
            node_id=support.node_id, desk=support.desk, kind=support.kind, words=words, wanted_by=support.wanted_by,
            token=support.token[:64], asked_at=at, asked_by_id=actor.user_id, asked_by=actor.name[:160],
        )  # fmt: skip
        place, role = supports.desk_of(row.node_id, clock.day_of(at))
        due = max(at, clock.start_of(row.wanted_by) + EVENING)
        _task(row, GIVE, at, due=due, node_id=place, role=role)
        records.audit(actor=actor, verb=Verb.ASK_SUPPORT, **_line(row))
    return row


def give_support(
    *, actor: Actor, support_id: int, answer: str, campaign_id: int | None = None, at: datetime.datetime
) -> Support:  # fmt: skip
    """Give a support, perhaps with the campaign in which its list of customers stands: locks, checks, writes, ends the
    task, asks who asked whether it helped, audits.

    :raises NotFound: there is none, or not for this actor; or no such campaign.
    :raises NotAllowed: the actor plans no campaigns there.
    :raises Conflict: the actor asked for it himself, or it is given or declined.
    :raises Invalid: nothing is said.
    """
    said = words_of(answer, "answer", _("Say what is given."))
    with db.atomic():
        row = _locked(actor, support_id, SupportState.GIVEN)
        if campaign_id is not None:
            row.campaign = campaigns.campaign(actor, campaign_id)
        _answer(actor, row, said, at)
        if row.asked_by_id is not None:
            _task(row, JUDGE, at, due=Term(days=JUDGED_WITHIN), node_id=row.node_id, owner_id=row.asked_by_id)
        records.audit(actor=actor, verb=GIVE, **_line(row))
    return row


def decline_support(*, actor: Actor, support_id: int, answer: str, at: datetime.datetime) -> Support:
    """Decline a support with a reason: locks, checks, writes, ends the task, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor plans no campaigns there.
    :raises Conflict: the actor asked for it himself, or it is given or declined.
    :raises Invalid: no reason.
    """
    said = words_of(answer, "answer", _("Say why."))
    with db.atomic():
        row = _locked(actor, support_id, SupportState.DECLINED)
        _answer(actor, row, said, at)
        records.audit(actor=actor, verb="campaigns.decline_support", **_line(row))
    return row


def judge_support(*, actor: Actor, support_id: int, score: int, outcome: str, at: datetime.datetime) -> Support:
    """Say how much a support helped, from one to five, and what came of it: locks, checks, writes, ends the task,
    audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor asks for no supports there.
    :raises Conflict: it is not given, or judged already.
    :raises Invalid: no score from one to five, or no words.
    """
    said = words_of(outcome, "outcome", _("Say what came of it."))
    if not 1 <= score <= 5:  # noqa: PLR2004 -- the ends of the scale
        raise Invalid(_("Choose one of the values offered."), field="score")
    with db.atomic():
        row = db.lock(supports.visible_to(actor), support_id)
        check(actor, Verb.ASK_SUPPORT, row.node_id)
        _move(row, SupportState.JUDGED)
        row.score, row.outcome, row.judged_at, row.judged_by = score, said, at, actor.name[:160]
        row.save()
        working.settle(actor=SYSTEM, key=f"{JUDGE}:{row.pk}", outcome="DONE", at=at)
        records.audit(actor=actor, verb=JUDGE, **_line(row))
    return row


def _move(row: Support, state: str) -> None:
    if state not in SUPPORT_MOVES[row.state]:
        raise Conflict(_("This cannot follow: it stands at “%(state)s”.") % {"state": row.get_state_display()})
    row.state = state


def _locked(actor: Actor, support_id: int, state: str) -> Support:
    """Lock a support that somebody else asked for, and put it into a state, unsaved."""
    row = db.lock(supports.visible_to(actor), support_id)
    check(actor, Verb.PLAN, row.node_id)
    if actor.user_id is not None and actor.user_id == row.asked_by_id:
        raise Conflict(_("You asked for it yourself."))
    _move(row, state)
    return row


def _answer(actor: Actor, row: Support, said: str, at: datetime.datetime) -> None:
    row.answer, row.answered_at, row.answered_by = said, at, actor.name[:160]
    row.save()
    db.widen(supports.desk_of(row.node_id, clock.day_of(at))[0])
    working.settle(actor=SYSTEM, key=f"{GIVE}:{row.pk}", outcome="DONE", at=at)


def _task(row: Support, kind: str, at: datetime.datetime, **whose: Any) -> None:
    """Write a task about a support, as the system: who asks does not share out work at the branch."""
    if whose.get("role") is None and whose.get("owner_id") is None:
        return
    db.widen(whose["node_id"])
    task = adding.NewTask(
        kind=kind, key=f"{kind}:{row.pk}", reason=REASONS[kind], subject_type=SUBJECT, subject_id=row.pk,
        subject_label=row.number, values={"what": row.words[:120]}, **whose,
    )  # fmt: skip
    adding.add_task(actor=SYSTEM, task=task, at=at)


def _line(row: Support) -> dict[str, Any]:
    after = {
        "state": row.state, "desk": row.desk, "kind": row.kind, "words": row.words, "answer": row.answer,
        "campaign": row.campaign_id, "score": row.score, "outcome": row.outcome,
    }  # fmt: skip
    return {
        "subject_type": SUBJECT, "subject_id": row.pk, "subject_label": row.number, "node_id": row.node_id,
        "after": after,
    }  # fmt: skip
