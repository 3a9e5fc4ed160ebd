"""What a list held on a day, at the cost of a fixed number of queries."""

import datetime

import pytest
from django.utils import translation

from guanxi.codelists import queries
from guanxi.codelists.models import Code, CodeList, CodeWording
from guanxi.codelists.states import Standing
from guanxi.foundation.actor import NOBODY, SYSTEM
from guanxi.foundation.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)


def more(found, number):
    for i in range(number):
        row = Code.objects.create(
            list=found, code=f"M{i}", name_zh="甲", name_en="a", valid_from=datetime.date(2020, 1, 1)
        )
        CodeWording.objects.create(code=row, name_zh="乙", name_en="b", valid_from=datetime.date(2021, 1, 1))


@pytest.mark.parametrize("number", [1, 3])
def test_codes_cost_one_query(flat, django_assert_num_queries, number):
    more(flat, number)
    with django_assert_num_queries(1):
        entries = queries.codes(SYSTEM, "t_flat", TODAY)
    assert len(entries) == 2 + number
    assert {entry.name_zh for entry in entries if entry.code.startswith("M")} == {"乙"}


@pytest.mark.parametrize("number", [1, 3])
def test_labels_cost_one_query(flat, django_assert_num_queries, number):
    more(flat, number)
    with django_assert_num_queries(1):
        assert queries.labels("t_flat", TODAY)["M0"].zh == "乙"


@pytest.mark.parametrize("number", [1, 3])
def test_the_numbers_of_all_lists_cost_one_query(acting, flat, django_assert_num_queries, number):
    more(flat, number)
    with django_assert_num_queries(1):
        rows = {row.code: row for row in queries.counted(queries.visible_to(SYSTEM), TODAY)}
    assert (rows["t_flat"].central, rows["t_flat"].local) == (2 + number, 0)


def test_a_label_speaks_the_readers_language(flat):
    label = queries.label("t_flat", "ONE", TODAY)
    with translation.override("en"):
        assert label.name == "old ONE"
    with translation.override("zh-hans"):
        assert label.name == "旧ONE"
        assert queries.in_language("", "only") == "only"


def test_an_unknown_code_has_no_label(flat):
    assert queries.label("t_flat", "NONE", TODAY) is None


def test_codes_that_do_not_hold_are_shown_on_demand(flat):
    Code.objects.filter(code="ONE", list=flat).update(valid_to=datetime.date(2021, 1, 1))
    Code.objects.create(list=flat, code="SOON", name_zh="甲", name_en="a", valid_from=datetime.date(2030, 1, 1))
    entries = queries.codes(SYSTEM, "t_flat", TODAY, with_others=True)
    assert {entry.code: entry.standing for entry in entries} == {
        "ONE": Standing.RETIRED,
        "TWO": Standing.VALID,
        "SOON": Standing.FUTURE,
    }


def test_nobody_reads_nothing(flat):
    assert not queries.visible_to(NOBODY).exists()
    assert not queries.codes_visible_to(NOBODY).exists()
    with pytest.raises(NotAllowed):
        queries.one_list(NOBODY, "t_flat")


def test_what_is_not_there_is_not_found(flat):
    with pytest.raises(NotFound):
        queries.one_list(SYSTEM, "nothing")
    with pytest.raises(NotFound):
        queries.one_code(SYSTEM, 0)


def test_provinces_come_in_order(acting):
    found, _new = CodeList.objects.get_or_create(code="provinces", defaults={"name_zh": "省", "name_en": "P"})
    Code.objects.filter(list=found).update(valid_to=datetime.date(2021, 1, 1))
    for position, code in ((20, "98"), (10, "99")):
        Code.objects.create(
            list=found,
            code=code,
            name_zh="甲",
            name_en="a",
            position=position,
            valid_from=datetime.date(2020, 1, 1),
        )
    assert list(queries.provinces()) == ["99", "98"]


def test_places_to_extend(acting, cast):
    assert [node.pk for node in queries.places_to_extend(acting(cast.outlet_admin), TODAY)] == [cast.outlet_id]
    assert queries.places_to_extend(acting(cast.advisor), TODAY) == []
    below = {node.pk for node in queries.places_to_extend(acting(cast.branch), TODAY)}
    assert {cast.branch_id, cast.outlet_id} <= below
    assert cast.other_outlet_id not in below
    assert queries.places_to_extend(acting(cast.hq), TODAY)
