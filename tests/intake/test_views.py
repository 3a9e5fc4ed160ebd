"""The pages of an import, from the file to the undo, as a browser without JavaScript sees them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.counting import queries_of
from tests.intake import arriving
from tests.intake.arriving import owners, vin

from guanxi.foundation import db, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.intake.models import Finding, Run
from guanxi.intake.services.staging import folders
from guanxi.vehicles.models import Vehicle

pytestmark = pytest.mark.django_db
GOOD = ("C1", "王小明", "13800000001", vin(1), "沪A12345", "2024-05-06", "99800")
WARNED = ("C2", "李四海", "1380000", vin(2))
BAD = ("C3", "张三丰", "13800000003", "LVB123")


@pytest.fixture
def at_work(monkeypatch):
    """Jobs of imports are noted, and done when the test says so."""
    stored = []
    monkeypatch.setattr(jobs, "enqueue", lambda name, **values: stored.append((name, values.get("run_id"))) or 1)

    def work():
        from guanxi.intake.services import checking, merging, undoing

        steps = {"intake.check": checking.check_run, "intake.merge": merging.merge_run, "intake.undo": undoing.undo_run}
        for name, run_id in [item for item in stored if item[0] in steps]:
            arriving.as_system(steps[name], Run(pk=run_id))
        stored.clear()

    return work


def upload(client, cast, *files, source="DMS", place=None):
    data = {"place": place or cast.outlet_id, "source": source}
    data["file"] = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("intake:import-file"), data)


def columns_of(run):
    """What the form of columns holds as it is proposed."""
    return {"sheet": run.sheet, "header_row": run.header_row, "kind": run.kind} | {
        key: str(at) for key, at in run.mapping.items()
    }


def latest():
    db.set_scope(SYSTEM)
    return Run.objects.order_by("-pk").first()


@pytest.fixture
def checked(signed_in, cast, at_work):
    """A browser, and the page of a file that it sent and let check."""
    client = signed_in("admin")
    upload(client, cast, ("店里.csv", owners(GOOD, WARNED, BAD)))
    run = latest()
    client.post(reverse("intake:columns", args=[run.pk]), columns_of(run))
    at_work()
    return client, reverse("intake:run", args=[run.pk]), run.pk


@pytest.mark.covers("INFO-13")
def test_a_file_leads_from_page_to_page(checked, cast, at_work):
    client, page, pk = checked
    html = client.get(page).content.decode()
    assert "王小明" in html
    assert "A VIN has 17 characters." in html
    assert "LVB123" in html
    assert client.post(reverse("intake:merge", args=[pk])).status_code == 302
    assert 'hx-trigger="every 1s"' in client.get(page).content.decode()
    at_work()
    html = client.get(page).content.decode()
    assert "What was written" in html
    db.set_scope(SYSTEM)
    assert set(Vehicle.objects.filter(run_id=pk).values_list("vin", flat=True)) == {vin(1), vin(2)}
    client.post(reverse("intake:undo-import", args=[pk]))
    at_work()
    assert "was taken back" in client.get(page).content.decode()
    db.set_scope(SYSTEM)
    assert not Vehicle.objects.filter(run_id=pk).exists()


def test_the_page_at_work_asks_for_itself_and_ends_with_a_fresh_page(checked, at_work):
    client, page, pk = checked
    client.post(reverse("intake:merge", args=[pk]))
    part = client.get(page, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert part.content.decode().lstrip().startswith('<div class="stack" id="work"')
    at_work()
    assert client.get(page, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_the_proposal_stands_in_the_form_with_what_the_rows_say(signed_in, cast, at_work):
    client = signed_in("admin")
    upload(client, cast, ("a.csv", owners(GOOD, WARNED)))
    html = client.get(reverse("intake:columns", args=[latest().pk])).content.decode()
    assert '<option value="1" selected>B · 客户姓名</option>' in html
    assert "王小明 · 李四海" in html
    other = client.get(
        reverse("intake:columns", args=[latest().pk]), {"kind": "visits", "sheet": "0", "header_row": "1"}
    )
    assert "Order number" in other.content.decode()


def test_a_required_column_is_asked_for(signed_in, cast, at_work):
    client = signed_in("admin")
    upload(client, cast, ("a.csv", owners(GOOD)))
    run = latest()
    values = columns_of(run) | {"vin": ""}
    answer = client.post(reverse("intake:columns", args=[run.pk]), values)
    assert answer.status_code == 422
    assert latest().state == "UPLOADED"


def test_several_files_become_several_imports(signed_in, cast, at_work):
    client = signed_in("admin")
    answer = upload(client, cast, ("a.csv", owners(GOOD)), ("b.csv", owners(WARNED)))
    assert answer["Location"] == reverse("intake:runs")
    html = client.get(reverse("intake:runs")).content.decode()
    assert "a.csv" in html
    assert "b.csv" in html


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.exe", b"MZ\x90", "Only Excel workbooks"),
        ("a.csv", b"", "empty"),
        ("a.xlsx", b"PK\x03\x04rubbish", "cannot be read"),
        ("a.csv", b"%PDF-1.7", "neither an Excel workbook nor a table"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not an Excel workbook"),
    ],
)
def test_a_hostile_file_ends_in_a_sentence(signed_in, cast, name, content, sentence):
    answer = upload(signed_in("admin"), cast, (name, content))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert latest() is None


def test_findings_are_filtered_by_what_follows(checked):
    client, _page, pk = checked
    html = client.get(reverse("intake:findings", args=[pk]), {"level": "reject"}).content.decode()
    assert "LVB123" in html
    assert "1380000" not in html


def test_rejects_are_downloaded_and_disarmed(signed_in, cast, at_work):
    client = signed_in("admin")
    upload(client, cast, ("a.csv", owners(GOOD, ("C9", "=cmd()", "13800000003", "LVB123"))))
    run = latest()
    client.post(reverse("intake:columns", args=[run.pk]), columns_of(run))
    at_work()
    text = client.get(reverse("intake:rejects", args=[run.pk]), {"kind": "csv"}).content.decode()
    assert "'=cmd()" in text
    assert "VIN 应为 17 位" in text or "A VIN has 17 characters." in text


def test_a_dropped_file_is_gone(checked):
    client, page, pk = checked
    folder = folders.folder(pk)
    assert folder.is_dir()
    assert (folder / "original").stat().st_mode & 0o777 == 0o600
    client.post(reverse("intake:drop", args=[pk]))
    assert client.get(page).status_code == 404
    assert not folder.exists()
    db.set_scope(SYSTEM)
    assert not Finding.objects.filter(run_id=pk).exists()


def test_who_works_elsewhere_sees_neither_run_nor_findings(checked, signed_in):
    _client, page, _pk = checked
    stranger = signed_in("stranger")
    for address in (page, f"{page}findings/", f"{page}rejects/", f"{page}columns/"):
        assert stranger.get(address).status_code == 404
    assert "店里.csv" not in stranger.get(reverse("intake:runs")).content.decode()


def test_the_list_costs_the_same_for_one_and_for_three(signed_in, cast, at_work):
    client = signed_in("admin")
    upload(client, cast, ("a.csv", owners(GOOD)))
    one = queries_of(lambda: client.get(reverse("intake:runs")))
    upload(client, cast, ("b.csv", owners(GOOD)), ("c.csv", owners(GOOD)))
    assert queries_of(lambda: client.get(reverse("intake:runs"))) == one
