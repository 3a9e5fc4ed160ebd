"""Offer codes: one for all or one for each customer, named in the texts, redeemed once at the outlet that gave them."""

import re
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from tests.apicalls import caller
from tests.campaigns.conftest import AT, CALL, DAY, days, seen

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign, Member
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import effects
from guanxi.campaigns.services import answering, sending, starting
from guanxi.campaigns.services.answering import Bill
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.messaging.models import Message, Template
from guanxi.messaging.services import queueing
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task

SHAPE = re.compile(r"[ACDEFHJKLMNPRTWX]{4}-[ACDEFHJKLMNPRTWX]{5}-[ACDEFHJKLMNPRTWX]{5}")
OWN = {"has_own_codes": True, "template": "coupon"}


@pytest.fixture(autouse=True)
def english():
    """Refusals are read in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def coupon(world):
    """A text that names the offer code."""
    return Template.objects.create(
        code="coupon", version=1, channel="SMS", purpose="SERVICE", name_zh="优惠", name_en="Coupon",
        body_zh="{salutation}，优惠码{offer_code}。", body_en="{salutation}, {offer_code}.", state="APPROVED",
        valid_from=DAY - days(100), written_by="test", written_at=AT, approved_by="test", approved_at=AT,
    )  # fmt: skip


@pytest.fixture
def running(approved, world, acting):
    def make(who="crm", by="gm", **more):
        row = approved(who, by, **more)
        row = starting.start(actor=acting(getattr(world, by)), campaign_id=row.pk, at=AT)
        sending.send_due(actor=SYSTEM, now=lambda: AT)
        seen()
        return row

    return make


def member(row, customer):
    seen()
    return Member.objects.get(campaign=row, customer=customer)


@pytest.mark.covers("DBM-07")
def test_each_customer_is_told_his_own_code(running, person, coupon):
    people = [person(f"客户{number}") for number in range(30)]
    row = running(control=20, **OWN)
    found = list(Member.objects.filter(campaign=row))
    codes = [item.code for item in found if item.arm == "TREATED"]
    assert all(SHAPE.fullmatch(code) for code in codes)
    assert len(set(codes)) == len(codes) < len(people)
    assert {item.code for item in found if item.arm == "CONTROL"} == {""}
    written = dict(Message.objects.values_list("customer_id", "body"))
    assert all(item.code in written[item.customer_id] for item in found if item.arm == "TREATED")
    ours, other = codes[:2]
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(code=other).update(code=ours)


def test_codes_of_two_starts_share_nothing(running, person, coupon, world):
    """The draw is seeded and can be repeated; a code is of chance and can not."""
    person()
    seen()
    one = running(**OWN)
    code = Member.objects.get(campaign=one).code
    Member.objects.all().delete()
    Message.objects.all().delete()
    Campaign.objects.filter(pk=one.pk).update(state="APPROVED", started_at=None)
    starting.start(actor=SYSTEM, campaign_id=one.pk, at=AT)
    assert Member.objects.get(campaign=one).code != code


def test_the_code_for_all_stands_in_the_text_and_in_the_words_of_calls(running, person, coupon):
    who = person()
    running(template="coupon", offer_code="SUMMER")
    assert "SUMMER" in Message.objects.get(customer=who).body
    running(**CALL, has_own_codes=True)
    task = Task.objects.get(kind="campaigns.call")
    assert SHAPE.fullmatch(task.words.splitlines()[-1])


def test_a_text_with_a_code_is_written_to_nobody_without_one(world, person, coupon):
    who = person()
    seen()
    made = queueing.queue_messages(
        actor=SYSTEM, template="coupon", node_id=world.outlet_id, customer_ids=[who.pk], key="plain", at=AT
    )
    assert (made.queued, made.skipped) == (0, {"NO_VALUE": 1})


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"template": "coupon"}, "template"), ({"has_own_codes": True}, "template"),
        (OWN | {"offer_code": "ABC"}, "offer_code"), ({"offer_until": DAY + days(9)}, "offer_until"),
        (OWN | {"offer_until": DAY - days(1)}, "offer_until"),
        (OWN | {"variants": [{"template": "check_up", "share": 50}]}, "text_template_0"),
    ],
)  # fmt: skip
def test_codes_that_cannot_be_are_refused_at_their_field(plan, coupon, more, field):
    with pytest.raises(Invalid) as error:
        plan(**more)
    assert [problem.field for problem in error.value.problems] == [field]


@pytest.mark.covers("DBM-07")
def test_an_own_code_says_who_it_is_and_is_redeemed_once_with_its_bill(running, person, coupon, world, acting):
    who = person()
    row = running(**OWN)
    code = member(row, who).code
    typed = code.lower().replace("-", " ")
    bill = Bill(DAY + days(2), " WO-1 ", Decimal("380.50"))
    with pytest.raises(NotAllowed):
        answering.redeem(actor=acting(world.gm), code=code, at=AT + days(3))
    made = answering.redeem(actor=acting(world.advisor), code=typed, bill=bill, note="换机油", at=AT + days(3))
    assert (made.customer_id, made.response, made.redeemed_on) == (who.pk, "CODE", DAY + days(2))
    assert (made.redeemed_order, made.redeemed_amount) == ("WO-1", Decimal("380.50"))
    with pytest.raises(Conflict, match=str(DAY + days(2))):
        answering.redeem(actor=acting(world.advisor), code=code, at=AT + days(4))
    seen()
    line = AuditEntry.objects.get(verb="campaigns.respond", subject_id=who.pk)
    assert (line.after["order"], line.after["redeemed_on"]) == ("WO-1", str(DAY + days(2)))
    found = effects.of(acting(world.gm), Campaign.objects.get(pk=row.pk), queries.waves(row))
    assert (found.responded, found.redeemed, found.turnover) == (1, 1, Decimal("380.50"))


def test_who_had_answered_redeems_all_the_same(running, person, coupon, world, acting):
    who = person()
    row = running(**OWN)
    held = member(row, who)
    answering.record_response(actor=acting(world.callback), member_id=held.pk, note="周六来", at=AT)
    made = answering.redeem(actor=acting(world.advisor), code=held.code, at=AT + days(1))
    assert (made.response, made.response_note, made.redeemed_on) == ("HAND", "周六来", DAY + days(1))


def test_each_refusal_of_a_code_says_why(running, person, coupon, world, acting):
    who, other = person(), person()
    row = running(**OWN, offer_until=DAY + days(10))
    code = member(row, who).code
    advisor = acting(world.advisor)

    def refused(**more):
        with pytest.raises(Invalid) as error:
            answering.redeem(actor=advisor, **({"code": code, "at": AT + days(1)} | more))
        (problem,) = error.value.problems
        return problem.field, str(problem.message)

    assert refused(code="ACDE-FHJKL-MNPRT")[0] == "code"
    assert refused(code="")[0] == "code"
    assert refused(customer_id=other.pk)[0] == "who"
    assert refused(at=AT + days(11)) == ("code", f"This code ended on {DAY + days(10)}.")
    assert refused(bill=Bill(DAY - days(1)))[0] == "on"
    assert refused(bill=Bill(DAY + days(2)))[0] == "on"
    assert refused(bill=Bill(amount=Decimal(-1)))[0] == "amount"
    stranger = acting(world.stranger_advisor if "stranger_advisor" in world.actors else world.stranger)
    if stranger.can("campaigns.respond"):
        with pytest.raises(Invalid, match="Another outlet"):
            answering.redeem(actor=stranger, code=code, at=AT + days(1))
    assert member(row, who).redeemed_on is None
    late = answering.redeem(actor=acting(world.advisor), code=code, bill=Bill(DAY + days(10)), at=AT + days(11))
    assert late.redeemed_on == DAY + days(10)  # told a day later


def test_a_code_of_another_outlet_is_told_from_an_unknown_one(running, person, coupon, world, acting):
    mine, foreign = person(), person(outlet=world.other_outlet_id)
    row = running("planner", "hq", node=world.brand_id, **OWN)
    codes = {item.customer_id: item.code for item in Member.objects.filter(campaign=row)}
    with pytest.raises(Invalid, match="Another outlet"):
        answering.redeem(actor=acting(world.advisor), code=codes[foreign.pk], at=AT)
    assert answering.redeem(actor=acting(world.advisor), code=codes[mine.pk], at=AT).redeemed_on == DAY


def test_a_code_for_all_takes_the_customer(running, person, world, acting):
    who = person()
    running(offer_code="SUMMER")
    with pytest.raises(Invalid) as error:
        answering.redeem(actor=acting(world.advisor), code="SUMMER", at=AT)
    assert error.value.field == "who"
    assert answering.redeem(actor=acting(world.advisor), code="SUMMER", customer_id=who.pk, at=AT).redeemed_on == DAY


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [("acdefhjklmnprt", "ACDE-FHJKL-MNPRT"), (" acde fhjkl/mnprt ", "ACDE-FHJKL-MNPRT"), ("SUMMER", ""), ("", "")],
)
def test_a_code_is_read_however_it_is_written(typed, wanted):
    assert policy.own_code(typed) == wanted


def test_codes_are_redeemed_on_the_page_and_over_the_api(running, person, coupon, signed_in, world):
    from guanxi.foundation import clock

    today = clock.start_of(clock.today())
    one, two = person(), person()
    row = running(**OWN)
    seen()
    Campaign.objects.filter(pk=row.pk).update(started_at=today)
    codes = {item.customer_id: item.code for item in Member.objects.filter(campaign=row)}
    advisor = signed_in("advisor")
    assert 'name="amount"' in advisor.get("/campaigns/redeem/").content.decode()
    wrong = advisor.post("/campaigns/redeem/", {"code": "ACDE-FHJKL-MNPRT"})
    assert wrong.status_code == 422
    assert 'id="id_code_error"' in wrong.content.decode()
    sent = {"code": codes[one.pk], "order_no": "WO-2", "amount": "99.90", "on": str(clock.today())}
    done = advisor.post("/campaigns/redeem/", sent)
    assert (done.status_code, done.headers["Location"]) == (302, f"/customers/{one.pk}/")
    again = advisor.post("/campaigns/redeem/", sent)
    assert again.status_code == 422
    client, kind = caller(world.advisor), {"content_type": "application/json"}
    body = {"code": codes[two.pk], "amount": "12.00", "order_no": "WO-3"}
    made = client.post("/api/v1/campaigns/redeem", body, **kind).json()
    assert (made["customer_id"], made["redeemed_order"], made["redeemed_amount"]) == (two.pk, "WO-3", "12.00")
    assert client.post("/api/v1/campaigns/redeem", body, **kind).status_code == 409
    assert caller(world.gm).post("/api/v1/campaigns/redeem", body, **kind).status_code == 403
    page = signed_in("gm").get(f"/campaigns/{row.pk}/effect/").content.decode()
    assert "Codes redeemed" in page
    listed = signed_in("gm").get(f"/campaigns/{row.pk}/members/?standing=redeemed").content.decode()
    assert listed.count("data-row") == 2
