"""The pages and the API of the effect of rules, without JavaScript: figures worked out by hand, both languages, who sees
what, what it costs.
"""

import csv
import io
import re

import pytest
from tests.apicalls import caller
from tests.counting import queries_of
from tests.insight.contacts import rule

from guanxi.care.permissions import Verb as Care
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.values.months import later
from guanxi.insight.models import Effect
from guanxi.insight.permissions import Verb
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
MONTH = later(clock.today().replace(day=1), -3)


def count(row, place, arm, closed, came, *, month=MONTH, waiting=0, reached=0, days=()):
    """Keep the counts of one arm as the night would."""
    contacted = closed + waiting if arm == "CONTACT" else 0
    return Effect.objects.create(
        rule=row, code=row.code, place_id=place, month=month, arm=arm, customers=closed + waiting, contacted=contacted,
        reached=reached, closed=closed, came=came, settled=closed, bought=0, days=list(days),
    )  # fmt: skip


@pytest.fixture
def row(cast):
    """A rule whose contacted came 300 of 1000 times, those left out 40 of 200 times."""
    Effect.objects.all().delete()  # what the demonstration brings
    made = rule()
    count(made, cast.outlet_id, "CONTACT", 1000, 300, waiting=50, reached=620, days=[3] * 100 + [8] * 200)
    count(made, cast.outlet_id, "CONTROL", 200, 40, waiting=7, days=[9] * 40)
    return made


def texts(page):
    """Return what stands in the cells of each row, by the label of the column."""
    rows = re.findall(r'<tr id="list-\d+" data-row>(.*?)</tr>', page, re.DOTALL)
    cell = re.compile(r'data-label="([^"]*)"[^>]*>(.*?)</td>', re.DOTALL)
    return [{key: " ".join(re.sub(r"<[^>]+>", " ", text).split()) for key, text in cell.findall(one)} for one in rows]


@pytest.mark.covers("CARE-33")
def test_the_list_shows_what_a_rule_brings(signed_in, row):
    """By hand: 30.0 % against 20.0 %; Wilson 27.24 … 32.91 and 15.04 … 26.08; Newcombe +3.32 … +15.75 points."""
    (found,) = texts(signed_in("hq").get("/insight/effects/").content.decode())
    assert found["Rule"] == "Effect"
    assert (found["Contacted"], found["Reached"], found["Still open"]) == ("1,050", "620", "57")
    assert (found["Came (percent)"], found["Came without (percent)"]) == ("30.0 %", "20.0 %")
    assert found["Difference (points)"] == "+10.0 +3.3 to +15.7"
    assert found["Extra visits"] == "+100 +33 to +157"
    assert found["Verdict"].startswith("Brings more")
    assert "300 of 1000 to be contacted, 40 of 200 left out." in found["Verdict"]


def test_the_drawing_shows_the_interval_to_scale(signed_in, row):
    page = signed_in("hq").get("/insight/effects/").content.decode()
    path = re.search(r'class="chart-line" d="M([\d.]+) 4v8M[\d.]+ 8H([\d.]+)M', page)
    low, high = (float(value) for value in path.groups())
    assert high == 114.0  # the farthest end of the page reaches the edge
    assert low == pytest.approx(60 + 54 * 3.32 / 15.75, abs=0.15)
    assert "Difference +10.0 points, interval +3.3 to +15.7" in page


@pytest.mark.covers("CARE-33")
def test_without_a_control_group_nothing_is_claimed(signed_in, row, cast):
    Effect.objects.filter(arm="CONTROL").delete()
    client = signed_in("hq")
    (found,) = texts(client.get("/insight/effects/").content.decode())
    assert found["Came (percent)"] == "30.0 %"
    assert [found[name] for name in ("Came without (percent)", "Difference (points)", "Extra visits")] == ["–"] * 3
    assert found["Verdict"].startswith("No control group")
    panel = client.get(f"/insight/rule-panel/{row.pk}/").content.decode()
    assert "leaves nobody out at random" in panel
    assert "chart-line" not in panel
    assert "Left out at random" not in panel
    assert "30.0 %" in panel


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_panel_of_a_rule_shows_both_arms(signed_in, row, language):
    client = signed_in("hq", language)
    assert f"/insight/rule-panel/{row.pk}/" in client.get(f"/care/rules/{row.pk}/").content.decode()
    Effect.objects.filter(arm="CONTROL").update(closed=29, came=9, settled=29, days=[9] * 9)
    page = client.get(f"/insight/rule-panel/{row.pk}/").content.decode()
    assert page.count("<tr data-row>") == 3  # two arms, one month
    for figure in ("1,050", "30.0 %", "31.0 %", "228"):  # 50 open of the contacted, 178 of those left out
        assert figure in page, figure
    if language == "en":
        cells = re.findall(r'data-label="(Came|Days until they came|Reached)">([^<]*)<', page)
        assert cells[:3] == [("Reached", "620 of 1,050"), ("Came", "300 of 1,000"), ("Days until they came", "8")]
        assert "Came within 30 days" in page
        assert "Too few to say" in page


