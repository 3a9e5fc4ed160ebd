"""Files of a customer."""

import pytest
from tests.customers.conftest import AT

from guanxi.customers import queries
from guanxi.customers.services import attaching
from guanxi.foundation.errors import Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 contract"


def attach(actor, row, name="合同.pdf", content=PDF):
    return attaching.attach(actor=actor, customer_id=row.pk, name=name, content=content, at=AT)


@pytest.mark.covers("INFO-04")
def test_a_file_is_kept_read_and_taken_away(add, cast, acting):
    row = add()
    made = attach(cast.admin, row)
    assert [item.name for item in queries.attachments(row)] == ["合同.pdf"]
    assert bytes(queries.attachment(cast.admin, made.pk).content) == PDF
    for who, seen in (("branch", 1), ("hq", 1), ("stranger", 0)):
        acting(getattr(cast, who))
        assert len(queries.attachments(row)) == seen, who
    with pytest.raises(NotFound):
        queries.attachment(cast.stranger, made.pk)
    acting(cast.admin)
    attaching.detach(actor=cast.admin, attachment_id=made.pk)
    assert queries.attachments(row) == []
    trail = AuditEntry.objects.filter(verb="customers.write_note").order_by("pk")
    assert [(entry.before, entry.after) for entry in trail] == [
        (None, {"attachment": "合同.pdf", "size": 17}), ({"attachment": "合同.pdf", "size": 17}, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b""), ("a.pdf", b"MZ\x90"), ("a.html", b"<html>"), ("a.pdf.exe", PDF), ("a.png", PDF), ("a.xlsm", b"PK\x03\x04"),
     ("a.pdf", PDF + b" " * attaching.LARGEST)],
)  # fmt: skip
def test_what_is_no_document_is_refused(add, cast, name, content):
    row = add()
    with pytest.raises(Invalid):
        attach(cast.admin, row, name, content)
    assert queries.attachments(row) == []


def test_who_may_not_write_attaches_nothing(add, cast, acting):
    row = add()
    acting(cast.auditor)
    with pytest.raises(NotAllowed):
        attach(cast.auditor, row)
