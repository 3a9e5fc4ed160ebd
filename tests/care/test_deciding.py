"""The decision in SQL is the decision of the policy."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from tests import garage
from tests.care.conftest import DAY
from tests.care.test_rule_policy import CAPS, contacts, days_of

from guanxi.care.models import CapGroup, Decision
from guanxi.care.policy.rules import decide
from guanxi.care.queries import filling
from guanxi.care.services import nightly

ADD = """
INSERT INTO care_due (rule_id, code, customer_id, vehicle_id, outlet_id, place_id, anchor_on, reason_on, opens_on,
  closes_on, customer_name, priority, cap_id, coverage, control, seed, obstacle, channel)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', %s, %s, %s, %s, %s, %s, 'PHONE')
"""


@pytest.fixture
def people(quiet):
    return {number: garage.customer(f"客户{number}", f"1390000000{number}", quiet.outlet_id).pk for number in (1, 2, 3)}


def _in_sql(rule, outlet, found, last, people):
    filling.empty()
    for (who, cap), day in last.items():
        Decision.objects.create(
            rule=rule, code=f"earlier_{cap}", customer_id=people[who], outlet_id=outlet, place_id=outlet, anchor_on=day,
            reason_on=day, opens_on=day, closes_on=day, decided_on=day, result="TASK", channel="PHONE", cap_id=cap,
        )  # fmt: skip
    with connection.cursor() as cursor:
        for case in found:
            cursor.execute(
                ADD,
                [rule.pk, case.rule, people[case.customer], case.vehicle, outlet, case.place, case.anchor_on,
                 case.anchor_on, DAY, case.closes_on, case.priority, case.cap, case.coverage, case.control, case.seed, case.obstacle],
            )  # fmt: skip
        nightly.decide(DAY)
        cursor.execute("SELECT code, customer_id, vehicle_id, anchor_on, verdict FROM care_due")
        return {row[:4]: row[4] for row in cursor.fetchall()}


@pytest.mark.covers("CARE-33")
def test_sql_decides_as_the_policy(quiet, rule, people):
    row = rule()
    assert {cap.code: cap.days for cap in CapGroup.objects.filter(code__in=CAPS)} == CAPS

    @settings(
        deadline=None,
        max_examples=120,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(days_of, contacts)
    def same(found, last):
        from dataclasses import replace

        renamed = [replace(case, customer=people[case.customer]) for case in found]
        expected = decide(renamed, DAY, caps=CAPS, last={(people[who], cap): day for (who, cap), day in last.items()})
        with transaction.atomic():
            said = _in_sql(row, quiet.outlet_id, found, last, people)
            transaction.set_rollback(True)
        assert said == {
            (case.rule, case.customer, case.vehicle, case.anchor_on): str(verdict) for case, verdict in expected.items()
        }  # fmt: skip

    same()
