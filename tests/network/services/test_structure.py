"""Adding, moving and closing places: what may stand where, and what last year looked like."""

import datetime
import threading

import psycopg
import pytest
from django.db import IntegrityError, connection, connections, transaction
from tests import database

from guanxi.config import embedded
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.network import queries
from guanxi.network.models import Ancestry, Node, Placement
from guanxi.network.permissions import Verb
from guanxi.network.services import structure
from guanxi.network.states import PARENTS, Kind
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
START = datetime.date(2020, 1, 1)
MOVE = datetime.date(2026, 1, 1)
BEFORE, AFTER = datetime.date(2025, 6, 1), datetime.date(2026, 6, 1)
SAMPLES = {
    "GROUP": "YUNLING", "BRAND": "YL", "DEPARTMENT": "HQ-CS", "CALL_CENTRE": "CALL", "BRANCH": "YL-HD",
    "MARKET_OFFICE": "YL-HD-31", "OUTLET": "YLHD001", "UNIT": "YLHD001-CR", "PARTNER": "P-SOS",
}  # fmt: skip
FUNCTIONS = {"PARTNER": "RESCUE", "UNIT": "SALES"}
PAIRS = [(kind, above) for kind in Kind.values for above in Kind.values]


def move(actor, node, parent, on=MOVE):
    return structure.move_node(actor=actor, node_id=node, parent_id=parent, effective_on=on)


def codes_above(node, day):
    rows = Ancestry.objects.filter(descendant_id=node, depth__gt=0, during__contains=day)
    return set(rows.values_list("ancestor__code", flat=True))


def outlets_below(ancestor, day):
    rows = Ancestry.objects.filter(ancestor_id=ancestor, during__contains=day, descendant__kind="OUTLET")
    return set(rows.values_list("descendant__code", flat=True))


def last_line():
    return AuditEntry.objects.order_by("pk").last()


@pytest.mark.covers("ORG-10")
@pytest.mark.parametrize(("kind", "above"), [pair for pair in PAIRS if pair[1] in PARENTS[pair[0]]])
def test_a_place_is_added_where_its_kind_may_stand(add, place, kind, above):
    node = add(SAMPLES[above], kind, "T-NEW", function=FUNCTIONS.get(kind, ""), since=MOVE)
    assert codes_above(node.pk, AFTER) == codes_above(place(SAMPLES[above]), AFTER) | {SAMPLES[above]}
    assert hasattr(node, "profile") is (kind == "OUTLET")


@pytest.mark.covers("ORG-10")
@pytest.mark.parametrize(("kind", "above"), [pair for pair in PAIRS if pair[1] not in PARENTS[pair[0]]])
def test_a_place_is_refused_where_its_kind_may_not_stand(add, kind, above):
    with pytest.raises(Invalid) as caught:
        add(SAMPLES[above], kind, "T-NEW", function=FUNCTIONS.get(kind, ""))
    assert caught.value.field == "parent"
    assert not Node.objects.filter(code="T-NEW").exists()


def test_an_addition_is_on_the_trail(add, cast):
    node = add("YL-HD-31", "OUTLET", "T-NEW")
    line = last_line()
    assert (line.verb, line.subject_id, line.node_id) == ("network.add_node", str(node.pk), node.pk)
    assert (line.after["code"], line.after["parent"]) == ("T-NEW", cast.office_id)


@pytest.mark.parametrize("code", ["YLHD001", "lower", "A B", "-A", "", "甲"])
def test_a_code_is_new_and_well_formed(add, code):
    with pytest.raises(Invalid) as caught:
        add("YL-HD-31", "OUTLET", code)
    assert caught.value.field == "code"


@pytest.mark.covers("ORG-12")
@pytest.mark.parametrize(
    ("above", "kind", "more", "field"),
    [
        ("YL-HD-31", "OUTLET", {"sells": False}, "sells"),
        ("YL", "PARTNER", {}, "function"),
        ("YL", "PARTNER", {"function": "DCRC"}, "function"),
        ("YLHD001", "UNIT", {"function": "RESCUE"}, "function"),
    ],
)
def test_a_place_says_what_it_does(add, above, kind, more, field):
    with pytest.raises(Invalid) as caught:
        add(above, kind, "T-NEW", **more)
    assert caught.value.field == field


