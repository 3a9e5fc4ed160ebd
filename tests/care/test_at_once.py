"""What happens during the day reaches the worklist at once."""

import pytest
from tests import garage
from tests.care.conftest import consent, days, results, tasks

from guanxi.care import tasks as care
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.vehicles.services import papers
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
