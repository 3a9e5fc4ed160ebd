"""The strata of a draw: outlet, model, month."""

import importlib

import pytest
from django.db import connection
from tests import garage
from tests.care.conftest import DAY, days

from guanxi.care.models import Decision, Draw
from guanxi.care.policy import sampling


@pytest.fixture
def models(quiet):
    """Two trims, each of a model of its own."""
    return garage.trim("ONE"), garage.trim("TWO")


def strata():
    rows = Draw.objects.order_by("model__code", "month")
    return list(rows.values_list("model__code", "month__month", "population", "drawn"))


def counted():
    rows = Draw.objects.values_list("rule", "outlet", "place", "model", "month", "population", "drawn")
    return sorted(rows, key=str)


def drawn(owners, share, rule="x_test"):
    keys = [sampling.case(owner.pk, owner.car.pk, (DAY - days(1)).isoformat()) for owner in owners]
    return sum(sampling.is_drawn("1", rule, key, share) for key in keys)


@pytest.mark.covers("FUP-20")
def test_each_model_is_a_stratum_and_so_is_none(rule, buyer, night, models):
    one, two = models
    owners = {trim: [buyer(trim=trim) for _number in range(6)] for trim in (one, two, None)}
    rule(coverage=40)
    night()
    assert strata() == [
        ("ONE-M", 6, 6, drawn(owners[one], 40)), ("TWO-M", 6, 6, drawn(owners[two], 40)),
        (None, 6, 6, drawn(owners[None], 40)),
    ]  # fmt: skip


def test_later_cases_without_a_model_add_to_one_stratum(rule, buyer, night):
    rule(coverage=40)
    for back in (0, 1):
        buyer(DAY - days(1 - back))
        night(DAY + days(back))
    assert [row[:3] for row in strata()] == [(None, 6, 2)]


def test_strata_counted_anew_are_those_that_the_nights_counted(rule, buyer, night, models):
    rule(coverage=40)
    rule("x_all", cap_id="greeting")
    for number in range(9):
        buyer(DAY - days(number % 2), trim=[*models, None][number % 3])
    night()
    night(DAY + days(1))
    before = counted()
    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("guanxi.care.migrations.0012_sampling").ANEW)
    assert Decision.objects.filter(result="SAMPLE").exists()
    assert len(before) == 3
    assert counted() == before


def test_the_page_shows_each_stratum_with_its_weight(rule, buyer, night, models, signed_in):
    row = rule(coverage=40)
    for _number in range(4):
        buyer(trim=models[0])
    night()
    Draw.objects.update(population=10, drawn=4)
    page = signed_in("hq").get(f"/care/rules/{row.pk}/").content.decode()
    for cell in ("Voyage Hybrid", "2026-06", "4 / 10", "2.50"):
        assert f">{cell}</td>" in page
