"""Files that an outlet filed falsely: who marks, who decides, what is undone, what stays."""

import pytest
from django.db import DatabaseError, transaction
from tests import garage
from tests.counting import queries_of
from tests.verification.conftest import AT, WARRANTY, found, hours

from guanxi.customers.models import Customer
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.verification.events import FalseFileDecided
from guanxi.verification.models import FalseFile
from guanxi.verification.services import marking
from guanxi.worklist.models import Task

WHY = "号码是员工本人的，姓名查无此人"


@pytest.fixture
def marked(cast, acting, owner):
    """Return a function that marks the owner's file as the call centre's supervisor."""

    def new(who="supervisor", **more):
        values = {"customer_id": owner.pk, "outlet_id": cast.outlet_id, "evidence": WHY, "at": AT}
        return marking.mark(actor=acting(getattr(cast, who)), **(values | more))

    return new


@pytest.fixture
def decide(cast, acting):
    def new(row, who="planner", *, is_false=True):
        return marking.decide(
            actor=acting(getattr(cast, who)), file_id=row.pk, is_false=is_false, words="核对属实", at=AT + hours(1)
        )

    return new


@pytest.mark.covers("INFO-33")
def test_a_false_file_is_marked_decided_by_another_and_undone(cast, acting, owner, marked, decide, published):
    row = marked()
    task = Task.objects.get(kind="verification.decide_false", subject_id=row.pk)
    assert (task.node_id, task.role_id, task.due_at) == (cast.outlet_id, "branch_manager", row.due_at)
    assert row.due_at > AT
    decide(row)
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("DONE", "DECIDED")
    marking.undo(actor=acting(cast.planner), file_id=row.pk, reason="同名同号，确有其人", at=AT + hours(2))
    row.refresh_from_db()
    assert (row.state, row.decision, row.undone_why) == ("UNDONE", "核对属实", "同名同号，确有其人")
    assert [event.state for event in published if isinstance(event, FalseFileDecided)] == ["CONFIRMED", "UNDONE"]
    db.set_scope(SYSTEM)
    verbs = AuditEntry.objects.filter(subject_type="verification.false_file").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "verification.mark_false", "verification.decide_false", "verification.undo_false",
    ]  # fmt: skip
    assert Customer.objects.filter(pk=owner.pk, merged_into=None).exists()
    assert marked().pk != row.pk  # it may be marked anew, with other evidence


def test_who_marked_does_not_decide(cast, acting, marked, decide):
    row = marked("planner")
    with pytest.raises(Conflict):
        decide(row, "planner")
    assert decide(row, "hq", is_false=False).state == "REJECTED"
    db.set_scope(SYSTEM)
    with pytest.raises(DatabaseError), transaction.atomic():
        FalseFile.objects.filter(pk=row.pk).update(decided_by_id=row.marked_by_id)


@pytest.mark.parametrize("who", ["agent", "gm", "crm"])
def test_outlets_and_agents_neither_mark_nor_decide(acting, cast, marked, decide, who):
    with pytest.raises(NotAllowed):
        marked(who)
    row = marked()
    with pytest.raises(NotAllowed):
        decide(row, who)


def test_a_file_is_marked_once_and_where_it_was_filed(cast, marked, decide):
    row = marked()
    with pytest.raises(Conflict):
        marked()
    with pytest.raises(Invalid) as error:
        marked(outlet_id=cast.other_outlet_id)
    assert [problem.field for problem in error.value.problems] == ["outlet"]
    with pytest.raises(Invalid):
        marked(evidence=" ")
    decide(row)
    with pytest.raises(Conflict):
        marked()
    with pytest.raises(Conflict):
        decide(row)


def test_a_check_may_show_it_but_not_that_of_somebody_else(cast, acting, visit, task, call, marked):
    check = call(task("centre_in_warranty"), found(WARRANTY, CAME="没去过"))
    db.set_scope(SYSTEM)
    other = garage.customer("李强", "13900139000", cast.outlet_id)
    with pytest.raises(Invalid) as error:
        marked(customer_id=other.pk, check_id=check.pk)
    assert [problem.field for problem in error.value.problems] == ["check"]
    assert marked(check_id=check.pk).check_of_id == check.pk


def test_evidence_stays_and_strangers_see_nothing(cast, acting, marked):
    row = marked()
    db.set_scope(SYSTEM)
    with pytest.raises(DatabaseError), transaction.atomic():
        FalseFile.objects.filter(pk=row.pk).update(evidence="别的")
    acting(cast.stranger)
    assert not FalseFile.objects.filter(pk=row.pk).exists()
    with pytest.raises(NotFound):
        marking.undo(actor=cast.stranger, file_id=row.pk, reason="x", at=AT)
    acting(cast.branch)
    assert FalseFile.objects.filter(pk=row.pk)._raw_delete("default") == 0


def test_a_false_file_goes_all_the_way_on_pages(signed_in, cast, owner):
    marker = signed_in("supervisor")
    panel = marker.get(f"/verification/customer-panel/{owner.pk}/").content.decode()
    assert f"/verification/false/mark/{owner.pk}/" in panel
    form = {"outlet": str(cast.outlet_id), "check": "", "evidence": WHY}
    told = marker.post(f"/verification/false/mark/{owner.pk}/", form)
    address = told["Location"]
    assert f"{address}decide/" not in marker.get(address).content.decode()
    assert marker.post(f"/verification/false/mark/{owner.pk}/", form).status_code == 422
    decider = signed_in("planner")
    assert f"{address}decide/" in decider.get(address).content.decode()
    assert decider.post(f"{address}decide/", {"is_false": "yes", "words": ""}).status_code == 422
    assert decider.post(f"{address}decide/", {"is_false": "yes", "words": "属实"}).status_code == 302
    gm = signed_in("gm")
    panel = gm.get(f"/verification/customer-panel/{owner.pk}/").content.decode()
    assert "Confirmed as false" in panel
    assert "/verification/false/mark/" not in panel
    decider = signed_in("planner")
    assert decider.post(f"{address}undo/", {"reason": "有误"}).status_code == 302
    page = decider.get(address).content.decode()
    for text in (WHY, "属实", "有误", "Confirmed, then undone"):
        assert text in page, text


def test_the_list_is_filtered_exported_and_costs_the_same(signed_in, cast, acting, owner, marked):
    row = marked()
    hq = signed_in("hq")
    assert row.number in hq.get(f"/verification/false/?state=MARKED&place={cast.branch_id}").content.decode()
    assert row.number not in hq.get("/verification/false/?state=CONFIRMED").content.decode()
    assert row.number in hq.get("/verification/false/?export=csv").content.decode("utf-8-sig")
    one = queries_of(lambda: hq.get("/verification/false/"))
    for number in (1, 2):
        db.set_scope(SYSTEM)
        marked(customer_id=garage.customer("假名", f"1390013900{number}", cast.outlet_id).pk)
    hq = signed_in("hq")
    hq.get("/verification/false/")
    assert queries_of(lambda: hq.get("/verification/false/")) == one
