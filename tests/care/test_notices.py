"""Weather notices: who may give one, whom it concerns, what it makes, and how it ends."""

import datetime

import pytest
from tests.care.conftest import DAY, address, at, consent, days, results, tasks
from tests.care.test_matching import found, whom
from tests.counting import queries_of

from guanxi.care import tasks as care
from guanxi.care.models import Notice
from guanxi.care.queries import checks
from guanxi.care.queries import notices as queries
from guanxi.care.services import notices
from guanxi.care.services.notices import NewNotice
from guanxi.customers.models import Address
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.network.models import OutletProfile
from guanxi.records.models import AuditEntry
from guanxi.worklist.services import working

RULE = {"anchor": "WEATHER", "of": ["TYPHOON", "HEAT"], "opens": 0, "due": 1}


def give(kind="TYPHOON", *, actor=SYSTEM, node=None, region="", on=DAY, **more):
    more.setdefault("ends_on", on)
    return notices.give_notice(actor=actor, node_id=node, at=at(), notice=NewNotice(kind, on, region=region, **more))


@pytest.mark.covers("CARE-07")
def test_a_notice_concerns_those_who_live_there(rule, buyer, quiet):
    here, there, unknown = buyer(), buyer(), buyer()
    address(here)
    Address.objects.filter(customer=here).update(city="3101")
    Address.objects.create(customer=there, province="32", city="3205", touched_at=at())
    OutletProfile.objects.filter(node_id=quiet.outlet_id).update(province="32")
    row = rule(**RULE)
    give(region="3101")
    assert whom(row) == {here.pk}
    give(region="31")
    assert whom(row) == {here.pk}
    give("HEAT", region="32")
    assert whom(row) == {here.pk, there.pk, unknown.pk}  # of whom no address is known, his outlet decides
    give("FOG")
    assert len(found(row)) == 3


def test_a_notice_of_a_place_concerns_its_customers(rule, buyer, quiet, acting):
    mine, other = buyer(), buyer(outlet=quiet.other_outlet_id)
    row = rule(**RULE)
    give(actor=acting(quiet.gm), node=quiet.outlet_id)
    acting(SYSTEM)
    assert whom(row) == {mine.pk}
    give("HEAT", node=quiet.group_id)
    assert whom(row) == {mine.pk, other.pk}


@pytest.mark.covers("CARE-07", "CARE-26")
def test_it_becomes_tasks_at_once_with_its_words(rule, buyer, quiet):
    today = clock.today()
    owner, far = buyer(today - days(400)), buyer(today - days(400))
    address(owner)
    Address.objects.create(customer=far, province="44", city="4401", touched_at=at())
    rule(script=[{"zh": "注意安全", "en": "Take care"}], **RULE)
    made = notices.give_notice(
        actor=SYSTEM, node_id=None, at=clock.now(),
        notice=NewNotice("TYPHOON", today, today, "31", "RED", "台风今夜登陆", "The typhoon lands tonight"),
    )  # fmt: skip
    care.follow_notice(notice_id=made.pk)
    (task,) = tasks(owner)
    assert task.values["words"] == "台风今夜登陆\n1. 注意安全"
    assert task.values["words_en"] == "The typhoon lands tonight\n1. Take care"
    assert tasks(far) == []
    care.follow_notice(notice_id=made.pk)
    assert results(owner) == [("x_test", "TASK")]


