"""What analysis may rely on: visits, whether they count, whether they were a maintenance of the plan, and what was paid
in whole yuan.
"""

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
        "paid": (
            "INTEGER",
            "(CASE WHEN t.currency = 'CNY' THEN least(round(coalesce(t.total, 0)), 2000000000)::int ELSE 0 END)",
        ),
    },
    customer="t.customer_id",
    vehicle="t.vehicle_id",
)  # fmt: skip
FACTS = (VISITS,)
