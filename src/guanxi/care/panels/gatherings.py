"""What lectures contribute elsewhere, how their figures are made, and why somebody is not on a list."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.care.models import Member, Proposal, Tally
from guanxi.care.policy import audience
from guanxi.care.queries import candidates, facts
from guanxi.care.queries import gatherings as queries
from guanxi.care.services.gathering import KIND as TASK
from guanxi.care.services.gathering import SUBJECT as ABOUT
from guanxi.care.states.gatherings import Exclusion, Outcome, State
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.worklist.states import Kind, Subject


def label(actor: Actor, pk: int) -> str | None:
    """Return the name of a proposal that an actor sees."""
    found = queries.visible_to(actor).select_related("gathering").filter(pk=pk).first()
    return found.gathering.name if found else None


KIND = Kind(
    TASK, gettext_lazy("Lecture to decide about"), "presentation", weight=3, outcomes=tuple(Outcome.choices),
    page="care:gathering", act=gettext_lazy("Decide"),
)  # fmt: skip
SUBJECT = Subject(ABOUT, gettext_lazy("Proposal of a lecture"), "care:gathering", label)
TONES = {State.OPEN: "amber", State.ACCEPTED: "green", State.DECLINED: ""}


def counted_explained(row: Tally) -> str:
    """Say how a counter is made."""
    words = _(
        "%(met)s meet the conditions; %(counted)s of them may be invited. From %(threshold)s on a lecture is proposed. "
        "Counted in the night of %(day)s."
    )
    return words % {
        "met": row.met, "counted": row.counted, "threshold": row.gathering.threshold, "day": row.day,
    }  # fmt: skip


def reckoned(row: Tally) -> list[tuple[Text, int]]:
    """Return a counter as a reckoning: who meets the conditions, less those kept away by reason, what is missing."""
    reasons = sorted(row.reasons.items(), key=lambda item: (-item[1], item[0]))
    return [
        (_("Meet the conditions"), row.met), *((queries.LABELS.get(code, code), -count) for code, count in reasons),
        (_("Gathered"), row.counted), (_("Still missing"), max(0, row.gathering.threshold - row.counted)),
    ]  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One answer to "why is this customer not among them": what, its value, whether it holds."""

    text: str
    value: str
    holds: bool


def why(actor: Actor, tally: Tally, customer_id: int, today: datetime.date) -> list[Step]:
    """Return each condition of a kind for one customer at an outlet, what keeps him away, and where he stands on its
    list; a few queries.
    """
    row = tally.gathering
    proposal = queries.visible_to(actor).filter(outlet=tally.outlet, code=tally.code, state=State.OPEN).first()
    member = queries.member_of(proposal, customer_id) if proposal else None
    asked = candidates.examined(
        row, today, outlet_id=tally.outlet_id, customer_id=customer_id, member_id=member.pk if member else 0,
        insisted=bool(member and member.insisted),
    )  # fmt: skip
    conditions = audience.read(row.audience)
    if not asked:
        return [Step(_("Owns a car"), _("none is known where you may see it"), holds=False)]
    case = max(asked, key=lambda item: sum(bool(item[f"ok{number}"]) for number in range(len(conditions))))
    steps = [
        Step(_("Car"), case["car"], holds=True),
        Step(_("Counts at this outlet"), _("yes") if case["counts_here"] else _("no"), holds=case["counts_here"]),
    ]
    words = facts.words(conditions)
    for number, condition in enumerate(conditions):
        value = facts.shown(case[f"v{number}"], words.get(condition.fact, {}))
        steps.append(Step(facts.sentence(condition, words), value, holds=bool(case[f"ok{number}"])))
    reason = case["reason"]
    steps.append(Step(_("May be invited"), str(Exclusion(reason).label) if reason else _("yes"), holds=not reason))
    return [*steps, *_listed(proposal, member)]


def _listed(proposal: Proposal | None, member: Member | None) -> list[Step]:
    """Say where somebody stands on the open list, if there is one."""
    if proposal is None:
        return []
    text = _("On the list of %(day)s") % {"day": proposal.opened_on}
    if member is None:
        return [Step(text, _("no: the next night looks again"), holds=False)]
    return [Step(text, member.why or _("invited"), holds=member.is_invited)]
