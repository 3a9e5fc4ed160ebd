"""Rules that count from what the pass of the night found: maintenance by time or mileage, states of owners."""

import datetime

import pytest
from tests import garage
from tests.care.conftest import DAY, at, consent, days, is_state, results, stands, tasks
from tests.care.test_matching import found, whom

from guanxi.care.models import Decision, OwnerState
from guanxi.care.queries import checks, previews
from guanxi.customers.models import Relation
from guanxi.foundation.actor import SYSTEM

SOLD = DAY - days(400)
LOST = {"anchor": "STATE", "of": ["LOST"], "opens": 0, "due": 14}


@pytest.mark.covers("CARE-34", "LIFE-07")
def test_a_due_day_that_moves_with_the_mileage_is_no_second_reason(rule, buyer, night):
    owner = buyer(SOLD, trim=garage.trim("CARE"))
    rule(anchor="PERIODIC_SERVICE", opens=-14, due=0)
    stands(owner.car, step="PERIODIC", on=DAY + days(10), since=DAY - days(300))
    assert night() == {"TASK": 1}
    stands(owner.car, step="PERIODIC", on=DAY + days(16), since=DAY - days(300))
    assert night(DAY + days(2)) == {}
    stands(owner.car, step="PERIODIC", on=DAY + days(30), since=DAY + days(3))
    assert night(DAY + days(16)) == {"TASK": 1}
    assert set(Decision.objects.values_list("anchor_on", "reason_on")) == {
        (DAY + days(10), DAY - days(300)), (DAY + days(30), DAY + days(3)),
    }  # fmt: skip


def test_the_page_knows_what_was_decided_though_the_day_moved(rule, buyer, night):
    owner = buyer(SOLD, trim=garage.trim("CARE"))
    row = rule(anchor="PERIODIC_SERVICE", opens=-14, due=0)
    stands(owner.car, step="PERIODIC", on=DAY + days(10), since=DAY - days(300))
    night()
    stands(owner.car, step="PERIODIC", on=DAY + days(12), since=DAY - days(300))
    last = previews.why(SYSTEM, row, owner.pk, DAY)[-1]
    assert (str(DAY) in last.text, last.holds) == (True, True)


@pytest.mark.covers("CARE-06", "SUP-14")
def test_a_lost_owner_is_asked_back_by_the_outlet_whose_customer_he_is(rule, buyer, night, quiet):
    owner, still = buyer(SOLD), buyer(SOLD)
    Relation.objects.create(
        customer=owner, outlet_id=quiet.other_outlet_id, category="OWNER", since=SOLD - days(900), touched_at=at()
    )
    is_state(owner, "LOST", DAY - days(1), outlet=quiet.outlet_id, last_visit=DAY - days(366))
    is_state(owner, "LOST", DAY - days(1), outlet=quiet.other_outlet_id)
    is_state(still, "SWING", DAY - days(1), outlet=quiet.outlet_id)
    rule(**LOST)
    assert night() == {"TASK": 1}
    (task,) = tasks(owner)
    assert (task.node_id, task.values["day"]) == (quiet.outlet_id, str(DAY - days(1)))
    assert night(DAY + days(1)) == {}


@pytest.mark.covers("CARE-33")
def test_who_was_lost_long_ago_gets_no_late_call(rule, buyer, night, quiet):
    owner = buyer(SOLD)
    is_state(owner, "LOST", DAY - days(40), outlet=quiet.outlet_id)
    rule(**LOST)
    assert night() == {}
    is_state(owner, "LOST", DAY - days(20), outlet=quiet.outlet_id)
    assert night() == {"LATE": 1}


@pytest.mark.covers("CARE-06")
def test_who_is_lost_a_second_time_is_asked_a_second_time(rule, buyer, night, quiet):
    owner = buyer(SOLD)
    rule(**LOST)
    is_state(owner, "LOST", DAY, outlet=quiet.outlet_id)
    night()
    is_state(owner, "OBSERVE", DAY + days(30), outlet=quiet.outlet_id)
    assert night(DAY + days(31)) == {}
    is_state(owner, "LOST", DAY + days(400), outlet=quiet.outlet_id)
    night(DAY + days(401))
    assert results(owner) == [("x_test", "TASK"), ("x_test", "TASK")]


@pytest.mark.covers("CARE-30")
def test_a_dormant_owner_is_remembered_half_a_year_after_he_came_last(rule, buyer, quiet):
    owner = buyer(SOLD)
    is_state(owner, "SWING_TO_LOST", DAY - days(90), outlet=quiet.outlet_id, last_visit=datetime.date(2025, 12, 10))
    row = rule(anchor="LAST_VISIT", months=6, opens=0, due=14)
    assert found(row) == [(owner.pk, datetime.date(2025, 12, 10), DAY, DAY + days(14))]


def test_an_audience_can_ask_for_the_state(rule, buyer, quiet):
    lost, active, unknown = buyer(), buyer(), buyer()
    is_state(lost, "LOST", SOLD, outlet=quiet.outlet_id)
    is_state(active, "ACTIVE", SOLD, outlet=quiet.outlet_id)
    asked = [{"fact": "state", "op": "any", "values": ["LOST", "SWING"]}]
    assert whom(rule(audience=asked)) == {lost.pk}
    asked[0]["op"] = "none"
    assert whom(rule("x_others", audience=asked)) == {active.pk, unknown.pk}


@pytest.mark.parametrize("named", [[], ["LOST", "SPRING"]])
def test_a_rule_on_states_names_states(rule, named):
    assert checks.unfit(rule(**(LOST | {"of": named}))).field == "of"
    assert checks.unfit(rule("x_good", **LOST)) is None


def test_the_call_centre_asks_back_the_customers_of_outlets(rule, buyer, night, quiet):
    owner = buyer(SOLD)
    consent(owner, quiet.group_id)
    is_state(owner, "LOST", DAY, outlet=quiet.outlet_id)
    OwnerState.objects.create(
        customer=owner, outlet=None, state="ACTIVE", since=DAY, visits=3, last_visit=DAY, kpi_lost=False
    )
    rule(where="CALL_CENTRE", role_id="call_centre_agent", **LOST)
    assert night() == {"TASK": 1}
    (task,) = tasks(owner)
    assert task.node.kind == "CALL_CENTRE"
