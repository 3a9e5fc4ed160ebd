"""Numbers of records: read with their letters and without, found from everywhere by those who may look."""

import pytest
from django.urls import reverse

from guanxi.foundation import db, numbers
from guanxi.foundation.actor import SYSTEM
from guanxi.network.models import Node


@pytest.mark.parametrize(
    ("text", "key"),
    [("TS0000012", 12), (" ts12 ", 12), ("12", 12), ("JY000012", None), ("TS", None), ("", None), ("TS1x", None),
     ("TS" + "9" * 18, int("9" * 18)), ("TS" + "9" * 19, None)],
)  # fmt: skip
def test_a_number_is_read_with_its_letters_or_without(text, key):
    assert numbers.key_of(text, "TS") == key


@pytest.mark.django_db
def test_what_is_no_number_matches_nothing_and_no_key_is_too_long(cast):
    db.set_scope(SYSTEM)
    everywhere = Node.objects.count()
    assert list(Node.objects.filter(numbers.matching(f"XX{cast.outlet_id}", "XX"))) == [
        Node.objects.get(pk=cast.outlet_id)
    ]
    for text in ("name", "XX" + "9" * 18):
        assert not Node.objects.filter(numbers.matching(text, "XX")).exists()
    assert Node.objects.exclude(numbers.matching("name", "XX")).count() == everywhere


def test_each_kind_has_letters_of_its_own_and_a_page():
    kinds = list(numbers.kinds())
    assert {"TS", "JS", "YT", "WJ", "JY", "XZ", "XJ", "ZG", "ZX", "ZS", "WT", "XQ", "HD", "ZH", "ZY"} <= {
        kind.letters for kind in kinds
    }
    for kind in kinds:
        assert reverse(kind.page, args=[1])


@pytest.mark.django_db
def test_only_who_may_look_finds_it_and_other_words_cost_nothing(acting, cast, django_assert_num_queries):
    service = acting(cast.service)  # reads knowledge, knows of no crisis
    with django_assert_num_queries(0):
        for text in ("", "XQ", "XQx", "QQ12", "王小明", "12", "XQ12x", "WJ12"):
            assert numbers.find(service, text) == []
    with django_assert_num_queries(1):
        assert numbers.find(service, "xq12") == []
