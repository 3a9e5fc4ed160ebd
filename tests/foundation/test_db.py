"""The scope lives in a transaction and dies with it: on one connection, in a pool, between two at once."""

import threading

import psycopg
import psycopg_pool
import pytest
from django.db import ProgrammingError, connection, connections, transaction
from tests import database

from guanxi.config import embedded
from guanxi.foundation import db
from guanxi.foundation.actor import NOBODY, SYSTEM, Actor, Scope
from guanxi.foundation.errors import NotFound
from guanxi.network.models import Node

COUNT = "SELECT count(*) FROM network_node"
SCOPE = "SELECT guanxi_everything(), guanxi_nodes(), guanxi_above(), guanxi_person(), guanxi_identify()"
NOTHING = (False, [], [], None, False)


def outlet_actor(*nodes, person=7):
    return Actor(user_id=person, name="somebody", scope=Scope(nodes=frozenset(nodes), above=frozenset({999})))


def scope_now():
    with connection.cursor() as cursor:
        cursor.execute(SCOPE)
        return cursor.fetchone()


def app_dsn():
    return embedded.describe(database.HOME).dsn("app", connections["default"].settings_dict["NAME"])


@pytest.fixture
def outside(django_db_setup, django_db_blocker):
    """Real connections and no surrounding transaction; what is done here must leave nothing behind."""
    with django_db_blocker.unblock():
        yield
        connection.close()


def test_a_scope_needs_a_transaction(outside):
    with pytest.raises(RuntimeError):
        db.set_scope(SYSTEM)


@pytest.mark.covers("NFR-06")
def test_the_scope_ends_with_its_transaction_on_the_same_connection(outside):
    with db.scoped(SYSTEM):
        assert Node.objects.exists()
        pid = connection.connection.info.backend_pid
    assert connection.connection.info.backend_pid == pid
    assert scope_now() == NOTHING
    assert not Node.objects.exists()


def test_the_scope_ends_when_the_transaction_fails(outside):
    with pytest.raises(ZeroDivisionError), db.scoped(SYSTEM):
        assert scope_now()[0] is True
        raise ZeroDivisionError
    assert scope_now() == NOTHING


@pytest.mark.covers("NFR-06")
def test_a_reused_connection_of_a_pool_starts_without_scope(outside):
    def values():
        return ["on", "{}", "{}", "1", ""]

    with psycopg_pool.ConnectionPool(app_dsn(), min_size=1, max_size=1, open=True) as pool:
        with pool.connection() as borrowed:
            assert borrowed.info.user == "guanxi_app"
            first = borrowed.info.backend_pid
            borrowed.execute(db._SET, values())
            assert borrowed.execute(COUNT).fetchone()[0] > 0
        with pool.connection() as borrowed:
            assert borrowed.info.backend_pid == first
            assert borrowed.execute(COUNT).fetchone()[0] == 0
            assert borrowed.execute(SCOPE).fetchone() == NOTHING


def test_the_application_role_cannot_pass_by_row_security(outside):
    with psycopg.connect(app_dsn()) as direct:
        row = direct.execute("SELECT rolbypassrls, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert row.fetchone() == (False, False, False)
        tables = direct.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
        )
        assert tables.fetchone() == (0,)


@pytest.mark.covers("NFR-06")
def test_two_scopes_at_the_same_time_do_not_mix(outside):
    with db.scoped(SYSTEM):
        first, second = Node.objects.order_by("pk").values_list("pk", flat=True)[:2]
    both_open, seen = threading.Barrier(2, timeout=20), {}

    def look(node):
        try:
            with db.scoped(outlet_actor(node, person=node)):
                both_open.wait()
                seen[node] = (list(Node.objects.values_list("pk", flat=True)), scope_now()[3])
                both_open.wait()
        finally:
            connection.close()

    threads = [threading.Thread(target=look, args=[node]) for node in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {first: ([first], first), second: ([second], second)}


def test_a_scope_says_who_acts_and_where(acting):
    db.set_scope(outlet_actor(3, 1, 2))
    assert scope_now() == (False, [1, 2, 3], [999], 7, False)
    db.set_scope(NOBODY, identify=True)
    assert scope_now() == (False, [], [], None, True)


def test_widening_adds_places_to_the_running_transaction(acting):
    db.set_scope(outlet_actor(1))
    db.widen(5, 6)
    assert scope_now()[1] == [1, 5, 6]


def test_a_savepoint_rolled_back_takes_its_widening_along(acting):
    db.set_scope(outlet_actor(1))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        db.widen(5)
        raise ZeroDivisionError
    assert scope_now()[1] == [1]


def test_lock_finds_a_visible_row_and_no_other(acting, cast):
    assert db.lock(Node.objects, cast.outlet_id).code == "YLHD001"
    acting(cast.advisor)
    with pytest.raises(NotFound):
        db.lock(Node.objects, cast.other_outlet_id)


def test_keys_are_taken_before_rows_are_written(acting):
    taken = db.next_id("network_node", 3)
    assert len(set(taken)) == 3
    assert not Node.objects.filter(pk__in=taken).exists()
    assert db.next_id("network_node")[0] > max(taken)


def test_a_named_lock_makes_others_wait(outside):
    with psycopg.connect(app_dsn(), autocommit=True) as other:
        free = "SELECT pg_try_advisory_lock(hashtext(%s))"
        with db.scoped(SYSTEM):
            db.serialise("t_lock")
            assert other.execute(free, ["t_lock"]).fetchone() == (False,)
            assert other.execute(free, ["t_other"]).fetchone() == (True,)
        assert other.execute(free, ["t_lock"]).fetchone() == (True,)


def test_the_planner_counts_what_a_transaction_filled(acting):
    with connection.cursor() as cursor:
        db.analyse("records_reply")  # empty, and so never counted by the server itself
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'records_reply'::regclass")
        assert cursor.fetchone() == (0,)
        with pytest.raises(ProgrammingError), transaction.atomic():
            db.analyse("records_reply; DROP TABLE records_reply")
