"""What members pay less: of whom, from when, in which order with the share of the house, and how it is said."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.rescue.conftest import AT, minutes

from guanxi.customers.models import Relation
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.rescue import policy, presets
from guanxi.rescue.models import Discount
from guanxi.rescue.policy import Less, Rate
from guanxi.rescue.services import sending

RATE = Rate(Decimal(300), Decimal(10), 10, 50)
DAY = datetime.date(2026, 6, 3)


@pytest.mark.parametrize(
    ("share", "less", "customer", "discounted"),
    [
        (0, None, "400", "0"),
        (0, Less(20, 0), "320", "80"),
        (0, Less(0, 4), "360", "40"),
        (0, Less(0, 99), "300", "100"),  # only kilometres that cost something are free
        (0, Less(20, 4), "288", "112"),  # 40 for the way, then a fifth of the rest
        (50, Less(20, 4), "144", "56"),  # first the share of the house, then less of what is left
        (100, Less(20, 4), "0", "0"),
        (0, Less(100, 10), "0", "400"),
    ],
)
def test_the_discount_is_taken_off_what_is_left_for_the_customer(share, less, customer, discounted):
    price = policy.price(RATE, km=20, is_night=False, share=share, less=less)
    assert (price.total, price.customer, price.discounted) == (Decimal(400), Decimal(customer), Decimal(discounted))


def test_at_night_the_free_kilometres_are_those_of_the_night():
    price = policy.price(RATE, km=20, is_night=True, share=0, less=Less(0, 4))
    assert (price.total, price.discounted, price.customer) == (Decimal(600), Decimal(60), Decimal(540))


@given(
    st.integers(0, 500), st.booleans(), st.integers(0, 100), st.integers(0, 100), st.integers(0, 1000),
    st.decimals(0, 2000, places=2), st.decimals(0, 50, places=2),
)  # fmt: skip
def test_nobody_is_ever_paid_for_being_helped(km, is_night, share, percent, free_km, base, per_km):
    rate = Rate(base, per_km, 10, 30)
    plain = policy.price(rate, km=km, is_night=is_night, share=share)
    price = policy.price(rate, km=km, is_night=is_night, share=share, less=Less(percent, free_km))
    assert price.total == plain.total
    assert 0 <= price.customer <= plain.customer
    assert price.customer + price.discounted == plain.customer


@pytest.fixture
def discount(acting):
    """A function that puts a discount in force; those of the preset are gone."""
    acting(SYSTEM)
    Discount.objects.all().delete()

    def make(code="CLUB", *, begins=DAY, **more):
        db.set_scope(SYSTEM)
        values = {"name_zh": "金卡会员", "name_en": "Gold members", "tag": "金卡", "percent": 20, "free_km": 0}
        return Discount.objects.create(code=code, valid_from=begins, source="test", **(values | more))

    return make


@pytest.fixture
def member(car):
    """The owner of the car has the tag at his outlet; the car is too old for the house to pay."""
    car.sold_on = datetime.date(2015, 1, 1)
    car.save()
    db.set_scope(SYSTEM)
    owner_id = car.participants.get(role="OWNER").customer_id
    Relation.objects.filter(customer_id=owner_id).update(tags=["金卡"])
    return owner_id


@pytest.fixture
def quoted(cast, acting, take, helper):
    """A function that takes a rescue of the car and sends somebody; returns it with its quote."""
    helper(cast.outlet_id)

    def make(number=0, **more):
        at = AT + minutes(number)
        row = take(plate="沪A77777", at=at, **more)
        sending.send(actor=acting(cast.agent), rescue_id=row.pk, provider_id=cast.outlet_id, at=at)
        db.set_scope(SYSTEM)
        row.refresh_from_db()
        return row

    return make


@pytest.mark.covers("RESC-11")
def test_a_member_pays_less_and_the_quotation_says_why(discount, member, quoted, signed_in):
    made = discount()
    row = quoted()
    assert (row.quoted, row.quoted_customer, row.discount_id, row.discounted) == (
        Decimal(300), Decimal(240), made.pk, Decimal(60),
    )  # fmt: skip
    for path in (f"/rescue/{row.pk}/", f"/rescue/{row.pk}/sheet/"):
        page = signed_in("agent").get(path).content.decode()
        assert "Gold members: 20 in a hundred less; −60.00 CNY" in page, path
    assert "金卡会员" in signed_in("agent", "zh-hans").get(f"/rescue/{row.pk}/").content.decode()


def test_who_has_no_tag_or_another_kind_of_help_pays_the_whole(discount, car, member, quoted):
    discount(helps=["JUMP_START"])
    discount("SILVER", tag="银卡", percent=50)
    row = quoted()
    assert (row.quoted_customer, row.discount_id, row.discounted) == (Decimal(300), None, None)


def test_a_class_at_the_network_gives_it_too_and_the_better_one_counts(discount, member, quoted):
    discount()
    best = discount("OWNERS", tag="", category="OWNER", percent=30)
    db.set_scope(SYSTEM)
    Relation.objects.filter(customer_id=member).update(category="OWNER")
    row = quoted()
    assert (row.discount_id, row.quoted_customer) == (best.pk, Decimal(210))


@pytest.mark.parametrize(
    ("begins", "until", "holds"),
    [(DAY, DAY, True), (DAY + datetime.timedelta(days=1), None, False), (datetime.date(2020, 1, 1), DAY, True),
     (datetime.date(2020, 1, 1), DAY - datetime.timedelta(days=1), False)],
)  # fmt: skip
def test_it_holds_from_its_day_until_its_day(discount, member, quoted, begins, until, holds):
    discount(begins=begins, valid_until=until)
    assert (quoted().discounted is not None) is holds


def test_a_newer_line_of_the_same_discount_replaces_the_older(discount, member, quoted):
    discount(begins=datetime.date(2020, 1, 1), percent=50)
    discount(begins=DAY, percent=10)
    assert quoted().quoted_customer == Decimal(270)


def test_where_the_house_pays_all_nothing_is_left_to_take_off(discount, member, car, quoted):
    car.sold_on = datetime.date(2025, 6, 1)
    car.save()
    discount()
    row = quoted()
    assert (row.claim, row.quoted_customer, row.discount_id) == ("ENTITLED", Decimal(0), None)


def test_the_preset_writes_it_once_and_keeps_what_held(acting):
    acting(SYSTEM)
    Discount.objects.all().delete()
    said = {
        "code": "CLUB",
        "name_zh": "会员",
        "name_en": "Members",
        "valid_from": "2026-01-01",
        "tag": "会员",
        "percent": 20,
    }
    data = presets.RescuePreset.model_validate({"preset": "base", "valid_from": "2000-01-01", "discount": [said]})
    presets.apply(actor=SYSTEM, data=data, source="test")
    assert presets.compare(data) == []
    other = presets.RescuePreset.model_validate(
        {"preset": "base", "valid_from": "2000-01-01", "discount": [said | {"percent": 30}]}
    )
    presets.apply(actor=SYSTEM, data=other, source="test")
    assert [row.percent for row in Discount.objects.order_by("valid_from")] == [20, 30]
    assert presets.compare(other) == []


@pytest.mark.parametrize(
    "wrong",
    [{"tag": ""}, {"category": "OWNER"}, {"percent": 0}, {"percent": 101}, {"valid_until": "2020-01-01"},
     {"category": "GOLD", "tag": ""}],
)  # fmt: skip
def test_a_discount_that_cannot_be_is_refused(wrong):
    said = {
        "code": "CLUB",
        "name_zh": "会员",
        "name_en": "Members",
        "valid_from": "2026-01-01",
        "tag": "会员",
        "percent": 20,
    }
    presets.DiscountEntry.model_validate(said)
    with pytest.raises(ValidationError):
        presets.DiscountEntry.model_validate(said | wrong)
