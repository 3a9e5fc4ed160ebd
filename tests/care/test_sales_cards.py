"""Dexi's customer service regularly collects the sales forms and cards and completes the records from them."""

import datetime

import pytest
from tests.care.checking import days, morning, settled

from guanxi.access.models import Role
from guanxi.care.models import Round
from guanxi.care.presets.checklists import LOADER
from guanxi.foundation import db, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.network.models import Node
from guanxi.worklist.models import Task

CODE, MONDAY = "sales_cards", datetime.date(2026, 6, 8)


def dexi():
    return next(part for part in presets.read("dexi") if part.loader.key == "checklists").data


@pytest.fixture
def here(cast):
    db.set_scope(SYSTEM)
    LOADER.apply(actor=SYSTEM, data=dexi(), source="dexi/checklists")
    return settled(cast)


@pytest.mark.covers("INFO-25")
def test_customer_service_is_asked_every_month_to_collect_forms_and_cards(here):
    found = []
    day = MONDAY
    while day < MONDAY + days(43):
        morning(day)
        db.set_scope(SYSTEM)
        if Round.objects.filter(outlet_id=here.outlet_id, code=CODE, day=day, due_at__isnull=False).exists():
            found.append(day)
        day += days(1)
    assert found == [MONDAY, datetime.date(2026, 7, 7)]  # twenty working days later
    task = Task.objects.filter(node_id=here.outlet_id, key__startswith=f"care.round:{CODE}:").first()
    assert task.role_id == "customer_representative"
    (entry,) = dexi().lists
    assert [item.code for item in entry.item][-2:] == ["entered", "filed"]  # collected, then completed from them


def test_it_is_asked_where_cars_are_sold(here):
    morning(MONDAY)
    db.set_scope(SYSTEM)
    asked = set(Round.objects.filter(code=CODE, day=MONDAY).values_list("outlet_id", flat=True))
    selling = Node.objects.filter(kind="OUTLET", valid_to=None, profile__sells=True)
    assert asked == set(selling.values_list("pk", flat=True))


def test_its_roles_are_known_and_it_speaks_both_languages(cast):
    (entry,) = dexi().lists
    assert Role.objects.filter(pk__in=(entry.role, entry.fixer), is_current=True).count() == 2
    assert all(item.name_zh and item.name_en for item in entry.item)
    assert "20" in entry.assumed_zh
