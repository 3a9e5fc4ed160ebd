"""What analysis may rely on: the fixed numbers of the rules of care, which ``policy`` takes from here too, and what was
decided about the cases of contact rules.
"""

from guanxi.foundation.facts import Fact, plain

YEAR = 12  # months in which the visits of an owner are counted for display
NEWEST = 13  # so many readings say how a car is used now
FEWEST_DAYS = 14  # between two readings that say something of a pace
PRIOR_SPREAD, PRIOR_WEIGHT, WIDEST = 250, 2, 800  # thousandths of the pace; the weight is that of so many slopes
UNSURE_DAYS = 7  # nobody comes on the day; a forecast for tomorrow may be off by so much too
FARTHEST = 3650  # days ahead that a forecast looks

# Of those who could be contacted: who was, who was left out by the draw, and who fell to the budget after it. What
# keeps somebody from both arms alike, and the sample, which is a draw of its own, is not here.
DECISIONS = Fact(
    "decisions",
    "care_decision t",
    plain(
        id="BIGINT", rule_id="BIGINT", code="VARCHAR", customer_id="BIGINT", outlet_id="INTEGER", place_id="INTEGER",
        reason_on="DATE", opens_on="DATE", decided_on="DATE", result="VARCHAR", leader="VARCHAR",
    ),
    where="t.result IN ('TASK', 'MERGED', 'BUDGET', 'CONTROL')",
    customer="t.customer_id",
    vehicle="t.vehicle_id",
)  # fmt: skip
FACTS = (DECISIONS,)

# What was worked out of owners and cars and is held: the night changes those rows alone that would be others now.
HELD_OWNERS = Fact(
    "held_owners",
    "care_ownerstate t",
    plain(
        id="BIGINT", customer_id="BIGINT", outlet_id="INTEGER", state="VARCHAR", since="DATE", visits="SMALLINT",
        last_visit="DATE", kpi_lost="BOOLEAN", paid="INTEGER", tier="VARCHAR",
    ),
    customer="t.customer_id",
)  # fmt: skip
HELD_CARS = Fact(
    "held_cars",
    "care_carstate t",
    {"id": ("BIGINT", "t.vehicle_id")} | plain(
        phase="VARCHAR", phase_since="DATE", metres="INTEGER", metres_least="INTEGER", metres_most="INTEGER",
        base_km="INTEGER", base_on="DATE", readings="SMALLINT", step_id="INTEGER", due_from="DATE", due_on="DATE",
        due_by="VARCHAR", due_earliest="DATE", due_latest="DATE", warranty_ends="DATE", insured_until="DATE",
        inspected_until="DATE",
    ),
    vehicle="t.vehicle_id",
)  # fmt: skip
HELD = (HELD_OWNERS, HELD_CARS)
