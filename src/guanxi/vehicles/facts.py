"""What analysis may rely on: cars, who owns them, what their odometers said, and the catalogue beside them."""

from guanxi.foundation.facts import Fact, plain

CARS = Fact(
    "cars",
    "vehicles_vehicle t",
    plain(
        id="BIGINT", trim_id="INTEGER", sold_on="DATE", condition="VARCHAR", condition_on="DATE",
        warranty_until="DATE", warranty_km="INTEGER", insured_until="DATE", inspected_until="DATE",
    ),
    vehicle="t.id",
)  # fmt: skip
PARTICIPANTS = Fact(
    "participants",
    "vehicles_participant t",
    plain(id="BIGINT", vehicle_id="BIGINT", customer_id="BIGINT", role="VARCHAR", since="DATE", until="DATE"),
    customer="t.customer_id",
    vehicle="t.vehicle_id",
)
READINGS = Fact(
    "readings",
    "vehicles_reading t",
    plain(id="BIGINT", vehicle_id="BIGINT", read_on="DATE", km="INTEGER", is_plausible="BOOLEAN"),
    vehicle="t.vehicle_id",
)
TRIMS = Fact(
    "trims",
    "vehicles_trim t JOIN vehicles_carmodel m ON m.id = t.model_id JOIN vehicles_series s ON s.id = m.series_id",
    {
        "id": ("INTEGER", "t.id"),
        "model_id": ("INTEGER", "m.id"),
        "series_id": ("INTEGER", "s.id"),
        "line": ("VARCHAR", "s.line"),
    },
    small=True,
)
# where a step stands among the others of its plan that come once, or that come again
PLACE = """
(row_number() OVER (PARTITION BY t.series_id, t.kind = 'PERIODIC'
  ORDER BY t.position, coalesce(t.months, 0), coalesce(t.km, 0), t.id) - 1)::int
"""
STEPS = Fact(
    "steps",
    "vehicles_maintenancestep t",
    {
        **plain(id="INTEGER", series_id="INTEGER", months="INTEGER", km="INTEGER"),
        "is_periodic": ("BOOLEAN", "t.kind = 'PERIODIC'"),
        "place": (
            "INTEGER",
            PLACE,
        ),
    },
    small=True,
)
FACTS = (CARS, PARTICIPANTS, READINGS, TRIMS, STEPS)
