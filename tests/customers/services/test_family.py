"""Birthdays of a customer's family: noted, shown, printed, taken back, and greeted by a rule (INFO-09)."""

import datetime
import json

import pytest
from django.db import Error, transaction
from tests.apicalls import caller
from tests.counting import queries_of
from tests.customers.conftest import AT, DAY

from guanxi.customers import policy
from guanxi.customers.models import FamilyMember
from guanxi.customers.services import family, merging, relating
from guanxi.customers.services.family import NewMember
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
WIFE = NewMember("SPOUSE", 5, 12, 1986, "李梅")


def note(actor, row, member=WIFE):
    return family.add_family_member(actor=actor, customer_id=row.pk, member=member, at=AT)


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-1500:]
    return response.content.decode()


@pytest.mark.parametrize(
    ("month", "day", "year", "holds"),
    [
        (2, 29, None, True), (2, 29, 1999, False), (2, 30, None, False), (4, 31, None, False), (12, 31, 1899, False),
        (6, 10, 2026, True), (6, 11, 2026, False), (13, 1, None, False), (6, 11, None, True),
    ],
)  # fmt: skip
def test_on_which_day_somebody_can_be_born(month, day, year, holds):
    assert policy.is_birthday(month, day, year, datetime.date(2026, 6, 10)) is holds


@pytest.mark.covers("INFO-09")
def test_a_birthday_is_noted_once_and_taken_back(add, cast, acting):
    row = add()
    made = note(cast.admin, row)
    assert (made.kin, made.name, policy.birthday(made.month, made.day, made.year)) == ("SPOUSE", "李梅", "1986-05-12")
    with pytest.raises(Conflict):
        note(cast.admin, row)
    for wrong in (NewMember("CHILD", 2, 30), NewMember("CHILD", DAY.month, DAY.day, DAY.year + 1)):
        with pytest.raises(Invalid) as refused:
            note(cast.admin, row, wrong)
        assert refused.value.problems[0].field == "day"
    family.remove_family_member(actor=cast.admin, customer_id=row.pk, member_id=made.pk)
    assert not FamilyMember.objects.filter(customer=row).exists()
    with pytest.raises(NotFound):
        family.remove_family_member(actor=cast.admin, customer_id=row.pk, member_id=made.pk)
    acting(SYSTEM)
    lines = AuditEntry.objects.filter(verb="customers.change_customer", subject_id=str(row.pk)).order_by("pk")
    facts = {"kin": "SPOUSE", "name": "李梅", "birthday": "1986-05-12"}
    assert [(line.before, line.after) for line in lines] == [(None, facts), (facts, None)]


def test_a_company_has_no_family(add, cast):
    row = add("上海运输有限公司", fields={"kind": "COMPANY"})
    with pytest.raises(Invalid):
        note(cast.admin, row)


@pytest.mark.covers("ORG-35")
def test_who_may_note_and_who_may_see(add, cast, acting):
    row = add()
    made = note(cast.admin, row)
    for actor, refusal in ((cast.stranger, NotFound), (cast.auditor, NotAllowed)):
        acting(actor)
        with pytest.raises(refusal):
            note(actor, row, NewMember("CHILD", 1, 2))
        with pytest.raises(refusal):
            family.remove_family_member(actor=actor, customer_id=row.pk, member_id=made.pk)
    acting(cast.stranger)
    assert not FamilyMember.objects.filter(pk=made.pk).exists()
    acting(cast.branch)
    assert FamilyMember.objects.filter(pk=made.pk).exists()


def test_the_database_knows_the_days(add, cast):
    row = add()
    db.set_scope(SYSTEM)
    for month, day, year in ((2, 30, None), (4, 31, None), (1, 0, None), (1, 1, 1800)):
        with pytest.raises(Error), transaction.atomic():
            FamilyMember.objects.create(customer=row, kin="CHILD", month=month, day=day, year=year, noted_at=AT)


