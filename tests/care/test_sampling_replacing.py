"""Whoever was drawn and not reached is replaced, once, by the next of his stratum who was left out."""

import datetime

import pytest
from django.db import DatabaseError, transaction
from tests import garage
from tests.care.conftest import DAY, at, consent, days, tasks
from tests.care.test_rules import VALUES
from tests.care.test_views import FORM, current

from guanxi.care.models import Decision, Draw
from guanxi.care.policy import sampling
from guanxi.care.services import nightly
from guanxi.care.services import rules as services
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid
from guanxi.privacy.models import Consent
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task

SOLD, LATER = DAY - days(1), DAY + days(2)


def mark(owner, seed):
    return sampling.mark(seed, "x_test", sampling.case(owner.pk, owner.car.pk, SOLD.isoformat()))


def parted(owners, seed):
    """Return those drawn and those left out at 40 percent, each in the order of the draw."""
    ranked = sorted(owners, key=lambda owner: mark(owner, seed))
    line = 0.4 * sampling.WHOLE
    return [[owner for owner in ranked if (mark(owner, seed) < line) == is_drawn] for is_drawn in (True, False)]


def telling(owners):
    """Return the first seed that leaves some and draws some: the numbers of customers differ from run to run."""
    return next(seed for seed in map(str, range(1, 999)) if min(map(len, parted(owners, seed))) >= len(owners) // 4)


@pytest.fixture
def drawing(rule, buyer, night):
    """Return a function that draws from twenty owners, and returns those drawn and those left out, in order."""

    def draw(**values):
        owners = [buyer(SOLD) for _number in range(20)]
        seed = telling(owners)
        rule(**({"coverage": 40, "replaces": True, "due": 9, "seed": seed} | values))
        night()
        drawn, left = parted(owners, seed)
        assert {owner.pk for owner in left} == set(
            Decision.objects.filter(result="SAMPLE").values_list("customer_id", flat=True)
        )
        return drawn, left

    return draw


def ends(owner, outcome="NOT_REACHED", state="DONE", day=DAY):
    found = Task.objects.filter(pk=tasks(owner)[-1].pk)
    found.update(state=state, outcome=outcome, finished_at=at(day), next_rung_at=None)


def replaced():
    rows = Decision.objects.exclude(replaces=None)
    return {row.replaces.customer_id: row.customer_id for row in rows.select_related("replaces")}


def again(day=LATER):
    db.set_scope(SYSTEM)
    return nightly.make_tasks(actor=SYSTEM, day=day, at=at(day))


@pytest.mark.parametrize(("outcome", "state"), [("NOT_REACHED", "DONE"), ("", "EXPIRED")])
def test_the_next_in_the_order_of_the_draw_stands_in(drawing, outcome, state):
    drawn, left = drawing()
    ends(drawn[2], outcome, state)
    ends(drawn[0], outcome, state)
    ends(drawn[1], "REACHED")
    run = again()
    assert (run.results, run.replaced) == ({}, 2)
    assert replaced() == {drawn[0].pk: left[0].pk, drawn[2].pk: left[1].pk}
    row = Decision.objects.get(customer=left[0])
    assert (row.result, row.channel, row.decided_on) == ("TASK", "PHONE", DAY + days(2))
    (task,) = tasks(left[0])
    assert (task.kind, task.state, task.values["rules"]) == ("care.call", "OPEN", ["x_test"])
    assert list(Draw.objects.values_list("population", "drawn", "replaced")) == [(20, len(drawn), 2)]
    assert AuditEntry.objects.filter(verb="care.make_tasks", after__replaced=2).count() == 1


def test_a_second_night_replaces_nobody_again_and_no_stand_in(drawing):
    drawn, left = drawing()
    ends(drawn[0])
    assert again().replaced == 1
    assert again().replaced == 0
    ends(left[0], day=DAY + days(3))
    assert again(DAY + days(3)).replaced == 0
    assert len(replaced()) == 1


def test_strata_do_not_stand_in_for_each_other(rule, buyer, night):
    first, second = garage.trim("ONE"), garage.trim("TWO")
    owners = [buyer(SOLD, trim=trim) for trim in (first, second) for _number in range(20)]
    seed = telling(owners)
    rule(coverage=40, replaces=True, due=9, seed=seed)
    night()
    drawn, left = parted(owners, seed)
    gone = [next(owner for owner in drawn if owner.car.trim == trim) for trim in (first, second)]
    for owner in gone:
        ends(owner)
    assert again().replaced == 2
    assert replaced() == {owner.pk: next(o.pk for o in left if o.car.trim == owner.car.trim) for owner in gone}
    assert set(Draw.objects.values_list("model__code", "replaced")) == {("ONE-M", 1), ("TWO-M", 1)}


def test_a_later_month_is_another_stratum(rule, buyer, night, drawing):
    drawn, left = drawing(due=40)
    ends(drawn[0])
    Consent.objects.filter(customer__in=[owner.pk for owner in left]).update(standing="REFUSED")
    later = [buyer(datetime.date(2026, 7, 1)) for _number in range(30)]
    night(datetime.date(2026, 7, 2))
    assert Decision.objects.filter(result="SAMPLE", customer__in=[owner.pk for owner in later]).exists()
    assert replaced() == {}
    assert again(datetime.date(2026, 7, 3)).replaced == 0


def test_only_open_windows_free_budgets_and_willing_customers_stand_in(drawing, quiet):
    drawn, left = drawing()
    ends(drawn[0])
    spoken, unwilling, following = left[:3]
    Decision.objects.create(
        rule=Decision.objects.first().rule, code="x_earlier", customer=spoken, outlet_id=quiet.outlet_id,
        place_id=quiet.outlet_id, anchor_on=DAY, reason_on=DAY, opens_on=DAY, closes_on=DAY,
        decided_on=DAY + days(1), result="TASK", channel="PHONE", cap_id="call",
    )  # fmt: skip
    Consent.objects.filter(customer=unwilling).update(standing="REFUSED")
    assert again().replaced == 1
    assert replaced() == {drawn[0].pk: following.pk}


def test_when_the_window_has_passed_nobody_stands_in(drawing):
    drawn, _left = drawing(due=3)
    ends(drawn[0])
    assert again(DAY + days(3)).replaced == 0


@pytest.mark.parametrize("values", [{"replaces": False}, {"is_on": False}])
def test_a_rule_that_does_not_replace_or_is_off_replaces_nobody(drawing, values):
    drawn, _left = drawing()
    ends(drawn[0])
    row = Decision.objects.first().rule
    services.change_rule(actor=SYSTEM, rule_id=row.pk, values=values, at=at(DAY + days(1)))
    assert again().replaced == 0


def test_a_later_version_goes_on_with_the_draw_of_the_earlier(drawing):
    drawn, left = drawing()
    ends(drawn[0])
    row = Decision.objects.first().rule
    after = services.change_rule(actor=SYSTEM, rule_id=row.pk, values={"priority": 1}, at=at(DAY + days(1)))
    assert again().replaced == 1
    assert replaced() == {drawn[0].pk: left[0].pk}
    assert (Decision.objects.get(customer=left[0]).rule_id, tasks(left[0])[0].priority) == (row.pk, 1)
    assert after.pk != row.pk


def test_who_stands_in_is_not_called_twice_that_day(drawing, rule):
    drawn, left = drawing()
    rule("x_later", opens=3, due=9, priority=1)
    ends(drawn[0])
    run = again()
    assert run.replaced == 1
    assert Decision.objects.filter(customer=left[0], result="TASK").count() == 1


@pytest.mark.covers("FUP-20")
def test_the_outlet_sees_nothing_of_it(rule, buyer, night, quiet, acting):
    owners = [buyer(SOLD) for _number in range(30)]
    for owner in owners:
        consent(owner, quiet.group_id)
    rule(coverage=40, replaces=True, due=9, where="CALL_CENTRE", role_id="call_centre_agent")
    night()
    ends(next(owner for owner in owners if tasks(owner)))
    assert again().replaced == 1
    acting(quiet.gm)
    assert (Decision.objects.count(), Draw.objects.count()) == (0, 0)
    assert not Task.objects.filter(kind="care.call").exists()


def change(pk, **values):
    with transaction.atomic():
        Decision.objects.filter(pk=pk).update(**values)


def test_the_database_knows_this_one_change_only(drawing):
    drawn, left = drawing()
    first, second = (Decision.objects.get(customer=owner) for owner in drawn[:2])
    row = Decision.objects.get(customer=left[0])
    says = {"result": "TASK", "channel": "PHONE", "decided_on": DAY + days(1), "replaces": first}
    for wrong in (
        {"replaces": None}, {"replaces": row}, {"result": "MERGED", "leader": "x"}, {"opens_on": SOLD},
        {"decided_on": DAY + days(90)}, {"customer_id": drawn[0].pk},
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="stays"):
            change(row.pk, **(says | wrong))
    change(row.pk, **says)
    for back in ({"result": "SAMPLE", "replaces": None}, {"replaces": second}):
        with pytest.raises(DatabaseError, match="stays"):
            change(row.pk, **back)
    with pytest.raises(DatabaseError, match="care_decision_replaced_once"):
        change(Decision.objects.get(customer=left[1]).pk, **says)
    change(row.pk, replaces=None)


def test_only_a_sample_replaces(quiet):
    with pytest.raises(Invalid) as refused:
        services.add_rule(actor=SYSTEM, code="x_try", node_id=None, values=VALUES | {"replaces": True}, at=at())
    assert refused.value.field == "replaces"
    for code, size in (("x_ratio", {"coverage": 40}), ("x_margin", {"margin": 5})):
        values = VALUES | {"replaces": True} | size
        assert services.add_rule(actor=SYSTEM, code=code, node_id=None, values=values, at=at()).replaces


def test_the_editor_and_the_page_say_it(signed_in):
    client = signed_in("hq")
    client.post("/care/rules/add/", FORM | {"code": "x_try", "replaces": "on", "coverage": "40"})
    row = current("x_try")
    assert row.replaces
    assert "replaced once, by the next of the stratum" in client.get(f"/care/rules/{row.pk}/").content.decode()