def test_there_is_one_group(cast):
    with pytest.raises(Invalid):
        structure.add_node(actor=cast.hq, parent_id=None, kind="GROUP", code="T-G", name_zh="二", valid_from=START)


def test_nothing_is_added_below_a_place_that_does_not_exist(add):
    with pytest.raises(NotFound):
        add(999_999, "OUTLET", "T-NEW")


def test_nothing_is_added_under_a_place_before_it_opens(add):
    add("YL-HD", "MARKET_OFFICE", "T-O", since=MOVE)
    with pytest.raises(Invalid):
        add("T-O", "OUTLET", "T-NEW", since=BEFORE)
    add("T-O", "OUTLET", "T-NEW", since=MOVE)


def test_nothing_is_added_or_moved_under_a_place_that_closes(add, cast):
    office = add("YL-HD", "MARKET_OFFICE", "T-O")
    structure.close_node(actor=cast.hq, node_id=office.pk, on=MOVE)
    for day in (BEFORE, AFTER):
        with pytest.raises(Invalid):
            add("T-O", "OUTLET", "T-NEW", since=day)
        with pytest.raises(Invalid):
            move(cast.hq, cast.outlet_id, office.pk, day)


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("name", ["branch", "gm", "outlet_admin", "advisor", "auditor", "rescue"])
def test_without_the_right_nothing_is_built(acting, add, cast, name):
    actor = acting(getattr(cast, name))
    with pytest.raises((NotAllowed, NotFound)):
        add(cast.office_id, "OUTLET", "T-NEW", actor=actor)
    with pytest.raises((NotAllowed, NotFound)):
        move(actor, cast.outlet_id, cast.office_id)
    with pytest.raises((NotAllowed, NotFound)):
        structure.close_node(actor=actor, node_id=cast.outlet_id, on=MOVE)


@pytest.mark.covers("ORG-35")
def test_a_right_over_one_branch_builds_there_and_not_elsewhere(acting, holder, add, cast, place):
    nodes, other = cast.branch.where(Verb.VIEW), place("YL-HN-44")
    actor = acting(holder([Verb.ADD_NODE, Verb.MOVE_NODE], nodes, [cast.group_id, cast.brand_id]))
    node = add(cast.office_id, "OUTLET", "T-NEW", actor=actor)
    assert node.pk not in nodes
    with pytest.raises(NotFound):
        add(other, "OUTLET", "T-NEW2", actor=actor)
    with pytest.raises(NotAllowed):
        add(cast.brand_id, "OUTLET", "T-NEW2", actor=actor)
    with pytest.raises(NotFound):
        move(actor, cast.outlet_id, other)


def test_a_code_taken_where_the_actor_cannot_see_is_a_refusal(acting, holder, add, cast):
    actor = acting(holder([Verb.ADD_NODE], cast.branch.where(Verb.VIEW), [cast.group_id, cast.brand_id]))
    with pytest.raises(Invalid) as caught:
        add(cast.office_id, "OUTLET", "YLHN001", actor=actor)
    assert caught.value.field == "code"


@pytest.mark.covers("ORG-10", "NFR-09")
def test_figures_of_last_year_stay_under_last_years_branch(add, cast, place):
    node = add("YL-HD-31", "OUTLET", "T-NEW")
    move(cast.hq, node.pk, place("YL-HN-44"))
    assert "T-NEW" in outlets_below(cast.branch_id, BEFORE)
    assert "T-NEW" not in outlets_below(cast.other_branch_id, BEFORE)
    assert "T-NEW" in outlets_below(cast.other_branch_id, AFTER)
    assert "T-NEW" not in outlets_below(cast.branch_id, AFTER)
    assert [row.parent.code for row in queries.placements(cast.hq, node.pk)] == ["YL-HN-44", "YL-HD-31"]


@pytest.mark.covers("ORG-10")
def test_a_move_takes_all_below_it_along(cast, add, place):
    add("YL-HD", "MARKET_OFFICE", "T-O")
    outlet = add("T-O", "OUTLET", "T-NEW")
    unit = add("T-NEW", "UNIT", "T-NEW-CR", function="DCRC")
    move(cast.hq, place("T-O"), cast.other_branch_id)
    for node in (outlet, unit):
        assert "YL-HD" in codes_above(node.pk, BEFORE)
        assert {"YL-HN", "T-O"} <= codes_above(node.pk, AFTER)
        assert "YL-HD" not in codes_above(node.pk, AFTER)


