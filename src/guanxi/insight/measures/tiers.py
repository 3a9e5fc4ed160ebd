"""In which tier every customer is at each of his outlets, and what bounds a tier in a month: ``care.policy.tiers`` for
all at once.
"""

from guanxi.care.states.tiers import ABOVE, Tier
from guanxi.insight.engine import Table, cases, greatest, join_all, running, table, whole

SHARES = {"tier": "VARCHAR", "percent": "INTEGER"}
BOUNDS = {"tier": "VARCHAR", "amount": "INTEGER"}
owner_states = table(
    "owner_states", customer_id="int64", outlet_id="int32", state="string", since="date", visits="int64",
    last_visit="date", kpi_lost="boolean", paid="int64",
)  # fmt: skip
shares = table("shares", tier="string", percent="int32")
bounds = table("bounds", tier="string", amount="int32")


def tiered() -> Table:
    """Return the standing of every owner with his tier: the highest whose bound he paid."""
    rows = owner_states
    limits = [(code, bounds.filter(bounds.tier == code.value).amount.max().as_scalar()) for code in ABOVE]
    branches = [((rows.paid >= greatest(limit, whole(1))).fill_null(False), code.value) for code, limit in limits]
    return rows.mutate(tier=cases(*branches, otherwise=Tier.NORMAL.value))


def found_bounds() -> Table:
    """Return for each share what was paid at least by the first so many in a hundred of those who paid anything in the
    network, and how many these are; no row where nobody paid.
    """
    payers = owner_states.filter(owner_states.outlet_id.isnull() & (owner_states.paid > 0))
    steps = payers.group_by("paid").agg(many=payers.count())
    steps = steps.mutate(above=running(steps.many, steps.paid.desc()), payers=steps.many.sum().over())
    each = join_all(shares, steps)
    within = each.filter(each.above >= greatest(whole(1), each.payers * each.percent // 100))
    return within.group_by("tier").agg(amount=within.paid.max(), payers=within.payers.max())
