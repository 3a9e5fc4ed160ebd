"""The night works out what followed of contact rules: who counts where, what changes, who sees it."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from tests.insight.contacts import days, decide, rule, sale, task, visit
from tests.insight.test_night import run

from guanxi.care.models import Decision
from guanxi.customers.services import merging
from guanxi.foundation import clock, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.insight import datasets
from guanxi.insight.models import Effect, EffectTerms, Mark, Part
from guanxi.insight.presets.effects import LOADER, EffectsPreset
from guanxi.insight.queries import effects as queries
from guanxi.network.models import Node

pytestmark = pytest.mark.django_db
TODAY = clock.today()
LONG, SHORT = (TODAY - days(back) for back in (100, 5))
NAMES = ("customers", "contacted", "reached", "closed", "came", "settled", "bought", "days")


@pytest.fixture
def row(cast):
    return rule()


def counted(code="x_effect", **conditions):
    """Return the counts kept of a place, month and arm, as plain values."""
    return Effect.objects.filter(code=code, **conditions).values_list(*NAMES).get()


def kept():
    """Return all that is kept, of the demonstration too, without the numbers of the rows."""
    rows = Effect.objects.order_by("rule", "place", "month", "arm").values()
    return [{name: row[name] for name in row if name != "id"} for row in rows]


def test_the_demonstration_has_an_effect_to_show(cast):
    found = queries.compared(Effect.objects.all(), ["inspection", "maintenance_reminder"], queries.terms())
    for held in found.values():
        assert held.contact.contacted > held.contact.reached > 0
        assert held.control.closed > 0
    assert len(found) == 2


@pytest.mark.covers("CARE-33")
def test_who_was_contacted_is_counted_beside_who_was_left_out(cast, row):
    here = cast.outlet_id
    first, second, third = (decide(row, here, LONG) for _one in range(3))
    task(first)
    task(second, outcome="NOT_REACHED")
    left, other = (decide(row, here, LONG, "CONTROL") for _one in range(2))
    for decision, after in ((first, 9), (second, 3), (left, 30)):
        visit(decision.customer, here, LONG + days(after))
    visit(third.customer, here, LONG + days(5), counts=False)
    visit(other.customer, here, LONG + days(31))
    sale(first.customer, here, LONG + days(40))
    run()
    assert counted(arm="CONTACT") == (3, 3, 1, 3, 2, 3, 1, [3, 9])
    assert counted(arm="CONTROL") == (2, 0, 0, 2, 1, 2, 0, [30])
    held = Effect.objects.get(code="x_effect", arm="CONTACT")
    assert (held.rule, held.code, held.place_id, held.month) == (row, "x_effect", here, LONG.replace(day=1))


@pytest.mark.covers("CARE-33")
def test_whoever_was_meant_to_be_contacted_stays_in_that_arm(cast, row):
    """Not reached, never called because the task expired, or kept from it by the budget: by intention to treat."""
    expired, budget = decide(row, cast.outlet_id, LONG), decide(row, cast.outlet_id, LONG, "BUDGET")
    task(expired, state="EXPIRED")
    visit(budget.customer, cast.outlet_id, LONG + days(2))
    decide(row, cast.outlet_id, LONG, "NO_CONSENT")
    run()
    assert counted() == (2, 1, 0, 2, 1, 2, 0, [2])


def test_who_is_named_in_the_task_of_another_rule_was_contacted_by_it(cast, row):
    lead = rule("x_leads")
    leads = decide(lead, cast.outlet_id, LONG)
    merged = decide(row, cast.outlet_id, LONG, "MERGED", customer=leads.customer, leader="x_leads")
    other = decide(row, cast.outlet_id, LONG, "MERGED", leader="x_leads")
    assert merged.customer != other.customer
    task(leads)
    run()
    assert counted(code="x_effect")[:3] == (2, 2, 1)


@pytest.mark.covers("CARE-33")
def test_a_customer_counts_once_by_his_first_case(cast, row):
    month = TODAY.replace(day=1) - days(70)
    month = month.replace(day=1)
    first = decide(row, cast.outlet_id, month)
    decide(row, cast.outlet_id, month + days(10), customer=first.customer)
    decide(row, cast.outlet_id, month + days(40), customer=first.customer)  # a month of its own
    visit(first.customer, cast.outlet_id, month + days(12))
    run()
    assert counted(month=month) == (1, 1, 0, 1, 1, int(month + days(90) < TODAY), 0, [12])
    later = Effect.objects.filter(code="x_effect").exclude(month=month).get()
    assert (later.customers, later.came) == (1, 0)


def test_an_open_case_is_not_one_who_did_not_come(cast, row):
    came = decide(row, cast.outlet_id, SHORT)
    decide(row, cast.outlet_id, SHORT, "CONTROL")
    visit(came.customer, cast.outlet_id, SHORT + days(1))
    run()
    assert counted(arm="CONTACT") == (1, 1, 0, 0, 0, 0, 0, [])
    assert counted(arm="CONTROL") == (1, 0, 0, 0, 0, 0, 0, [])


def test_an_outlet_counts_visits_to_itself_and_the_call_centre_those_to_all(cast, row):
    centre = Node.objects.filter(kind="CALL_CENTRE").first()
    here, there = decide(row, cast.outlet_id, LONG), decide(row, cast.outlet_id, LONG, place=centre.pk)
    for decision in (here, there):
        visit(decision.customer, cast.other_outlet_id, LONG + days(4))
    run()
    assert counted(place=cast.outlet_id)[3:5] == (1, 0)
    assert counted(place=centre)[3:5] == (1, 1)


@pytest.mark.covers("CARE-33")
def test_a_second_night_writes_nothing_and_a_changed_one_what_changed(cast, row):
    run()
    one, two = decide(row, cast.outlet_id, LONG), decide(row, cast.other_outlet_id, LONG)
    assert run().effects == 2
    before = kept()
    assert run().effects == 0
    assert kept() == before
    visit(one.customer, cast.outlet_id, LONG + days(8))
    assert run().effects == 1
    Decision.objects.filter(pk=two.pk).delete()
    assert run().effects == 1
    assert Effect.objects.get(code="x_effect").days == [8]


def test_what_follows_changes_is_what_a_full_recomputation_finds(cast, row):
    """Over nights: a decision, its task done later, a visit corrected, two customers who become one."""
    one, two, three = (decide(row, cast.outlet_id, LONG, arm) for arm in ("TASK", "CONTROL", "TASK"))
    held = task(one, state="OPEN")
    came = visit(two.customer, cast.outlet_id, LONG + days(6))
    run()
    assert counted(arm="CONTACT")[:5] == (2, 2, 0, 2, 0)
    type(held).objects.filter(pk=held.pk).update(
        state="DONE", outcome="APPOINTMENT", finished_at=clock.now(), next_rung_at=None
    )  # fmt: skip
    came.entered_on = LONG + days(60)
    came.save()
    merging.merge_customers(
        actor=SYSTEM, kept_id=one.customer_id, gone_id=three.customer_id, choices={}, at=clock.now()
    )  # fmt: skip
    done = run()
    assert 0 < done.read < 500  # only what changed was read
    assert counted(arm="CONTACT")[:5] == (1, 1, 1, 1, 0)
    assert counted(arm="CONTROL")[3:5] == (1, 0)
    before = kept()
    for model in (Part, Mark, Effect):
        model.objects.all().delete()
    assert run().read > done.read
    assert kept() == before


def test_versions_are_strata_of_their_own(cast, row):
    decide(row, cast.outlet_id, LONG)
    row.until = LONG
    row.save()
    after = rule(since=LONG, control=50)
    decide(after, cast.outlet_id, LONG, "CONTROL")
    run()
    held = queries.compared(Effect.objects.all(), ["x_effect"], queries.terms())["x_effect"]
    assert (held.contact.closed, held.control.closed) == (1, 1)
    assert held.came.sums.weight == 0  # no version has both arms: nothing is compared


def test_the_sums_of_the_database_are_those_of_the_policy(cast, row):
    from guanxi.foundation.values import proportions as policy

    other, months = rule("x_other"), [datetime.date(2026, month, 1) for month in (1, 2, 3)]
    strata = {}
    for number, (of, place, month) in enumerate(
        (of, place, month)
        for of in (row, other)
        for place in (cast.outlet_id, cast.other_outlet_id)
        for month in months
    ):
        counts = (10 + 7 * number, 3 + number, number % 3 * 5, number % 3 * 2)
        strata.setdefault(of.code, []).append(policy.Stratum(*counts))
        for arm, closed, came in (("CONTACT", *counts[:2]), ("CONTROL", *counts[2:])):
            Effect.objects.create(
                rule=of, code=of.code, place_id=place, month=month, arm=arm, customers=closed, contacted=0, reached=0,
                closed=closed, came=came, settled=closed, bought=0,
            )  # fmt: skip
    found = queries.sums(Effect.objects.filter(code__startswith="x_"))
    assert set(found) == {"x_effect", "x_other"}
    for code, (came, bought) in found.items():
        wanted = policy.summed(strata[code])
        assert vars(came) == pytest.approx(vars(wanted))
        assert {type(value) for value in vars(came).values()} == {int, float}
        nobody = [policy.Stratum(one.contact, 0, one.control, 0) for one in strata[code]]
        assert vars(bought) == pytest.approx(vars(policy.summed(nobody)))
        assert wanted.like_control < wanted.control + 1 < wanted.contact


def test_the_database_shows_an_outlet_only_its_own(cast, acting, row):
    for outlet in (cast.outlet_id, cast.other_outlet_id):
        decide(row, outlet, LONG)
    run()
    acting(cast.gm)
    assert set(Effect.objects.values_list("place", flat=True)) == {cast.outlet_id}
    assert queries.visible_to(cast.gm).filter(code="x_effect").count() == 1
    acting(cast.hq)
    assert Effect.objects.filter(code="x_effect").count() == 2


def test_a_preset_sets_the_days_and_the_night_follows_it(cast, row):
    from tests.insight.test_following import jobs

    part = next(part for part in presets.read("base") if part.loader is LOADER)
    assert LOADER.compare(part.data) == []
    assert (queries.terms().came_days, queries.terms().bought_days) == (30, 90)
    visit(decide(row, cast.outlet_id, LONG).customer, cast.outlet_id, LONG + days(45))
    run()
    assert counted()[4] == 0
    waiting = jobs("insight.night")
    mine = EffectsPreset(preset="theirs", came_days=45, bought_days=60, fewest=10)
    assert len(LOADER.apply(actor=SYSTEM, data=mine, source="theirs/effects")) == 1
    assert LOADER.apply(actor=SYSTEM, data=mine, source="theirs/effects") == []
    assert jobs("insight.night") == waiting + 1
    assert queries.terms().source == "theirs"
    run()
    assert counted()[4] == 1


def test_before_any_preset_the_defaults_hold(cast):
    EffectTerms.objects.all().delete()
    assert (queries.terms().came_days, queries.terms().bought_days, queries.terms().fewest) == (30, 90, 30)


def test_a_rule_of_safety_leaves_nobody_out(cast):
    with pytest.raises(DatabaseError, match="care_rule_no_control_for_safety"), transaction.atomic():
        rule("x_recall", is_exempt=True, control=1)
    assert rule("x_recall", is_exempt=True, control=0).pk
    assert rule("x_service", purpose="SERVICE", control=20).pk


def test_the_datasets_know_of_contacts_only_what_is_needed(cast, row):
    run()
    before = Part.objects.get(dataset="decisions").rows
    decide(row, cast.outlet_id, LONG, "NO_CONSENT")
    decide(row, cast.outlet_id, LONG, "CONTROL")
    run()
    assert Part.objects.get(dataset="decisions").rows == before + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM vehicles_sale WHERE sold_on IS NOT NULL")
        assert sum(Part.objects.filter(dataset="sales").values_list("rows", flat=True)) == cursor.fetchone()[0]
    assert {fact.name for fact in datasets.CONTACTS} == {"decisions", "tasks", "attempts", "sales"}