def test_before_the_first_night_the_panel_says_so(signed_in, cast):
    made = rule("x_new")
    page = signed_in("hq").get(f"/insight/rule-panel/{made.pk}/").content.decode()
    assert "Nothing to count yet" in page


def test_months_and_places_are_asked_for(signed_in, row, cast):
    later_month = later(MONTH, 1)
    count(row, cast.other_outlet_id, "CONTACT", 10, 5, month=later_month)
    client = signed_in("hq")

    def contacted(query):
        return [found["Contacted"] for found in texts(client.get(f"/insight/effects/?{query}").content.decode())]

    assert contacted("") == ["1,060"]
    assert contacted(f"from={later_month:%Y-%m}") == ["10"]
    assert contacted(f"to={MONTH:%Y-%m}") == ["1,050"]
    assert contacted(f"place={cast.branch_id}") == ["1,050"]
    assert contacted(f"place={cast.other_outlet_id}") == ["10"]
    assert contacted(f"from={later_month:%Y-%m}&place={cast.outlet_id}") == []
    assert contacted("from=tomorrow&place=nowhere") == ["1,060"]  # as in every list, what cannot be chosen is not asked


OLD, EDGE = later(MONTH, -9), later(MONTH, -8)  # a year ago, and the first of the last twelve months


def test_the_last_twelve_months_count_unless_others_are_asked_for(signed_in, row, cast):
    count(row, cast.outlet_id, "CONTACT", 100, 50, month=OLD)
    count(row, cast.outlet_id, "CONTACT", 10, 5, month=EDGE)
    client = signed_in("hq")

    def contacted(query):
        return [found["Contacted"] for found in texts(client.get(f"/insight/effects/?{query}").content.decode())]

    assert contacted("") == ["1,060"]
    assert contacted("from=all") == contacted("from=&to=") == ["1,160"]
    assert contacted(f"from={OLD:%Y-%m}") == ["1,160"]
    assert contacted(f"from={OLD:%Y-%m}&to={EDGE:%Y-%m}") == ["110"]
    assert contacted(f"to={EDGE:%Y-%m}") == ["110"]  # twelve months up to it
    assert "Clear" not in client.get("/insight/effects/").content.decode()
    assert "Clear" in client.get("/insight/effects/?from=all").content.decode()
    panel = client.get(f"/insight/rule-panel/{row.pk}/").content.decode()
    assert "620 of 1,060" in panel
    assert panel.count("<tr data-row>") == 4  # two arms, two months


@pytest.mark.parametrize(("language", "words"), [("en", "Windows that opened from {0} to {1}"), ("zh-hans", "{0}")])
def test_every_figure_says_of_which_months_it_is(signed_in, row, language, words):
    client, this = signed_in("hq", language), clock.today().replace(day=1)
    said = words.format(f"{EDGE:%Y-%m}", f"{this:%Y-%m}")
    page = client.get("/insight/effects/").content.decode()
    verdict = page[page.index('<details><summary class="nowrap"') :]
    assert said in page[: page.index("<table")]
    assert said in verdict[: verdict.index("</details>")]
    assert said in page[page.index("</table>") :]  # how the figures are made
    assert said in client.get(f"/insight/rule-panel/{row.pk}/").content.decode()
    assert f'<option value="{EDGE:%Y-%m}" selected>' in page
    if language == "en":
        assert "from the beginning" in client.get("/insight/effects/?from=all").content.decode()
    note = client.get("/insight/effects/?export=csv").content.decode("utf-8-sig").splitlines()[-1]
    assert f"{EDGE:%Y-%m}" in note


