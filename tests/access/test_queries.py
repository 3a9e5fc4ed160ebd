"""Building the Actor, and who sees whom."""

import datetime

import pytest

from guanxi.access import queries
from guanxi.access.models import Membership, Role, Token, User
from guanxi.access.permissions import Verb
from guanxi.foundation import clock, db
from guanxi.foundation.actor import NOBODY, SYSTEM, Origin
from guanxi.foundation.errors import NotAllowed, NotFound
from guanxi.network.models import Ancestry, Node
from guanxi.network.services import structure

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 1, 1)


def build(username, day=None, limited_to=None):
    db.set_scope(NOBODY, identify=True)
    user = User.objects.get(username=username)
    actor = queries.actor_for(user, day=day or clock.today(), origin=Origin(), limited_to=limited_to)
    db.set_scope(SYSTEM)
    return actor


def subtree(code):
    rows = Ancestry.objects.filter(ancestor__code=code, during__contains=clock.today())
    return frozenset(rows.values_list("descendant_id", flat=True))


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize(
    ("name", "root"),
    [("branch", "YL-HD"), ("office", "YL-HD-31"), ("gm", "YLHD001"), ("callback", "YLHD001"), ("rescue", "P-SOS")],
)
def test_somebody_covers_the_subtree_of_the_own_anchor(acting, name, root):
    actor = build(name)
    assert actor.scope.nodes == subtree(root)
    assert not actor.scope.everything
    assert all(grant.covers == subtree(root) for grant in actor.grants)


@pytest.mark.covers("ORG-35", "ORG-11")
def test_a_member_of_a_department_covers_the_whole_outlet(acting, cast, node):
    actor = build("callback")
    assert actor.home_id == node("YLHD001-CR")
    assert {cast.outlet_id, node("YLHD001-CC")} <= actor.scope.nodes
    assert cast.office_id in actor.scope.above
    assert cast.other_outlet_id not in actor.scope.nodes


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("name", ["hq", "auditor", "planner", "agent", "supervisor"])
def test_headquarters_and_the_call_centre_see_all(acting, name):
    actor = build(name)
    assert actor.scope.everything
    assert actor.scope.above == frozenset()


@pytest.mark.parametrize("name", ["hq", "branch", "gm", "callback"])
def test_it_costs_three_queries_at_most(acting, django_assert_max_num_queries, name):
    db.set_scope(NOBODY, identify=True)
    user = User.objects.get(username=name)
    with django_assert_max_num_queries(3):
        assert queries.actor_for(user, day=clock.today(), origin=Origin()).grants


def test_a_role_counts_from_its_day_until_before_its_end(hold):
    hold("advisor", "branch_manager", "YL-HN", valid_from=DAY, valid_to=DAY + datetime.timedelta(days=10))
    held = {
        shift: "branch_manager" in build("advisor", DAY + datetime.timedelta(days=shift)).roles
        for shift in (-1, 0, 9, 10)
    }
    assert held == {-1: False, 0: True, 9: True, 10: False}


def test_two_jobs_give_each_verb_at_its_own_places(hold, cast):
    hold("advisor", "outlet_administrator", "YLHN001")
    actor = build("advisor")
    assert actor.can(Verb.GRANT_ROLE, cast.other_outlet_id)
    assert not actor.can(Verb.GRANT_ROLE, cast.outlet_id)
    assert actor.can("network.view", cast.outlet_id)


def test_a_retired_role_gives_nothing(acting):
    acting(SYSTEM)
    Role.objects.filter(pk="service_advisor").update(is_current=False)
    actor = build("advisor")
    assert (actor.grants, actor.scope.nodes, actor.home_id) == ((), frozenset(), None)


@pytest.mark.covers("ORG-35", "ORG-10")
def test_a_closed_outlet_stays_visible_to_its_last_branch(acting, cast, node):
    acting(SYSTEM)
    outlet = structure.add_node(
        actor=cast.hq, parent_id=cast.office_id, kind="OUTLET", code="T-1", name_zh="甲", sells=True,
        valid_from=datetime.date(2020, 1, 1),
    ).pk  # fmt: skip
    structure.move_node(actor=cast.hq, node_id=outlet, parent_id=node("YL-HN-44"), effective_on=DAY)
    structure.close_node(actor=cast.hq, node_id=outlet, on=DAY + datetime.timedelta(days=30))
    assert outlet not in build("branch").scope.nodes
    Membership.objects.create(
        user=User.objects.get(username="advisor"),
        role_id="branch_manager",
        node_id=cast.other_branch_id,
        valid_from=DAY,
    )
    assert outlet in build("advisor").scope.nodes


