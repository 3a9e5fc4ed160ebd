"""What is written to the trail, and what is handed out of it."""

import csv
import datetime
import io

import pytest
from django.http import QueryDict
from django.utils import translation
from openpyxl import load_workbook

from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM, Actor, Grant, Origin
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.permissions import Verb
from guanxi.network.tables import OUTLETS
from guanxi.records import queries, services
from guanxi.records.models import AuditEntry, PresetVersion, Reply
from guanxi.records.services import exporting

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 5, 4, 3, 2, tzinfo=datetime.UTC)


def write(actor=SYSTEM, **more):
    services.audit(actor=actor, **{"verb": "t.change", "subject_type": "t", "subject_id": 7, **more})
    return AuditEntry.objects.order_by("pk").last()


def export(actor, kind="csv", rows=None, query=""):
    rows = network.outlets(actor) if rows is None else rows
    asked = QueryDict(f"{query}&export={kind}" if query else f"export={kind}")
    return services.export(actor=actor, verb=Verb.EXPORT, table=OUTLETS, rows=rows, asked=asked)


def lines_of(file):
    return list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))


@pytest.mark.covers("NFR-06")
def test_a_line_says_who_what_where_and_from_where(acting, cast):
    origin = Origin(channel="web", ip="10.1.2.3", agent="browser", request_id="abc")
    actor = Actor(user_id=cast.advisor.user_id, name="曹浩然", origin=origin)
    line = write(actor, subject_label="车", node_id=cast.outlet_id, note="why")
    assert (line.person_id, line.person_name, line.verb) == (actor.user_id, "曹浩然", "t.change")
    assert (line.subject_type, line.subject_id, line.subject_label, line.node_id) == ("t", "7", "车", cast.outlet_id)
    assert (line.channel, line.ip, line.agent, line.request_id, line.note) == (
        "web", "10.1.2.3", "browser", "abc", "why",
    )  # fmt: skip


@pytest.mark.covers("NFR-06")
def test_only_what_differs_is_kept(acting):
    line = write(before={"a": 1, "b": 2, "gone": 3}, after={"a": 1, "b": 5, "new": 4})
    assert line.before == {"b": 2, "gone": 3, "new": None}
    assert line.after == {"b": 5, "gone": None, "new": 4}


def test_one_side_alone_is_kept_whole(acting):
    assert write(after={"a": 1}).after == {"a": 1}
    line = write(before={"a": 1})
    assert (line.before, line.after) == ({"a": 1}, None)


def test_values_become_plain(acting):
    day = datetime.date(2026, 1, 2)
    line = write(after={"day": day, "set": {1}, "deep": {3: [day]}, "flag": True, "none": None})
    assert line.after == {"day": "2026-01-02", "set": [1], "deep": {"3": ["2026-01-02"]}, "flag": True, "none": None}


def test_long_texts_are_cut_to_what_is_kept(acting):
    line = write(subject_label="x" * 999, note="y" * 999)
    assert (len(line.subject_label), len(line.note)) == (240, 400)


@pytest.mark.parametrize("number", [1, 3, 50])
def test_a_bulk_change_is_one_statement(acting, django_assert_num_queries, number):
    lines = [services.Line(pk, f"label {pk}", None, {"a": 1}, {"a": pk}) for pk in range(2, number + 2)]
    with django_assert_num_queries(1):
        services.audit_many(actor=SYSTEM, verb="t.bulk", subject_type="t", lines=lines)
    assert AuditEntry.objects.filter(verb="t.bulk").count() == number


def test_the_writer_need_not_be_a_reader(acting, cast):
    acting(cast.advisor)
    services.audit(actor=SYSTEM, verb="t.unseen", subject_type="t", subject_id=1, node_id=cast.other_outlet_id)
    assert not AuditEntry.objects.filter(verb="t.unseen").exists()
    acting(SYSTEM)
    assert AuditEntry.objects.filter(verb="t.unseen").exists()


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_names_its_reader_and_is_audited(acting, cast, kind):
    actor = acting(cast.branch)
    file = export(actor, kind, query="sort=code")
    if kind == "csv":
        note = lines_of(file)[-1][0]
    else:
        note = list(load_workbook(io.BytesIO(file.content)).active.values)[-1][0]
    assert actor.name in note
    assert "UTC" in note
    line = AuditEntry.objects.order_by("pk").last()
    assert (line.verb, line.subject_type, line.subject_id) == (Verb.EXPORT, "list", "network.outlets")
    assert line.person_id == actor.user_id
    assert line.after["rows"] == network.outlets(actor).count() > 0
    assert (line.after["kind"], line.after["query"]) == (kind, f"sort=code&export={kind}")
    assert file.name.startswith("network-outlets-")
    assert file.name.endswith(f".{kind}")