def test_the_months_cost_no_query(signed_in, row, cast):
    client = signed_in("hq")
    usual = queries_of(lambda: client.get("/insight/effects/"))
    for query in ("from=all", f"from={OLD:%Y-%m}&to={MONTH:%Y-%m}", f"to={MONTH:%Y-%m}"):
        assert queries_of(lambda query=query: client.get(f"/insight/effects/?{query}")) == usual
    db.set_scope(SYSTEM)
    for number in range(2):
        count(rule(f"x_more{number}"), cast.outlet_id, "CONTACT", 10, 3, month=OLD)
    assert queries_of(lambda: client.get("/insight/effects/?from=all")) == usual


@pytest.mark.covers("ORG-35")
def test_an_outlet_sees_its_own(signed_in, row, cast):
    count(row, cast.other_outlet_id, "CONTACT", 10, 5)

    def contacted(name, query=""):
        return [
            found["Contacted"] for found in texts(signed_in(name).get(f"/insight/effects/{query}").content.decode())
        ]

    assert (contacted("gm"), contacted("stranger"), contacted("hq")) == (["1,050"], ["10"], ["1,060"])
    assert contacted("gm", f"?place={cast.other_outlet_id}") == ["1,050"]  # nothing that he could choose
    panel = signed_in("stranger").get(f"/insight/rule-panel/{row.pk}/").content.decode()
    assert "10 of 10" not in panel
    assert "5 of 10" in panel


def test_the_list_costs_the_same_whatever_the_number_of_rules(signed_in, row, cast):
    client = signed_in("hq")
    one = queries_of(lambda: client.get("/insight/effects/"))
    db.set_scope(SYSTEM)
    for number in range(2):
        more = rule(f"x_more{number}")
        count(more, cast.outlet_id, "CONTACT", 10, 3)
        count(more, cast.outlet_id, "CONTROL", 10, 3)
    assert queries_of(lambda: client.get("/insight/effects/")) == one
    panel = queries_of(lambda: client.get(f"/insight/rule-panel/{row.pk}/"))
    db.set_scope(SYSTEM)
    count(row, cast.outlet_id, "CONTROL", 10, 3, month=later(MONTH, 1))
    assert queries_of(lambda: client.get(f"/insight/rule-panel/{row.pk}/")) == panel


def test_the_export_holds_the_figures_and_leaves_a_line(signed_in, row, cast):
    answer = signed_in("hq").get("/insight/effects/?export=csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    head = next(line for line in lines if "Contacted" in line)
    (found,) = (dict(zip(head, line, strict=True)) for line in lines if "x_effect" in line)
    assert (found["Came (percent)"], found["At least"], found["Extra visits at most"]) == ("30.0", "3.3", "157")
    assert AuditEntry.objects.filter(verb="insight.export", subject_id="insight.effects").exists()
    assert cast.agent.can(Care.VIEW_RULES)
    assert not cast.agent.can(Verb.EXPORT)
    assert signed_in("agent").get("/insight/effects/?export=csv").status_code == 403


@pytest.mark.covers("CARE-33")
def test_the_api_lists_effects_and_the_counts_behind_them(row, cast):
    client = caller(cast.gm)
    (found,) = client.get(f"/api/v1/insight/effects?first={MONTH}").json()
    assert found["code"] == "x_effect"
    assert found["contact"] | {"days": 8} == found["contact"]
    assert (found["came"]["verdict"], found["bought"]["verdict"]) == ("MORE", "UNCLEAR")
    assert found["came"]["difference"] == pytest.approx(0.1)
    assert (found["came"]["extra"], found["came"]["extra_low"]) == (100, 33)
    assert client.get(f"/api/v1/insight/effects?first={clock.today().isoformat()}").json() == []
    counts = client.get("/api/v1/insight/effects/counts?code=x_effect").json()
    assert [item["arm"] for item in counts["items"]] == ["CONTACT", "CONTROL"]
    assert counts["items"][1]["days"] == [9] * 40
    assert counts["next"] is None
