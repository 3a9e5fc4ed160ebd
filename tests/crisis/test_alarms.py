"""Who is told of an alarm: the task at the desk of the branch or of headquarters, once, gone when it is judged."""

import datetime

import pytest
from tests.crisis.conftest import AT, hours

from guanxi.config.wiring import REACTIONS
from guanxi.crisis import events, tasks
from guanxi.crisis.models import Alarm, Terms
from guanxi.crisis.services import media, watching
from guanxi.crisis.services.media import NewReport
from guanxi.crisis.services.opening import NewCrisis
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.workbench import services as workbench
from guanxi.workbench.models import Notification
from guanxi.worklist.models import Task
from guanxi.worklist.queries.tasks import visible_to


@pytest.fixture
def terms(acting):
    acting(SYSTEM)
    Terms.objects.all().delete()
    return Terms.objects.create(
        source="test", valid_from=datetime.date(2020, 1, 1), window_days=7, base_days=84, per_month=1, least=3,
        said_again=3, rejected=2, media_least=3,
    )  # fmt: skip


@pytest.fixture
def wave(terms, complain):
    """Many complaints about one part at one outlet in the last days, and few before."""
    for number in range(8):
        complain("后备箱漏水", at=AT - datetime.timedelta(days=1) - hours(number), category="BODY")
    complain("后备箱漏水", at=AT - datetime.timedelta(days=40), category="BODY")


def report(cast, acting, number, *, day=None, place_id=None):
    new = NewReport(
        place_id or cast.outlet_id,
        "SITE",
        "车友论坛",
        "漏水",
        day or clock.day_of(AT),
        "x",
        f"https://bbs.example/{number}",
    )
    return media.register(actor=acting(SYSTEM), new=new, at=AT)


@pytest.mark.covers("CRIS-07")
def test_the_branch_is_asked_about_its_outlet_and_headquarters_about_the_rest(wave, cast, acting):
    made = watching.watch(actor=SYSTEM, at=AT)
    assert Task.objects.filter(kind="crisis.alarm").count() == made
    part, outlet = Alarm.objects.get(cell="MATTER"), Alarm.objects.get(cell="OUTLET")
    of_part, of_outlet = Task.objects.get(key=part.task_key), Task.objects.get(key=outlet.task_key)
    assert (of_part.node_id, of_part.role_id) == (cast.group_id, "cr_planner")
    assert (of_outlet.node_id, of_outlet.role_id) == (cast.branch_id, "branch_manager")
    assert (of_outlet.subject_id, of_outlet.values["seen"]) == (outlet.pk, outlet.seen)
    assert visible_to(acting(cast.planner)).filter(pk=of_part.pk).exists()
    assert visible_to(acting(cast.branch)).filter(pk=of_outlet.pk).exists()
    for who in ("gm", "service", "stranger"):
        assert not visible_to(acting(getattr(cast, who))).filter(kind="crisis.alarm").exists(), who


def test_a_repeated_night_asks_nobody_again(wave, published):
    watching.watch(actor=SYSTEM, at=AT)
    before, told = Task.objects.filter(kind="crisis.alarm").count(), len(published)
    assert told > 0
    watching.watch(actor=SYSTEM, at=AT)
    watching.watch(actor=SYSTEM, at=AT + hours(24))
    assert Task.objects.filter(kind="crisis.alarm").count() == before
    assert len([item for item in published if isinstance(item, events.AlarmRaised)]) == told


def test_the_bell_of_the_desk_rings(wave, cast, published):
    watching.watch(actor=SYSTEM, at=AT)
    outlet = Alarm.objects.get(cell="OUTLET")
    told = {item.person_id for item in published if item.alarm_id == outlet.pk}
    assert cast.branch.user_id in told
    assert cast.gm.user_id not in told
    assert any(item.event is events.AlarmRaised and item.react is workbench.tell_alarm_raised for item in REACTIONS)
    workbench.tell_alarm_raised(person_id=cast.branch.user_id, alarm_id=outlet.pk, label=outlet.label)
    row = Notification.objects.get(user_id=cast.branch.user_id, kind="crisis.alarm_raised")
    assert (row.url, outlet.label in row.text_en) == (f"/crisis/alarms/{outlet.pk}/", True)


def test_the_task_is_over_when_the_alarm_is_judged(wave, cast, acting):
    watching.watch(actor=SYSTEM, at=AT)
    part, outlet = Alarm.objects.get(cell="MATTER"), Alarm.objects.get(cell="OUTLET")
    watching.dismiss(actor=acting(cast.branch), alarm_id=outlet.pk, reason="暴雨", at=AT)
    new = NewCrisis(cast.group_id, "后备箱漏水", ["SAFETY"], "x")
    watching.open_crisis(actor=acting(cast.planner), alarm_id=part.pk, new=new, at=AT)
    acting(SYSTEM)
    ended = {row.subject_id: (row.state, row.outcome) for row in Task.objects.filter(kind="crisis.alarm")}
    assert (ended[outlet.pk], ended[part.pk]) == (("DONE", "DISMISSED"), ("DONE", "CRISIS"))


def test_an_outlet_leader_who_may_judge_ends_the_task_of_the_branch(wave, cast, acting):
    watching.watch(actor=SYSTEM, at=AT)
    outlet = Alarm.objects.get(cell="OUTLET")
    watching.dismiss(actor=acting(cast.gm), alarm_id=outlet.pk, reason="暴雨", at=AT)
    acting(SYSTEM)
    assert Task.objects.get(key=outlet.task_key).state == "DONE"


@pytest.mark.covers("CRIS-07")
def test_as_many_media_reports_about_a_place_as_the_terms_name_raise_an_alarm(terms, cast, acting):
    report(cast, acting, 1, day=clock.day_of(AT) - datetime.timedelta(days=40))
    report(cast, acting, 2)
    report(cast, acting, 3, place_id=cast.other_outlet_id)
    report(cast, acting, 4)
    assert watching.watch_media(actor=SYSTEM, place_id=cast.outlet_id, at=AT) is None
    report(cast, acting, 5)
    row = watching.watch_media(actor=SYSTEM, place_id=cast.outlet_id, at=AT)
    assert (row.cell, row.seen, row.before, row.place_id) == ("MEDIA", 3, 1, cast.outlet_id)
    task = Task.objects.get(key=row.task_key)
    assert (task.node_id, task.role_id) == (cast.branch_id, "branch_manager")
    report(cast, acting, 6)
    assert watching.watch_media(actor=SYSTEM, place_id=cast.outlet_id, at=AT) is None
    assert any(item.event is events.ReportRegistered and item.react is tasks.follow_report for item in REACTIONS)


def test_the_alarm_of_media_shows_its_figures(terms, cast, acting, signed_in):
    for number in range(3):
        report(cast, acting, number)
    row = watching.watch_media(actor=SYSTEM, place_id=cast.outlet_id, at=AT)
    page = signed_in("branch").get(f"/crisis/alarms/{row.pk}/").content.decode()
    assert (row.label in page, "Compared that night" in page) == (True, False)
