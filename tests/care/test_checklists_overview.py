"""How outlets do their rounds: the figures against rounds filed by hand, filters, who sees whom, the exports."""

import csv
import io

import pytest
from tests.care.checking import CODE, DAY, NOON, at, days, fine, go, morning, settled
from tests.counting import queries_of

from guanxi.care.models import Round
from guanxi.care.permissions import Verb
from guanxi.care.queries import scores
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.network import queries as network
from guanxi.records.models import AuditEntry

NOON_LIST = "waiting_repair_noon"


@pytest.fixture
def here(cast):
    """Three days of rounds: on the first both lists, on the second one of them, which sees one thing right again, on the
    third none.
    """
    settled(cast)
    for number in range(3):
        morning(DAY + days(number))
    go(cast.crm, cast.outlet_id, fine(board="一", catering="二"))
    go(cast.crm, cast.outlet_id, fine(NOON, board="三", staff="-"), code=NOON_LIST, time="11:00")
    go(cast.crm, cast.outlet_id, fine(board="四"), day=DAY + days(1))
    db.set_scope(SYSTEM)
    return cast


def asked(**more):
    """Return the question of the evening of the third day."""
    return scores.Asked(at(DAY + days(2), "20:00"), DAY + days(2), **more)


def lines(actor, **more):
    return {row.code: row for row in scores.by_outlet(actor, asked(**more))}


