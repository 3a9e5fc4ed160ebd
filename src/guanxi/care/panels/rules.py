"""What customer care contributes elsewhere: the kinds of its tasks, and what the customer page shows."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from guanxi.care.models import Decision
from guanxi.care.queries import previews
from guanxi.care.queries import rules as queries
from guanxi.care.states.rules import CAME, SENT, Result
from guanxi.foundation.actor import Actor
from guanxi.worklist.states import Kind
from guanxi.worklist.states import Result as TaskResult

OUTCOMES = (*TaskResult.choices, (CAME, _("Came without being asked")), (SENT, _("Sent by the system")))
KINDS = (
    Kind("care.call", _("Care call"), "phone-outgoing", weight=2, outcomes=OUTCOMES, by_phone=True),
    Kind("care.letter", _("Letter to write"), "mail", outcomes=OUTCOMES),
    Kind("care.message", _("Message to send"), "message-square", outcomes=OUTCOMES),
    Kind("care.visit", _("Personal visit"), "footprints", weight=4, outcomes=OUTCOMES, in_person=True),
)
FEW = 8
TONES = {Result.TASK: "green", Result.MERGED: "green"}


@dataclass(frozen=True)
class Past:
    """A decision about the customer as the page shows it."""

    row: Decision
    text: str
    tone: str


@dataclass(frozen=True)
class CarePanel:
    """What is planned for a customer in the next twelve months, and what was decided about him."""

    planned: Sequence[previews.Planned]
    decided: Sequence[Past]


def care_of(actor: Actor, customer_id: int, today: datetime.date) -> CarePanel:
    """Return the panel of one customer; five queries whatever the number of rules."""
    rows = queries.decisions_of(actor, customer_id, FEW)
    names = previews.leaders(rows)
    decided = [Past(row, _text(row, names), TONES.get(Result(row.result), "amber")) for row in rows]
    return CarePanel(previews.plan(actor, customer_id, today, FEW), decided)


def _text(row: Decision, names: dict[str, str]) -> str:
    label = str(row.get_result_display())
    return f"{label}：{names.get(row.leader, row.leader)}" if row.leader else label
