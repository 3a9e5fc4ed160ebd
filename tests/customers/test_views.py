"""Pages of customers, without JavaScript."""

import pytest
from django.urls import reverse
from tests.counting import queries_of
from tests.customers.conftest import relation_of

from guanxi.customers.models import ContactPoint, Customer, Merge, Relation
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
NEW = {"name": "王小明", "mobile": "138 1234 5678", "category": "OWNER", "source": "", "province": "", "city": "长沙"}


def page(client, address, /, *args, **query):
    answer = client.get(reverse(f"customers:{address}", args=args), query)
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def send(client, address, /, *args, **data):
    return client.post(reverse(f"customers:{address}", args=args), data)


def test_the_list_shows_masked_numbers_and_is_found_in_any_way(add, signed_in):
    add("曾小明", "13812345678")
    add("赵敏", "13912345670")
    client = signed_in("crm")
    text = page(client, "customers")
    assert "曾小明" in text
    assert "138 **** 5678" in text
    assert "13812345678" not in text
    for wanted in ("zxm", "5678", "小明"):
        found = page(client, "customers", q=wanted)
        assert "曾小明" in found, wanted
        assert "赵敏" not in found, wanted


@pytest.mark.covers("NFR-08")
@pytest.mark.parametrize("who", ["crm", "branch", "hq"])
def test_a_list_and_a_page_cost_the_same_whatever_the_data(add, signed_in, who):
    row = add("王一", "13800000101")
    client = signed_in(who)

    def list_page():
        client.get("/customers/?size=50")

    one = queries_of(list_page), queries_of(lambda: client.get(f"/customers/{row.pk}/"))
    for number in range(6):
        add(f"王{number}号", f"1380000020{number}")
    signed_in(who)
    many = queries_of(list_page), queries_of(lambda: client.get(f"/customers/{row.pk}/"))
    assert many == one


@pytest.mark.covers("INFO-14")
def test_a_customer_is_added_with_a_name_and_a_number(signed_in, cast):
    client = signed_in("sales")
    answer = send(client, "add-customer", **NEW, outlet=cast.outlet_id)
    row = Customer.objects.get(name="王小明")
    assert answer["Location"] == f"/customers/{row.pk}/"
    assert (row.addresses.get().province, row.addresses.get().city) == ("43", "4301")
    assert row.points.get().value == "13812345678"