def test_a_move_is_on_the_trail(cast, place):
    move(cast.hq, cast.outlet_id, place("YL-HN-44"))
    line = last_line()
    assert (line.verb, line.node_id) == ("network.move_node", cast.outlet_id)
    assert line.before["parent"] == cast.office_id
    assert line.after == {"parent": place("YL-HN-44"), "effective_on": "2026-01-01"}


def test_a_second_move_replaces_what_was_planned(cast, place):
    move(cast.hq, cast.outlet_id, place("YL-HN-44"), AFTER)
    move(cast.hq, cast.outlet_id, place("YL-XN-50"), MOVE)
    assert "YL-XN" in codes_above(cast.outlet_id, AFTER)
    assert "YL-HN" not in codes_above(cast.outlet_id, AFTER)


def test_it_stands_there_already(cast):
    with pytest.raises(Invalid):
        move(cast.hq, cast.outlet_id, cast.office_id)


@pytest.mark.parametrize("day", [datetime.date(2019, 12, 31), MOVE, AFTER])
def test_nothing_moves_before_it_opened_or_after_it_closed(add, cast, place, day):
    node = add("YL-HD-31", "OUTLET", "T-NEW")
    structure.close_node(actor=cast.hq, node_id=node.pk, on=MOVE)
    with pytest.raises(Invalid) as caught:
        move(cast.hq, node.pk, place("YL-HN-44"), day)
    assert caught.value.field == "effective_on"


def test_a_move_before_the_closing_day_does_not_outlive_it(add, cast, place):
    node = add("YL-HD-31", "OUTLET", "T-NEW")
    structure.close_node(actor=cast.hq, node_id=node.pk, on=AFTER)
    move(cast.hq, node.pk, place("YL-HN-44"), MOVE)
    assert "YL-HN" in codes_above(node.pk, AFTER - datetime.timedelta(days=1))
    assert codes_above(node.pk, AFTER) == set()


@pytest.mark.covers("ORG-10")
def test_a_circle_is_refused(add, cast, place):
    add("HQ-CS", "DEPARTMENT", "T-A")
    add("T-A", "DEPARTMENT", "T-B")
    for parent in ("T-A", "T-B"):
        with pytest.raises(Invalid) as caught:
            move(cast.hq, place("T-A"), place(parent))
        assert caught.value.field == "parent"


def test_a_circle_that_would_only_close_later_is_refused(add, cast, place):
    for code in ("T-A", "T-B"):
        add("HQ-CS", "DEPARTMENT", code)
    move(cast.hq, place("T-B"), place("T-A"), AFTER)
    with pytest.raises(Invalid):
        move(cast.hq, place("T-A"), place("T-B"), BEFORE)


@pytest.mark.covers("ORG-12")
def test_an_outlet_serves_two_brands_and_has_one_branch_in_each(add, cast, place):
    node = add("YL-HD-31", "OUTLET", "T-NEW")
    move(cast.hq, node.pk, place("QC-HN-44"))
    assert {"YL", "YL-HD", "QC", "QC-HN"} <= codes_above(node.pk, AFTER)
    assert "QC" not in codes_above(node.pk, BEFORE)
    move(cast.hq, node.pk, place("QC-HD-31"), AFTER)
    above = codes_above(node.pk, AFTER)
    assert {"YL-HD", "QC-HD"} <= above
    assert "QC-HN" not in above