@pytest.mark.covers("NFR-01", "SUP-16")
def test_a_file_and_the_trail_hide_the_number_that_was_searched_for(acting, cast):
    file = export(acting(cast.branch), query="q=138+0571+4826&sort=code")
    assert "138 **** 4826" in lines_of(file)[-1][0]
    assert "0571" not in file.content.decode()
    line = AuditEntry.objects.order_by("pk").last()
    assert line.after["query"] == "q=138+%2A%2A%2A%2A+4826&sort=code&export=csv"


def test_a_file_holds_the_rows_the_reader_may_see_and_no_other(acting, cast):
    codes = {line[1] for line in lines_of(export(acting(cast.gm)))[1:-1]}
    assert codes == {"YLHD001"}


def test_a_file_holds_what_the_screen_shows_beside_each_row(acting, cast):
    with translation.override("en"):
        heading, row, _note = lines_of(export(acting(cast.gm)))
    told = dict(zip(heading, row, strict=True))
    assert (told["Brand"], told["Branch"]) == ("Yunling", "Yunling East China branch")
    assert told["Market office"] == "Yunling Shanghai market office"


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_runs_nothing_in_a_spreadsheet(acting, cast, kind):
    Node.objects.filter(pk=cast.outlet_id).update(name_zh='=HYPERLINK("http://evil")', name_en="")
    file = export(cast.hq, kind, network.outlets(cast.hq).filter(pk=cast.outlet_id))
    if kind == "csv":
        assert lines_of(file)[1][0] == '\'=HYPERLINK("http://evil")'
    else:
        cell = load_workbook(io.BytesIO(file.content)).active["A2"]
        assert (cell.value[:2], cell.data_type) == ("'=", "s")


@pytest.mark.covers("NFR-01", "INFO-35")
def test_without_the_verb_there_is_no_file_and_no_line(acting, cast):
    before = AuditEntry.objects.count()
    with pytest.raises(NotAllowed):
        export(cast.advisor)
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("kind", ["pdf", "", "CSV"])
def test_other_kinds_of_file_are_refused(acting, cast, kind):
    with pytest.raises(Invalid):
        export(cast.hq, kind)


def test_a_list_that_is_too_long_is_refused(acting, cast, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    with pytest.raises(Invalid):
        export(cast.hq)


@pytest.mark.parametrize("number", [1, 3])
def test_a_file_costs_the_same_whatever_its_length(acting, cast, django_assert_num_queries, number):
    keys = list(network.outlets(cast.hq).values_list("pk", flat=True)[:number])
    with django_assert_num_queries(7):  # three lists of options, count, rows, ways up, audit
        file = export(cast.hq, rows=Node.objects.filter(pk__in=keys).select_related("profile"))
    assert len(lines_of(file)) == number + 2


def test_a_preset_leaves_its_version_and_a_line(acting):
    for digest in ("a" * 64, "b" * 64):
        services.record_preset(actor=SYSTEM, carmaker="t_maker", part="network", digest=digest, changes=3)
    assert PresetVersion.objects.filter(carmaker="t_maker").count() == 2
    newest = queries.preset_versions(["t_maker"])["t_maker", "network"]
    assert (newest.digest, newest.changes, newest.person_name) == ("b" * 64, 3, "system")
    line = AuditEntry.objects.order_by("pk").last()
    assert (line.subject_id, line.after) == ("t_maker/network", {"digest": "b" * 64, "changes": 3})


def remember(person=1, key="k", body="{}", at=None):
    services.remember(person_id=person, key=key, fingerprint="f", status=201, body=body)
    if at:
        Reply.objects.filter(person_id=person, key=key).update(at=at)


def test_a_reply_is_found_again_by_its_person_alone(acting):
    remember(body="first")
    found = services.remembered(person_id=1, key="k", fingerprint="f")
    assert (found.status, found.body) == (201, "first")
    assert services.remembered(person_id=2, key="k", fingerprint="f") is None
    assert services.remembered(person_id=1, key="other", fingerprint="f") is None


def test_a_key_belongs_to_one_request(acting):
    remember()
    with pytest.raises(Conflict):
        services.remembered(person_id=1, key="k", fingerprint="another")


def test_replies_are_forgotten_after_a_day(acting):
    now = clock.now()
    remember(key="old", at=now - datetime.timedelta(hours=25))
    remember(key="new", at=now - datetime.timedelta(hours=23))
    assert services.forget_replies(at=now) == 1
    assert list(Reply.objects.filter(person_id=1).values_list("key", flat=True)) == ["new"]


def test_what_a_grant_does_not_cover_cannot_be_exported_with_a_narrow_token(acting, cast):
    grants = (Grant(cast.group_id, "x", frozenset({str(Verb.EXPORT), str(Verb.VIEW)}), None),)
    narrowed = Actor(user_id=1, name="token", grants=grants, limited_to=frozenset({str(Verb.VIEW)}))
    with pytest.raises(NotAllowed):
        export(narrowed)
