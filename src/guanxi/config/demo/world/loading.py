"""Thinks out and writes the customers of the demonstration, chunk by chunk, in one transaction.

A chunk is worked out in temporary tables and then written; what it takes does not grow with the number of
customers. Killed at any moment, nothing is left.
"""

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path

from django.db import connection

from guanxi.config.demo.world import lists, trims
from guanxi.foundation import db, sealing

RUN = 0  # the reserved run number of the demonstration; imports are numbered from 1
CHUNK = 5000  # whole neighbourhoods of twenty
HOME = "YLHD001"  # the outlet of the cast
CONSENT_VERSION = "2023-01"
DAYS_WITH_BILLS = 90
FOLDER = Path(__file__).parent / "sql"
# Memory for joins that fit; hash joins, since nobody has counted what was thought out a moment ago; a coarse count of
# what was written, until the server makes its own; constraints looked at after each statement, not piled up.
SETTINGS = (
    "SET LOCAL work_mem = '64MB'; SET LOCAL enable_nestloop = off; SET LOCAL default_statistics_target = 20;"
    " SET LOCAL jit = off; SET CONSTRAINTS ALL IMMEDIATE"
)
THINK = ("people", "cars", "visits")
WRITE = ("write_people", "write_cars", "write_visits", "write_consents")
ASKED = (  # what the derivation looks things up in
    "customers_customer", "customers_contactpoint", "customers_address", "customers_relation", "vehicles_vehicle",
    "vehicles_participant",
)  # fmt: skip
FILLED = (
    *ASKED, "customers_association", "customers_externalid", "customers_familymember", "customers_note",
    "customers_token", "customers_quality",
    "vehicles_plate", "vehicles_sale", "vehicles_cover", "vehicles_reading", "vehicles_ownerdoubt", "workshop_visit",
    "workshop_visitline", "privacy_consent",
)  # fmt: skip


def load(*, customers: int, seed: int, at: datetime.datetime, day: datetime.date, done: Callable[[int], None]) -> None:
    """Write that many customers with cars, sales and visits up to ``day``; tells ``done`` after each chunk.

    Runs in the caller's transaction and scope. Needs network, people and catalogue of the demonstration.
    """
    files = _statements({
        "seed": str(seed), "today": day.isoformat(), "at": at.isoformat(), "home": HOME, "run": str(RUN),
        "version": CONSENT_VERSION, "bills": str(DAYS_WITH_BILLS),
    })  # fmt: skip
    lists.run(SETTINGS)
    lists.write()
    lists.run(files["dice"])
    lists.run(files["places"])
    lists.write_fixed()
    trims.write()
    lists.run(files["stage"])
    for first in range(1, customers + 1, CHUNK):
        last = min(first + CHUNK - 1, customers)
        _chunk(first, last, files)
        done(last - first + 1)
    db.analyse(*FILLED)
    lists.run(files["sum"])
    lists.run(files["contacts"])


def _statements(values: Mapping[str, str]) -> dict[str, str]:
    """Return the statements of every file with the values put in."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.sql")}
    for key, value in values.items():
        files = {name: text.replace(f"{{{key}}}", value) for name, text in files.items()}
    return files


def _chunk(first: int, last: int, files: Mapping[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE demo_chunk SET first = %s, last = %s", [first, last])
    for name in THINK:
        lists.run(files[name])
    _seal()
    for name in WRITE:
        lists.run(files[name])
    if first == 1:
        db.analyse(*ASKED)
    lists.run(files["derive"])


def _seal() -> None:
    """Seal the identity numbers of the chunk; the key never enters the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT i, identity FROM demo_who WHERE identity IS NOT NULL")
        rows = [(i, sealing.seal(number), sealing.digest(number)) for i, number in cursor.fetchall()]
        with cursor.copy("COPY demo_seal (i, sealed, digest) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["int8", "bytea", "bytea"])
            for row in rows:
                copy.write_row(row)
