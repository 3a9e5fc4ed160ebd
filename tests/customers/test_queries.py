"""Finding customers, and who sees whom."""

import pytest
from django.db import connection
from tests.counting import queries_of

from guanxi.customers import queries
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.db import scoped
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
TABLES = (
    "customers_customer", "customers_contactpoint", "customers_address", "customers_relation", "customers_token",
    "customers_quality", "customers_note", "customers_externalid", "customers_association", "customers_merge",
    "customers_outletquality",
)  # fmt: skip


def hits(actor, text):
    return [hit.customer.name for hit in queries.find(actor, text, 50)]


@pytest.mark.covers("INFO-05")
@pytest.mark.parametrize(
    "text",
    ["13857142630", "138 5714 2630", "+86 13857142630", "2630", "42630", "曾小犇", "小犇", "犇", "曾小", "zengxiaoben",
     "zengxiaob", "zxb", "ZXB"],
)  # fmt: skip
def test_a_customer_is_found_however_he_is_remembered(add, cast, text):
    add("李四", "13700000001")
    add("曾小犇", "13857142630")
    found = hits(cast.admin, text)
    assert "曾小犇" in found
    assert "李四" not in found


@pytest.mark.parametrize("text", ["", " ", "·", "138", "99999999", "qqxy", "龘", "'; DROP TABLE x", "%", "\\", "𠮷"])
def test_what_nobody_is_called_finds_nobody(add, cast, text):
    add("曾小明", "13812345678")
    assert hits(cast.admin, text) == []


def test_companies_are_found_by_any_part(add, cast):
    add("长沙伟豪物流有限公司", "13500000001")
    for text in ("伟豪", "物流有限", "长沙伟豪物流有限公司", "cswh"):
        assert "长沙伟豪物流有限公司" in hits(cast.admin, text), text


@pytest.mark.covers("ORG-35", "NFR-06")
def test_the_next_outlet_sees_nothing_in_no_table(add, cast, acting):
    add(address={"province": "31"}, identity_number="11010519491231002X")
    acting(cast.stranger)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%%小明%%' OR t::text LIKE '%%87654321831%%'"
            )
            assert cursor.fetchone()[0] == 0, table
        cursor.execute("SELECT count(*) FROM customers_word WHERE token LIKE '%小明%'")
        assert cursor.fetchone()[0] == 0
    assert not AuditEntry.objects.filter(subject_type="customer").exists()


def test_those_above_the_outlet_see_its_customers(add, cast, acting):
    add()
    for who, seen in (("gm", True), ("sales", True), ("office", True), ("branch", True), ("hq", True), ("agent", True),
                      ("stranger", False), ("rescue", False)):  # fmt: skip
        actor = acting(getattr(cast, who))
        assert ("王小明" in hits(actor, "13812345678")) == seen, who


def test_finding_costs_the_same_for_one_and_for_many(add, cast):
    add("曾小明", "13812345678")
    one = queries_of(lambda: hits(cast.admin, "小明"))
    for number in range(8):
        add("曾小明", f"1391234567{number}")
    assert queries_of(lambda: hits(cast.admin, "小明")) == one <= 4


@pytest.mark.covers("INFO-23")
def test_who_may_be_the_same_is_seen_before_he_is_written(add, elsewhere, cast, acting):
    add("王小明", "13812345678")
    elsewhere("王小明", "13912345678")
    acting(cast.admin)
    assert [row.name for row in queries.alike(cast.admin, name="", mobile="13812345678")] == ["王小明"]
    assert len(queries.alike(cast.admin, name="王小明", mobile="")) == 1
    assert queries.alike(cast.admin, name="王", mobile="") == []


def test_words_of_other_outlets_follow_a_change(add, elsewhere, cast, acting):
    there = elsewhere()
    here = add("李四海", "13900001111")
    assert here.pk == there.pk
    from tests.customers.conftest import AT

    from guanxi.customers.services import recording

    recording.change_customer(actor=cast.admin, customer_id=here.pk, fields={"name": "李五湖"}, at=AT)
    acting(cast.stranger)
    assert hits(cast.stranger, "五湖") == ["李五湖"]
    assert hits(cast.stranger, "四海") == []


def test_the_scope_of_words_ends_with_the_transaction(add, cast):
    add()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('guanxi.everything', '', true), set_config('guanxi.nodes', '{}', true)")
        cursor.execute("SELECT count(*) FROM customers_token")
        assert cursor.fetchone()[0] == 0


def test_a_stranger_in_scope_of_nothing_has_no_customer(cast):
    with scoped(SYSTEM):
        pass
    assert queries.find(cast.rescue, "13812345678", 5) == []
