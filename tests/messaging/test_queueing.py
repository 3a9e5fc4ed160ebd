"""Writing to customers: what they read, who is skipped and why, and that nobody is written to twice for one reason."""

import datetime

import pytest
from tests import garage
from tests.counting import queries_of
from tests.messaging.conftest import AT, consent, days, states

from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.services import merging
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.messaging.models import Message, Terms
from guanxi.messaging.queries import messages as queries
from guanxi.messaging.services import queueing
from guanxi.messaging.services.queueing import FreeWords
from guanxi.network.models import OutletProfile
from guanxi.privacy.models import Consent
from guanxi.records.models import AuditEntry


@pytest.mark.covers("NFR-12")
def test_a_message_is_queued_with_what_the_customer_reads(person, write, quiet):
    row = person("王雪")
    Customer.objects.filter(pk=row.pk).update(gender="F")
    outcome = write(row)
    made = Message.objects.get()
    assert (outcome.queued, outcome.skipped, outcome.last_id) == (1, {}, made.pk)
    assert (made.state, made.body, made.address, made.node_id) == (
        "QUEUED",
        "王雪女士，您好",
        "13800138000",
        quiet.outlet_id,
    )
    assert made.not_before == AT
    entry = AuditEntry.objects.filter(verb="messaging.send").latest("pk")
    assert (entry.subject_id, entry.after["queued"]) == ("test", 1)


def test_the_words_know_car_place_and_consultant(person, template, quiet, write):
    row = person("李明")
    garage.car(row, 1, plate="沪A12345", trim=garage.trim(), insured_until=datetime.date(2026, 7, 1))
    row.relations.update(consultant_name="周舟")
    OutletProfile.objects.filter(node_id=quiet.outlet_id).update(hotline="4008", phone="021")
    body = "{customer}|{car}|{plate}|{outlet_phone}|{consultant}|{insured_until}"
    template("all", body, body_en=body)
    write(row, code="all")
    write(row, code="all", key="english", language="en", at=AT + days(8))
    zh, en = Message.objects.order_by("pk").values_list("body", flat=True)
    assert zh == "李明|远航混动|沪A12345|4008|周舟|2026年7月1日"
    assert en == "李明|Voyage Hybrid|沪A12345|4008|周舟|1 July 2026"


def test_a_name_that_looks_like_a_variable_stays_as_it_is(person, write):
    write(person("{plate}%s"))
    assert Message.objects.get().body == "{plate}%s，您好"


def _wrong(row):
    ContactPoint.objects.filter(customer=row).update(state="WRONG")


def _hands_off(row):
    ContactPoint.objects.create(
        customer=row, channel="MOBILE", value="13900139000", state="DO_NOT_CONTACT", touched_at=AT
    )


def _never(row):
    Consent.objects.filter(customer=row).delete()


def _declined(row):
    Consent.objects.filter(customer=row).update(standing="REFUSED")


@pytest.mark.covers("NFR-12", "NFR-01")
@pytest.mark.parametrize(
    ("change", "reason"),
    [(_wrong, "NO_ADDRESS"), (_hands_off, "DO_NOT_CONTACT"), (_never, "NO_CONSENT"), (_declined, "DECLINED")],
)
def test_each_skip_is_a_row_with_its_reason(person, write, change, reason):
    row, other = person(), person("李明")
    change(row)
    outcome = write(row, other)
    assert (outcome.queued, outcome.skipped) == (1, {reason: 1})
    skipped = Message.objects.get(customer=row)
    assert (skipped.state, skipped.reason) == ("SKIPPED", reason)
    write(row, other)
    assert Message.objects.filter(customer=row).count() == 1  # the same skip is not logged twice


def test_a_value_that_is_not_known_skips(person, template, write):
    template("car", "您的{plate}")
    assert write(person(), code="car").skipped == {"NO_VALUE": 1}
    assert Message.objects.get().body == ""


@pytest.mark.covers("NFR-12")
def test_a_purpose_has_its_budget_whoever_writes(person, write, quiet, acting):
    row = person()
    consent(row, quiet.group_id)
    garage.Relation.objects.create(
        customer=row, outlet_id=quiet.other_outlet_id, category="OWNER", since=garage.DAY, touched_at=AT
    )
    write(row, key="one")
    acting(quiet.hq)
    outcome = write(row, key="two", node=quiet.other_outlet_id, at=AT + days(6))
    assert outcome.skipped == {"BUDGET": 1}
    assert write(row, key="three", at=AT + days(8)).queued == 1


