"""What people need of this software: asked, backed by others, put in order, answered (KM-01)."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.knowledge.models import Demand
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.states import DEMAND_ENDED, DEMAND_MOVES, DemandKind, DemandState, Urgency
from guanxi.network.models import Node
from guanxi.records import services as records

SUBJECT, LONGEST = "knowledge.demand", 2000


@dataclass(frozen=True)
class NewDemand:
    """What is needed, and where. ``token`` names the form that was sent: the same one again is the same demand."""

    node_id: int
    kind: str
    words: str
    token: str


def ask_for(*, actor: Actor, demand: NewDemand, at: datetime.datetime) -> Demand:
    """Ask for something of this software: checks the right at the place, writes it, audits. The same form again returns
    what it made.

    :raises NotAllowed: the actor may not ask there.
    :raises Invalid: no words, no such kind or place.
    """
    check(actor, Verb.ASK, demand.node_id)
    words = demand.words.strip()[:LONGEST]
    if not words:
        raise Invalid(_("Say what is needed."), field="words")
    if demand.kind not in DemandKind.values:
        raise Invalid(_("Choose one of the values offered."), field="kind")
    if not Node.objects.filter(pk=demand.node_id).exists():
        raise Invalid(_("Choose one of the values offered."), field="node")
    with db.atomic():
        db.serialise(f"knowledge.demand.{demand.token}")
        earlier = Demand.objects.filter(token=demand.token, asked_by_id=actor.user_id).first()
        if earlier is not None:
            return earlier
        row = Demand.objects.create(
            node_id=demand.node_id, kind=demand.kind, words=words, token=demand.token[:64], asked_at=at,
            asked_by_id=actor.user_id, asked_by=actor.name[:160],
        )  # fmt: skip
        records.audit(actor=actor, verb="knowledge.ask_for", **_line(row))
    return row


def back(*, actor: Actor, demand_id: int) -> Demand:
    """Say that one needs it too, or, said again, no longer: checks, locks, writes, audits.

    :raises NotAllowed: the actor does not read knowledge.
    :raises NotFound: there is none.
    :raises Conflict: it is one's own, or it is done or declined.
    """
    check(actor, Verb.VIEW)
    with db.atomic():
        row = db.lock(queries.demands(actor), demand_id)
        if actor.user_id is None or row.asked_by_id == actor.user_id:
            raise Conflict(_("You asked for it yourself."))
        if row.state in DEMAND_ENDED:
            raise Conflict(_("It is decided already."))
        others = [pk for pk in row.backers if pk != actor.user_id]
        row.backers = others if len(others) < len(row.backers) else [*others, actor.user_id]
        row.save(update_fields=["backers"])
        records.audit(actor=actor, verb="knowledge.back", **_line(row))
    return row


def decide(
    *, actor: Actor, demand_id: int, state: str, urgency: str, answer: str = "", at: datetime.datetime
) -> Demand:  # fmt: skip
    """Put a demand in order and say what becomes of it: checks, locks, writes, audits.

    :raises NotAllowed: the actor does not decide for the whole network.
    :raises NotFound: there is none.
    :raises Conflict: it cannot go there from where it stands.
    :raises Invalid: no such state or priority, or nothing is said of what is done or declined.
    """
    check_everywhere(actor, Verb.DECIDE)
    said = answer.strip()[:LONGEST]
    if state not in DemandState.values or state == DemandState.NEW:
        raise Invalid(_("Choose one of the values offered."), field="state")
    if urgency not in Urgency.values:
        raise Invalid(_("Choose one of the values offered."), field="urgency")
    if state in DEMAND_ENDED and not said:
        raise Invalid(_("Say what becomes of it."), field="answer")
    with db.atomic():
        row = db.lock(queries.demands(actor), demand_id)
        if state not in DEMAND_MOVES[row.state]:
            raise Conflict(_("This cannot follow: it stands at “%(state)s”.") % {"state": row.get_state_display()})
        row.state, row.urgency, row.answer = state, urgency, said
        row.decided_at, row.decided_by = at, actor.name[:160]
        row.save()
        records.audit(actor=actor, verb=Verb.DECIDE, **_line(row))
    return row


def _line(row: Demand) -> dict[str, Any]:
    after = {"state": row.state, "urgency": row.urgency, "words": row.words, "answer": row.answer, "many": row.many}
    return {
        "subject_type": SUBJECT, "subject_id": row.pk, "subject_label": row.number, "node_id": row.node_id,
        "after": after,
    }  # fmt: skip
