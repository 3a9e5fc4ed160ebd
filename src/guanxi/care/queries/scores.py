"""How rounds are done and what they find: by outlet, in sum, and item by item, over the last thirty days."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, FilteredRelation, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, NullIf

from guanxi.care.models import Answer, Round, Shortcoming
from guanxi.care.permissions import Verb
from guanxi.care.policy.checklists import share
from guanxi.care.queries import checklists, rounds
from guanxi.care.states.checklists import Finding
from guanxi.foundation.actor import Actor
from guanxi.network import queries as network
from guanxi.network.models import Node

DAYS = 30


@dataclass(frozen=True)
class Asked:
    """What the figures are about: all of it, or what lies below a branch, at one outlet, or in one list; and when."""

    at: datetime.datetime
    today: datetime.date
    branch: int | None = None
    outlet: int | None = None
    code: str = ""

    @property
    def span(self) -> tuple[datetime.date, datetime.date]:
        return self.today - datetime.timedelta(days=DAYS - 1), self.today

    def places(self, actor: Actor) -> QuerySet[Node]:
        """Return the open outlets that are asked about."""
        rows = checklists.places(actor, Verb.VIEW_ROUNDS, self.today)
        if self.branch is not None:
            rows = network.under(rows, self.branch, self.today)
        return rows if self.outlet is None else rows.filter(pk=self.outlet)

    def rounds(self, actor: Actor) -> QuerySet[Round]:
        """Return the rounds of those outlets in these days."""
        rows = rounds.visible_to(actor).filter(outlet__in=self.places(actor).values("pk"), day__range=self.span)
        return rows.filter(code=self.code) if self.code else rows

    def still_open(self, actor: Actor) -> QuerySet[Shortcoming]:
        """Return what is open there, however old."""
        rows = rounds.shortcomings_visible_to(actor).filter(ended_on=None)
        rows = rows.filter(outlet__in=self.places(actor).values("pk"))
        return rows.filter(code=self.code) if self.code else rows


@dataclass(frozen=True)
class Total:
    """Rounds whose time had come, and those filed; items fulfilled and not; what is open."""

    due: int
    done: int
    fulfilled: int
    missing: int
    still_open: int

    @property
    def looked_at(self) -> int:
        return self.fulfilled + self.missing

    @property
    def done_share(self) -> int | None:
        return share(self.done, self.due)

    @property
    def fulfilled_share(self) -> int | None:
        return share(self.fulfilled, self.looked_at)


@dataclass(frozen=True)
class Weak:
    """One item: how often it was looked at, and how often it was not fulfilled."""

    list_name: str
    name: str
    looked_at: int
    missing: int

    @property
    def share(self) -> int:
        return share(self.missing, self.looked_at) or 0


def _come(at: datetime.datetime, way: str = "") -> Q:
    """The condition that the time of a round has come; one that was filed earlier counts already."""
    return Q(**{f"{way}due_at__lte": at}) | Q(**{f"{way}due_at__isnull": False, f"{way}filed_at__isnull": False})


def in_sum(actor: Actor, asked: Asked) -> Total:
    """Return the figures of all that is asked about together; two queries."""
    come = _come(asked.at)
    found = asked.rounds(actor).aggregate(
        due=Count("pk", filter=come), done=Count("pk", filter=come & Q(filed_at__isnull=False)),
        fulfilled=Coalesce(Sum("fulfilled"), 0), missing=Coalesce(Sum("missing"), 0),
    )  # fmt: skip
    return Total(**found, still_open=asked.still_open(actor).count())


def by_outlet(actor: Actor, asked: Asked) -> QuerySet[Node]:
    """Return the outlets with their figures, for a list: ``due``, ``done``, ``fulfilled``, ``missing``, the shares of
    rounds done and of items fulfilled in percent, ``still_open`` and ``open_since``.
    """
    wanted = Q(care_rounds__day__range=asked.span)
    held = asked.still_open(actor).filter(outlet=OuterRef("pk")).order_by().values("outlet")
    if asked.code:
        wanted &= Q(care_rounds__code=asked.code)
    come = _come(asked.at, "recent__")
    rows = asked.places(actor).annotate(
        recent=FilteredRelation("care_rounds", condition=wanted),
        due=Count("recent", filter=come), done=Count("recent", filter=come & Q(recent__filed_at__isnull=False)),
        fulfilled=Coalesce(Sum("recent__fulfilled"), 0), missing=Coalesce(Sum("recent__missing"), 0),
    )  # fmt: skip
    return rows.annotate(
        done_share=100 * F("done") / NullIf(F("due"), 0),
        fulfilled_share=100 * F("fulfilled") / NullIf(F("fulfilled") + F("missing"), 0),
        still_open=Coalesce(Subquery(held.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        open_since=Subquery(held.order_by("found_on").values("found_on")[:1]),
    )


def weakest(actor: Actor, asked: Asked, limit: int) -> Sequence[Weak]:
    """Return the items most often not fulfilled, the most often first; three queries. What is rare is counted: what
    was not fulfilled and what did not apply; the rest of the filed rounds had the item fulfilled.
    """
    filed = asked.rounds(actor).filter(filed_at__isnull=False)
    times = dict(filed.order_by().values_list("list_id").annotate(Count("pk")))
    others: dict[tuple[int, str], int] = {
        (item, finding): number
        for item, finding, number in Answer.objects.filter(round__in=filed.values("pk"))
        .exclude(finding=Finding.FULFILLED).order_by().values_list("item_id", "finding").annotate(Count("pk"))
    }  # fmt: skip
    looked, missing = defaultdict[tuple[str, str], int](int), defaultdict[tuple[str, str], int](int)
    words: dict[tuple[str, str], tuple[str, str]] = {}
    for item in checklists.items_of(times):
        key = item.list.code, item.code
        words[key] = item.list.name, item.name
        looked[key] += times[item.list_id] - others.get((item.pk, Finding.NOT_APPLICABLE), 0)
        missing[key] += others.get((item.pk, Finding.MISSING), 0)
    found = [Weak(*words[key], looked[key], number) for key, number in missing.items() if number]
    return sorted(found, key=lambda weak: (-weak.missing, weak.looked_at, weak.name))[:limit]