def test_a_withdrawn_notice_finds_nobody(rule, buyer, quiet, acting):
    buyer()
    row, made = rule(**RULE), give()
    with pytest.raises(NotAllowed):
        notices.withdraw_notice(actor=acting(quiet.gm), notice_id=made.pk, at=at())
    acting(SYSTEM)
    notices.withdraw_notice(actor=SYSTEM, notice_id=made.pk, at=at())
    assert whom(row) == set()
    with pytest.raises(Conflict):
        notices.withdraw_notice(actor=SYSTEM, notice_id=made.pk, at=at())
    give()
    assert len(whom(row)) == 1
    assert set(AuditEntry.objects.filter(subject_type="care.notice").values_list("verb", flat=True)) == {
        "care.give_notice", "care.withdraw_notice",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "STORM"}, "kind"), ({"level": "PINK"}, "level"), ({"region": "99"}, "region"),
        ({"region": "310101"}, "region"), ({"ends_on": DAY - days(1)}, "ends_on"),
        ({"on": DAY - days(4)}, "starts_on"), ({"on": DAY + days(16)}, "starts_on"),
        ({"ends_on": DAY + days(31)}, "ends_on"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(quiet, values, field):
    with pytest.raises(Invalid) as refused:
        give(**values)
    assert refused.value.field == field
    assert not Notice.objects.exists()


def test_the_same_notice_is_given_once(quiet):
    give(region="31")
    with pytest.raises(Conflict):
        give(region="31")
    give(region="32")
    assert Notice.objects.count() == 2


def test_notices_are_given_where_the_right_is_held(quiet, acting):
    with pytest.raises(NotAllowed):
        give(actor=acting(quiet.gm))
    with pytest.raises(NotAllowed):
        give(actor=acting(quiet.gm), node=quiet.other_outlet_id)
    with pytest.raises(NotAllowed):
        give(actor=acting(quiet.sales), node=quiet.outlet_id)
    made = give(actor=acting(quiet.gm), node=quiet.outlet_id)
    assert queries.visible_to(acting(quiet.callback)).get() == made
    assert not queries.visible_to(acting(quiet.stranger)).exists()
    assert not Notice.objects.exists()  # nor does the database show it to another outlet
    with pytest.raises(NotFound):
        notices.withdraw_notice(actor=acting(quiet.stranger), notice_id=made.pk, at=at())


@pytest.mark.parametrize("named", [[], ["TYPHOON", "LOST"]])
def test_a_rule_on_weather_names_weather(rule, named):
    assert checks.unfit(rule(**(RULE | {"of": named}))).field == "of"


def test_what_a_withdrawn_notice_asked_for_is_left_undone(rule, buyer, quiet):
    """But for those to whom another notice of the day gives the same reason, and for what is worked on elsewhere."""
    today = clock.today()
    here, there = buyer(today - days(400)), buyer(today - days(400))
    address(here)
    Address.objects.create(customer=there, province="44", city="4401", touched_at=at())
    rule(**RULE)
    moment = clock.now()

    def told(kind="TYPHOON", region="", on=today):
        notice = NewNotice(kind, on, on, region)
        return notices.give_notice(actor=SYSTEM, node_id=None, at=moment, notice=notice)

    wide, north, other = told(), told(region="31"), told("HEAT", on=today + days(3))
    care.follow_notice(notice_id=wide.pk)
    tries = tasks(here)[0].tries
    notices.withdraw_notice(actor=SYSTEM, notice_id=wide.pk, at=moment)
    care.follow_withdrawal(notice_id=other.pk)
    assert [task.state for task in (*tasks(here), *tasks(there))] == ["OPEN", "OPEN"]
    care.follow_withdrawal(notice_id=wide.pk)
    (kept,), (left,) = tasks(here), tasks(there)
    assert (kept.state, kept.tries) == ("OPEN", tries)
    assert (left.state, left.outcome, bool(left.outcome_note)) == ("SKIPPED", "", True)
    notices.withdraw_notice(actor=SYSTEM, notice_id=north.pk, at=moment)
    care.follow_withdrawal(notice_id=north.pk)
    assert tasks(here)[0].state == "SKIPPED"
    assert AuditEntry.objects.filter(verb="worklist.withdraw", subject_id=left.pk).exists()
    lines = AuditEntry.objects.filter(verb="care.leave_withdrawn").order_by("pk")
    assert [(line.subject_id, line.after) for line in lines] == [
        (str(wide.pk), {"tasks": 1}),
        (str(north.pk), {"tasks": 1}),
    ]


def test_what_was_done_before_a_notice_was_withdrawn_stays_done(rule, buyer, quiet):
    today, moment = clock.today(), clock.now()
    done, waiting = buyer(today - days(400)), buyer(today - days(400))
    rule(**RULE)
    made = notices.give_notice(
        actor=SYSTEM, node_id=None, at=moment, notice=NewNotice("TYPHOON", today, today, "")
    )  # fmt: skip
    care.follow_notice(notice_id=made.pk)
    working.settle(actor=SYSTEM, key=tasks(done)[0].key, outcome="DONE", at=moment)
    notices.withdraw_notice(actor=SYSTEM, notice_id=made.pk, at=moment)
    care.follow_withdrawal(notice_id=made.pk)
    assert [(task.state, task.outcome) for task in (*tasks(done), *tasks(waiting))] == [
        ("DONE", "DONE"), ("SKIPPED", ""),
    ]  # fmt: skip
    assert AuditEntry.objects.get(verb="care.leave_withdrawn").after == {"tasks": 1}


@pytest.mark.parametrize(("language", "words"), [("en", "Typhoon"), ("zh-hans", "台风")])
def test_a_notice_is_given_and_withdrawn_on_the_page(signed_in, quiet, language, words):
    client, today = signed_in("gm", language), clock.today()
    assert "New weather notice" in signed_in("gm", "en").get("/care/notices/").content.decode()
    sent = {
        "kind": "TYPHOON", "level": "RED", "region": "31", "node": quiet.outlet_id, "starts_on": today,
        "ends_on": today - datetime.timedelta(days=1), "words_zh": "台风", "words_en": "Typhoon",
    }  # fmt: skip
    assert client.post("/care/notices/give/", sent).status_code == 422
    assert client.post("/care/notices/give/", sent | {"ends_on": today}).headers["Location"] == "/care/notices/"
    page = client.get("/care/notices/").content.decode()
    assert words in page
    assert "上海" in page
    made = Notice.objects.get()
    assert client.post(f"/care/notices/{made.pk}/withdraw/").status_code == 302
    made.refresh_from_db()
    assert made.withdrawn_at is not None


def test_the_list_costs_the_same_for_one_and_for_many(signed_in, quiet):
    client, today = signed_in("gm"), clock.today()

    def write(kind):
        Notice.objects.create(
            kind=kind, node_id=quiet.outlet_id, starts_on=today, ends_on=today, author="x", made_at=clock.now()
        )

    write("FOG")
    one = queries_of(lambda: client.get("/care/notices/"))
    write("HAIL")
    write("HEAT")
    assert queries_of(lambda: client.get("/care/notices/")) == one


def test_what_no_rule_hears_is_said(quiet, rule):
    rule(since=DAY - days(10), **RULE)
    assert queries.heard(DAY) == {"TYPHOON", "HEAT"}
    assert queries.heard(DAY - days(11)) == frozenset()


def test_consent_is_needed_for_a_word_on_the_weather(rule, buyer, night, quiet):
    buyer(DAY - days(400), agreed=False)
    willing = buyer(DAY - days(400), agreed=False)
    consent(willing, quiet.outlet_id)
    rule(**RULE)
    give()
    assert night() == {"TASK": 1, "NO_CONSENT": 1}
