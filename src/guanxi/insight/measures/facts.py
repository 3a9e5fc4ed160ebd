"""The tables that measures are made of: the published facts as of a day, the limits in force, the pace of models."""

from guanxi.care.facts import DECISIONS
from guanxi.customers.facts import RELATIONS, TOMBSTONES
from guanxi.foundation.facts import Fact
from guanxi.insight.datasets import SALES
from guanxi.insight.engine import Table, table
from guanxi.vehicles.facts import CARS, PARTICIPANTS, READINGS, STEPS, TRIMS
from guanxi.worklist.facts import ATTEMPTS, TASKS
from guanxi.workshop.facts import VISITS

TYPES = {"BIGINT": "int64", "INTEGER": "int32", "DATE": "date", "BOOLEAN": "boolean", "VARCHAR": "string"}
TERMS = {
    "line": "VARCHAR", "day": "DATE", "window_months": "INTEGER", "lost_months": "INTEGER", "active_visits": "INTEGER",
    "swing_visits": "INTEGER", "observe_months": "INTEGER", "new_months": "INTEGER", "new_as": "VARCHAR",
    "kpi_lost_months": "INTEGER", "lost_ago": "DATE", "new_car_months": "INTEGER",
    "ending_days": "INTEGER", "metres": "INTEGER",
}  # fmt: skip
EFFECT_TERMS = {"day": "DATE", "came_days": "INTEGER", "bought_days": "INTEGER"}
HABITS = {"model_id": "INTEGER", "metres": "INTEGER"}


def _table(fact: Fact) -> Table:
    return table(fact.name, **{name: TYPES[of_type] for name, of_type in fact.types.items()})


relations, tombstones = _table(RELATIONS), _table(TOMBSTONES)
cars, participants, readings = _table(CARS), _table(PARTICIPANTS), _table(READINGS)
trims, steps, visits = _table(TRIMS), _table(STEPS), _table(VISITS)
decisions, tasks, attempts, sales = _table(DECISIONS), _table(TASKS), _table(ATTEMPTS), _table(SALES)
models = trims.select(trim_key="id", model_id="model_id", series_id="series_id", line="line")
terms = table("terms", **{name: TYPES[of_type] for name, of_type in TERMS.items()})
effect_terms = table("effect_terms", **{name: TYPES[of_type] for name, of_type in EFFECT_TERMS.items()})
habits = table("habits", **{name: TYPES[of_type] for name, of_type in HABITS.items()})
_WINDOWS = {
    f"{name}_{number}": of_type for number in range(3) for name, of_type in (("within", "int16"), ("before", "date"))
}
# worked out first, since more than one measure needs them
paces = table("paces", vehicle_id="int64", many="int64", pairs="int64", base="int64", middle="int64", span="int64")
owned = table("owned", customer_id="int64", start="date", line="string")
_CAME = {
    "customer_id": "int64", "outlet_id": "int32", "known": "date", "last": "date", "paid": "int64", "near": "int16",
    "year": "int16", **_WINDOWS, "places": "int16",
}  # fmt: skip
here, anywhere = table("here", **_CAME), table("anywhere", **_CAME)
apart = table("apart", customer_id="int64", outlet_id="int32", days="array<date>")
