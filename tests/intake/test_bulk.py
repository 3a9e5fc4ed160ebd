"""The doors by which imports add rows by set: nothing comes through that could not come through the front."""

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, ProgrammingError, connection, transaction
from tests.records.test_append_only import owner

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db
DOORS = (
    "customers_customer", "customers_contactpoint", "customers_address", "customers_relation", "customers_externalid",
    "vehicles_vehicle", "vehicles_plate", "vehicles_participant", "vehicles_sale", "vehicles_reading",
    "workshop_visit",
)  # fmt: skip
ALL_DOORS = (*DOORS, "intake_before")
NOBODY = 2_000_000_000
FOREIGN = """
SELECT a.attname, f.confrelid::regclass::text FROM pg_constraint f
JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = ALL(f.conkey)
WHERE f.contype = 'f' AND f.conrelid = %s::regclass AND EXISTS (
  SELECT FROM pg_attribute s WHERE s.attrelid = %s::regclass AND s.attname = a.attname AND NOT s.attisdropped)
ORDER BY 1
"""
ADDRESS = (
    "INSERT INTO customers_address_new (customer_id, kind, province, city, district, line, postcode, touched_at)"
    " VALUES (%s, 'HOME', '', '', '', 'x', '', now())"
)
PERSON = (
    "INSERT INTO customers_customer_new SELECT %s, 'PERSON', '李娜', '', '', '', NULL, '', NULL, NULL, '', '', '', '',"
    " '', 'UNVERIFIED', now(), now(), NULL"
)


@pytest.fixture
def system(cast):
    db.set_scope(SYSTEM)
    return cast


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def refused(error, sql, *values, match=None):
    with pytest.raises(error, match=match), transaction.atomic():
        run(sql, *values)


def staged(table):
    """Make the door's table; return the names of its columns."""
    run(f"SELECT {table}_stage()")
    columns = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum"
    return [name for (name,) in run(columns, f"pg_temp.{table}_new")]


def someone():
    return run("SELECT customer_id FROM customers_relation WHERE ended_on IS NULL LIMIT 1")[0][0]


@pytest.mark.parametrize("table", DOORS)
def test_every_reference_is_proven(system, table):
    names = staged(table)
    foreign = run(FOREIGN, table, f"pg_temp.{table}_new")
    assert foreign or table == "customers_customer"
    for column, parent in foreign:
        values = ", ".join(str(NOBODY) if name == column else f"t.{name}" for name in names)
        run(f"SELECT {table}_stage()")
        run(f"INSERT INTO {table}_new SELECT {values} FROM {table} t LIMIT 1")
        refused(IntegrityError, f"SELECT {table}_add()", match=f"{table}.{column} refers to a row that is not there")
        assert run(f"SELECT count(*) FROM {parent} WHERE id = %s", NOBODY) == [(0,)]


def test_what_a_run_remembers_needs_the_run(system):
    run("SELECT intake_before_stage()")
    run("INSERT INTO intake_before_new VALUES (%s, 'customers_customer', 1, '{}')", NOBODY)
    refused(
        IntegrityError, "SELECT intake_before_add()", match="intake_before.run_id refers to a row that is not there"
    )


@pytest.mark.parametrize("table", ALL_DOORS)
def test_nothing_but_references_hangs_on_triggers_there(system, table):
    """What the doors leave out is proven by them: no other trigger of these tables may be forgotten that way."""
    triggers = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
    assert run(triggers, table) == []
    functions = "SELECT prosecdef, proconfig, proacl::text FROM pg_proc WHERE proname = %s"
    ((is_definer, config, rights),) = run(functions, f"{table}_add")
    assert is_definer
    assert config == ["search_path=pg_catalog, public, pg_temp", "session_replication_role=replica"]
    assert "{=X" not in rights
    assert ",=X" not in rights


def test_the_switch_is_off_again_and_stays_the_owners(system):
    run("SELECT customers_address_stage()")
    run(ADDRESS, someone())
    run("SELECT customers_address_add()")
    assert run("SHOW session_replication_role") == [("origin",)]
    for statement in (
        "SET session_replication_role = replica",
        "SELECT set_config('session_replication_role', 'replica', true)",
        "ALTER FUNCTION customers_address_add() RESET search_path",
        "ALTER FUNCTION customers_address_add() OWNER TO CURRENT_USER",
        "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql SET session_replication_role = replica AS 'SELECT 1'",
    ):
        refused(ProgrammingError, statement)
    refused(IntegrityError, ADDRESS.replace("_new", "") + "; SET CONSTRAINTS ALL IMMEDIATE", NOBODY)


def test_a_row_that_goes_again_is_no_reference(system):
    run("SELECT customers_customer_stage()")
    run(PERSON, NOBODY)
    run("SELECT customers_customer_add()")
    run("SELECT customers_address_stage()")
    run(ADDRESS, NOBODY)
    run("DELETE FROM customers_customer WHERE id = %s", NOBODY)
    refused(IntegrityError, "SELECT customers_address_add()", match="refers to a row that is not there")