def test_what_an_outlet_cannot_see_counts_for_its_budget_too(person, write, quiet, acting, template):
    row = person()
    garage.Relation.objects.create(
        customer=row, outlet_id=quiet.other_outlet_id, category="OWNER", since=garage.DAY, touched_at=AT
    )
    consent(row, quiet.other_outlet_id)
    write(row, key="theirs", node=quiet.other_outlet_id)
    actor = acting(quiet.crm)
    assert not Message.objects.exists()
    assert write(row, key="ours", actor=actor).skipped == {"BUDGET": 1}


def test_service_has_no_budget(person, template, write, quiet):
    row = person()
    consent(row, quiet.outlet_id, "SERVICE")
    template("service", purpose="SERVICE")
    assert [write(row, code="service", key=str(number)).queued for number in range(2)] == [1, 1]


@pytest.mark.covers("NFR-12")
def test_two_queues_with_one_key_are_one_message(person, write):
    row = person()
    assert write(row).queued == 1
    assert write(row).skipped == {"DUPLICATE": 1}
    assert states() == [("QUEUED", ""), ("SKIPPED", "DUPLICATE")]


@pytest.mark.covers("NFR-12")
def test_at_night_a_message_waits_for_the_morning(person, write):
    write(person(), at=datetime.datetime(2026, 6, 10, 15, 0, tzinfo=datetime.UTC))  # 23:00 in Shanghai
    assert Message.objects.get().not_before == datetime.datetime(2026, 6, 11, 0, 30, tzinfo=datetime.UTC)


def test_only_customers_of_the_place_are_written_to(person, write, quiet, acting):
    mine, theirs = person(), person("李明", outlet=quiet.other_outlet_id)
    assert write(mine, theirs).queued == 1
    assert write(mine, theirs, actor=acting(quiet.crm), key="again").skipped == {"BUDGET": 1}
    acting(SYSTEM)
    assert set(Message.objects.values_list("customer", flat=True)) == {mine.pk}


def test_many_cost_as_much_as_one(person, write):
    people = [person(f"人{number}") for number in range(12)]
    one = queries_of(lambda: write(people[0]))
    assert queries_of(lambda: write(*people)) == one
    assert Message.objects.filter(state="QUEUED").count() == 12


def test_rights_and_what_cannot_be(person, write, quiet, acting):
    row = person()
    for actor in (quiet.auditor, quiet.technician, quiet.stranger):
        with pytest.raises(NotAllowed):
            write(row, actor=acting(actor))
    acting(SYSTEM)
    with pytest.raises(NotFound):
        write(row, code="nothing")
    with pytest.raises(Invalid, match="one word"):
        write(row, key=" ")
    with pytest.raises(Invalid):
        write(row, language="fr")
    Terms.objects.all().delete()
    with pytest.raises(Conflict, match="terms"):
        write(row)
    assert not Message.objects.exists()


def test_own_words_need_their_own_right(person, quiet, acting):
    row = person()

    def words(actor, **more):
        text = FreeWords(**{"channel": "SMS", "purpose": "CARE", "body": "{customer}，明天见"} | more)
        return queueing.queue_words(
            actor=actor, words=text, node_id=quiet.outlet_id, customer_ids=[row.pk], key="k", at=AT
        )

    with pytest.raises(NotAllowed):
        words(acting(quiet.sales))
    with pytest.raises(Invalid) as refusal:
        words(acting(quiet.crm), body="{nobody}")
    assert "{nobody}" in str(refusal.value.problems[0].message)
    with pytest.raises(Invalid):
        words(quiet.crm, channel="EMAIL")
    assert words(quiet.crm).queued == 1
    assert Message.objects.get().body == "王雪，明天见"


def test_messages_are_seen_at_the_place_that_wrote_them_and_above(person, write, quiet, acting):
    write(person())
    for actor in (quiet.crm, quiet.branch, quiet.hq, quiet.auditor):
        assert queries.visible_to(acting(actor)).count() == 1
    for actor in (quiet.stranger, quiet.technician):
        acting(actor)
        assert Message.objects.count() == (1 if actor is quiet.technician else 0)  # the wall of the database
    assert queries.visible_to(acting(quiet.stranger)).count() == 0
    db.set_scope(SYSTEM)


def test_a_merge_takes_messages_and_answers_along(person, write, quiet, acting):
    kept, gone = person(), person("李明")
    write(kept, gone)
    write(gone, key="other", at=AT + days(30))
    merging.merge_customers(actor=SYSTEM, kept_id=kept.pk, gone_id=gone.pk, choices={}, at=AT)
    assert sorted(Message.objects.filter(customer=kept).values_list("key", flat=True)) == ["other", "test"]
    assert Message.objects.filter(customer=gone).count() == 1  # its like was there already
