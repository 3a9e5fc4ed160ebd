"""The world is the same for the same seed, whole or not at all, and goes without a trace."""

import os
import subprocess
import sys
import time

import psycopg
import pytest
from django.apps import apps
from django.db import transaction
from tests import database

from guanxi.config import embedded
from guanxi.config.demo.world import loading, removing
from guanxi.config.demo.world.loading import RUN
from guanxi.customers.models import Customer
from guanxi.foundation import clock
from guanxi.workshop.models import Visit

# Numbers that the database deals out, and what is sealed with a new nonce each time.
NOT_CONTENT = ["id", "customer_id", "other_id", "vehicle_id", "visit_id", "identity_sealed"]
MARKED = [table for table in apps.get_models() if any(field.name == "run_id" for field in table._meta.fields)]


def _nothing(_amount):
    pass


def _content(ask):
    """Return a digest of every table of the world, whatever the numbers of its rows."""
    found = {}
    for table in loading.FILLED:
        columns = {
            column
            for (column,) in ask("SELECT column_name FROM information_schema.columns WHERE table_name = %s", table)
        }
        whose = (
            "(SELECT name || created_at FROM customers_customer c WHERE c.id = t.customer_id)"
            if "customer_id" in columns
            else "''"
        )
        which = "(SELECT vin FROM vehicles_vehicle v WHERE v.id = t.vehicle_id)" if "vehicle_id" in columns else "''"
        row = f"(to_jsonb(t) - %s::text[])::text || coalesce({whose}, '') || coalesce({which}, '')"
        found[table] = ask(
            f"SELECT count(*), md5(string_agg(x, '|' ORDER BY x)) FROM (SELECT {row} AS x FROM {table} t) r",
            NOT_CONTENT,
        )
    return found


@pytest.fixture
def world(ask):
    """A function that loads a world in place of the template's, and returns its content; nothing of it stays."""

    def load(customers, seed, at, chunk=loading.CHUNK):
        kept, loading.CHUNK = loading.CHUNK, chunk
        try:
            with transaction.atomic():
                removing.remove(day=at.date(), done=_nothing)
                loading.load(customers=customers, seed=seed, at=at, day=at.date(), done=_nothing)
                found = _content(ask)
                transaction.set_rollback(True)
            return found
        finally:
            loading.CHUNK = kept

    return load


@pytest.mark.covers("SYS-21")
def test_the_same_seed_gives_the_same_world_in_whatever_pieces(world):
    at = clock.now()
    first = world(240, 7, at)
    assert all(rows > 0 for ((rows, _digest),) in first.values())
    assert world(240, 7, at, chunk=60) == first
    other = world(240, 8, at)
    assert [table for table in first if other[table] == first[table]] == []


def test_removing_leaves_not_one_row_behind_and_touches_nothing_else(ask):
    at = clock.now()
    one = Customer.objects.filter(run_id=RUN, kind="PERSON").first()
    visit = Visit.objects.filter(run_id=RUN, customer__isnull=False).exclude(customer=one).first()
    own = Customer.objects.create(kind="PERSON", name="手工", touched_at=at, created_at=at)
    ask("INSERT INTO customers_relation (touched_at, customer_id, outlet_id, category, source, consultant_name, tags, since)"
        " VALUES (now(), %s, %s, 'BASE', '', '', '{}', CURRENT_DATE)", own.pk, visit.outlet_id)  # fmt: skip
    ask(
        "INSERT INTO customers_note (customer_id, body, author_name, at) VALUES (%s, 'x', 'y', now()), (%s, 'x', 'y', now())",
        own.pk,
        one.pk,
    )
    ask("UPDATE customers_customer SET merged_into_id = %s WHERE id = %s", one.pk, own.pk)
    ask(
        "INSERT INTO vehicles_participant (touched_at, vehicle_id, customer_id, role) VALUES (now(), %s, %s, 'DRIVER')",
        visit.vehicle_id,
        own.pk,
    )
    ask("SELECT vehicles_retoken(ARRAY[%s]::bigint[])", own.pk)
    before = _others(ask)

    lost = removing.remove(day=clock.today(), done=_nothing)

    assert lost["customers_customer"] == database.CUSTOMERS
    assert lost["customers_note"] > 1
    for table in MARKED:
        assert not table.objects.filter(run_id=RUN).exists(), table
    assert ask("SELECT id, name, merged_into_id FROM customers_customer") == [(own.pk, "手工", None)]
    assert ask("SELECT customer_id FROM customers_note") == [(own.pk,)]
    for table in (
        "workshop_visitline",
        "vehicles_participant",
        "customers_quality",
        "privacy_consent",
        "customers_token",
        "care_ownerstate",
        "care_carstate",
        "care_statechange",
        "care_decision",
        "contact_centre_call",
        "contact_centre_enquiry",
        "contact_centre_purchaseintention",
        "contact_centre_rating",
        "worklist_task",
        "messaging_message",
    ):
        assert ask(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert _others(ask) == before
    assert ask("SELECT DISTINCT outlet_id FROM customers_outletquality") in ([], [(visit.outlet_id,)])


def _others(ask):
    """Return a digest of every table that the world does not fill."""
    worked_out = {
        "care_ownerstate", "care_carstate", "care_statechange", "care_decision", "contact_centre_call",
        "contact_centre_enquiry", "contact_centre_purchaseintention", "contact_centre_rating",
        "messaging_message", "worklist_task",
    }  # fmt: skip
    filled = {*loading.FILLED, *worked_out, "customers_merge", "customers_outletquality"}
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.app_label != "procrastinate"]
    return {
        t: ask(f'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{t}" t')
        for t in tables
        if t not in filled
    }


