"""Reads of lectures: their kinds, the proposals, who stands on a list, the counters. Each starts from what the actor
may see.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, ExpressionWrapper, F, FloatField, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from guanxi.care.models import Gathering, Member, Proposal, Tally
from guanxi.care.models.gatherings import INVITED
from guanxi.care.permissions import Verb
from guanxi.care.policy import audience
from guanxi.care.policy import gatherings as policy
from guanxi.care.queries import facts
from guanxi.care.states.gatherings import ByHand, Exclusion, State
from guanxi.customers import queries as customers
from guanxi.customers.models import Customer
from guanxi.customers.permissions import Verb as Customers
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text

# What a version says; the rest tells when it holds and where it came from.
SAID = (
    "name_zh", "name_en", "whom_zh", "whom_en", "aim_zh", "aim_en", "audience", "threshold", "pause", "due", "role_id",
    "purpose", "channel", "is_assumed", "assumed_zh", "assumed_en",
)  # fmt: skip
# A record that was merged into another is on no list. Not by a join, in which customers out of sight would vanish.
ALIVE = ~Exists(Customer.objects.filter(pk=OuterRef("customer_id"), merged_into__isnull=False))


def in_force(day: datetime.date) -> list[Gathering]:
    """Return the kinds of lectures that hold on a day, in the order in which they take people; one query."""
    rows = Gathering.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day)
    return list(rows.order_by("code"))


def newest() -> dict[str, Gathering]:
    """Return the last version of each kind that has not ended, by code; one query."""
    return {row.code: row for row in Gathering.objects.filter(until=None)}


def kinds() -> list[tuple[str, Text]]:
    """Return every kind that there was, by its newest name; one query."""
    rows = Gathering.objects.order_by("code", "-since").distinct("code")
    return [(row.code, row.name) for row in rows]


def said(row: Gathering) -> dict[str, object]:
    """Return what a version says, as plain values."""
    return {name: getattr(row, name) for name in SAID}


def conditions(row: Gathering) -> list[str]:
    """Return the conditions of a kind as people say them; at most one query a fact."""
    found = audience.read(row.audience)
    words = facts.words(found)
    return [facts.sentence(condition, words) for condition in found]


def visible_to(actor: Actor) -> QuerySet[Proposal]:
    """Return the proposals of the outlets where the actor may see lectures."""
    held = customers.outlets(actor, Verb.VIEW_GATHERINGS)
    return Proposal.objects.all() if held is None else Proposal.objects.filter(db.among("outlet_id", held))


def proposal(actor: Actor, pk: int) -> Proposal:
    """Return one visible proposal with its kind and outlet.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("gathering__role", "outlet").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def members(row: Proposal) -> QuerySet[Member]:
    """Return those on the list of a visible proposal, without records that were merged into another."""
    return Member.objects.filter(ALIVE, proposal=row)


def invited_of(row: Proposal) -> QuerySet[Member, int]:
    """Return the customers whom a visible proposal invites, in the order of its list."""
    return members(row).filter(INVITED).order_by("pk").values_list("customer_id", flat=True)


def may_reveal(actor: Actor, row: Proposal, today: datetime.date) -> bool:
    """Say whether the actor may take the whole numbers of a list with him: while it lives, with both rights there."""
    return (
        actor.can(Verb.EXPORT_GATHERINGS, row.outlet_id)
        and actor.can(Customers.REVEAL_PHONE, row.outlet_id)
        and policy.is_living(row.state, row.planned_on, today)
    )


def member(actor: Actor, pk: int) -> Member:
    """Return somebody on a visible list, with its proposal.

    :raises NotFound: there is none, or not for this actor.
    """
    rows = Member.objects.filter(ALIVE, proposal__in=visible_to(actor)).select_related("proposal__gathering")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def member_of(row: Proposal, customer_id: int) -> Member | None:
    """Return a customer as he stands on the list of a visible proposal, if he does; one query."""
    return members(row).filter(customer_id=customer_id).first()


@dataclass(frozen=True)
class Standing:
    """How a list stands: how many are invited, why how many are not, and for how many the conditions hold no longer."""

    invited: int
    reasons: Sequence[tuple[str, Text, int]]
    lapsed: int

    @property
    def excluded(self) -> int:
        return sum(count for _code, _label, count in self.reasons)


LABELS: Mapping[str, Text] = {**dict(Exclusion.choices), **dict(ByHand.choices)}


def standing(row: Proposal) -> Standing:
    """Return how the list of a proposal stands, the most frequent reason first; one query."""
    found = members(row).values("excluded", "hand").annotate(all=Count("pk"), gone=Count("lapsed_on")).order_by()
    invited, lapsed, reasons = 0, 0, dict[str, int]()
    for item in found:
        lapsed += item["gone"]
        code = item["hand"] or item["excluded"]
        if code:
            reasons[code] = reasons.get(code, 0) + item["all"]
        else:
            invited += item["all"]
    ordered = sorted(reasons.items(), key=lambda entry: (-entry[1], entry[0]))
    return Standing(invited, [(code, LABELS[code], count) for code, count in ordered], lapsed)


def invited(ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return how many each list invites and how many stand on it; one query."""
    rows = Member.objects.filter(ALIVE, proposal_id__in=list(ids)).values_list("proposal_id").order_by()
    counted = rows.annotate(wanted=Count("pk", filter=INVITED), every=Count("pk"))
    return {pk: (wanted, every) for pk, wanted, every in counted}


def because_of(code: str) -> Q:
    """The condition that somebody is not invited for a reason: what a person said goes before what the night found."""
    return Q(hand=code) if code in ByHand.values else Q(hand="", excluded=code)


def tallies(actor: Actor) -> QuerySet[Tally]:
    """Return the counters of the outlets where the actor may see lectures, each with its share of the threshold."""
    held = customers.outlets(actor, Verb.VIEW_GATHERINGS)
    rows = Tally.objects.all() if held is None else Tally.objects.filter(db.among("outlet_id", held))
    share = ExpressionWrapper(F("counted") * 100.0 / F("gathering__threshold"), output_field=FloatField())
    return rows.select_related("gathering__role", "outlet").annotate(share=share)


def tally(actor: Actor, pk: int) -> Tally:
    """Return one visible counter.

    :raises NotFound: there is none, or not for this actor.
    """
    found = tallies(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def latest(rows: Iterable[Tally]) -> dict[tuple[int, str], Proposal]:
    """Return the newest proposal of each counter's outlet and kind; one query."""
    rows = list(rows)
    found = Proposal.objects.filter(outlet_id__in={row.outlet_id for row in rows}, code__in={row.code for row in rows})
    ordered = found.order_by("outlet_id", "code", "-opened_on", "-pk").distinct("outlet_id", "code")
    return {(row.outlet_id, row.code): row for row in ordered.select_related("gathering")}


def told(row: Proposal | None, today: datetime.date) -> str:
    """Say in words where the newest proposal of an outlet and a kind stands; nothing if there is none."""
    if row is None:
        return ""
    if row.state == State.OPEN:
        return _("To be decided since %(day)s") % {"day": row.opened_on}
    if row.state == State.ACCEPTED:
        return _("Taken on for %(day)s") % {"day": row.planned_on}
    assert row.decided_on is not None
    back = policy.comes_back_on(row.decided_on, row.gathering.pause)
    if back > today:
        return _("Declined; may be proposed again from %(day)s") % {"day": back}
    return _("Declined on %(day)s") % {"day": row.decided_on}
