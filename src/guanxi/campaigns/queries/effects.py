"""What came of a campaign: answers, visits and sales of both arms, the difference with its interval, what it costs.

Strata are the outlets and waves: only members of the same outlet and wave are compared with each other.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign, Wave
from guanxi.campaigns.queries import members
from guanxi.campaigns.queries import texts as compared
from guanxi.campaigns.states import Arm, Ending
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.values.proportions import Difference, Stratum, Sums, difference, summed

FEWEST = 30  # with fewer in an arm whose days are over nothing is said of a difference, as in the effect of rules


@dataclass(frozen=True)
class Outcome:
    """What both arms did, of those whose days are over; ``open``: how many members' days are not."""

    sums: Sums
    open: int
    difference: Difference | None

    @property
    def extra(self) -> float | None:
        """How many more of the addressed did it because of the campaign."""
        return None if self.difference is None else self.difference.value * self.sums.like_contact

    @property
    def treated_share(self) -> float | None:
        return self.sums.contact_did / self.sums.contact if self.sums.contact else None

    @property
    def control_share(self) -> float | None:
        return self.sums.control_did / self.sums.control if self.sums.control else None


@dataclass(frozen=True)
class Ended:
    """How many calls, letters or visits ended in one way, and their share of those who were addressed; without an
    ending: they wait.
    """

    ending: str
    label: Text
    many: int
    share: float


@dataclass(frozen=True)
class Effect:
    """What is known of a campaign at the outlets that a reader may see."""

    treated: int
    control: int
    addressed: int
    responded: int
    visits: Outcome
    sales: Outcome
    cost: Decimal
    per_visit: policy.Price | None
    per_sale: policy.Price | None
    redeemed: int = 0
    turnover: Decimal = Decimal(0)
    texts: Sequence[compared.Drawn] = ()
    endings: Sequence[Ended] = ()

    @property
    def response_share(self) -> float | None:
        return self.responded / self.addressed if self.addressed else None


def of(actor: Actor, row: Campaign, waves: Sequence[Wave]) -> Effect:
    """Return what came of a started campaign; one query, two more if it has several texts, one more if it is none of
    messages. Waves that never went out count in neither arm.
    """
    last = clock.day_of(row.ended_at) if row.ended_at else None
    went = {wave.number: wave for wave in waves if last is None or wave.on <= last}
    rows = list(
        members.of_campaign(actor, row).filter(wave__in=list(went))
        .values("outlet_id", "wave", "arm")
        .annotate(
            many=Count("pk"), addressed=Count("pk", filter=Q(contacted_at__isnull=False)),
            responded=Count("pk", filter=Q(responded_at__isnull=False, contacted_at__isnull=False)),
            redeemed=Count("pk", filter=Q(redeemed_on__isnull=False)), turnover=Sum("redeemed_amount"),
            came=Count("pk", filter=Q(visited_on__isnull=False)), bought=Count("pk", filter=Q(bought_on__isnull=False)),
        ).order_by(F("outlet_id"), "wave")
    )  # fmt: skip
    visits, sales = (
        _outcome(rows, [n for n, wave in went.items() if policy.is_over(wave.on, days, row.counted_on)], name)
        for name, days in (("came", row.visit_days), ("bought", row.sale_days))
    )
    addressed = sum(line["addressed"] for line in rows)
    cost = policy.cost(row.fixed_cost, row.unit_cost, addressed)
    return Effect(
        treated=sum(line["many"] for line in rows if line["arm"] == Arm.TREATED),
        control=sum(line["many"] for line in rows if line["arm"] == Arm.CONTROL), addressed=addressed,
        responded=sum(line["responded"] for line in rows), visits=visits, sales=sales, cost=cost,
        per_visit=_price(cost, visits), per_sale=_price(cost, sales),
        redeemed=sum(line["redeemed"] for line in rows), texts=compared.of(actor, row, went),
        endings=_endings(actor, row),
        turnover=sum((line["turnover"] or Decimal(0) for line in rows), Decimal(0)),
    )  # fmt: skip


def _endings(actor: Actor, row: Campaign) -> list[Ended]:
    """Return how the calls, letters or visits of a campaign ended, in the order of endings, those that wait last."""
    if row.is_written:
        return []
    rows = members.of_campaign(actor, row).exclude(contacted_at=None).order_by().values_list("ending")
    found = dict(rows.annotate(many=Count("pk")))
    whole = sum(found.values())
    names: list[tuple[str, Text]] = [*Ending.choices, ("", _("No ending yet"))]
    return [Ended(code, label, found[code], found[code] / whole) for code, label in names if found.get(code)]


def _outcome(rows: Sequence[Mapping[str, Any]], known: Sequence[int], did: str) -> Outcome:
    arms: dict[tuple[int, int], dict[str, tuple[int, int]]] = defaultdict(dict)
    still = 0
    for line in rows:
        if line["wave"] in known:
            arms[line["outlet_id"], line["wave"]][str(line["arm"])] = (line["many"], line[did])
        else:
            still += line["many"]
    nobody = (0, 0)
    strata = [Stratum(*found.get(Arm.TREATED, nobody), *found.get(Arm.CONTROL, nobody)) for found in arms.values()]
    sums = summed(strata)
    enough = min(sums.like_contact, sums.like_control) >= FEWEST
    return Outcome(sums, still, difference(sums) if enough else None)


def _price(cost: Decimal, outcome: Outcome) -> policy.Price | None:
    """Return what one more visit or sale costs; None while members' days run, or without a difference."""
    if outcome.difference is None or outcome.open:
        return None
    size = outcome.sums.like_contact
    found = outcome.difference
    return policy.price(cost, found.value * size, found.low * size, found.high * size)
