"""What a call finds becomes work in the same transaction, or the call is not there either."""

import pytest
from tests.contact_centre.conftest import report

from guanxi.contact_centre.models import Call
from guanxi.customers.models import ContactPoint
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid
from guanxi.rectification.models import Notice
from guanxi.verification.models import Order
from guanxi.worklist.models import Attempt, Task
from guanxi.worklist.services import working

pytestmark = pytest.mark.django_db


def point(owner):
    return ContactPoint.objects.filter(customer=owner).order_by("pk").first()


def state(task):
    db.set_scope(SYSTEM)
    task.refresh_from_db()
    return task.state, task.outcome


def test_a_failure_on_the_way_leaves_nothing(owner, task, record, monkeypatch):
    made = task()

    def dies(**_more):
        raise RuntimeError

    monkeypatch.setattr(working, "finish", dies)
    with pytest.raises(RuntimeError):
        record(made, point_id=point(owner).pk, correction="地址错误")
    assert (state(made), made.tries) == (("OPEN", ""), 0)
    assert point(owner).proven_at is None
    assert not Call.objects.filter(task_id=made.pk).exists()
    assert not Attempt.objects.filter(task=made).exists()


def test_what_a_call_finds_becomes_work_for_the_outlet(cast, owner, task, record, car):
    made = task(node=cast.outlet_id, values={"rules": ["manager_call"], "cars": [car.pk]})
    call = record(made, correction="地址：虹桥路1号", purchase="想换一台七座车", vehicle_id=car.pk)
    db.set_scope(SYSTEM)
    purchase = Task.objects.get(parent_id=made.pk, kind="contact_centre.purchase")
    order = Order.objects.get(token=f"call-{call.token}")
    assert (order.role_id, order.days, order.outlet_id, order.words) == (
        "customer_representative", 2, cast.outlet_id, "地址：虹桥路1号",
    )  # fmt: skip
    asked = Task.objects.get(kind="verification.correct", subject_id=order.pk)
    assert (asked.role_id, asked.node_id, asked.due_at) == ("customer_representative", cast.outlet_id, order.due_at)
    assert (purchase.role_id, purchase.priority, purchase.values["cars"]) == ("sales_manager", 2, [car.pk])
    assert purchase.subject_id == owner.pk
    assert str(call.pk) in purchase.key


def test_the_call_centre_passes_on_to_the_outlet_of_the_customer(cast, owner, task, record):
    centre = cast.agent.home_id
    made = task(node=centre, role="call_centre_agent")
    record(made, actor=cast.agent, purchase="想买新车")
    db.set_scope(SYSTEM)
    assert Task.objects.get(parent_id=made.pk).node_id == cast.outlet_id


@pytest.mark.covers("FUP-06", "FUP-31", "CARE-10", "LIFE-08")
def test_a_problem_goes_before_its_department_with_the_call_or_not_at_all(task, record, owner, cast):
    made = task()
    with pytest.raises(Invalid) as error:
        record(made, problem="NO_SUCH", problem_words="等了三小时")
    assert [problem.field for problem in error.value.problems] == ["problem"]
    assert not Call.objects.filter(task_id=made.pk).exists()
    with pytest.raises(Invalid):
        record(made, problem="WAITING")
    said = report(problem="WAITING", problem_words="等了三小时")
    call = record(made, said=said)
    assert record(made, said=said).pk == call.pk
    db.set_scope(SYSTEM)
    notice = Notice.objects.get(customer=owner)
    assert (notice.outlet_id, notice.department_id, notice.words) == (cast.outlet_id, "SERVICE", "等了三小时")
    assert notice.issued_by_id == cast.callback.user_id
