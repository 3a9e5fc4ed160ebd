"""What habits of spending a customer has: chosen from a list, shown, kept in a merge, asked for by a check list."""

import json

import pytest
from django.urls import reverse
from tests.apicalls import caller
from tests.customers.conftest import AT

from guanxi.access.models import Role
from guanxi.customers.models import Customer
from guanxi.customers.services import merging, recording
from guanxi.foundation import db, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid
from guanxi.records.models import AuditEntry


def change(cast, row, habits):
    return recording.change_customer(actor=cast.admin, customer_id=row.pk, fields={"habits": habits}, at=AT)


@pytest.mark.covers("INFO-07")
@pytest.mark.parametrize(("language", "words"), [("en", "Comes at the weekend"), ("zh-hans", "周末来店")])
def test_habits_are_chosen_from_the_list_and_stand_on_page_and_card(add, cast, signed_in, language, words):
    row = add(fields={"habits": ["WEEKEND", "PRICE", "WEEKEND"]})
    assert Customer.objects.get(pk=row.pk).habits == ["PRICE", "WEEKEND"]
    client = signed_in("admin", language)
    for name in ("customers:customer", "customers:card"):
        assert words in client.get(reverse(name, args=[row.pk])).content.decode()
    form = client.get(reverse("customers:change-customer", args=[row.pk])).content.decode()
    assert form.count("checked") == 2
    typed = {"name": "王小明", "gender": "", "habits": ["CARD"]}
    assert client.post(reverse("customers:change-customer", args=[row.pk]), typed).status_code == 302
    db.set_scope(SYSTEM)
    assert Customer.objects.get(pk=row.pk).habits == ["CARD"]
    entry = AuditEntry.objects.filter(verb="customers.change_customer").latest("pk")
    assert (entry.before["habits"], entry.after["habits"]) == (["PRICE", "WEEKEND"], ["CARD"])


def test_a_new_customer_has_none_or_those_that_were_chosen(cast, signed_in, add):
    form = signed_in("admin").get(reverse("customers:add-customer")).content.decode()
    assert 'value="ORIGINAL_PARTS"' in form
    assert add().habits == []


def test_a_habit_that_is_none_of_the_list_is_refused(add, cast):
    row = add()
    with pytest.raises(Invalid) as refusal:
        change(cast, row, ["WEEKEND", "GENEROUS"])
    assert [problem.field for problem in refusal.value.problems] == ["habits"]
    assert Customer.objects.get(pk=row.pk).habits == []


def test_in_a_merge_those_of_the_one_that_stays_hold_unless_it_has_none(add, cast):
    kept, gone = add("王小明", "13812345678"), add("王晓明", "13912345678", fields={"habits": ["PRICE"]})
    made = merging.merge_customers(actor=cast.admin, kept_id=kept.pk, gone_id=gone.pk, choices={}, at=AT)
    assert Customer.objects.get(pk=kept.pk).habits == ["PRICE"]
    merging.undo_merge(actor=cast.admin, merge_id=made.pk, at=AT)
    assert Customer.objects.get(pk=kept.pk).habits == []


def test_over_the_api(add, cast):
    row = add()
    api, address = caller(cast.admin), f"/api/v1/customers/{row.pk}"
    answer = api.patch(address, json.dumps({"habits": ["WAITS"]}), "application/json")
    assert (answer.status_code, answer.json()["habits"]) == (200, ["WAITS"])
    assert api.patch(address, json.dumps({"habits": ["NEVER"]}), "application/json").status_code == 422
    assert api.patch(address, json.dumps({"hobbies": "钓鱼"}), "application/json").json()["habits"] == ["WAITS"]


@pytest.mark.covers("INFO-07")
def test_a_check_list_asks_every_month_whether_files_are_collected_by_the_standard(cast):
    part = next(part for part in presets.read("svw_dealer") if part.loader.key == "checklists")
    (entry,) = part.data.lists
    assert (entry.every, entry.outlets) == (20, "ALL")
    assert {"standard", "habits"} <= {item.code for item in entry.item}
    assert Role.objects.filter(pk__in=(entry.role, entry.fixer), is_current=True).count() == 2