def test_every_table_of_customers_and_cars_is_marked_or_hangs_on_a_marked_one():
    order = {table.name for table in removing._order([removing._read(model) for model in apps.get_models()])}
    tables = {
        m._meta.db_table
        for m in apps.get_models()
        if m._meta.app_label in {"customers", "vehicles", "workshop", "privacy"}
    }
    catalogue = {"vehicles_series", "vehicles_carmodel", "vehicles_trim", "vehicles_feature", "vehicles_warrantyterm",
                 "vehicles_maintenancestep", "privacy_consenttext", "customers_outletquality",
                 "customers_standard", "customers_standardfield"}  # fmt: skip
    assert tables - order == catalogue


def _guanxi(name, *words, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "guanxi", "demo", *words],
        cwd=database.ROOT,
        env={**os.environ, "GUANXI_DB_NAME": name, "PYTHONPATH": str(database.ROOT / "src"), "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more,
    )  # fmt: skip


def _say(name, *words):
    process = _guanxi(name, *words)
    told, _ = process.communicate(timeout=120)
    return process.returncode, told


@pytest.fixture
def copy():
    name = f"test_demo_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"
    database.copy(name)
    server = embedded.describe(database.HOME)
    with psycopg.connect(server.dsn("owner", name), autocommit=True) as connection:
        yield name, connection
    with psycopg.connect(server.dsn("owner", "postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.covers("SYS-21")
def test_killed_in_the_middle_nothing_is_left(copy):
    name, owner = copy
    code, told = _say(name, "--remove")
    assert (code, f"Removed {database.CUSTOMERS:,} customers" in told) == (0, True), told
    process = _guanxi(name, "--customers", "40000")
    _wait(lambda: _busy(owner) and owner.execute("SELECT last_value FROM workshop_visit_id_seq").fetchone()[0] > 20_000)
    process.kill()
    process.wait(30)
    _wait(lambda: not _busy(owner))
    assert owner.execute("SELECT count(*) FROM customers_customer").fetchone() == (0,)
    assert owner.execute("SELECT count(*) FROM workshop_visit").fetchone() == (0,)
    code, told = _say(name, "--customers", "100")
    assert code == 0, told
    assert owner.execute("SELECT count(*) FROM customers_customer").fetchone() == (100,)
    assert owner.execute("SELECT verb, count(*) FROM records_auditentry WHERE verb LIKE 'demo.%' GROUP BY 1 ORDER BY 1").fetchall() == [
        ("demo.load", 2), ("demo.remove", 1),
    ]  # fmt: skip


def test_what_is_there_is_not_loaded_twice(copy):
    name, owner = copy
    code, told = _say(name, "--customers", "100")
    assert (code, told.splitlines()[-1]) == (
        1,
        "guanxi demo: there is data already; the demonstration needs an empty database",
    )
    assert _say(name, "--if-empty") == (0, "")
    assert owner.execute("SELECT count(*) FROM customers_customer").fetchone() == (database.CUSTOMERS,)
    assert _say(name, "--customers", "-1")[0] == 2


def _busy(owner):
    return owner.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    ).fetchone()[0]


def _wait(condition):
    limit = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.05)