def test_what_is_referred_to_cannot_go(system):
    run("SELECT customers_customer_stage()")
    run(PERSON, NOBODY)
    run("SELECT customers_customer_add()")
    run("SELECT customers_address_stage()")
    run(ADDRESS, NOBODY)
    run("SELECT customers_address_add()")
    refused(IntegrityError, "DELETE FROM customers_customer WHERE id = %s; SET CONSTRAINTS ALL IMMEDIATE", NOBODY)


def test_nobody_else_takes_away_what_is_referred_to_meanwhile(system):
    person = someone()
    with owner() as other:
        lock = "SELECT FROM customers_customer WHERE id = %s FOR UPDATE NOWAIT"
        other.execute(lock, [person])
        other.rollback()
        run("SELECT customers_address_stage()")
        run(ADDRESS, person)
        run("SELECT customers_address_add()")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(lock, [person])


@pytest.mark.parametrize("table", ALL_DOORS)
def test_only_who_sees_everything_goes_through(acting, cast, table):
    acting(SYSTEM)
    run(f"SELECT {table}_stage()")
    for actor in (cast.hq, cast.branch, cast.admin):
        if not actor.scope.everything:
            acting(actor)
            refused(ProgrammingError, f"SELECT {table}_add()", match="only who sees everything")
            refused(ProgrammingError, f"SELECT {table}_stage()", match="only who sees everything")


def test_the_other_rules_hold(system):
    person = someone()
    run("SELECT customers_address_stage()")
    run(ADDRESS.replace("'HOME', '', ''", "'HOME', '43', '3101'"), person)
    refused(IntegrityError, "SELECT customers_address_add()", match="city_in_province")
    run("SELECT customers_contactpoint_stage()")
    run(
        "INSERT INTO customers_contactpoint_new SELECT customer_id, channel, value, label, is_primary, state,"
        " touched_at, run_id FROM customers_contactpoint LIMIT 1"
    )
    refused(IntegrityError, "SELECT customers_contactpoint_add()", match="customers_point_on")


SPOOFS = (
    "CREATE TEMP TABLE customers_address_new AS SELECT * FROM customers_address",
    "CREATE TEMP VIEW customers_address_new AS SELECT * FROM customers_address WHERE pg_temp.evil()",
    "CREATE TEMP TABLE customers_address_new (LIKE customers_address);"
    " CREATE INDEX ON pg_temp.customers_address_new ((pg_temp.evil()))",
)
EVIL = """
CREATE FUNCTION pg_temp.evil() RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN IF current_user <> session_user THEN RAISE 'code of the caller ran as the owner'; END IF; RETURN true; END $$
"""


@pytest.mark.parametrize("spoof", SPOOFS)
def test_a_table_of_the_callers_is_not_read(system, spoof):
    run(EVIL)
    run("SELECT customers_address_stage()")
    refused(ProgrammingError, "DROP TABLE pg_temp.customers_address_new")
    with pytest.raises(DatabaseError, match="already exists"), transaction.atomic():
        run(spoof)


@pytest.mark.parametrize("spoof", SPOOFS)
def test_a_table_that_the_caller_made_before_is_not_read(system, spoof):
    run(EVIL)
    run(spoof)
    refused(ProgrammingError, "SELECT customers_address_add()", match="is not the owner's")


def test_what_was_added_cannot_be_feigned(system):
    run("CREATE TEMP TABLE customers_customer_added AS SELECT int8range(%s, NULL) AS ids", NOBODY)
    run("SELECT customers_address_stage()")
    run(ADDRESS, NOBODY)
    refused(ProgrammingError, "SELECT customers_address_add()", match="is not the owner's")


@pytest.mark.parametrize(
    "deed",
    [
        "SELECT * FROM customers_address_new",
        "UPDATE customers_address_new SET line = ''",
        "DELETE FROM customers_address_new",
        "TRUNCATE customers_address_new",
        "CREATE INDEX ON pg_temp.customers_address_new (line)",
        "ALTER TABLE customers_address_new ALTER line TYPE text",
        "ALTER TABLE customers_address_new ENABLE ROW LEVEL SECURITY",
        "CREATE TRIGGER mine BEFORE INSERT ON customers_address_new EXECUTE FUNCTION records_refuse_change()",
        "CREATE RULE mine AS ON INSERT TO customers_address_new DO INSTEAD NOTHING",
        "INSERT INTO customers_customer_added VALUES ('[1,9]')",
    ],
)
def test_into_the_owners_table_rows_go_and_nothing_else(system, deed):
    run("SELECT customers_address_stage()")
    refused((ProgrammingError, OperationalError), deed, match="permission denied|must be owner")
