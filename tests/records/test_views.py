"""The pages of the trail, through the whole stack."""

import csv
import io

import pytest
from django.test import Client
from tests.counting import queries_of

from guanxi.foundation.actor import SYSTEM
from guanxi.records import services
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(acting, cast):
    """Return a function that writes lines at a place."""

    def write(number=1, node=None, label="T-LABEL", actor=SYSTEM):
        acting(SYSTEM)
        for index in range(number):
            services.audit(
                actor=actor, verb="t.viewed", subject_type="t", subject_id=index, subject_label=label,
                node_id=node or cast.outlet_id, before={"colour": "red"}, after={"colour": "blue"},
            )  # fmt: skip
        return AuditEntry.objects.order_by("pk").last()

    return write


def text(response):
    return response.content.decode()


def test_the_list_shows_own_lines_and_no_others(line, signed_in, cast):
    line(label="T-HERE")
    line(node=cast.other_outlet_id, label="T-THERE")
    page = text(signed_in("gm").get("/records/audit/?q=T-"))
    assert "T-HERE" in page
    assert "T-THERE" not in page


def test_the_list_names_the_place(line, signed_in, cast):
    line(label="T-HERE")
    assert "Shanghai Central" in text(signed_in("gm").get("/records/audit/?q=T-HERE"))


def test_the_list_is_narrowed_by_verb_and_day(line, signed_in):
    line(label="T-HERE")
    client = signed_in("gm")
    assert "T-HERE" in text(client.get("/records/audit/?verb=t.viewed&since=2020-01-01"))
    assert "T-HERE" not in text(client.get("/records/audit/?verb=t.viewed&until=2020-01-01"))


def test_one_line_shows_before_and_after(line, signed_in):
    entry = line()
    page = text(signed_in("gm").get(f"/records/audit/{entry.pk}/"))
    assert "red" in page
    assert "blue" in page


@pytest.mark.covers("ORG-35")
def test_a_line_of_elsewhere_is_not_found(line, signed_in, cast):
    entry = line(node=cast.other_outlet_id)
    assert signed_in("gm").get(f"/records/audit/{entry.pk}/").status_code == 404
    assert signed_in("stranger").get(f"/records/audit/{entry.pk}/").status_code == 200


@pytest.mark.parametrize("path", ["audit/", "audit/1/", "recent/0/", "node-history/{node}/", "audit/?export=csv"])
def test_without_the_verb_every_page_is_refused(signed_in, cast, path):
    assert signed_in("advisor").get("/records/" + path.format(node=cast.outlet_id)).status_code == 403


def test_the_history_of_a_place_is_read_by_those_of_the_place(line, signed_in, cast):
    line(label="T-HERE")
    path = f"/records/node-history/{cast.outlet_id}/"
    assert "T-HERE" in text(signed_in("gm").get(path))
    assert signed_in("stranger").get(path).status_code == 403


def test_the_home_panel_shows_what_people_did_last(line, signed_in, cast):
    line(label="T-HERE", actor=cast.admin)
    line(label="T-PROGRAM")
    assert "T-HERE" in text(signed_in("gm").get("/records/recent/0/"))
    assert "T-PROGRAM" not in text(signed_in("gm").get("/records/recent/0/"))
    assert "T-HERE" not in text(signed_in("stranger").get("/records/recent/0/"))


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_trail_is_exported_by_those_who_may_and_that_is_on_the_trail(line, signed_in, kind):
    line()
    answer = signed_in("admin").get(f"/records/audit/?verb=t.viewed&export={kind}")
    assert answer.status_code == 200
    assert f".{kind}" in answer["Content-Disposition"]
    last = AuditEntry.objects.order_by("pk").last()
    assert (last.verb, last.after["rows"]) == ("records.export_audit", 1)
    assert signed_in("gm").get(f"/records/audit/?export={kind}").status_code == 403


def test_an_export_holds_the_filtered_lines(line, signed_in):
    line(2)
    answer = signed_in("admin").get("/records/audit/?verb=t.viewed&export=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 4
    assert "t.viewed" in rows[1]


def test_a_page_costs_the_same_whatever_its_length(line, signed_in):
    def cost(number):
        line(number)
        client = signed_in("gm")
        return queries_of(lambda: client.get("/records/audit/?verb=t.viewed"))

    assert cost(1) == cost(2)


def test_the_pages_speak_both_languages(line, signed_in):
    line()
    english, chinese = (text(signed_in("gm", code).get("/records/audit/")) for code in ("en", "zh-hans"))
    assert "Audit trail" in english
    assert 'lang="zh' in chinese


def test_strangers_are_sent_to_the_sign_in_page(db):
    assert Client().get("/records/audit/").status_code == 302


def test_the_systems_own_acts_are_named_in_the_readers_language(signed_in, acting, cast):
    services.audit(actor=SYSTEM, verb="t.tidy", subject_type="thing", subject_id=1, node_id=cast.outlet_id)
    assert ">系统<" in signed_in("hq", "zh-hans").get("/records/audit/").content.decode().replace(" ", "").replace(
        "\n", ""
    )
    assert "System" in signed_in("hq").get("/records/audit/").content.decode()
