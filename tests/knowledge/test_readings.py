"""Rules that people have to read: asked by role until a day, confirmed once, followed by leaders, reminded once a day."""

import dataclasses
import datetime

import pytest
from django.db import DatabaseError, transaction
from tests.knowledge.conftest import AT, DAY, WORDS

from guanxi.access.models import Membership
from guanxi.config.wiring import REACTIONS
from guanxi.foundation import db, events
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.knowledge.events import ReadingAsked
from guanxi.knowledge.models import Confirmation, Reading
from guanxi.knowledge.queries import readings
from guanxi.knowledge.services import confirming, reviewing, writing
from guanxi.knowledge.services.confirming import Readers
from guanxi.records.models import AuditEntry
from guanxi.workbench import services as workbench
from guanxi.workbench.models import Notification

UNTIL = DAY + datetime.timedelta(days=10)
BOTH = Readers(("service_manager", "sales_consultant"), UNTIL)


@pytest.fixture(autouse=True)
def here_long_ago(cast):
    """Everybody works where he does since before the rules of these tests."""
    Membership.objects.update(valid_from=DAY - datetime.timedelta(days=400))


@pytest.fixture
def rule(cast, acting, published):
    """A rule of headquarters that service managers and sales consultants have to confirm."""
    row = published()
    confirming.ask_readers(actor=acting(cast.planner), article_id=row.article_id, readers=BOTH, at=AT)
    return row


def role_of(actor):
    return actor.roles[0]


def confirm(actor, row, at=AT, version=None):
    return confirming.confirm_read(actor=actor, article_id=row.article_id, version=version or row.number, at=at)


def titles(actor, day=DAY):
    return [item.row.article_id for item in readings.duties(actor, day)]


def standings(actor, row, day=DAY):
    found = readings.followed(actor, readings.of_article(row.article_id), day)
    return {item.user_id: item.standing for item in found}


@pytest.fixture
def told(monkeypatch):
    """What is published of readings."""
    found = []
    monkeypatch.setattr(events, "publish", found.append)
    return lambda: [item for item in found if isinstance(item, ReadingAsked)]


@pytest.mark.covers("INFO-16")
def test_whoever_holds_the_role_is_asked_and_confirms_once(cast, acting, rule):
    sales, service = acting(cast.sales), cast.service
    assert role_of(sales) == "sales_consultant"
    (duty,) = readings.duties(sales, DAY)
    assert (duty.row.pk, duty.due_on, duty.is_late) == (rule.pk, UNTIL, False)
    assert readings.duties(sales, UNTIL + datetime.timedelta(days=1))[0].is_late
    first = confirm(sales, rule)
    assert confirm(sales, rule, AT + datetime.timedelta(days=1)).at == first.at == AT
    assert titles(sales) == []
    assert [row.version_id for row in readings.confirmed_by(sales, 5)] == [rule.pk]
    assert rule.article_id in titles(acting(service))
    db.set_scope(SYSTEM)
    assert Confirmation.objects.count() == 1
    line = AuditEntry.objects.get(verb="knowledge.confirm_read")
    assert (line.subject_id, line.after) == (str(rule.article_id), {"version": 1})


def test_whom_nobody_asks_does_not_confirm(cast, acting, rule):
    agent = acting(cast.agent)
    assert titles(agent) == []
    with pytest.raises(Conflict):
        confirm(agent, rule)
    with pytest.raises(NotAllowed):
        confirm(SYSTEM, rule)
    with pytest.raises(NotFound):
        confirming.confirm_read(actor=acting(cast.sales), article_id=rule.article_id + 999, version=1, at=AT)


@pytest.mark.covers("INFO-16")
def test_a_confirmation_stays(cast, acting, rule):
    made = confirm(acting(cast.sales), rule)
    db.set_scope(SYSTEM)
    for change in (lambda rows: rows.delete(), lambda rows: rows.update(at=AT + datetime.timedelta(days=1))):
        with pytest.raises(DatabaseError, match="has confirmed it"), transaction.atomic():
            change(Confirmation.objects.filter(pk=made.pk))
    acting(cast.gm)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Confirmation.objects.create(version=rule, person_id=cast.service.user_id, at=AT)  # for somebody else