@pytest.mark.covers("CARE-01")
def test_the_figures_of_an_outlet_are_those_of_its_rounds(here):
    total = scores.in_sum(SYSTEM, asked(outlet=here.outlet_id))
    due = Round.objects.filter(outlet_id=here.outlet_id, day__range=(DAY, DAY + days(2))).count()
    assert (total.due, total.done) == (due, 3)
    assert (total.fulfilled, total.missing, total.still_open) == (4 + 1 + 5, 2 + 1 + 1, 2)
    assert total.fulfilled_share == 71  # 10 of 14
    row = lines(SYSTEM)["YLHD001"]
    assert (row.due, row.done, row.fulfilled, row.missing, row.still_open) == (due, 3, 10, 4, 2)
    assert (row.done_share, row.fulfilled_share, row.open_since) == (100 * 3 // due, 71, DAY)


def test_a_list_is_judged_alone(here):
    row = lines(SYSTEM, code=CODE)["YLHD001"]
    assert (row.due, row.done, row.done_share, row.missing, row.still_open) == (3, 2, 66, 3, 1)
    total = scores.in_sum(SYSTEM, asked(outlet=here.outlet_id, code=NOON_LIST))
    assert (total.due, total.done, total.fulfilled, total.missing, total.still_open) == (3, 1, 1, 1, 1)


def test_a_round_counts_when_its_time_has_come_or_when_it_was_filed_before(here):
    early = scores.Asked(at(DAY, "08:30"), DAY, outlet=here.outlet_id)
    total = scores.in_sum(SYSTEM, early)
    assert (total.due, total.done) == (2, 2)  # of the rest of the day the time is still to come
    assert lines(SYSTEM)["YLHN001"].done == 0


def test_what_is_older_than_thirty_days_does_not_count_but_stays_open(here):
    later = scores.Asked(at(DAY + days(60)), DAY + days(60), outlet=here.outlet_id)
    total = scores.in_sum(SYSTEM, later)
    assert (total.due, total.looked_at, total.still_open) == (0, 0, 2)
    assert (total.done_share, total.fulfilled_share) == (None, None)
    row = next(row for row in scores.by_outlet(SYSTEM, later) if row.pk == here.outlet_id)
    assert (row.done_share, row.open_since) == (None, DAY)


@pytest.mark.covers("CARE-01")
def test_the_item_most_often_wrong_comes_first_and_leaves_out_where_it_does_not_apply(here):
    found = scores.weakest(SYSTEM, asked(outlet=here.outlet_id), 9)
    assert [(item.missing, item.looked_at, item.share) for item in found] == [(2, 2, 100), (1, 1, 100), (1, 2, 50)]
    noon = scores.weakest(SYSTEM, asked(outlet=here.outlet_id, code=NOON_LIST), 9)
    assert [(item.missing, item.looked_at) for item in noon] == [(1, 1)]
    assert scores.weakest(SYSTEM, asked(outlet=here.outlet_id), 1) == found[:1]


def test_a_branch_is_judged_by_the_outlets_below_it(here):
    below = lines(SYSTEM, branch=here.branch_id)
    assert "YLHD001" in below
    assert "YLHN001" not in below
    assert scores.in_sum(SYSTEM, asked(branch=here.branch_id)).done == 3
    assert scores.in_sum(SYSTEM, asked(branch=here.other_branch_id)).done == 0


@pytest.mark.covers("ORG-35", "NFR-06")
def test_each_sees_the_outlets_of_his_own_places(here, acting):
    assert set(lines(acting(here.gm))) == {"YLHD001"}
    assert "YLHD001" not in lines(acting(here.stranger))
    assert scores.in_sum(here.stranger, asked()).done == 0
    branch = acting(here.branch)
    assert {"YLHD001", "YLHD002"} <= set(lines(branch))
    assert scores.in_sum(branch, asked()).done == 3
    assert {row.pk for row in network.branches(branch, Verb.VIEW_ROUNDS, DAY)} == {here.branch_id}
    assert len(network.branches(acting(here.hq), Verb.VIEW_ROUNDS, DAY)) > 5


def test_the_page_explains_its_figures_and_shows_the_worst_first(cast, signed_in):
    page = signed_in("hq").get("/care/rounds/overview/").content.decode()
    assert page.count("How this figure is made") >= 6
    assert "Most often not fulfilled" in page
    assert page.count("data-row") == 25
    shares = [int(part.split('"')[0]) for part in page.split('<meter min="0" max="100" value="')[1:]]
    outlets = shares[len(shares) - 50 :: 2]
    assert outlets == sorted(outlets)
    chinese = signed_in("branch", "zh-hans").get("/care/rounds/overview/").content.decode()
    assert "维修等待关怀" in chinese


def test_the_page_is_narrowed_by_branch_and_list(cast, signed_in):
    client = signed_in("hq")
    everything = client.get("/care/rounds/overview/").content.decode()
    narrowed = client.get(f"/care/rounds/overview/?branch={cast.branch_id}&list={CODE}").content.decode()
    assert f'value="{cast.branch_id}" selected' in narrowed
    assert f'value="{CODE}" selected' in narrowed
    assert "Rounds done" in narrowed
    assert narrowed != everything
    odd = client.get("/care/rounds/overview/?branch=99999&list=nothing").content.decode()
    assert f'value="{cast.branch_id}" selected' not in odd
    assert f'value="{CODE}" selected' not in odd
    assert odd.count("data-row") == 25


def test_the_overview_costs_the_same_for_one_outlet_and_for_many(cast, signed_in):
    assert queries_of(lambda: signed_in_page(signed_in, "branch")) == queries_of(
        lambda: signed_in_page(signed_in, "office")
    )


def signed_in_page(signed_in, name):
    answer = signed_in(name).get("/care/rounds/overview/")
    assert answer.status_code == 200
    return answer


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.covers("NFR-01")
def test_the_overview_is_exported_with_its_filters(cast, signed_in):
    client = signed_in("branch")
    found = rows_of(client.get(f"/care/rounds/overview/?list={CODE}&export=csv"))
    assert found[0][:3] == ["Outlet", "Branch", "Rounds done (%)"]
    codes = [row[0] for row in found[1:-1]]
    db.set_scope(SYSTEM)
    assert len(codes) == len(set(codes)) > 20
    line = AuditEntry.objects.filter(verb="care.export").latest("pk")
    assert (line.subject_id, line.after["rows"]) == ("care.round_scores", len(codes))
    assert client.get("/care/rounds/overview/?export=xlsx")["Content-Type"].endswith("sheet")


def test_all_rounds_are_listed_narrowed_and_exported(cast, signed_in):
    client = signed_in("gm")
    db.set_scope(SYSTEM)
    mine = Round.objects.filter(outlet_id=cast.outlet_id)
    missed = mine.filter(filed_at=None, day__lt=clock.today()).count()
    wanting = mine.filter(missing__gt=0).count()
    page = client.get("/care/rounds/past/").content.decode()
    assert page.count("data-row") == 25
    for state, number in (("missed", missed), ("wanting", wanting)):
        found = rows_of(client.get(f"/care/rounds/past/?state={state}&export=csv"))
        assert len(found) - 2 == number > 0
    named = rows_of(client.get(f"/care/rounds/past/?list={CODE}&q={cast.crm.name}&export=csv"))
    db.set_scope(SYSTEM)
    assert len(named) - 2 == mine.filter(code=CODE, filed_at__isnull=False).count()
    assert client.get("/care/rounds/past/?since=2030-01-01").content.decode().count("data-row") == 0


def test_the_list_of_rounds_costs_the_same_for_one_and_for_three(cast, signed_in):
    client = signed_in("gm")
    newest = Round.objects.filter(outlet_id=cast.outlet_id).latest("day").day
    few = queries_of(lambda: client.get(f"/care/rounds/past/?since={newest}&list={CODE}"))
    many = queries_of(lambda: client.get(f"/care/rounds/past/?since={newest - days(20)}&list={CODE}"))
    assert few == many


def test_who_may_not_export_is_refused(cast, signed_in):
    client = signed_in("office")
    assert "export=csv" not in client.get("/care/rounds/overview/").content.decode()
    assert client.get("/care/rounds/overview/?export=csv").status_code == 403
    assert client.get("/care/rounds/past/?export=csv").status_code == 403
