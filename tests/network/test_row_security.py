"""The second wall: raw SQL as the application's role, without a line of our Python in between."""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from guanxi.foundation.actor import NOBODY, Actor, Scope

pytestmark = pytest.mark.django_db

# Tables of our models that are open to every signed-in person, and why.
OPEN = {
    "access_role": "what roles may do is known to all; changing needs a verb",
    "access_responsibility": "who answers for what is known to all",
    "access_responsibility_consulted": "part of access_responsibility",
    "access_responsibility_informed": "part of access_responsibility",
    "network_offeredservice": "a list of words",
    "privacy_consenttext": "the words that customers agree to",
    "vehicles_carmodel": "the catalogue is known to all; changing needs a verb",
    "vehicles_feature": "part of the catalogue",
    "vehicles_maintenancestep": "part of the catalogue",
    "vehicles_series": "part of the catalogue",
    "vehicles_trim": "part of the catalogue",
    "vehicles_warrantyterm": "part of the catalogue",
    "records_presetversion": "which preset was applied; no place, no person's number",
}
# Tables of others that hold something of a person, and who keeps them.
FOREIGN = {
    "account_emailaddress": "allauth reads it for request.user only; not used here",
    "account_emailconfirmation": "as above",
    "mfa_authenticator": "allauth reads it for request.user only, while signing in before a scope exists",
    "socialaccount_socialaccount": "as above",
    "usersessions_usersession": "as above",
    "django_session": "keyed by a secret; read before anybody is known",
}


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def protected():
    return [row[0] for row in ask("SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public' ORDER BY 1")]


def tables(*labels):
    for config in apps.get_app_configs():
        ours = config.name.startswith("guanxi.")
        if ours and (not labels or config.label in labels):
            for model in config.get_models(include_auto_created=True):
                yield model._meta.db_table


@pytest.mark.covers("NFR-06")
def test_we_are_the_application_and_cannot_pass_by(acting):
    ((name, bypass, superuser),) = ask(
        "SELECT rolname, rolbypassrls, rolsuper FROM pg_roles WHERE rolname = current_user"
    )
    assert (name, bypass, superuser) == ("guanxi_app", False, False)


@pytest.mark.covers("NFR-06")
def test_every_table_of_ours_is_protected_or_open_for_a_reason(acting):
    ours = {*tables(), "customers_token"}  # the words of the search, a table without a model
    labels = ("access", "network", "records", "customers", "privacy", "vehicles", "workshop", "intake")
    assert set(tables(*labels)) - set(protected()) == set(OPEN)
    secured = {row[0] for row in ask("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity")}
    assert set(protected()) <= secured
    assert set(protected()) <= ours


@pytest.mark.covers("NFR-06")
def test_every_table_with_a_place_or_a_person_is_protected(acting):
    columns = (
        "('node_id', 'child_id', 'descendant_id', 'outletprofile_id', 'person_id', 'user_id', 'owner_id', 'outlet_id',"
        " 'customer_id', 'vehicle_id')"
    )
    found = ask(
        "SELECT DISTINCT table_name FROM information_schema.columns JOIN pg_tables ON tablename = table_name"
        f" WHERE table_schema = 'public' AND schemaname = 'public' AND column_name IN {columns}"
    )
    assert {row[0] for row in found} - set(protected()) - set(FOREIGN) == set()


def test_each_protected_table_has_a_policy_for_every_command(acting):
    found = {}
    for table, command in ask("SELECT tablename, cmd FROM pg_policies WHERE schemaname = 'public'"):
        found.setdefault(table, set()).add(command)
    weak = {table: have for table, have in found.items() if not have & {"ALL"} and "SELECT" not in have}
    assert weak == {}


@pytest.mark.covers("NFR-06", "ORG-35")
def test_without_a_scope_no_protected_table_shows_a_row(acting):
    acting(NOBODY)
    shown = {table: ask(f"SELECT count(*) FROM {table}")[0][0] for table in protected()}
    assert {table for table, count in shown.items() if count} - {"codelists_code", "codelists_codewording"} == set()


def test_with_everything_the_same_tables_have_rows(acting):
    filled = {"network_node", "network_placement", "network_ancestry", "network_outletprofile", "access_user"}
    filled |= {"access_membership", "records_auditentry"}
    assert all(ask(f"SELECT count(*) FROM {table}")[0][0] for table in filled)


OWN = [
    ("network_node", "id"),
    ("network_outletprofile", "node_id"),
    ("network_placement", "child_id"),
    ("network_ancestry", "descendant_id"),
]


@pytest.mark.covers("NFR-06", "ORG-35")
@pytest.mark.parametrize(("table", "column"), OWN)
def test_within_a_scope_own_rows_and_the_way_up_alone(acting, cast, table, column):
    actor = acting(cast.advisor)
    shown = {row[0] for row in ask(f"SELECT {column} FROM {table}")}
    assert cast.outlet_id in shown
    assert shown <= actor.scope.nodes | actor.scope.above
    assert cast.other_outlet_id not in shown


