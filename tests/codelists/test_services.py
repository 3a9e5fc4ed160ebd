"""Changing code lists by hand: effective dates, refusals, audit."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from guanxi.codelists import queries, services
from guanxi.codelists.models import Code, CodeList
from guanxi.foundation.errors import Conflict, Invalid, NotFound
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)
LATER = datetime.date(2027, 1, 1)
PAST = datetime.date(2024, 5, 1)


def add(actor, list_code="t_flat", **changes):
    values = {"code": "NEW", "name_zh": "新", "name_en": "new", "valid_from": TODAY, **changes}
    return services.add_code(actor=actor, list_code=list_code, **values)


def extend(actor, node_id=None, **changes):
    values = {"code": "OWN", "name_zh": "自有", "name_en": "own", "valid_from": TODAY, **changes}
    place = node_id or actor.home_id
    return services.extend_list(actor=actor, list_code="t_flat", node_id=place, **values)


def code_of(list_code, code):
    return Code.objects.get(list__code=list_code, code=code)


def last_verb():
    return AuditEntry.objects.order_by("pk").last().verb


def test_add_code_is_valid_from_its_day_and_audited(acting, flat, cast):
    actor = acting(cast.hq)
    row = add(actor, position=7, attributes={"side": "sales"})
    assert [entry.code for entry in queries.codes(actor, "t_flat", PAST)] == ["ONE", "TWO"]
    assert [entry.code for entry in queries.codes(actor, "t_flat", TODAY)] == ["ONE", "TWO", "NEW"]
    line = AuditEntry.objects.order_by("pk").last()
    assert (line.verb, line.subject_type, line.subject_id) == ("codelists.add_code", "code", str(row.pk))
    assert line.after["attributes"] == {"side": "sales"}


@pytest.mark.usefixtures("flat")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "bad"}, "code"),
        ({"code": "X_LOCAL"}, "code"),
        ({"name_zh": " "}, "name_zh"),
        ({"name_en": ""}, "name_en"),
        ({"parent": "ONE"}, "parent"),
    ],
)
def test_add_code_refuses_what_does_not_fit(acting, cast, changes, field):
    with pytest.raises(Invalid) as caught:
        add(acting(cast.hq), **changes)
    assert caught.value.field == field


def test_a_code_stands_once_in_a_list(acting, flat, cast):
    with pytest.raises(Conflict):
        add(acting(cast.hq), code="ONE")


def test_add_code_under_another_takes_the_next_level(acting, tree, cast):
    actor = acting(cast.hq)
    assert add(actor, "t_tree", code="C2", parent="B").level == 3
    with pytest.raises(Invalid, match=r"."):
        add(actor, "t_tree", code="D", parent="C")
    with pytest.raises(Invalid):
        add(actor, "t_tree", code="D", parent="MISSING")


def test_no_list_no_code(acting, cast):
    with pytest.raises(NotFound):
        add(acting(cast.hq), "nothing")


@pytest.mark.covers("CLASS-50")
def test_an_outlet_extends_a_list_and_only_its_surroundings_see_it(acting, flat, cast):
    row = extend(acting(cast.outlet_admin))
    assert (row.code, row.node_id) == ("X_OWN", cast.outlet_id)
    seen = {
        name: "X_OWN" in [entry.code for entry in queries.codes(acting(getattr(cast, name)), "t_flat", TODAY)]
        for name in ("hq", "branch", "outlet_admin", "advisor", "stranger")
    }
    assert seen == {"hq": True, "branch": True, "outlet_admin": True, "advisor": True, "stranger": False}


def test_two_outlets_may_use_the_same_own_code(acting, flat, cast):
    extend(acting(cast.outlet_admin))
    assert extend(acting(cast.stranger)).code == "X_OWN"
    with pytest.raises(Conflict):
        extend(cast.stranger)


def test_a_branch_extends_for_the_outlets_below_it(acting, flat, cast):
    extend(acting(cast.branch))
    place = cast.outlet_id
    assert "X_OWN" in [entry.code for entry in queries.codes(acting(cast.advisor), "t_flat", TODAY, place)]


def test_a_closed_list_cannot_be_extended(acting, flat, cast):
    CodeList.objects.update(is_extensible=False)
    with pytest.raises(Invalid) as caught:
        extend(acting(cast.outlet_admin))
    assert caught.value.field == "node_id"
    with pytest.raises(NotFound):
        extend(acting(cast.hq), node_id=999_999)


@pytest.mark.covers("CLASS-50")
def test_a_rename_keeps_the_old_words_for_old_days(acting, flat, cast):
    actor = acting(cast.hq)
    row = code_of("t_flat", "ONE")
    services.rename_code(actor=actor, code_id=row.pk, name_zh="新词", name_en="new", on=LATER, at=TODAY)
    assert queries.label("t_flat", "ONE", PAST).zh == "旧ONE"
    assert queries.label("t_flat", "ONE", TODAY).zh == "旧ONE"
    assert queries.label("t_flat", "ONE", LATER).zh == "新词"
    assert [label.zh for _day, label in queries.wordings(row)] == ["新词", "旧ONE"]
    assert last_verb() == "codelists.rename_code"


def test_a_second_rename_on_the_same_day_replaces_the_first(acting, flat, cast):
    actor, row = acting(cast.hq), code_of("t_flat", "ONE")
    for name in ("甲", "乙"):
        services.rename_code(actor=actor, code_id=row.pk, name_zh=name, name_en="x", on=TODAY, at=TODAY)
    assert queries.label("t_flat", "ONE", TODAY).zh == "乙"
    assert row.wordings.count() == 1
    with pytest.raises(Conflict):
        services.rename_code(actor=actor, code_id=row.pk, name_zh="乙", name_en="x", on=TODAY, at=TODAY)


def test_the_past_cannot_be_renamed(acting, flat, cast):
    actor, row = acting(cast.hq), code_of("t_flat", "ONE")
    with pytest.raises(Invalid):
        services.rename_code(actor=actor, code_id=row.pk, name_zh="甲", name_en="x", on=PAST, at=TODAY)
    new = add(actor, valid_from=LATER)
    with pytest.raises(Invalid):
        services.rename_code(actor=actor, code_id=new.pk, name_zh="甲", name_en="x", on=TODAY, at=TODAY)


def test_retire_and_reinstate(acting, flat, cast):
    actor, row = acting(cast.hq), code_of("t_flat", "ONE")
    services.retire_code(actor=actor, code_id=row.pk, on=LATER, at=TODAY)
    assert last_verb() == "codelists.retire_code"
    assert "ONE" in [entry.code for entry in queries.codes(actor, "t_flat", TODAY)]
    assert "ONE" not in [entry.code for entry in queries.codes(actor, "t_flat", LATER)]
    assert queries.label("t_flat", "ONE", LATER).zh == "旧ONE"
    with pytest.raises(Conflict):
        services.retire_code(actor=actor, code_id=row.pk, on=LATER, at=TODAY)
    services.reinstate_code(actor=actor, code_id=row.pk)
    assert last_verb() == "codelists.reinstate_code"
    assert "ONE" in [entry.code for entry in queries.codes(actor, "t_flat", LATER)]
    with pytest.raises(Conflict):
        services.reinstate_code(actor=actor, code_id=row.pk)


def test_parents_outlive_their_children(acting, tree, cast):
    actor = acting(cast.hq)
    above, below = code_of("t_tree", "B"), code_of("t_tree", "C")
    with pytest.raises(Conflict):
        services.retire_code(actor=actor, code_id=above.pk, on=TODAY, at=TODAY)
    for row in (below, above):
        services.retire_code(actor=actor, code_id=row.pk, on=TODAY, at=TODAY)
    with pytest.raises(Conflict):
        services.reinstate_code(actor=actor, code_id=below.pk)


def test_move_takes_everything_beneath_along(acting, tree, cast):
    actor, row = acting(cast.hq), code_of("t_tree", "B")
    services.move_code(actor=actor, code_id=row.pk, parent="", position=5)
    levels = dict(Code.objects.filter(list=tree).values_list("code", "level"))
    assert levels == {"A": 1, "B": 1, "C": 2}
    assert last_verb() == "codelists.move_code"
    services.move_code(actor=actor, code_id=row.pk, parent="A", position=5)
    assert code_of("t_tree", "C").level == 3


def test_move_refuses_circles_and_depth(acting, tree, cast):
    actor = acting(cast.hq)
    with pytest.raises(Invalid):
        services.move_code(actor=actor, code_id=code_of("t_tree", "A").pk, parent="C", position=0)
    add(actor, "t_tree", code="A2")
    services.move_code(actor=actor, code_id=code_of("t_tree", "A2").pk, parent="B", position=0)
    with pytest.raises(Invalid):
        services.move_code(actor=actor, code_id=code_of("t_tree", "A2").pk, parent="C", position=0)


@pytest.mark.parametrize(
    "broken",
    [
        {"code": "lower"},
        {"code": "X_NO_PLACE"},
        {"code": "ONE"},
        {"code": "DAYS", "valid_to": datetime.date(2019, 1, 1)},
        {"code": "LEVEL", "level": 2},
    ],
)
def test_the_database_refuses_what_the_service_would(flat, broken):
    values = {"name_zh": "甲", "name_en": "a", "valid_from": datetime.date(2020, 1, 1), **broken}
    with pytest.raises(IntegrityError), transaction.atomic():
        Code.objects.create(list=flat, **values)


def test_own_codes_stand_under_central_or_own_ones_that_hold(acting, tree, cast):
    CodeList.objects.filter(code="t_tree").update(is_extensible=True)
    actor = acting(cast.outlet_admin)

    def under(parent, code):
        return services.extend_list(
            actor=actor, list_code="t_tree", node_id=cast.outlet_id, code=code, name_zh="自有", name_en="own",
            valid_from=TODAY, parent=parent,
        )  # fmt: skip

    assert under("A", "FIRST").level == 2
    assert under("X_FIRST", "SECOND").level == 3
    services.retire_code(actor=actor, code_id=code_of("t_tree", "X_SECOND").pk, on=TODAY, at=TODAY)
    with pytest.raises(Invalid) as caught:
        under("X_SECOND", "THIRD")
    assert caught.value.field == "parent"
