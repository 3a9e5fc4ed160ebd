"""How many a campaign would address, as it is built: by outlet, by what keeps others away, and for what money.

Of a place with many customers a sample is looked at, and each figure says how far it may be off; who wants to know
exactly asks for it.
"""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.policy import About, about
from guanxi.campaigns.queries import audience
from guanxi.campaigns.states import Obstacle
from guanxi.care.queries.matching import Query
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.network import queries as network

COUNTED = " SELECT outlet_id, reason, count(*) AS many FROM found GROUP BY 1, 2"
MOST_OUTLETS = 12
NOBODY = About(0, 0, 0)


@dataclass(frozen=True)
class Counted:
    """Of the audience: who may be addressed, by outlet, and how many each reason keeps away. ``margins`` says how far a
    figure may be off, by its name; exact figures have none.
    """

    audience: int = 0
    open: int = 0
    outlets: Sequence[tuple[str, int]] = ()
    more_outlets: int = 0
    excluded: Mapping[str, int] = field(default_factory=dict)
    control: int = 0
    addressed: int = 0
    over_budget: int = 0
    cost: Decimal = Decimal(0)
    is_sample: bool = False
    margins: Mapping[str, int] = field(default_factory=dict)

    @property
    def kept_out(self) -> list[tuple[Text, int, int]]:
        """What keeps how many away, in words, each with its margin."""
        return [(Obstacle(reason).label, many, self.margins.get(reason, 0)) for reason, many in self.excluded.items()]

    @property
    def by_outlet(self) -> list[tuple[str, int, int]]:
        """The outlets with the most, each with its margin."""
        return [(name, many, self.margins.get(f"outlet:{name}", 0)) for name, many in self.outlets]


def count(actor: Actor, row: Campaign, at: datetime.datetime, *, is_exact: bool = False) -> Counted:
    """Return what a campaign as it stands would come to, at the outlets where the actor may see campaigns: exactly, or
    of many customers by a sample; four queries.
    """
    among = actor.where(Verb.VIEW)
    sample = None if is_exact else policy.sample_of(audience.size(row, at, among), row.node_id)
    begun = audience.found(row, at, among, sample)
    by_outlet: Counter[int] = Counter()
    reasons: Counter[str] = Counter()
    for line in Query(begun.sql + COUNTED, begun.values).rows():
        reasons[line["reason"]] += line["many"]
        if not line["reason"]:
            by_outlet[line["outlet_id"]] += line["many"]
    return _counted(actor, row, by_outlet, reasons, sample.share if sample else 1.0)


def _counted(
    actor: Actor, row: Campaign, by_outlet: Counter[int], reasons: Mapping[str, int], share: float
) -> Counted:  # fmt: skip
    free, whole = about(reasons.get("", 0), share), about(sum(reasons.values()), share)
    control, addressed, over = _reached(row, free)
    first = by_outlet.most_common(MOST_OUTLETS)
    names = network.names(actor, [pk for pk, _many in first]) if first else {}
    outlets = [(names.get(pk, "–"), about(many, share)) for pk, many in first]
    kept = {item.value: about(reasons[item], share) for item in Obstacle if reasons.get(item)}
    if over.value:
        kept[Obstacle.OVER_BUDGET.value] = over
    figures = {"audience": whole, "open": free, "control": control, "addressed": addressed, "over_budget": over}
    every = figures | kept | {f"outlet:{name}": many for name, many in outlets}
    return Counted(
        **{name: found.value for name, found in figures.items()},
        outlets=[(name, many.value) for name, many in outlets], more_outlets=max(0, len(by_outlet) - MOST_OUTLETS),
        excluded={reason: many.value for reason, many in kept.items()},
        cost=policy.cost(row.fixed_cost, row.unit_cost, addressed.value), is_sample=share < 1,
        margins={name: found.margin for name, found in every.items() if found.margin},
    )  # fmt: skip


def _reached(row: Campaign, free: About) -> tuple[About, About, About]:
    """Return the control group, the addressed and those beyond the money, each with how far it may be off."""
    most = policy.affordable(row.budget, row.fixed_cost, row.unit_cost)
    value, low, high = (policy.reached(many, row.control, most) for many in (free.value, free.low, free.high))
    control, addressed, over = (About(*found) for found in zip(value, low, high, strict=True))
    return control, addressed, over