@pytest.mark.parametrize(
    ("change", "text"),
    [({"mobile": "12345"}, "eleven digits"), ({"name": "123"}, "not a name"), ({"mobile": ""}, "at least one number"),
     ({"city": "某市"}, "No division"), ({"identity_number": "1101051949123100"}, "not an identity number"),
     ({"born_on": "2090-01-01"}, "Nobody was born")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(signed_in, cast, change, text):
    answer = send(signed_in("sales"), "add-customer", **{**NEW, **change}, outlet=cast.outlet_id)
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert not Customer.objects.filter(name="王小明").exists()


@pytest.mark.covers("INFO-23")
def test_who_may_be_the_same_is_shown_and_may_be_overruled(add, signed_in, cast):
    add("王晓明", "13812345678")
    client = signed_in("sales")
    fragment = client.get("/customers/alike/", {"mobile": "138-1234-5678"}).content.decode()
    assert "王晓明" in fragment
    assert "<html" not in fragment
    asked = send(client, "add-customer", **NEW, outlet=cast.outlet_id).content.decode()
    assert "王晓明" in asked
    assert 'type="checkbox" name="confirmed"' in asked
    assert not Customer.objects.filter(name="王小明").exists()
    assert send(client, "add-customer", **NEW, outlet=cast.outlet_id, confirmed="on").status_code == 302
    assert Customer.objects.filter(name="王小明").exists()


@pytest.mark.covers("NFR-01")
def test_a_number_is_shown_on_demand_and_only_once(add, signed_in):
    row = add()
    client = signed_in("crm")
    point = row.points.get()
    assert "13812345678" not in page(client, "customer", row.pk)
    shown = send(client, "reveal-point", row.pk, point.pk).content.decode()
    assert "13812345678" in shown
    assert "13812345678" not in page(client, "customer", row.pk)
    assert AuditEntry.objects.filter(verb="customers.reveal_phone", subject_id=str(row.pk)).count() == 1


def test_every_form_of_a_customer_opens_and_saves(add, signed_in, cast):
    row = add()
    other = add("李雷", "13712340000")
    client = signed_in("crm")
    held = relation_of(row, cast.outlet_id)
    acts = [
        ("change-customer", [row.pk], {"name": "王大明", "gender": "M", "hobbies": "钓鱼"}),
        ("add-point", [row.pk], {"channel": "EMAIL", "value": "W@X.cn"}),
        ("set-address", [row.pk], {"kind": "HOME", "city": "长沙", "district": "岳麓区", "line": "某路1号"}),
        ("change-relation", [held.pk], {"category": "LOST", "tags": "车队，VIP"}),
        ("associate", [row.pk], {"tie": "HOUSEHOLD", "other": "李雷"}),
        ("write-note", [row.pk], {"body": "周末来"}),
        ("set-point-state", [row.pk, row.points.get().pk], {"state": "REACHED"}),
    ]
    for name, args, data in acts:
        if name not in {"write-note", "set-point-state"}:
            page(client, name, *args)
        assert send(client, name, *args, **data).status_code == 302, name
    text = page(client, "customer", row.pk) + page(client, "happened", row.pk)
    for wanted in ("王大明", "w***@x.cn", "湖南省长沙市岳麓区某路1号", "VIP", "李雷", "周末来", "钓鱼", "Lost deal"):
        assert wanted in text, wanted
    assert Relation.objects.get(pk=held.pk).tags == ["VIP", "车队"]
    assert other.name in page(client, "card", row.pk)


def test_an_unclear_other_is_refused(add, signed_in):
    row = add()
    add("李雷", "13712340000")
    add("李蕾", "13712340001")
    client = signed_in("crm")
    for other, text in (("李", "Several"), ("没有这人", "Nobody")):
        answer = send(client, "associate", row.pk, tie="HOUSEHOLD", other=other)
        assert answer.status_code == 422
        assert text in answer.content.decode()


@pytest.mark.covers("INFO-23")
def test_two_are_compared_merged_and_made_two_again(add, signed_in):
    kept, gone = add("王小明", "13812345678"), add("王晓明", "13912345678", fields={"hobbies": "打球"})
    client = signed_in("crm")
    compared = send(client, "merge", id=[kept.pk, gone.pk]).content.decode()
    assert "王晓明" in compared
    assert "打球" in compared
    answer = send(client, "merge", kept=kept.pk, gone=gone.pk, name="gone")
    assert answer["Location"] == f"/customers/{kept.pk}/"
    text = page(client, "customer", kept.pk)
    assert "王晓明" in text
    assert client.get(f"/customers/{gone.pk}/").status_code == 404
    assert send(client, "undo-merge", Merge.objects.get().pk).status_code == 302
    assert "王小明" in page(client, "customer", kept.pk)
    assert "王晓明" in page(client, "customer", gone.pk)


def test_one_or_three_are_not_merged(add, signed_in):
    rows = [add(f"王{n}", f"1390000010{n}") for n in range(3)]
    client = signed_in("crm")
    for chosen in ([rows[0].pk], [row.pk for row in rows], ["x", "y"]):
        assert send(client, "merge", id=chosen).status_code == 422


@pytest.mark.covers("FORM-08", "FORM-09", "INFO-12")
def test_the_card_holds_what_the_forms_ask_for(add, signed_in, cast):
    row = add(fields={"hobbies": "打球"}, identity_number="11010519491231002X", source="WALK_IN")
    text = page(signed_in("crm"), "card", row.pk)
    for wanted in (
        "Customer card",
        "王小明",
        "138 **** 5678",
        "**************002X",
        "打球",
        "Knows our place",
        "Contact log",
    ):
        assert wanted in text, wanted


@pytest.mark.covers("INFO-34", "KPI-06", "CC-24")
def test_the_quality_of_outlets_is_ranked(add, signed_in, acting):
    from tests.customers.conftest import AT, DAY

    from guanxi.customers.services import grading

    add("测试", "13712340000")
    acting(SYSTEM)
    grading.grade_stale(at=AT, day=DAY)
    text = page(signed_in("hq"), "quality")
    assert "Valid ratio (KPI-06)" in text
    assert "quality=low" in text
    assert "Data quality" in page(signed_in("gm"), "quality")


def test_an_export_masks_and_names_its_reader(add, signed_in):
    add()
    answer = signed_in("crm").get("/customers/", {"export": "csv"})
    text = answer.content.decode("utf-8-sig")
    assert "王小明" in text
    assert "138 **** 5678" in text
    assert "13812345678" not in text
    assert "Exported by 曾雨桐" in text
    assert signed_in("sales").get("/customers/", {"export": "csv"}).status_code == 403


@pytest.mark.covers("SUP-16")
def test_an_exported_list_says_by_what_it_was_chosen(add, signed_in):
    add()
    client = signed_in("crm")
    text = client.get("/customers/", {"export": "csv", "category": "OWNER", "q": "王小明"}).content.decode("utf-8-sig")
    (last,) = [line for line in text.splitlines() if "Exported by" in line]
    assert last.rstrip('"').endswith(" · Category: Retained customer · Search: 王小明"), last
    plain = client.get("/customers/", {"export": "csv", "category": "NONSENSE"}).content.decode("utf-8-sig")
    assert "NONSENSE" not in plain


def test_the_palette_finds_customers_by_initials(add, signed_in):
    row = add("曾小明", "13812345678")
    text = signed_in("crm").get("/palette/", {"q": "zxm"}).content.decode()
    assert f"/customers/{row.pk}/" in text


def test_a_customer_of_another_outlet_is_not_there(elsewhere, signed_in):
    row = elsewhere()
    client = signed_in("crm")
    for name in ("customer", "card", "change-customer", "set-address", "add-point", "relate", "associate"):
        assert client.get(reverse(f"customers:{name}", args=[row.pk])).status_code == 404, name
    assert ContactPoint.objects.filter(customer_id=row.pk).count() <= 1


def test_a_customer_page_and_a_list_take_few_queries(add, signed_in, django_assert_max_num_queries):
    """Sign-in, rights and shell take seven (and the test's savepoint two); the page's own are what is left (INFO-21)."""
    row = add("王小明", mobile="13800000011")
    client = signed_in("crm")
    page(client, "customers")
    with django_assert_max_num_queries(2 + 7 + 12):
        page(client, "customer", row.pk)
    with django_assert_max_num_queries(2 + 7 + 7):
        page(client, "customers")


def test_a_merge_says_channels_by_their_names(add, signed_in):
    kept, gone = add("王小明", fields={"preferred_channel": "EMAIL"}), add("王晓明", "13700000001")
    text = page(signed_in("crm"), "merge", kept=kept.pk, gone=gone.pk)
    assert "E-mail" in text
    assert "EMAIL" not in text


@pytest.mark.covers("INFO-10")
def test_an_industry_is_chosen_from_the_list_and_shown_in_words(add, signed_in):
    row, other = add(fields={"industry": "养鸽子"}), add("赵敏", "13912345670", fields={"industry": "TRADE"})
    client = signed_in("admin")
    form = page(client, "change-customer", row.pk)
    assert '<option value="养鸽子" selected>' in form
    assert "Wholesale and retail" in form
    assert "Wholesale and retail" in page(client, "customer", other.pk)
    assert "批发和零售业" in page(signed_in("admin", "zh-hans"), "card", other.pk)
    assert "养鸽子" in page(client, "customer", row.pk)
    values = {"name": row.name, "industry": "FINANCE"}
    assert send(client, "change-customer", row.pk, **values).status_code == 302
    assert send(client, "change-customer", row.pk, name=row.name, industry="NONE").status_code == 422
    assert "Finance" in page(client, "customer", row.pk)