@pytest.mark.covers("INFO-16")
def test_a_new_version_asks_again_only_when_its_publisher_says_so(cast, acting, rule):
    sales = acting(cast.sales)
    confirm(sales, rule)

    def next_version(readers=None):
        words = dataclasses.replace(WORDS, answer_zh="新的说法。")
        writing.change_article(actor=acting(cast.hq), article_id=rule.article_id, words=words, at=AT)
        reviewing.submit(actor=cast.hq, article_id=rule.article_id)
        planner = acting(cast.planner)
        return reviewing.publish(actor=planner, article_id=rule.article_id, readers=readers, at=AT)

    second = next_version()
    assert titles(acting(cast.sales)) == []
    service = acting(cast.service)
    assert titles(service) == [rule.article_id]
    with pytest.raises(Conflict):
        confirm(service, rule)  # it shows version 2 by now
    confirm(service, second)
    assert titles(service) == []
    third = next_version(Readers(("sales_consultant",), UNTIL))
    assert titles(acting(cast.service)) == []
    assert titles(acting(cast.sales)) == [rule.article_id]
    confirm(cast.sales, third)
    assert titles(cast.sales) == []
    db.set_scope(SYSTEM)
    assert list(Reading.objects.order_by("since").values_list("since", "is_current")) == [(1, False), (3, True)]


@pytest.mark.covers("INFO-16")
def test_who_has_confirmed_is_seen_where_one_leads(cast, acting, rule):
    confirm(acting(cast.sales), rule)
    late = UNTIL + datetime.timedelta(days=1)
    seen = standings(acting(cast.gm), rule, late)
    assert (seen[cast.sales.user_id], seen[cast.service.user_id]) == ("CONFIRMED", "LATE")
    db.set_scope(SYSTEM)
    here = set(Membership.objects.filter(node_id=cast.outlet_id).values_list("user_id", flat=True))
    assert set(seen) <= here
    every = standings(acting(cast.planner), rule, late)
    assert set(seen) < set(every)
    stranger = standings(acting(cast.stranger), rule, late)
    assert stranger
    assert not set(stranger) & set(seen)
    assert not Confirmation.objects.exists()  # row-level security
    (number,) = readings.numbers(acting(cast.gm), [readings.of_article(rule.article_id).pk], late).values()
    assert (number.asked, number.confirmed, number.late) == (len(seen), 1, len(seen) - 1)
    rows = readings.followed(acting(cast.planner), readings.of_article(rule.article_id), late)
    assert sum(place.numbers.asked for place in readings.by_place(cast.planner, rows, "branch_id")) == len(rows)
    assert standings(acting(cast.sales), rule, late) == {}


def test_a_newcomer_has_seven_days(cast, acting, rule):
    db.set_scope(SYSTEM)
    come = UNTIL + datetime.timedelta(days=30)
    Membership.objects.filter(user_id=cast.sales.user_id).update(valid_from=come)
    day = come + datetime.timedelta(days=7)
    acting(cast.sales)
    assert titles(cast.sales, come - datetime.timedelta(days=1)) == []
    assert [readings.duties(cast.sales, at)[0].is_late for at in (day, day + datetime.timedelta(days=1))] == [
        False,
        True,
    ]
    assert standings(acting(cast.gm), rule, day)[cast.sales.user_id] == "WAITING"
    (number,) = readings.numbers(cast.gm, [readings.of_article(rule.article_id).pk], day).values()
    assert number.late == number.asked - 1


