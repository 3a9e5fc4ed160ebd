"""The trail is append-only in the database itself, for the application and for its owner."""

import psycopg
import pytest
from django.db import ProgrammingError, connection, connections, transaction
from tests import database

from guanxi.config import embedded
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
CHANGES = [
    "UPDATE records_auditentry SET person_name = 'nobody'",
    "DELETE FROM records_auditentry",
    "TRUNCATE records_auditentry",
]


def owner():
    name = connections["default"].settings_dict["NAME"]
    return psycopg.connect(embedded.describe(database.HOME).dsn("owner", name))


@pytest.mark.covers("NFR-06")
@pytest.mark.parametrize("change", CHANGES)
def test_the_application_cannot_change_the_trail(acting, change):
    acting(SYSTEM)
    before = AuditEntry.objects.count()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(change)
    assert AuditEntry.objects.count() == before > 0


@pytest.mark.covers("NFR-06")
@pytest.mark.parametrize("change", CHANGES)
def test_not_even_the_owner_of_the_table_changes_it(acting, change):
    with owner() as direct:
        assert direct.execute("SELECT count(*) FROM records_auditentry").fetchone()[0] > 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            direct.execute(change)
        direct.rollback()


@pytest.mark.parametrize("table", ["network_ancestry", "django_migrations"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "TRUNCATE {}"])
def test_what_the_database_derives_is_not_the_applications_to_change(acting, table, change):
    with pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute(change.format(table))


def test_the_application_cannot_take_the_lock_off(acting):
    for statement in (
        "ALTER TABLE records_auditentry DISABLE TRIGGER ALL",
        "DROP TRIGGER records_auditentry_append_only ON records_auditentry",
        "ALTER TABLE network_node DISABLE ROW LEVEL SECURITY",
        "SET session_replication_role = 'replica'",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            connection.cursor().execute(statement)
