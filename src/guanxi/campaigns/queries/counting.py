"""How many a campaign would address, as it is built: by outlet, by what keeps others away, and for what money."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import audience
from guanxi.campaigns.states import Obstacle
from guanxi.care.queries.matching import Query
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.network import queries as network

COUNTED = " SELECT outlet_id, reason, count(*) AS many FROM found GROUP BY 1, 2"
MOST_OUTLETS = 12


@dataclass(frozen=True)
class Counted:
    """Of the audience: who may be addressed, by outlet, and how many each reason keeps away."""

    audience: int = 0
    open: int = 0
    outlets: Sequence[tuple[str, int]] = ()
    more_outlets: int = 0
    excluded: Mapping[str, int] = field(default_factory=dict)
    control: int = 0
    addressed: int = 0
    over_budget: int = 0
    cost: Decimal = Decimal(0)

    @property
    def kept_out(self) -> list[tuple[Text, int]]:
        """What keeps how many away, in words."""
        return [(Obstacle(reason).label, many) for reason, many in self.excluded.items()]


def count(actor: Actor, row: Campaign, at: datetime.datetime) -> Counted:
    """Return what a campaign as it stands would come to, at the outlets where the actor may see campaigns; three
    queries.
    """
    begun = audience.found(row, at, actor.where(Verb.VIEW))
    lines = list(Query(begun.sql + COUNTED, begun.values).rows())
    by_outlet: Counter[int] = Counter()
    reasons: Counter[str] = Counter()
    for line in lines:
        reasons[line["reason"]] += line["many"]
        if not line["reason"]:
            by_outlet[line["outlet_id"]] += line["many"]
    return _counted(actor, row, by_outlet, reasons)


def _counted(actor: Actor, row: Campaign, by_outlet: Counter[int], reasons: Mapping[str, int]) -> Counted:
    free = reasons.get("", 0)
    control = round(free * row.control / policy.WHOLE)
    most = policy.affordable(row.budget, row.fixed_cost, row.unit_cost)
    addressed = free - control if most is None else min(free - control, most)
    over = free - control - addressed
    first = by_outlet.most_common(MOST_OUTLETS)
    names = network.names(actor, [pk for pk, _many in first]) if first else {}
    kept = {item.value: reasons[item] for item in Obstacle if reasons.get(item)}
    if over:
        kept[Obstacle.OVER_BUDGET.value] = over
    return Counted(
        audience=sum(reasons.values()), open=free, outlets=[(names.get(pk, "–"), many) for pk, many in first],
        more_outlets=max(0, len(by_outlet) - MOST_OUTLETS), excluded=kept, control=control, addressed=addressed,
        over_budget=over, cost=policy.cost(row.fixed_cost, row.unit_cost, addressed),
    )  # fmt: skip
