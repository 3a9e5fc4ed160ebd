"""Photos and papers that belong to a complaint: who adds, sees and withdraws them, and that they stay."""

import base64
import hashlib
import io

import pytest
from django.db import DatabaseError, connection, transaction
from tests.apicalls import caller
from tests.complaints.conftest import AT, LATER
from tests.counting import queries_of

from guanxi.complaints.queries.cases import SUBJECT
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records import queries
from guanxi.records.models import Attachment, AuditEntry
from guanxi.records.services import attaching
from guanxi.records.services.attaching import File

PNG = b"\x89PNG\r\n\x1a\n brake disc"


@pytest.fixture
def attach(cast, acting):
    """A function that attaches a file to a complaint as one of the cast."""

    def add(row, who="service", name="刹车盘.png", content=PNG, note="磨损"):
        actor, file = acting(getattr(cast, who)), File(name, content, note)
        return attaching.attach(actor=actor, subject_type=SUBJECT, subject_id=row.pk, file=file, at=AT)

    return add


def trail(verb):
    db.set_scope(SYSTEM)
    return list(AuditEntry.objects.filter(verb=verb).order_by("pk"))


@pytest.mark.covers("CMP-06")
def test_a_photo_is_kept_as_it_was_and_opened_with_a_line(take_in, attach, cast, acting):
    row = take_in()
    made = attach(row)
    gm = acting(cast.gm)
    opened = attaching.open_attachment(actor=gm, attachment_id=made.pk)
    assert (bytes(opened.content), opened.media_type, opened.note) == (PNG, "image/png", "磨损")
    assert opened.sha256 == hashlib.sha256(PNG).hexdigest()
    (added,), (read,) = trail("records.attach"), trail("records.open_attachment")
    assert (added.subject_label, added.after["file"], added.node_id) == (row.number, "刹车盘.png", cast.outlet_id)
    assert (read.person_id, read.subject_id) == (cast.gm.user_id, str(row.pk))


def test_the_same_file_again_is_one_file(take_in, attach):
    row = take_in()
    first = attach(row)
    assert attach(row, "gm", name="另一个名字.png").pk == first.pk
    assert attach(row, content=PNG + b"2").pk != first.pk
    assert attach(take_in(angle="SALES")).pk != first.pk  # the same photo of another matter
    assert len(trail("records.attach")) == 3


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "Choose a file"), (b"GIF89a", "Only pictures"), (PNG + bytes(1024 * 1024), "larger than 1 MB")],
)
def test_what_cannot_be_taken_is_refused_and_nothing_is_kept(take_in, attach, settings, content, why):
    settings.ATTACHMENT_MB = 1
    row = take_in()
    with pytest.raises(Invalid, match=why):
        attach(row, content=content)
    assert attach(row, content=PNG + bytes(1024 * 1024 - len(PNG))).size == 1024 * 1024  # as large as may be
    db.set_scope(SYSTEM)
    assert len(queries.attachments(SUBJECT, row.pk)) == len(trail("records.attach")) == 1


def test_fifty_are_enough(take_in, attach, monkeypatch):
    monkeypatch.setattr(attaching, "MOST", 2)
    row = take_in()
    attach(row, content=PNG + b"1")
    attach(row, content=PNG + b"2")
    with pytest.raises(Invalid, match="2 files here already"):
        attach(row, content=PNG + b"3")
    assert attach(row, content=PNG + b"2").size == len(PNG) + 1  # what is there is no further one


def test_who_sees_the_complaint_sees_its_files_and_nobody_else(take_in, attach, cast, acting):
    row = take_in()
    pk = attach(row).pk
    for who in ("gm", "branch", "hq", "auditor"):
        assert attaching.open_attachment(actor=acting(getattr(cast, who)), attachment_id=pk).pk == pk, who
    for who in ("stranger", "technician"):
        with pytest.raises((NotFound, NotAllowed)):
            attaching.open_attachment(actor=acting(getattr(cast, who)), attachment_id=pk)
    acting(cast.stranger)
    assert not Attachment.objects.exists()  # the second wall: not even without asking
    with pytest.raises(NotAllowed):
        attach(row, "auditor")
    with pytest.raises((NotFound, NotAllowed)):
        attach(row, "stranger")
    with pytest.raises(NotFound):
        attaching.attach(
            actor=acting(cast.hq), subject_type="complaints.other", subject_id=row.pk, file=File("a.png", PNG), at=AT
        )


def test_a_file_is_withdrawn_with_a_reason_and_stays_on_the_list(take_in, attach, cast, acting):
    row = take_in()
    pk = attach(row).pk
    service = acting(cast.service)
    with pytest.raises(Invalid):
        attaching.withdraw(actor=service, attachment_id=pk, reason=" ", at=LATER)
    with pytest.raises(NotAllowed):
        attaching.withdraw(actor=acting(cast.auditor), attachment_id=pk, reason="x", at=LATER)
    service = acting(cast.service)
    attaching.withdraw(actor=service, attachment_id=pk, reason="是别的车", at=LATER)
    with pytest.raises(Conflict):
        attaching.withdraw(actor=service, attachment_id=pk, reason="again", at=LATER)
    shown = queries.evidence(SUBJECT, row.pk, may_add=True)
    assert (len(shown.rows), shown.count, shown.rows[0].withdrawn_why) == (1, 0, "是别的车")
    with pytest.raises(NotFound, match="withdrawn"):
        attaching.open_attachment(actor=service, attachment_id=pk)
    assert attaching.open_attachment(actor=acting(cast.auditor), attachment_id=pk).pk == pk
    assert attach(row).pk != pk  # it can be added anew
    assert [entry.note for entry in trail("records.withdraw_attachment")] == ["是别的车"]


