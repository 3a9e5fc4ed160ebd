"""How large a sample is: a ratio, or as large as the wanted margin needs."""

import datetime
from fractions import Fraction
from math import ceil

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import garage
from tests.care.conftest import DAY, at, days
from tests.care.test_rules import VALUES
from tests.care.test_views import FORM, current

from guanxi.access.models import Token
from guanxi.access.services import people
from guanxi.care.models import Decision, Draw, Rule
from guanxi.care.permissions import Verb
from guanxi.care.policy import sampling
from guanxi.care.presets.playbooks import RuleEntry
from guanxi.care.queries import filling, wording
from guanxi.care.services import rules as services
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid

MAY = datetime.date(2026, 5, 1)
margins = st.integers(1, 20)
populations = st.one_of(st.integers(1, 3000), st.integers(1, 2_000_000_000))


@given(margins, populations)
def test_the_share_is_that_of_the_formula(margin, population):
    first = Fraction(196**2, 100**2) * Fraction(1, 4) / Fraction(margin, 100) ** 2
    size = first / (1 + (first - 1) / population)
    assert sampling.share(7, margin, population) == min(100, ceil(100 * size / population))


@pytest.mark.parametrize(
    ("margin", "population", "share"), [(5, 1, 100), (5, 10, 98), (5, 1000, 28), (5, 100_000, 1), (20, 50, 33)]
)
def test_shares_that_anybody_can_reckon(margin, population, share):
    assert sampling.share(40, margin, population) == share


@pytest.mark.parametrize(("margin", "population"), [(None, 1000), (5, None), (None, None)])
def test_without_a_margin_or_a_number_the_ratio_counts(margin, population):
    assert sampling.share(40, margin, population) == 40


def test_sql_shares_as_the_policy(quiet):
    text = f"SELECT {filling.SHARE} FROM (SELECT %(population)s::bigint AS population) s"

    @settings(
        deadline=None,
        max_examples=200,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(margins, st.one_of(st.none(), populations), st.integers(1, 100))
    def same(margin, population, ratio):
        with connection.cursor() as cursor:
            cursor.execute(text, {"margin": margin, "population": population, "coverage": ratio})
            assert cursor.fetchone()[0] == sampling.share(ratio, margin, population)

    same()


def counted(row, quiet, trim, population, month=MAY):
    return Draw.objects.create(
        rule=row, outlet_id=quiet.outlet_id, place_id=quiet.outlet_id, model=trim and trim.model, month=month,
        population=population, drawn=1,
    )  # fmt: skip


def of_share(owners, share):
    return {
        owner.pk for owner in owners
        if sampling.is_drawn("1", "x_test", sampling.case(owner.pk, owner.car.pk, "2026-06-09"), share)
    }  # fmt: skip


def called():
    return set(Decision.objects.filter(result="TASK").values_list("customer_id", flat=True))


@pytest.mark.parametrize("has_model", [True, False])
def test_the_month_before_says_how_many_are_needed(rule, buyer, night, quiet, has_model):
    trim = garage.trim("ONE") if has_model else None
    owners = [buyer(trim=trim) for _number in range(30)]
    row = rule(margin=5, coverage=1)
    counted(row, quiet, trim, 400)
    counted(row, quiet, None if has_model else garage.trim("TWO"), 1)
    counted(row, quiet, trim, 1, month=datetime.date(2026, 4, 1))
    night()
    assert sampling.share(1, 5, 400) == 50
    assert called() == of_share(owners, 50)
    assert len(of_share(owners, 1)) < len(called()) < 30


def test_the_versions_of_a_rule_are_counted_together(rule, buyer, night, quiet):
    owners = [buyer() for _number in range(30)]
    counted(rule(margin=5, until=DAY), quiet, None, 100)
    counted(rule(margin=5, since=DAY), quiet, None, 300)
    counted(rule("x_other", is_on=False), quiet, None, 9)
    night()
    assert called() == of_share(owners, 50)
    assert len(called()) < 30


@pytest.mark.parametrize("coverage", [100, 40])
def test_while_nobody_knows_how_many_the_ratio_counts_and_all_are_counted(rule, buyer, night, coverage):
    owners = [buyer() for _number in range(20)]
    rule(margin=5, coverage=coverage)
    night()
    assert called() == of_share(owners, coverage)
    assert list(Draw.objects.values_list("population", "drawn")) == [(20, len(called()))]


def test_a_margin_is_from_1_to_20_points(quiet):
    for margin in (0, 21):
        with pytest.raises(Invalid) as refused:
            services.add_rule(actor=SYSTEM, code="x_try", node_id=None, values=VALUES | {"margin": margin}, at=at())
        assert refused.value.field == "margin"
    made = services.add_rule(actor=SYSTEM, code="x_try", node_id=None, values=VALUES | {"margin": 20}, at=at())
    with pytest.raises(DatabaseError, match="care_rule_margin"), transaction.atomic():
        Rule.objects.filter(pk=made.pk).update(margin=21)


def test_a_later_version_keeps_the_margin(rule):
    row = rule(margin=5)
    after = services.change_rule(actor=SYSTEM, rule_id=row.pk, values={"due": 9}, at=at(DAY + days(1)))
    assert (after.pk != row.pk, after.margin) == (True, 5)


def test_presets_say_margins():
    entry = {
        "code": "sampled", "name_zh": "抽样", "name_en": "Sampled", "anchor": "DELIVERY", "channel": "PHONE", "role": "r",
        "cap": "call",
    }  # fmt: skip
    assert RuleEntry.model_validate(entry | {"margin": 5}).values()["margin"] == 5
    with pytest.raises(ValueError, match="margin"):
        RuleEntry.model_validate(entry | {"margin": 21})


def test_the_editor_and_the_page_say_the_margin(signed_in):
    client = signed_in("hq")
    refused = client.post("/care/rules/add/", FORM | {"code": "x_try", "margin": "21"})
    assert refused.status_code == 422
    client.post("/care/rules/add/", FORM | {"code": "x_try", "margin": "5", "coverage": "40"})
    row = current("x_try")
    assert (row.margin, row.coverage) == (5, 40)
    with translation.override("en"):
        assert "so many that each stratum is known to ±5 points" in wording.sentence(row)
    page = client.get(f"/care/rules/{row.pk}/").content.decode()
    assert "±5 points for each outlet, model and month; 40 % until known how many" in page
    assert 'name="margin" value="5"' in client.get(f"/care/rules/{row.pk}/change/").content.decode()


def test_the_api_says_the_margin(rule, client, quiet):
    rule(margin=5)
    Token.objects.create(
        user_id=quiet.hq.user_id, name="t", digest=people.digest("gx_rules"), start="gx_rul", created_at=clock.now(),
        verbs=[str(Verb.VIEW_RULES)], expires_at=clock.now() + days(1),
    )  # fmt: skip
    rows = client.get("/api/v1/care/rules", headers={"authorization": "Bearer gx_rules"}).json()
    assert {row["code"]: row["margin"] for row in rows}["x_test"] == 5
