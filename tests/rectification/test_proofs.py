"""Photos and papers that prove what was done about a notice."""

import io

import pytest

from guanxi.foundation.errors import NotFound
from guanxi.records import queries
from guanxi.records.services import attaching
from guanxi.rectification.services.steps import SUBJECT

PDF = b"%PDF-1.7 work order"


def send(client, row):
    return client.post(f"/records/attachments/{SUBJECT}/{row.pk}/", {"file": io.BytesIO(PDF), "note": "工单"})


@pytest.mark.covers("FUP-07")
def test_the_department_proves_what_it_did_and_whoever_verifies_sees_it(signed_in, cast, acting, issue):
    row = issue()
    answer = send(signed_in("service"), row)
    assert (answer.status_code, answer["Location"]) == (302, f"/rectification/{row.pk}/")
    page = signed_in("crm").get(f"/rectification/{row.pk}/").content.decode()
    assert "工单" in page
    assert "1 file" in page
    (made,) = queries.attachments(SUBJECT, row.pk)
    assert bytes(attaching.open_attachment(actor=acting(cast.crm), attachment_id=made.pk).content) == PDF
    with pytest.raises(NotFound):
        attaching.open_attachment(actor=acting(cast.stranger), attachment_id=made.pk)


def test_who_only_looks_adds_no_proof(signed_in, issue):
    row = issue()
    assert send(signed_in("auditor"), row).status_code == 403
    assert send(signed_in("stranger"), row).status_code in {403, 404}
    assert 'type="file"' not in signed_in("auditor").get(f"/rectification/{row.pk}/").content.decode()
