"""Who sees which places, in both directions, at the cost of a fixed number of queries."""

import datetime

import pytest
from django.utils import translation
from tests.counting import queries_of

from guanxi.foundation import clock
from guanxi.foundation.actor import NOBODY, SYSTEM
from guanxi.foundation.errors import NotAllowed, NotFound
from guanxi.network import queries
from guanxi.network.models import Ancestry, Node, Placement
from guanxi.network.permissions import Verb
from guanxi.network.services import structure

pytestmark = pytest.mark.django_db
WAY = {"YUNLING", "YL", "YL-HD", "YL-HD-31"}


def codes(rows):
    return set(rows.values_list("code", flat=True))


def subtree(code):
    rows = Ancestry.objects.filter(ancestor__code=code, during__contains=clock.today())
    return set(rows.values_list("descendant__code", flat=True))


def expected(name):
    """Say from the tree alone what somebody sees: the own subtree and the names on the way up."""
    everything = set(Node.objects.values_list("code", flat=True))
    return {
        "hq": everything,
        "auditor": everything,
        "agent": everything,
        "branch": subtree("YL-HD") | {"YUNLING", "YL"},
        "office": subtree("YL-HD-31") | {"YUNLING", "YL", "YL-HD"},
        "gm": subtree("YLHD001") | WAY,
        "advisor": subtree("YLHD001") | WAY,
        "callback": subtree("YLHD001") | WAY,
        "stranger": subtree("YLHN001") | {"YUNLING", "YL", "YL-HN", "YL-HN-44"},
        "rescue": {"P-SOS", "YUNLING"},
    }[name]


NAMES = ("hq", "auditor", "agent", "branch", "office", "gm", "advisor", "callback", "stranger", "rescue")


@pytest.mark.covers("ORG-35", "ORG-10")
@pytest.mark.parametrize("name", NAMES)
def test_each_sees_the_own_places_and_the_way_up(acting, cast, name):
    wanted = expected(name)
    actor = getattr(cast, name)
    assert codes(queries.visible_to(actor)) == wanted
    assert codes(queries.visible_to(acting(actor))) == wanted


@pytest.mark.covers("ORG-35", "NFR-06")
@pytest.mark.parametrize("name", NAMES)
def test_the_database_alone_draws_the_same_line(acting, cast, name):
    wanted = expected(name)
    acting(getattr(cast, name))
    assert codes(Node.objects.all()) == wanted


def test_nobody_sees_nothing_and_the_system_all(acting):
    assert not queries.visible_to(NOBODY).exists()
    assert queries.visible_to(SYSTEM).count() == Node.objects.count()


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize(
    ("name", "seen", "unseen"),
    [("gm", "outlet_id", "other_outlet_id"), ("stranger", "other_outlet_id", "outlet_id"),
     ("branch", "outlet_id", "other_outlet_id"), ("office", "office_id", "other_branch_id")],
)  # fmt: skip
def test_one_place_is_found_or_not_to_be_found(acting, cast, name, seen, unseen):
    actor = acting(getattr(cast, name))
    assert queries.node(actor, getattr(cast, seen)).pk == getattr(cast, seen)
    for read in (queries.node, queries.placements, queries.hours):
        with pytest.raises(NotFound):
            read(actor, getattr(cast, unseen))


def test_a_place_is_open_from_its_first_day_until_before_its_last(add, cast):
    node = add("YL-HD-31", "OUTLET", "T-NEW", since=datetime.date(2020, 1, 1))
    structure.close_node(actor=cast.hq, node_id=node.pk, on=datetime.date(2021, 1, 1))
    days = ["2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01"]
    rows = Node.objects.filter(pk=node.pk)
    assert [queries.open_on(rows, datetime.date.fromisoformat(day)).exists() for day in days] == [
        False, True, True, False,
    ]  # fmt: skip


def test_what_stands_below_is_asked_for_a_day(add, cast, place):
    node = add("YL-HD-31", "OUTLET", "T-NEW")
    structure.move_node(
        actor=cast.hq, node_id=node.pk, parent_id=place("YL-HN-44"), effective_on=datetime.date(2026, 1, 1)
    )
    rows = Node.objects.filter(pk=node.pk)
    assert queries.under(rows, cast.branch_id, datetime.date(2025, 12, 31)).exists()
    assert not queries.under(rows, cast.branch_id, datetime.date(2026, 1, 1)).exists()
    assert not queries.under(Node.objects.filter(pk=cast.branch_id), cast.branch_id, clock.today()).exists()


