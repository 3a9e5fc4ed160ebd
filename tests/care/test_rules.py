"""Writing rules: versions, what is refused, who may."""

import datetime

import pytest
from tests.care.conftest import DAY, at, days

from guanxi.care.models import Decision, Rule
from guanxi.care.permissions import Verb
from guanxi.care.queries import rules as queries
from guanxi.care.services import rules as services
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry

VALUES = {
    "name_zh": "试", "name_en": "Try", "anchor": "DELIVERY", "opens": 1, "due": 3, "channel": "PHONE",
    "purpose": "SERVICE", "role_id": "follow_up_agent", "cap_id": "call",
}  # fmt: skip


def decided(row, customer, outlet, day=DAY):
    return Decision.objects.create(
        rule=row, code=row.code, customer=customer, outlet_id=outlet, place_id=outlet, anchor_on=day, reason_on=day, opens_on=day,
        closes_on=day, decided_on=day, result="LATE", cap_id="call",
    )  # fmt: skip


def change(row, actor=SYSTEM, day=DAY, **values):
    return services.change_rule(actor=actor, rule_id=row.pk, values=values, at=at(day))


@pytest.mark.covers("CARE-33")
def test_a_change_is_a_new_version_from_today_on(rule):
    row = rule()
    after = change(row, due=5)
    row.refresh_from_db()
    assert (row.due, row.until) == (3, DAY)
    assert (after.due, after.since, after.until, after.code) == (5, DAY, None, "x_test")
    assert [item.rule.pk for item in queries.in_force(DAY)] == [after.pk]
    assert [item.rule.pk for item in queries.in_force(DAY - days(1))] == [row.pk]
    assert queries.in_force(DAY)[0].began == datetime.date(2020, 1, 1)
    assert AuditEntry.objects.filter(verb="care.change_rule", subject_id="x_test").count() == 1


def test_on_its_first_day_an_undecided_version_is_put_right(rule):
    row = rule(since=DAY)
    assert change(row, due=9).pk == row.pk
    assert Rule.objects.filter(code="x_test").count() == 1


def test_a_version_that_decided_today_is_followed_tomorrow(rule, buyer, quiet):
    row = rule(since=DAY)
    decided(row, buyer(), quiet.outlet_id)
    after = change(row, due=9)
    row.refresh_from_db()
    assert (row.due, row.until, after.since) == (3, DAY + days(1), DAY + days(1))


def test_nothing_new_is_no_version(rule):
    row = rule()
    assert change(row, due=3).pk == row.pk
    assert not AuditEntry.objects.filter(verb="care.change_rule", subject_id="x_test").exists()


def test_an_earlier_version_cannot_be_changed(rule):
    row = rule()
    change(row, due=5)
    with pytest.raises(Conflict):
        change(row, due=6)


def test_switching_off_breaks_the_term(rule):
    row = rule()
    off = services.switch_rule(actor=SYSTEM, rule_id=row.pk, is_on=False, at=at())
    assert queries.in_force(DAY) == []
    services.switch_rule(actor=SYSTEM, rule_id=off.pk, is_on=True, at=at(DAY + days(5)))
    assert queries.in_force(DAY + days(6))[0].began == DAY + days(5)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"opens": 4}, "due"), ({"fallback": "PHONE"}, "fallback"), ({"anchor": "FESTIVAL"}, "of"),
        ({"is_exempt": True, "control": 1}, "control"), ({"anchor": "REGULAR"}, "every"), ({"audience": [{"fact": "nothing", "op": "any", "values": ["1"]}]}, "value_0"),
        ({"audience": [{"fact": "age_months", "op": "between", "values": ["9", "3"]}]}, "value_0"),
    ],
)  # fmt: skip
def test_what_could_not_be_carried_out_is_refused(quiet, values, field):
    with pytest.raises(Invalid) as refused:
        services.add_rule(actor=SYSTEM, code="x_try", node_id=None, values=VALUES | values, at=at())
    assert refused.value.field == field


def test_only_safety_forbids_a_control_group(quiet):
    for code, values in (("x_serves", {"control": 10}), ("x_recalls", {"is_exempt": True})):
        made = services.add_rule(actor=SYSTEM, code=code, node_id=None, values=VALUES | values, at=at())
        assert (made.purpose, made.control) == ("SERVICE", values.get("control", 0))


def test_a_rule_is_written_once(quiet):
    made = services.add_rule(actor=SYSTEM, code="x_try", node_id=None, values=VALUES, at=at())
    assert (made.since, made.is_on) == (DAY, True)
    with pytest.raises(Conflict):
        services.add_rule(actor=SYSTEM, code="x_try", node_id=None, values=VALUES, at=at())


@pytest.mark.covers("ORG-35")
def test_an_outlet_writes_its_own_rules_and_no_others(quiet, rule, acting):
    common = rule()
    manager = acting(quiet.crm)
    assert manager.can(Verb.CHANGE_RULES, quiet.outlet_id)
    made = services.add_rule(actor=manager, code="x_own", node_id=quiet.outlet_id, values=VALUES, at=at())
    assert change(made, actor=manager, due=9).due == 9
    with pytest.raises(NotAllowed):
        change(common, actor=manager, due=9)
    with pytest.raises(NotAllowed):
        services.add_rule(actor=manager, code="x_all", node_id=None, values=VALUES, at=at())
    with pytest.raises(NotAllowed):
        services.add_rule(actor=manager, code="x_other", node_id=quiet.other_outlet_id, values=VALUES, at=at())
    with pytest.raises(Invalid):
        services.add_rule(actor=manager, code="own", node_id=quiet.outlet_id, values=VALUES, at=at())


@pytest.mark.covers("NFR-06")
def test_the_database_hides_rules_and_decisions_of_other_places(quiet, rule, buyer, acting):
    common, own = rule(), rule("x_own", node_id=quiet.outlet_id)
    other = rule("x_other", node_id=quiet.other_outlet_id)
    decided(own, buyer(), quiet.outlet_id)
    acting(quiet.gm)
    assert set(Rule.objects.filter(pk__in=[common.pk, own.pk, other.pk])) == {common, own}
    assert Decision.objects.count() == 1
    acting(quiet.stranger)
    assert not Decision.objects.exists()
    with pytest.raises(NotFound):
        queries.rule(quiet.stranger, own.pk)


def test_what_was_decided_stays(quiet, rule, buyer):
    from django.db import DatabaseError, transaction

    row = decided(rule(), buyer(), quiet.outlet_id)
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        Decision.objects.filter(pk=row.pk).update(result="TASK", channel="PHONE")


@pytest.mark.covers("INFO-23")
def test_decisions_follow_a_merge(quiet, rule, buyer, acting):
    from guanxi.customers.services import merging

    kept, gone = buyer(), buyer()
    row = decided(rule(), gone, quiet.outlet_id)
    merging.merge_customers(actor=acting(SYSTEM), kept_id=kept.pk, gone_id=gone.pk, choices={}, at=at())
    row.refresh_from_db()
    assert row.customer_id == kept.pk


def test_two_versions_never_hold_on_one_day(quiet, rule):
    from django.db import IntegrityError, transaction

    rule()
    with pytest.raises(IntegrityError), transaction.atomic():
        rule(since=DAY)
    db.set_scope(SYSTEM)
