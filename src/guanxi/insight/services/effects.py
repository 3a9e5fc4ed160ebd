"""The effect of contact rules: worked out of what was decided and what followed, merged into the counts kept of it."""

import datetime
from pathlib import Path

from django.db import connection

from guanxi.foundation.columnar import Connection, run
from guanxi.insight import datasets, engine
from guanxi.insight.measures import effects
from guanxi.insight.measures.facts import EFFECT_TERMS
from guanxi.insight.queries import effects as queries
from guanxi.insight.services import working

COLUMNS = (
    "rule_id", "code", "place_id", "month", "arm", "customers", "contacted", "reached", "closed", "came", "settled",
    "bought", "days",
)  # fmt: skip
KEY, COUNTS = ("rule_id", "place_id", "month", "arm"), COLUMNS[5:]
_NAMES, _HELD, _NEW = ", ".join(COLUMNS), *(", ".join(f"{of}.{name}" for name in COUNTS) for of in ("e", "excluded"))
STAGE = f"CREATE TEMP TABLE insight_stage ON COMMIT DROP AS SELECT {_NAMES} FROM insight_effect WITH NO DATA"  # noqa: S608 -- names of our own
GONE = f"""
DELETE FROM insight_effect e WHERE NOT EXISTS (
  SELECT 1 FROM insight_stage s WHERE {" AND ".join(f"s.{name} = e.{name}" for name in KEY)})
"""  # noqa: S608 -- the same
MERGE = f"""
INSERT INTO insight_effect AS e ({_NAMES}) SELECT {_NAMES} FROM insight_stage
ON CONFLICT ({", ".join(KEY)}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COUNTS)}
WHERE ({_HELD}) IS DISTINCT FROM ({_NEW})
"""  # noqa: S608 -- the same


def work_out(duck: Connection, folder: Path, day: datetime.date) -> int:
    """Work out what followed of all contact rules up to a day, from the datasets and the facts that are there as views,
    and merge it: only rows that differ are written. Return how many.
    """
    for fact in datasets.CONTACTS:
        datasets.view(duck, fact, day, datasets.files(fact, folder))
    terms = queries.terms()
    working.fill(duck, "effect_terms", EFFECT_TERMS, [(day, terms.came_days, terms.bought_days)])
    run(duck, f"CREATE OR REPLACE TABLE effect_members AS {engine.sql(effects.members)}")
    run(duck, f"CREATE OR REPLACE TABLE effects AS {engine.sql(effects.effects)}")
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        with cursor.cursor.copy(f"COPY insight_stage ({_NAMES}) FROM STDIN (FORMAT csv)") as copy:
            for block in working.lines(duck, folder, "effects", COLUMNS):
                copy.write(block)
        cursor.execute("ANALYZE insight_stage")
        cursor.execute(GONE)
        gone = int(cursor.rowcount)
        cursor.execute(MERGE)
        written = int(cursor.rowcount)
        cursor.execute("DROP TABLE insight_stage")
    return gone + written
