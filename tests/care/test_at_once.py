"""What happens during the day reaches the worklist at once."""

import pytest
from tests import garage
from tests.care.conftest import DAY, at, consent, days, is_state, results, stands, tasks

from guanxi.care import tasks as care
from guanxi.care.services import settling
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.records.models import AuditEntry
from guanxi.vehicles.services import papers
from guanxi.worklist.services import settling as worklist
from guanxi.workshop.models import Visit
from guanxi.workshop.services import recording


@pytest.mark.covers("CARE-20", "FUP-12")
def test_a_recorded_sale_makes_its_tasks_at_once(rule, quiet, acting):
    today = clock.today()
    owner = garage.customer("赵敏", "13300133000", quiet.outlet_id)
    vehicle = garage.car(owner, 7)
    consent(owner, quiet.outlet_id, given=clock.now() - days(1))
    rule(opens=0, due=24, unit="HOURS")
    sale = papers.NewSale(outlet_id=quiet.outlet_id, sold_on=today)
    papers.sell(actor=SYSTEM, vehicle_id=vehicle.pk, customer_id=owner.pk, sale=sale, at=clock.now())
    care.follow_sale(vehicle_id=vehicle.pk, customer_id=owner.pk, outlet_id=quiet.outlet_id, sold_on=str(today))
    assert len(tasks(owner)) == 1


@pytest.mark.covers("FUP-27")
def test_a_recorded_visit_makes_the_task_of_its_owner_alone(rule, buyer, quiet, acting):
    today = clock.today()
    owner, other = buyer(today - days(90)), buyer(today - days(1))
    rule(anchor="VISIT", opens=0, due=3)
    rule("x_delivery", opens=0, due=3)
    report = recording.Report(order_no="W-1", category="MINOR_REPAIR", entered_on=today, left_on=today)
    acting(SYSTEM)
    visit = recording.record_visit(
        actor=SYSTEM, outlet_id=quiet.outlet_id, vehicle_id=owner.car.pk, report=report, at=clock.now()
    )
    care.follow_visit(vehicle_id=owner.car.pk, customer_id=visit.customer_id)
    assert results(owner) == [("x_test", "TASK")]
    assert tasks(other) == []


def test_news_of_sales_and_visits_reach_the_rules():
    from guanxi.config.wiring import REACTIONS

    heard = {(reaction.event.__name__, reaction.react.__name__) for reaction in REACTIONS}
    assert {("VehicleSold", "follow_sale"), ("VisitRecorded", "follow_visit")} <= heard


LATER = DAY + days(2)


def asked_back(customer, quiet, rule, night, **more):
    """Let a lost owner have a task at his outlet."""
    is_state(customer, "LOST", DAY, outlet=quiet.outlet_id, last_visit=DAY - days(365))
    rule(anchor="STATE", of=["LOST"], opens=0, due=14, **more)
    assert night() == {"TASK": 1}
    return tasks(customer)[0]


def came(customer, outlet, *, on=LATER, category="MINOR_REPAIR", counts=True):
    Visit.objects.create(
        outlet_id=outlet, vehicle=customer.car, customer=customer, order_no="W-9", category=category, counts=counts,
        entered_on=on, touched_at=at(on),
    )  # fmt: skip


@pytest.mark.covers("CARE-30")
@pytest.mark.parametrize(("elsewhere", "counts", "ends"), [(False, True, 1), (True, True, 0), (False, False, 0)])
def test_whoever_comes_by_himself_is_asked_no_more(rule, buyer, night, quiet, elsewhere, counts, ends):
    """A visit elsewhere tells the outlet nothing: its task stays."""
    owner, other = buyer(DAY - days(800)), buyer(DAY - days(800))
    task = asked_back(owner, quiet, rule, night)
    came(owner, quiet.other_outlet_id if elsewhere else quiet.outlet_id, counts=counts)
    assert settling.settle(actor=SYSTEM, customers=[other.pk], at=at(DAY + days(3))) == 0
    assert settling.settle(actor=SYSTEM, customers=[owner.pk, other.pk], at=at(DAY + days(3))) == ends
    task.refresh_from_db()
    assert (task.state, task.outcome) == (("DONE", "CAME") if ends else ("OPEN", ""))
    assert AuditEntry.objects.filter(verb="worklist.settle", subject_id=str(task.pk)).count() == ends
    assert settling.settle(actor=SYSTEM, customers=None, at=at(DAY + days(4))) == 0


def test_a_reminder_of_maintenance_ends_with_the_maintenance_of_that_car(rule, buyer, night, quiet):
    owner = buyer(DAY - days(400), trim=garage.trim("CARE"))
    stands(owner.car, step="PERIODIC", on=DAY + days(10), since=DAY - days(300))
    rule(anchor="PERIODIC_SERVICE", opens=-14, due=0)
    night()
    came(owner, quiet.other_outlet_id, category="MINOR_REPAIR")
    assert settling.settle(actor=SYSTEM, customers=None, at=at(DAY + days(3))) == 0
    Visit.objects.update(category="PERIODIC_MAINTENANCE")
    assert settling.settle(actor=SYSTEM, customers=None, at=at(DAY + days(3))) == 1


def test_a_task_with_another_reason_stays(rule, buyer, night, quiet):
    owner = buyer(DAY - days(800), insured_until=DAY + days(20))
    rule("x_insured", anchor="INSURANCE", opens=-30, due=-7, priority=1)
    is_state(owner, "LOST", DAY, outlet=quiet.outlet_id)
    rule(anchor="STATE", of=["LOST"], opens=0, due=14)
    assert night() == {"TASK": 1, "MERGED": 1}
    came(owner, quiet.outlet_id)
    assert settling.settle(actor=SYSTEM, customers=None, at=at(DAY + days(3))) == 0


def test_news_of_a_visit_settles_at_once(rule, buyer, night, quiet):
    owner = buyer(DAY - days(800))
    task = asked_back(owner, quiet, rule, night)
    came(owner, quiet.outlet_id)
    care.follow_visit(vehicle_id=owner.car.pk, customer_id=None)
    task.refresh_from_db()
    assert task.outcome == "CAME"


def test_only_headquarters_and_the_system_settle(quiet, acting):
    with pytest.raises(NotAllowed):
        settling.settle(actor=acting(quiet.gm), customers=None, at=at())
    with pytest.raises(NotAllowed):
        worklist.settle_many(actor=acting(quiet.gm), task_ids=[1], outcome="CAME", at=at())
