"""Who may do what where, from values alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.actor import NOBODY, SYSTEM, Actor, Grant, check, check_everywhere
from guanxi.foundation.errors import NotAllowed

VERBS = ("a.see", "a.change", "b.see")
nodes = st.integers(1, 9)
grants = st.lists(
    st.builds(
        Grant,
        nodes,
        st.sampled_from(["one", "two"]),
        st.frozensets(st.sampled_from(VERBS)),
        st.none() | st.frozensets(nodes),
    ),
    max_size=4,
)
limits = st.none() | st.frozensets(st.sampled_from(VERBS))


def actor(*held, limited_to=None):
    return Actor(user_id=1, name="somebody", grants=held, limited_to=limited_to)


def grant(verbs, covers, role="clerk"):
    return Grant(1, role, frozenset(verbs), None if covers is None else frozenset(covers))


def test_a_verb_holds_where_its_own_grant_reaches_and_not_elsewhere():
    somebody = actor(grant({"a.change"}, {1, 2}), grant({"a.see"}, {3}))
    assert somebody.can("a.change", 2)
    assert not somebody.can("a.change", 3)
    assert somebody.can("a.see", 3)
    assert not somebody.can("a.see", 1)


def test_without_a_place_the_question_is_whether_anywhere_at_all():
    assert actor(grant({"a.see"}, {3})).can("a.see")
    assert not actor(grant({"a.see"}, {3})).can_everywhere("a.see")


def test_a_grant_over_everything_reaches_what_belongs_to_no_place():
    boss = actor(grant({"a.see"}, None))
    assert boss.can("a.see", 12345)
    assert boss.can_everywhere("a.see")
    assert boss.where("a.see") is None
    assert boss.grants[0].reaches(None)
    assert not grant({"a.see"}, {1}).reaches(None)


def test_a_token_narrows_its_owner():
    narrowed = actor(grant({"a.see", "a.change"}, None), limited_to=frozenset({"a.see", "b.see"}))
    assert narrowed.verbs == {"a.see"}
    assert narrowed.can("a.see", 1)
    assert not narrowed.can("a.change", 1)
    assert not narrowed.can_everywhere("a.change")
    assert narrowed.where("a.change") == frozenset()


def test_roles_are_named_once_in_order():
    assert actor(grant((), (), "b"), grant((), (), "a"), grant((), (), "b")).roles == ("b", "a")


def test_the_system_may_everything_and_nobody_nothing():
    assert SYSTEM.can("a.see", 1)
    assert SYSTEM.can_everywhere("a.see")
    assert SYSTEM.where("a.see") is None
    assert not NOBODY.can("a.see")
    assert NOBODY.where("a.see") == frozenset()
    assert NOBODY.person_id == 0


def test_check_refuses_and_names_the_verb():
    with pytest.raises(NotAllowed) as caught:
        check(actor(grant({"a.see"}, {1})), "a.see", 2)
    assert caught.value.verb == "a.see"
    with pytest.raises(NotAllowed):
        check_everywhere(actor(grant({"a.see"}, {1})), "a.see")
    check(actor(grant({"a.see"}, {1})), "a.see", 1)


@given(held=grants, limited_to=limits, verb=st.sampled_from(VERBS), node=nodes)
def test_where_and_can_always_agree(held, limited_to, verb, node):
    somebody = actor(*held, limited_to=limited_to)
    places = somebody.where(verb)
    assert somebody.can(verb, node) == (places is None or node in places)
    assert somebody.can_everywhere(verb) == (places is None)


@given(held=grants, limited_to=st.frozensets(st.sampled_from(VERBS)), verb=st.sampled_from(VERBS), node=nodes)
def test_narrowing_never_adds(held, limited_to, verb, node):
    assert not actor(*held, limited_to=limited_to).can(verb, node) or actor(*held).can(verb, node)
