"""How many owners are in each state and tier and cars in each phase, by outlet and in the whole network."""

from guanxi.care.states.owners import Kind
from guanxi.insight.engine import Table, nothing, table, word
from guanxi.insight.measures.facts import participants, relations, tombstones

tiered = table("tiered", customer_id="int64", outlet_id="int32", state="string", kpi_lost="boolean", tier="string")
car_states = table("car_states", vehicle_id="int64", phase="string")


def counts() -> Table:
    """Return outlet (none: the network), kind, code and count; of the states, tiers and phases just worked out."""
    every = tiered
    states = every.group_by("outlet_id", code=every.state).agg(count=every.count())
    tiers = every.group_by("outlet_id", code=every.tier).agg(count=every.count())
    lost = every.filter(every.kpi_lost)
    quiet = lost.group_by("outlet_id").agg(count=lost.count())
    living = relations.select("customer_id", "outlet_id").anti_join(tombstones, [("customer_id", "id")])
    takes_part = participants.select("customer_id", "vehicle_id")
    known = living.join(takes_part, "customer_id").select("outlet_id", "vehicle_id").distinct()
    known = known.join(car_states, "vehicle_id")
    here = known.group_by("outlet_id", code=known.phase).agg(count=known.count())
    anywhere = car_states.group_by(code=car_states.phase).agg(count=car_states.count())
    columns = ("outlet_id", "kind", "code", "count")
    return (
        states.mutate(kind=word(Kind.STATE)).select(*columns)
        .union(tiers.mutate(kind=word(Kind.TIER)).select(*columns))
        .union(quiet.mutate(kind=word(Kind.LOST), code=word(Kind.LOST)).select(*columns))
        .union(here.mutate(kind=word(Kind.PHASE)).select(*columns))
        .union(anywhere.mutate(outlet_id=nothing("int32"), kind=word(Kind.PHASE)).select(*columns))
    )  # fmt: skip