def test_an_outlet_that_opens_later_is_seen_by_its_branch_today(acting, cast):
    acting(SYSTEM)
    outlet = structure.add_node(
        actor=cast.hq, parent_id=cast.office_id, kind="OUTLET", code="T-1", name_zh="甲", sells=True,
        valid_from=clock.today() + datetime.timedelta(days=90),
    )  # fmt: skip
    assert outlet.pk in build("branch").scope.nodes
    assert outlet.pk not in build("gm").scope.nodes


@pytest.mark.covers("ORG-12")
def test_a_branch_reach_at_an_outlet_of_two_brands_covers_both_branches(acting, role, cast, node):
    acting(SYSTEM)
    structure.move_node(actor=cast.hq, node_id=cast.outlet_id, parent_id=node("QC-HD-31"), effective_on=DAY)
    found = queries.role_covers(role(reach="BRANCH"), cast.outlet_id, clock.today())
    assert {node("YL-HD"), node("QC-HD")} <= found
    assert queries.role_covers(role("t_all", reach="GROUP"), cast.outlet_id, clock.today()) is None


def test_a_token_narrows_what_is_built(acting):
    actor = build("gm", limited_to=frozenset({"network.view"}))
    assert actor.verbs == {"network.view"}
    assert actor.scope.nodes == subtree("YLHD001")


def people(actor):
    return set(queries.visible_to(actor).values_list("pk", flat=True))


def workers(*codes):
    nodes = frozenset().union(*(subtree(code) for code in codes))
    return set(Membership.objects.filter(node_id__in=nodes).values_list("user_id", flat=True))


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize(
    ("name", "root"), [("branch", "YL-HD"), ("office", "YL-HD-31"), ("gm", "YLHD001"), ("stranger", "YLHN001")]
)
def test_people_see_those_who_work_where_they_may_look(acting, cast, name, root):
    wanted, actor = workers(root), getattr(cast, name)
    assert people(actor) == wanted
    acting(actor)
    assert people(actor) == wanted
    assert set(User.objects.values_list("pk", flat=True)) == wanted


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("name", ["agent", "rescue"])
def test_the_call_centre_and_partners_see_no_staff_but_themselves(acting, cast, name):
    actor = acting(getattr(cast, name))
    assert people(actor) == {actor.user_id}


def test_nobody_sees_nobody(acting):
    acting(SYSTEM)
    assert people(NOBODY) == set()
    assert not queries.memberships_visible_to(NOBODY).exists()
    assert not queries.links_visible_to(NOBODY).exists()


def test_one_person_is_found_or_not_to_be_found(acting, cast):
    assert queries.person(acting(cast.gm), cast.advisor.user_id).username == "advisor"
    with pytest.raises(NotFound):
        queries.person(cast.gm, cast.stranger.user_id)


def test_jobs_elsewhere_stay_out_of_sight(hold, acting, cast):
    hold("advisor", "service_advisor", "YLHN001")
    seen = {row.node.code for row in queries.memberships(acting(cast.gm), cast.advisor.user_id)}
    assert seen == {"YLHD001"}
    actor = build("advisor")
    assert {row.node.code for row in queries.memberships(acting(actor), actor.user_id)} == {
        "YLHD001", "YLHN001",
    }  # fmt: skip


def test_staff_of_a_place_are_those_who_work_there_today(acting, cast, hold):
    ended = hold("rescue", "service_advisor", "YLHD001", valid_from=DAY, valid_to=DAY)
    User.objects.filter(username="technician").update(is_active=False)
    names = {row.user.username for row in queries.staff_of(acting(cast.gm), [cast.outlet_id], clock.today())}
    assert "advisor" in names
    assert not names & {"technician", ended.user.username, "callback"}


def test_tokens_are_ones_own_or_those_of_a_managed_integration(acting, cast):
    with pytest.raises(NotAllowed):
        queries.tokens(cast.gm, cast.advisor.user_id)
    with pytest.raises(NotFound):
        queries.tokens(cast.hq, cast.advisor.user_id)
    with pytest.raises(NotAllowed):
        queries.tokens(cast.auditor)
    assert list(queries.tokens(cast.gm)) == list(Token.objects.filter(user_id=cast.gm.user_id))


@pytest.mark.parametrize("number", [1, 3])
def test_reads_cost_the_same_whatever_their_size(acting, cast, django_assert_num_queries, number):
    keys = list(Node.objects.filter(kind="OUTLET").values_list("pk", flat=True)[:number])
    with django_assert_num_queries(1):
        assert len({row.node.code for row in queries.staff_of(cast.hq, keys, clock.today())}) == number
    with django_assert_num_queries(3):
        assert len([row.consulted.all() for row in queries.responsibilities()]) > number
