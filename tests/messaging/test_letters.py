"""Letters: addressed, printed in batches, handed to the post; never carried by the sender."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from tests.counting import queries_of
from tests.messaging.conftest import AT, consent, days, send

from guanxi.customers.models import Address
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, NotAllowed, NotFound
from guanxi.messaging.models import Message, PrintBatch
from guanxi.messaging.queries import letters as queries
from guanxi.messaging.services import letters as services
from guanxi.network.models import OutletProfile
from guanxi.privacy.models import Consent
from guanxi.records.models import AuditEntry


@pytest.fixture
def letter(person, template, write, quiet):
    """Return a function that writes a letter to a new customer, who has an address unless told otherwise."""
    template("thanks", "{customer}：\n感谢您", channel="LETTER", subject_zh="感谢信", subject_en="Thanks")

    def make(name="王雪", line="世纪大道1号", **more):
        row = person(name)
        consent(row, quiet.outlet_id, "CARE", "LETTER")
        if line:
            Address.objects.create(
                customer=row, province="31", city="3101", district="310115", line=line, postcode="200120", touched_at=AT
            )  # fmt: skip
        write(row, code="thanks", **more)
        db.set_scope(SYSTEM)
        return Message.objects.get(customer=row)

    return make


def test_a_letter_goes_to_the_postal_address_and_wakes_nobody(letter):
    night = AT + days(0.5)
    made = letter(at=night)
    assert (made.state, made.address, made.not_before) == ("QUEUED", "310115|世纪大道1号|200120", night)
    assert made.subject == "感谢信"
    assert queries.postal(made.address) == queries.Postal("200120", "上海市浦东新区", "世纪大道1号")


def test_who_has_no_address_is_skipped(letter):
    assert letter(line="").reason == "NO_ADDRESS"


def test_the_sender_leaves_letters_alone(letter, carrier, quiet, acting):
    letter()
    assert (send(), list(carrier)) == ({}, [])
    services.print_letters(actor=acting(quiet.crm), node_id=quiet.outlet_id, at=AT)
    assert send() == {}  # what is printed was not left in hand by a dead sender
    assert Message.objects.get().state == "SENDING"


@pytest.mark.covers("NFR-12", "CC-39")
def test_a_batch_is_printed_and_posted_with_who_and_when(letter, quiet, acting):
    for name in ("王雪", "李明"):
        letter(name)
    made = services.print_letters(actor=acting(quiet.crm), node_id=quiet.outlet_id, at=AT)
    assert (made.letters, made.printed_by, made.posted_at) == (2, quiet.crm.name, None)
    assert set(Message.objects.values_list("state", "batch_id", "sent_at")) == {("SENDING", made.pk, None)}
    with pytest.raises(Conflict, match="No letter waits"):
        services.print_letters(actor=quiet.crm, node_id=quiet.outlet_id, at=AT)
    services.post_letters(actor=acting(quiet.hq), batch_id=made.pk, at=AT + days(1))
    made.refresh_from_db()
    assert (made.posted_by, made.posted_at) == (quiet.hq.name, AT + days(1))
    assert set(Message.objects.values_list("state", "sent_at")) == {("SENT", AT + days(1))}
    with pytest.raises(Conflict, match="already"):
        services.post_letters(actor=quiet.hq, batch_id=made.pk, at=AT + days(2))
    verbs = AuditEntry.objects.filter(subject_type="messaging.batch").values_list("verb", flat=True)
    assert sorted(verbs) == ["messaging.post_letters", "messaging.print_letters"]


@pytest.mark.covers("NFR-01")
def test_who_withdrew_meanwhile_is_not_printed(letter, quiet, acting):
    withdrew, stays = letter(), letter("李明")
    Consent.objects.filter(customer=withdrew.customer, medium="LETTER").update(standing="WITHDRAWN", withdrawn_at=AT)
    made = services.print_letters(actor=acting(quiet.crm), node_id=quiet.outlet_id, at=AT)
    db.set_scope(SYSTEM)
    assert (made.letters, Message.objects.get(batch=made).pk) == (1, stays.pk)
    assert Message.objects.get(pk=withdrew.pk).reason == "DECLINED"


def test_rights(letter, quiet, acting):
    letter()
    for actor in (quiet.sales, quiet.auditor, quiet.stranger):
        with pytest.raises(NotAllowed):
            services.print_letters(actor=acting(actor), node_id=quiet.outlet_id, at=AT)
    made = services.print_letters(actor=acting(quiet.crm), node_id=quiet.outlet_id, at=AT)
    with pytest.raises(NotFound):
        services.post_letters(actor=acting(quiet.stranger), batch_id=made.pk, at=AT)
    assert not PrintBatch.objects.exists()  # the wall of the database
    with pytest.raises(NotAllowed):
        services.post_letters(actor=acting(quiet.sales), batch_id=made.pk, at=AT)


def test_the_way_over_the_pages(letter, quiet, signed_in):
    for name in ("王雪", "李明"):
        letter(name)
    OutletProfile.objects.filter(node_id=quiet.outlet_id).update(address="张杨路500号")
    client = signed_in("crm")
    page = client.get(reverse("messaging:letters")).content.decode()
    assert "2 letters" in page
    to = client.post(reverse("messaging:print-letters", args=[quiet.outlet_id])).headers["Location"]
    seen = client.get(to).content.decode()
    assert ("王雪" in seen, "上海市浦东新区" in seen, "世纪大道" in seen) == (True, True, False)
    db.set_scope(SYSTEM)
    pk = PrintBatch.objects.get().pk
    sheets = client.get(reverse("messaging:sheets", args=[pk])).content.decode()
    assert sheets.count('<article class="letter"') == 2
    assert ("世纪大道1号" in sheets, "感谢您" in sheets, "张杨路500号" in sheets) == (True, True, True)
    assert signed_in("sales").get(reverse("messaging:sheets", args=[pk])).status_code == 403
    client.post(reverse("messaging:post-letters", args=[pk]))
    assert "not handed to the post" not in client.get(to).content.decode()
    cells = [str(cell) for row in load_workbook(io.BytesIO(client.get(
        reverse("messaging:letters"), {"export": "xlsx", "posted": "yes"}).content)).active.values for cell in row]  # fmt: skip
    assert quiet.crm.name in cells


def test_the_log_costs_the_same_for_one_and_three(letter, quiet, signed_in):
    client, address = signed_in("crm"), reverse("messaging:letters")
    PrintBatch.objects.create(node_id=quiet.outlet_id, letters=1, printed_by="a", printed_at=AT)
    one = queries_of(lambda: client.get(address))
    db.set_scope(SYSTEM)
    for number in (1, 2):
        PrintBatch.objects.create(node_id=quiet.outlet_id, letters=1, printed_by="a", printed_at=AT + days(number))
    assert queries_of(lambda: client.get(address)) == one
    assert "data-row" not in client.get(address, {"posted": "yes"}).content.decode()


def test_a_message_in_the_list_shows_the_region_of_a_letter_only(letter, signed_in):
    letter()
    text = signed_in("crm").get(reverse("messaging:messages")).content.decode()
    assert ("上海市浦东新区" in text, "世纪大道" in text) == (True, False)
