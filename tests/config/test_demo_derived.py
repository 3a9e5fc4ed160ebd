"""What is derived from the records stays what it is, however it is derived anew: search words and quality."""

import pytest

from guanxi.config.demo.world.loading import RUN
from guanxi.customers.models import Customer, Relation
from guanxi.foundation import clock
from guanxi.vehicles.models import Participant

TOKENS = "SELECT outlet_id, customer_id, token FROM customers_token ORDER BY 1, 2, 3"
MARKS = 'SELECT customer_id, complete, valid, "unique", proven, doubts FROM customers_quality ORDER BY 1'


def test_a_run_and_its_customers_one_by_one_have_the_same_words(ask):
    before = ask(TOKENS)
    ask("SELECT customers_retoken(ARRAY(SELECT id FROM customers_customer))")
    assert ask(TOKENS) == before  # words of cars are kept, where the customer is kept
    ask("SELECT vehicles_retoken(ARRAY(SELECT id FROM customers_customer))")
    assert ask(TOKENS) == before
    ask("DELETE FROM customers_token")
    ask("SELECT customers_token_run(%s), vehicles_token_run(%s)", RUN, RUN)
    assert ask(TOKENS) == before


def test_somebody_named_twice_gets_his_words_once(ask):
    one = Participant.objects.filter(until=None, customer__kind="PERSON").first().customer_id
    before = ask(TOKENS)
    ask(
        "SELECT customers_retoken(ARRAY[%s, %s]::bigint[]), vehicles_retoken(ARRAY[%s, %s]::bigint[])",
        one,
        one,
        one,
        one,
    )
    assert ask(TOKENS) == before


def test_words_follow_the_relations_and_a_merged_record_has_none(ask):
    relation = Relation.objects.filter(ended_on=None, customer__cars__until=None).first()
    one, home = relation.customer_id, relation.outlet_id
    Relation.objects.filter(customer=one).update(ended_on=clock.today())
    ask("SELECT customers_retoken(ARRAY[%s]::bigint[])", one)
    where = ask("SELECT outlet_id, left(token, 1) FROM customers_token WHERE customer_id = %s", one)
    assert home not in {outlet for outlet, _kind in where}
    assert {(0, "n"), (0, "v")} <= set(where)  # seen by those who see everything
    other = Customer.objects.exclude(pk=one).first()
    Customer.objects.filter(pk=one).update(merged_into=other)
    ask("SELECT customers_retoken(ARRAY[%s]::bigint[])", one)
    assert ask("SELECT 1 FROM customers_token WHERE customer_id = %s", one) == []


@pytest.mark.covers("INFO-30")
def test_marks_are_the_same_when_given_again(ask):
    before = ask(MARKS)
    count = ask("SELECT customers_grade(ARRAY(SELECT id FROM customers_customer), now())")
    assert count == [(len(before),)]
    assert ask(MARKS) == before
    shared = ask(
        "SELECT DISTINCT p.customer_id FROM customers_contactpoint p JOIN customers_contactpoint o ON o.value = p.value"
        " AND o.customer_id <> p.customer_id WHERE p.channel IN ('MOBILE', 'LANDLINE') ORDER BY 1"
    )
    assert shared
    assert ask("SELECT customer_id FROM customers_quality WHERE 'SHARED_PHONE' = ANY(doubts) ORDER BY 1") == shared