@pytest.mark.parametrize(
    "change",
    ["content = 'x'", "name = 'x'", "person_name = 'x'", "sha256 = 'x'", "withdrawn_at = NULL, withdrawn_why = ''"],
)
def test_the_database_keeps_a_file_as_it_was(take_in, attach, cast, acting, change):
    row = take_in()
    pk = attach(row).pk
    attaching.withdraw(actor=acting(cast.service), attachment_id=pk, reason="x", at=LATER)
    with connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
            cursor.execute(f"UPDATE records_attachment SET {change} WHERE id = %s", [pk])
        cursor.execute("DELETE FROM records_attachment WHERE id = %s", [pk])
        assert cursor.rowcount == 0


@pytest.mark.covers("CMP-06", "CMP-41")
@pytest.mark.parametrize(("language", "said"), [("en", "1 file"), ("zh-hans", "1 个文件")])
def test_evidence_on_the_page_without_javascript(signed_in, take_in, language, said):
    row = take_in()
    client = signed_in("service", language)
    page = client.get(f"/complaints/{row.pk}/").content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert 'accept="image/jpeg,image/png,image/webp,application/pdf"' in page
    file = io.BytesIO(PNG)
    file.name = "现场.png"
    sent = client.post(f"/records/attachments/{SUBJECT}/{row.pk}/", {"file": file, "note": "漏油"})
    assert (sent.status_code, sent["Location"]) == (302, f"/complaints/{row.pk}/")
    made = Attachment.objects.get()
    page = client.get(f"/complaints/{row.pk}/").content.decode()
    for words in (said, "现场.png", "漏油", f"/records/attachments/{made.pk}/withdraw/"):
        assert words in page, words
    opened = client.get(f"/records/attachments/{made.pk}/")
    assert opened.content == PNG
    assert opened["Content-Type"] == "image/png"
    assert opened["Content-Disposition"].startswith("attachment;")
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert opened["Content-Security-Policy"] == "default-src 'none'; sandbox"
    gone = client.post(f"/records/attachments/{made.pk}/withdraw/", {"reason": "拍错了"})
    assert gone.status_code == 302
    page = client.get(f"/complaints/{row.pk}/").content.decode()
    assert "拍错了" in page
    assert f"/records/attachments/{made.pk}/" not in page
    assert (
        'enctype="multipart/form-data"'
        not in signed_in("auditor", language).get(f"/complaints/{row.pk}/").content.decode()
    )


@pytest.mark.parametrize(("language", "said"), [("en", "Choose a file first."), ("zh-hans", "请先选择文件")])
def test_a_form_without_a_file_says_so(signed_in, take_in, language, said):
    row = take_in()
    answer = signed_in("service", language).post(f"/records/attachments/{SUBJECT}/{row.pk}/", {"note": "x"})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_photo_as_large_as_may_be_passes_the_door(signed_in, take_in, settings):
    """Beyond 5 MB a file goes through a temporary one; the limit of a request holds for what is no file."""
    row = take_in()
    whole = PNG + bytes(settings.ATTACHMENT_MB * attaching.MEGABYTE - len(PNG))
    client = signed_in("service")
    address = f"/records/attachments/{SUBJECT}/{row.pk}/"
    assert client.post(address, {"file": io.BytesIO(whole + b"1")}).status_code == 422
    assert client.post(address, {"file": io.BytesIO(whole)}).status_code == 302
    assert Attachment.objects.get().size == len(whole)


def test_the_page_costs_the_same_with_one_file_and_with_three(signed_in, take_in, attach):
    row = take_in()
    attach(row)
    client = signed_in("gm")
    one = queries_of(lambda: client.get(f"/complaints/{row.pk}/"))
    attach(row, content=PNG + b"2")
    attach(row, content=PNG + b"3")
    client = signed_in("gm")
    assert queries_of(lambda: client.get(f"/complaints/{row.pk}/")) == one


def test_the_api_attaches_once_by_form_or_json_lists_and_withdraws(cast, take_in):
    row = take_in()
    service, address = caller(cast.service), f"/api/v1/records/attachments/of/{SUBJECT}/{row.pk}"
    body = {"name": "a.png", "content": base64.b64encode(PNG).decode(), "note": "x"}
    made = service.post(address, body, content_type="application/json")
    assert made.status_code == 201
    sent = [
        service.post(address, {"file": io.BytesIO(PNG + b"2")}, headers={"Idempotency-Key": "photo-2"}) for _ in "ab"
    ]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert (sent[1].json(), sent[1]["Idempotent-Replayed"]) == (sent[0].json(), "true")
    other = service.post(address, {"file": io.BytesIO(PNG + b"3")}, headers={"Idempotency-Key": "photo-2"})
    assert other.status_code == 409
    assert service.post(address, {"file": io.BytesIO(b"MZ")}).status_code == 422
    assert [item["size"] for item in service.get(address).json()] == [len(PNG), len(PNG) + 1]
    pk = made.json()["id"]
    one = service.get(f"/api/v1/records/attachments/{pk}")
    assert (one.content, one["Content-Security-Policy"]) == (PNG, "default-src 'none'; sandbox")
    gone = service.post(
        f"/api/v1/records/attachments/{pk}/withdraw", {"reason": "wrong car"}, content_type="application/json"
    )  # fmt: skip
    assert gone.json()["withdrawn_why"] == "wrong car"
    assert service.get(f"/api/v1/records/attachments/{pk}").status_code == 404
    looking = caller(cast.gm, {"complaints.view"})
    assert looking.get(address).status_code == 200
    assert looking.post(address, body, content_type="application/json").status_code == 403