def test_a_merge_moves_the_family_and_leaves_what_both_have(add, cast, acting):
    kept, gone = add(), add("王晓明", "13812345679")
    note(cast.admin, kept)
    note(cast.admin, gone)
    note(cast.admin, gone, NewMember("CHILD", 6, 1, None, "小宝"))
    acting(cast.hq)
    merging.merge_customers(actor=cast.hq, kept_id=kept.pk, gone_id=gone.pk, choices={}, at=AT)
    assert sorted(FamilyMember.objects.filter(customer=kept).values_list("name", flat=True)) == ["小宝", "李梅"]


@pytest.mark.covers("INFO-09")
def test_the_page_and_the_card_show_the_family_with_those_of_the_household(add, cast, signed_in):
    row = add()
    other = add("李梅梅", "13812345670", fields={"born_on": datetime.date(1990, 3, 4)})
    relating.associate(actor=cast.admin, customer_id=row.pk, other_id=other.pk, tie="HOUSEHOLD", at=AT)
    client = signed_in("admin")
    path = f"/customers/{row.pk}/family/"
    assert 'name="month"' in text(client.get(path))
    typed = {"kin": "CHILD", "name": "小宝", "month": "6", "day": "1", "year": ""}
    assert client.post(path, typed).status_code == 302
    assert "Nobody can be born on this day." in text(client.post(path, typed | {"month": "2", "day": "31"}), 422)
    for address in (f"/customers/{row.pk}/", f"/customers/{row.pk}/card/"):
        page = text(signed_in("auditor").get(address))
        for word in ("小宝", "06-01", "李梅梅", "1990-03-04", "Same household"):
            assert word in page, (address, word)
        assert page.index("1990-03-04") < page.index("06-01")
        assert "family/" not in page
    db.set_scope(SYSTEM)
    member = FamilyMember.objects.get(customer=row)
    assert client.get(f"{path}{member.pk}/remove/").status_code == 404
    assert signed_in("stranger").post(f"{path}{member.pk}/remove/").status_code == 404
    assert signed_in("auditor").get(path).status_code == 403
    assert client.post(f"{path}{member.pk}/remove/").status_code == 302
    alone = add("赵敏", "13912345670")
    assert "No birthday of the family is known." in text(signed_in("admin").get(f"/customers/{alone.pk}/"))


def test_the_page_costs_the_same_whatever_the_family(add, cast, signed_in):
    row, client = add(), signed_in("admin")
    note(cast.admin, row)
    few = queries_of(lambda: client.get(f"/customers/{row.pk}/"))
    db.set_scope(SYSTEM)
    for day in (2, 3):
        FamilyMember.objects.create(customer=row, kin="CHILD", month=6, day=day, noted_at=AT)
    assert queries_of(lambda: client.get(f"/customers/{row.pk}/")) == few


@pytest.mark.covers("INFO-09", "SYS-22")
def test_the_family_over_the_api(add, cast):
    row = add()
    path = f"/api/v1/customers/{row.pk}/family"

    def send(client, method, address, status, **body):
        response = getattr(client, method)(address, json.dumps(body), "application/json")
        assert response.status_code == status, response.content.decode()
        return json.loads(response.content) if response.content else None

    client = caller(cast.admin)
    made = send(client, "post", path, 201, kin="PARENT", month=2, day=29, name="王父")
    assert (made["name"], made["month"], made["day"], made["year"], made["customer_id"]) == ("王父", 2, 29, None, None)
    assert json.loads(client.get(path).content) == [made]
    assert send(client, "post", path, 409, kin="PARENT", month=2, day=29, name="王父")
    assert send(client, "post", path, 422, kin="PARENT", month=2, day=30)
    assert send(client, "post", path, 422, kin="COUSIN", month=2, day=3)
    assert caller(cast.stranger).get(path).status_code == 404
    assert send(client, "delete", f"{path}/{made['member_id']}", 204) is None
    assert json.loads(client.get(path).content) == []