def test_the_way_up_reads_from_the_top(acting, cast):
    with translation.override("en"):
        steps = queries.ways_up(acting(cast.advisor), [cast.outlet_id], clock.today())[cast.outlet_id]
    assert [step.code for step in steps] == ["YUNLING", "YL", "YL-HD", "YL-HD-31"]
    assert steps[1].name == "Yunling"


def test_names_of_places_out_of_sight_are_left_out(acting, cast):
    names = queries.names(acting(cast.gm), [cast.outlet_id, cast.other_outlet_id])
    assert set(names) == {cast.outlet_id}


@pytest.mark.parametrize(("name", "top"), [("hq", "YUNLING"), ("branch", "YUNLING"), ("rescue", "YUNLING")])
def test_the_tree_starts_at_the_visible_top(acting, cast, name, top):
    tops = queries.children(acting(getattr(cast, name)), None, clock.today())
    assert [item.node.code for item in tops] == [top]


def test_the_tree_counts_what_the_reader_may_see(acting, cast):
    today = clock.today()
    below = {item.node.code: item for item in queries.children(acting(cast.hq), cast.brand_id, today)}
    expected_outlets = Ancestry.objects.filter(ancestor_id=cast.branch_id, descendant__kind="OUTLET").count()
    assert below["YL-HD"].outlets == expected_outlets
    assert below["YL-HD"].children == Placement.objects.filter(parent_id=cast.branch_id).count()
    (own,) = queries.children(acting(cast.gm), cast.brand_id, today)
    assert (own.node.code, own.outlets) == ("YL-HD", 1)


def test_numbers_are_those_of_the_reader(acting, cast):
    found = queries.counts(acting(cast.gm), clock.today())
    assert (found["OUTLET"], found["UNIT"], found["sells"], found["serves"]) == (1, 2, 1, 1)
    assert {"BRANCH", "MARKET_OFFICE", "GROUP"}.isdisjoint(found)
    assert queries.counts(acting(cast.hq), clock.today())["OUTLET"] == Node.objects.filter(kind="OUTLET").count()


def test_outlets_are_counted_by_province(acting, cast):
    values = queries.by_province(queries.outlets(acting(cast.branch)))
    assert values["31"] == 4
    assert "44" not in values


@pytest.mark.covers("ORG-17")
def test_departments_of_an_outlet(acting, cast):
    assert sorted(queries.unit_functions(acting(cast.advisor), cast.outlet_id, clock.today())) == [
        "CS_COMMITTEE",
        "DCRC",
    ]


def test_parents_on_offer_are_open_and_within_the_right(acting, add, cast, holder):
    actor = holder([Verb.ADD_NODE], {cast.office_id, cast.outlet_id})
    offered = queries.possible_parents(acting(actor), ["MARKET_OFFICE", "BRANCH"], Verb.ADD_NODE)
    assert codes(offered) == {"YL-HD-31"}
    assert not queries.possible_parents(actor, ["OUTLET"], Verb.MOVE_NODE).exists()
    acting(cast.hq)
    office = add("YL-HD", "MARKET_OFFICE", "T-O")
    structure.close_node(actor=cast.hq, node_id=office.pk, on=datetime.date(2021, 1, 1))
    assert "T-O" not in codes(queries.possible_parents(cast.hq, ["MARKET_OFFICE"], Verb.ADD_NODE))


def test_imports_need_the_verb(cast):
    with pytest.raises(NotAllowed):
        queries.import_run(cast.advisor, 1)


@pytest.mark.parametrize("number", [1, 3])
def test_reads_cost_the_same_whatever_their_size(acting, cast, django_assert_num_queries, number):
    keys = list(Node.objects.filter(kind="OUTLET").values_list("pk", flat=True)[:number])
    with django_assert_num_queries(1):
        assert len(queries.ways_up(cast.hq, keys, clock.today())) == number
    with django_assert_num_queries(1):
        assert len(queries.names(cast.hq, keys)) == number
    with django_assert_num_queries(2):
        queries.counts(cast.hq, clock.today())


def test_the_children_of_one_or_of_many_cost_the_same(acting, cast, place):
    day = clock.today()
    one, many = place("YL-XN-54"), cast.brand_id
    assert len(queries.children(cast.hq, one, day)) == 1 < len(queries.children(cast.hq, many, day))
    cost = [queries_of(lambda node=node: queries.children(cast.hq, node, day)) for node in (one, many)]
    assert cost == [2, 2]
