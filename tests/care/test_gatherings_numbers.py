"""Invitation lists with whole numbers: who may take them, what is in them, what the trail keeps."""

import io

import pytest
from openpyxl import load_workbook
from tests.apicalls import caller
from tests.care.conftest import days
from tests.care.test_gatherings_pages import TODAY, open_list, owners  # noqa: F401 -- fixtures
from tests.counting import queries_of

from guanxi.care.services import inviting, proposals
from guanxi.customers.models import ContactPoint, Relation
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed, NotFound
from guanxi.records.models import AuditEntry


def address(row):
    return f"/care/gatherings/{row.pk}/export-invited/"


def sheet(answer):
    return [
        [cell for cell in line if cell is not None] for line in load_workbook(io.BytesIO(answer.content)).active.values
    ]


@pytest.mark.covers("NFR-01")
def test_the_file_has_whole_numbers_of_the_invited_and_the_readers_name(signed_in, open_list, cast):  # noqa: F811
    row, people = open_list
    lines = sheet(signed_in("crm").post(address(row)))
    assert [line[:2] for line in lines[1:3]] == [["林一", "13600130001"], ["林二", "13600130002"]]
    assert len(lines) == 4
    assert cast.crm.name in lines[3][0]
    db.set_scope(SYSTEM)
    line = AuditEntry.objects.get(verb="care.reveal_invited")
    assert (line.subject_id, line.node_id, line.person_name) == (str(row.pk), cast.outlet_id, cast.crm.name)
    assert line.after == {"people": 2, "customers": [people[0].pk, people[1].pk]}
    assert AuditEntry.objects.get(verb="care.export_gatherings").after["rows"] == 2


@pytest.mark.parametrize(("who", "status"), [("gm", 403), ("branch", 403), ("stranger", 404), ("sales", 404)])
def test_who_may_not_see_whole_numbers_keeps_the_masked_list(signed_in, open_list, who, status):  # noqa: F811
    row, _people = open_list
    client = signed_in(who)
    assert client.post(address(row)).status_code == status
    db.set_scope(SYSTEM)
    assert not AuditEntry.objects.filter(verb="care.reveal_invited").exists()
    page = client.get(f"/care/gatherings/{row.pk}/")
    assert address(row) not in page.content.decode()


def test_the_button_stands_where_it_works_and_the_masked_list_beside_it(signed_in, open_list):  # noqa: F811
    row, _people = open_list
    client = signed_in("crm", "zh-hans")
    page = client.get(f"/care/gatherings/{row.pk}/").content.decode()
    assert address(row) in page
    assert "export=xlsx" in page
    assert "13600130001" not in page
    assert client.get(address(row)).status_code == 405


def test_once_the_list_is_over_nobody_takes_numbers(signed_in, open_list, cast):  # noqa: F811
    row, _people = open_list
    db.set_scope(SYSTEM)
    proposals.decline_proposal(actor=SYSTEM, proposal_id=row.pk, reason="下次", at=clock.now())
    client = signed_in("crm")
    assert address(row) not in client.get(f"/care/gatherings/{row.pk}/").content.decode()
    assert client.post(address(row)).status_code == 404
    with pytest.raises(NotFound):
        inviting.reveal_invited(actor=SYSTEM, proposal_id=row.pk, at=clock.now())


def test_after_the_planned_day_the_numbers_stay(open_list, acting, cast):  # noqa: F811
    row, _people = open_list
    acting(cast.crm)
    proposals.accept_proposal(actor=cast.crm, proposal_id=row.pk, planned_on=TODAY + days(7), at=clock.now())
    assert len(inviting.reveal_invited(actor=cast.crm, proposal_id=row.pk, at=clock.now() + days(6))) == 2
    with pytest.raises(NotFound):
        inviting.reveal_invited(actor=cast.crm, proposal_id=row.pk, at=clock.now() + days(9))


def test_who_left_or_has_no_mobile_number_is_left_out(open_list, acting, cast):  # noqa: F811
    row, people = open_list
    Relation.objects.filter(customer=people[0]).update(ended_on=TODAY)
    ContactPoint.objects.filter(customer=people[1]).delete()
    assert inviting.reveal_invited(actor=acting(cast.crm), proposal_id=row.pk, at=clock.now()) == []


def test_the_right_is_asked_for_at_the_outlet(open_list, acting, cast):  # noqa: F811
    row, _people = open_list
    with pytest.raises(NotAllowed):
        inviting.reveal_invited(actor=acting(cast.planner), proposal_id=row.pk, at=clock.now())


def test_over_the_api_and_at_the_same_cost(open_list, owners, cast):  # noqa: F811
    row, people = open_list
    client = caller(cast.crm)
    path = f"/api/v1/care/gatherings/{row.pk}/invited"
    told = client.post(path).json()
    assert told[0] == {"customer_id": people[0].pk, "name": "林一", "phone": "13600130001"}
    few = queries_of(lambda: client.post(path))
    people = owners("林四", "林五")
    from tests.care.test_gatherings_pages import night

    night()
    assert len(client.post(path).json()) == 4
    assert queries_of(lambda: client.post(path)) == few
    assert caller(cast.gm).post(path).status_code == 403
