"""What analysis may rely on: visits, whether they count, and whether they were a maintenance of the plan."""

from guanxi.foundation.facts import Fact, plain

VISITS = Fact(
    "visits",
    "workshop_visit t",
    {
        **plain(id="BIGINT", outlet_id="INTEGER", vehicle_id="BIGINT", customer_id="BIGINT", entered_on="DATE"),
        "counts": ("BOOLEAN", "coalesce(t.counts, false)"),
        "is_maintenance": (
            "BOOLEAN", "(t.category IN ('FIRST_MAINTENANCE', 'SECOND_MAINTENANCE', 'PERIODIC_MAINTENANCE'))",
        ),
        "km": ("INTEGER", "t.km"),
    },
    customer="t.customer_id",
    vehicle="t.vehicle_id",
)  # fmt: skip
FACTS = (VISITS,)