@pytest.mark.covers("ORG-12")
def test_the_database_holds_one_place_per_brand_at_a_time(cast, place):
    held = Placement.objects.get(child_id=cast.outlet_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(
            child_id=cast.outlet_id, parent_id=place("YL-HN-44"), brand_id=held.brand_id, during=held.during
        )


@pytest.mark.covers("ORG-12")
def test_an_outlet_leaves_one_of_two_brands_and_never_its_last(add, cast, place):
    node = add("YL-HD-31", "OUTLET", "T-NEW")
    with pytest.raises(Conflict):
        structure.leave_brand(actor=cast.hq, node_id=node.pk, brand_id=cast.brand_id, on=AFTER)
    move(cast.hq, node.pk, place("QC-HD-31"))
    structure.leave_brand(actor=cast.hq, node_id=node.pk, brand_id=cast.brand_id, on=AFTER)
    assert {"YL", "QC"} <= codes_above(node.pk, AFTER - datetime.timedelta(days=1))
    assert "YL" not in codes_above(node.pk, AFTER)
    with pytest.raises(Invalid):
        structure.leave_brand(actor=cast.hq, node_id=node.pk, brand_id=cast.group_id, on=AFTER)


@pytest.mark.covers("ORG-12")
@pytest.mark.parametrize(("code", "parent"), [("YL-HD", "QC"), ("YL-HD-31", "QC-HD")])
def test_a_branch_or_market_office_cannot_change_its_brand(cast, place, code, parent):
    with pytest.raises(Conflict):
        move(cast.hq, place(code), place(parent))


def test_a_place_with_open_places_below_is_not_closed(cast):
    for node in (cast.branch_id, cast.office_id, cast.outlet_id):
        with pytest.raises(Conflict):
            structure.close_node(actor=cast.hq, node_id=node, on=AFTER)


def test_closing_ends_the_place_and_keeps_its_history(add, cast):
    node = add("YL-HD-31", "OUTLET", "T-NEW")
    structure.close_node(actor=cast.hq, node_id=node.pk, on=MOVE)
    assert "YL-HD" in codes_above(node.pk, BEFORE)
    assert codes_above(node.pk, MOVE) == set()
    rows = Node.objects.filter(pk=node.pk)
    assert queries.open_on(rows, BEFORE).exists()
    assert not queries.open_on(rows, MOVE).exists()
    line = last_line()
    assert (line.before, line.after) == ({"valid_to": None}, {"valid_to": "2026-01-01"})


def test_a_place_closes_after_it_opened(add, cast):
    node = add("YL-HD-31", "OUTLET", "T-NEW")
    with pytest.raises(Invalid):
        structure.close_node(actor=cast.hq, node_id=node.pk, on=START)


def test_a_place_is_renamed_by_those_who_may_and_nobody_else(acting, cast):
    structure.change_node(actor=acting(cast.outlet_admin), node_id=cast.outlet_id, name_zh="新名", name_en="")
    assert last_line().after == {"name_zh": "新名", "name_en": ""}
    with pytest.raises(NotAllowed):
        structure.change_node(actor=acting(cast.advisor), node_id=cast.outlet_id, name_zh="x", name_en="")
    with pytest.raises(NotFound):
        structure.change_node(actor=acting(cast.stranger), node_id=cast.outlet_id, name_zh="x", name_en="")


def test_concurrent_moves_of_one_place_wait_for_each_other(django_db_setup, django_db_blocker):
    """Nothing is committed: the first holds the lock, the second waits for it, both are undone."""
    moved, result = threading.Event(), []

    def second(node, parent):
        try:
            with db.scoped(SYSTEM):
                moved.set()
                result.append(move(SYSTEM, node, parent))
                transaction.set_rollback(True)
        finally:
            connection.close()

    def waiting():
        name = connections["default"].settings_dict["NAME"]
        with psycopg.connect(embedded.describe(database.HOME).dsn("owner", name)) as watch:
            sql = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
            return watch.execute(f"{sql} (SELECT oid FROM pg_database WHERE datname = %s)", [name]).fetchone()[0]

    with django_db_blocker.unblock(), db.scoped(SYSTEM):
        ids = dict(Node.objects.values_list("code", "pk"))
        move(SYSTEM, ids["YLHD001"], ids["YL-HN-44"])
        thread = threading.Thread(target=second, args=[ids["YLHD001"], ids["YL-XN-50"]])
        thread.start()
        moved.wait(10)
        for _try in range(100):
            if waiting():
                break
            threading.Event().wait(0.05)
        assert waiting() == 1
        assert result == []
        transaction.set_rollback(True)
    thread.join(20)
    assert [node.code for node in result] == ["YLHD001"]
    with django_db_blocker.unblock():
        connection.close()