@pytest.mark.covers("INFO-16")
def test_those_who_have_not_confirmed_are_reminded_once_a_day(cast, acting, told, rule):
    confirm(acting(cast.sales), rule)
    asked = told()[-1]
    assert {cast.sales.user_id, cast.service.user_id} <= set(asked.people)
    assert asked.is_reminder is False
    with pytest.raises(Conflict):
        confirming.remind_readers(actor=acting(cast.planner), article_id=rule.article_id, at=AT)  # told today
    later = AT + datetime.timedelta(days=1)
    count = confirming.remind_readers(actor=cast.planner, article_id=rule.article_id, at=later)
    with pytest.raises(Conflict):
        confirming.remind_readers(actor=cast.planner, article_id=rule.article_id, at=later)
    again = told()[-1]
    assert (len(again.people), again.is_reminder) == (count, True)
    assert cast.sales.user_id not in again.people
    assert any(item.event is ReadingAsked and item.react is workbench.tell_reading_asked for item in REACTIONS)
    workbench.tell_reading_asked(**dataclasses.asdict(again))
    db.set_scope(SYSTEM)
    line = Notification.objects.get(user_id=cast.service.user_id, kind="knowledge.reading_asked")
    assert rule.title_en in line.text_en
    assert line.url == f"/knowledge/articles/{rule.article_id}/"
    assert not Notification.objects.filter(user_id=cast.sales.user_id, kind="knowledge.reading_asked").exists()


def test_who_may_ask_remind_and_lift(cast, acting, rule):
    for who in ("gm", "crm", "service", "stranger", "auditor"):
        actor = acting(getattr(cast, who))
        with pytest.raises((NotAllowed, NotFound)):
            confirming.ask_readers(actor=actor, article_id=rule.article_id, readers=BOTH, at=AT)
        with pytest.raises((NotAllowed, NotFound)):
            confirming.remind_readers(actor=actor, article_id=rule.article_id, at=AT + datetime.timedelta(days=1))
        with pytest.raises((NotAllowed, NotFound)):
            confirming.lift_reading(actor=actor, article_id=rule.article_id)
    confirming.lift_reading(actor=acting(cast.planner), article_id=rule.article_id)
    assert titles(acting(cast.sales)) == []
    with pytest.raises(Conflict):
        confirming.lift_reading(actor=acting(cast.planner), article_id=rule.article_id)
    with pytest.raises(Conflict):
        confirming.remind_readers(actor=cast.planner, article_id=rule.article_id, at=AT + datetime.timedelta(days=1))


def test_an_outlet_asks_its_own_people_only(cast, acting, told, published):
    row = published("crm", "gm")
    confirming.ask_readers(actor=acting(cast.gm), article_id=row.article_id, readers=BOTH, at=AT)
    assert titles(acting(cast.sales)) == [row.article_id]
    assert titles(acting(cast.stranger)) == []
    people = told()[-1].people
    db.set_scope(SYSTEM)
    here = Membership.objects.filter(node__ancestry__ancestor_id=cast.outlet_id).values_list("user_id", flat=True)
    assert set(people) <= set(here)


@pytest.mark.parametrize(
    ("readers", "field"),
    [
        (Readers((), UNTIL), "roles"), (Readers(("nobody",), UNTIL), "roles"),
        (Readers(("sales_consultant",), DAY - datetime.timedelta(days=1)), "due_on"),
    ],
)  # fmt: skip
def test_readers_who_cannot_be_are_refused_at_their_field(cast, acting, published, readers, field):
    row = published()
    with pytest.raises(Invalid) as refusal:
        confirming.ask_readers(actor=acting(cast.planner), article_id=row.article_id, readers=readers, at=AT)
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert not Reading.objects.exists()


def test_what_is_retired_is_asked_of_nobody(cast, acting, rule):
    reviewing.retire(actor=acting(cast.planner), article_id=rule.article_id)
    assert titles(acting(cast.sales)) == []
    with pytest.raises(Conflict):
        confirm(cast.sales, rule)
    with pytest.raises(Conflict):
        confirming.ask_readers(actor=acting(cast.planner), article_id=rule.article_id, readers=BOTH, at=AT)


def test_asked_again_of_one_version_what_is_confirmed_holds(cast, acting, rule):
    confirm(acting(cast.sales), rule)
    later = Readers(("sales_consultant",), UNTIL + datetime.timedelta(days=5))
    made = confirming.ask_readers(actor=acting(cast.planner), article_id=rule.article_id, readers=later, at=AT)
    assert (made.since, Reading.objects.count()) == (1, 1)
    assert titles(acting(cast.sales)) == []
    assert standings(acting(cast.gm), rule)[cast.sales.user_id] == "CONFIRMED"