@pytest.mark.covers("NFR-06", "ORG-35")
def test_people_and_memberships_of_the_own_places_alone(acting, cast):
    (expected,) = ask(
        "SELECT array_agg(DISTINCT user_id) FROM access_membership WHERE node_id = ANY(%s)",
        list(cast.advisor.scope.nodes),
    )
    acting(cast.advisor)
    assert {row[0] for row in ask("SELECT user_id FROM access_membership")} == set(expected[0])
    assert {row[0] for row in ask("SELECT id FROM access_user")} == set(expected[0])


def test_lines_of_the_trail_within_the_scope_or_own(acting, cast):
    acting(cast.gm)
    rows = ask("SELECT node_id, person_id FROM records_auditentry")
    assert rows
    assert all(node in cast.gm.scope.nodes or person == cast.gm.user_id for node, person in rows)


OUTSIDE = [
    "UPDATE network_node SET name_zh = 'x' WHERE id = {other}",
    "UPDATE network_outletprofile SET phone = 'x' WHERE node_id = {other}",
    "DELETE FROM network_placement WHERE child_id = {other}",
    "UPDATE access_membership SET valid_to = now() WHERE node_id = {other}",
    "UPDATE access_user SET is_active = false WHERE id = {foreigner}",
    "UPDATE network_node SET name_zh = 'x' WHERE id = {branch}",
]


@pytest.mark.covers("NFR-06")
@pytest.mark.parametrize("change", OUTSIDE)
def test_what_lies_outside_cannot_be_changed(acting, cast, change):
    acting(cast.outlet_admin)
    sql = change.format(other=cast.other_outlet_id, foreigner=cast.stranger.user_id, branch=cast.branch_id)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount == 0


INSERTS = [
    "INSERT INTO network_node (code, kind, function, name_zh, name_en, valid_from)"
    " VALUES ('T-X', 'OUTLET', '', 'x', '', now())",
    "INSERT INTO network_placement (child_id, parent_id, brand_id, during)"
    " VALUES ({other}, {own}, 99, '[2030-01-01,)')",
    "INSERT INTO access_membership (user_id, role_id, node_id, valid_from)"
    " VALUES ({me}, 'hq_administrator', {group}, now())",
    "INSERT INTO access_membership (user_id, role_id, node_id, valid_from)"
    " VALUES ({me}, 'general_manager', {other}, now())",
    "INSERT INTO network_openinghours (node_id, desk, weekday, opens, closes)"
    " VALUES ({other}, 'SALES', 0, '08:00', '09:00')",
    "UPDATE access_membership SET node_id = {other} WHERE user_id = {me}",
    "INSERT INTO records_reply (person_id, key, fingerprint, status, body, at)"
    " VALUES ({stranger}, 'k', 'f', 200, '', now())",
    "INSERT INTO network_ancestry (ancestor_id, descendant_id, depth, during) VALUES ({own}, {other}, 1, '[2000-01-01,)')",
]


@pytest.mark.covers("NFR-06")
@pytest.mark.parametrize("insert", INSERTS)
def test_nothing_is_written_outside(acting, cast, insert):
    acting(cast.outlet_admin)
    sql = insert.format(
        other=cast.other_outlet_id, own=cast.outlet_id, me=cast.outlet_admin.user_id, group=cast.group_id,
        stranger=cast.stranger.user_id,
    )  # fmt: skip
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_inside_it_may_be_written(acting, cast):
    acting(cast.outlet_admin)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE network_outletprofile SET phone = 'x' WHERE node_id = %s", [cast.outlet_id])
        assert cursor.rowcount == 1


def test_while_finding_out_who_asks_places_of_work_can_be_read_but_no_profiles(acting, cast):
    from guanxi.foundation import db

    db.set_scope(NOBODY, identify=True)
    assert ask("SELECT count(*) FROM access_user")[0][0] > 0
    assert ask("SELECT count(*) FROM network_outletprofile")[0][0] == 0
    assert ask("SELECT count(*) FROM records_auditentry")[0][0] == 0


@pytest.mark.covers("NFR-06")
def test_a_setting_that_is_no_number_is_an_error_and_not_everything(acting):
    with pytest.raises(Exception, match="malformed array"), transaction.atomic():
        ask("SELECT set_config('guanxi.nodes', 'everything', true), (SELECT count(*) FROM network_node)")
        ask("SELECT count(*) FROM network_node WHERE 1 = ANY (guanxi_nodes())")


def test_a_scope_with_a_single_place(acting, cast):
    acting(Actor(user_id=None, name="", scope=Scope(nodes=frozenset({cast.outlet_id}))))
    assert ask("SELECT id FROM network_node") == [(cast.outlet_id,)]
