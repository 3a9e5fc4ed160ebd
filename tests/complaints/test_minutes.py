"""The weekly meeting: agenda, measures that become work, filed minutes, questions to every customer."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from tests.apicalls import caller
from tests.complaints.conftest import AT, WORDS, fresh, hours
from tests.complaints.test_pages import page_of
from tests.counting import queries_of

from guanxi.complaints.models import Meeting, Point, Question
from guanxi.complaints.queries import meetings
from guanxi.complaints.services import meeting, questions
from guanxi.complaints.services.meeting import Measure, Minutes
from guanxi.complaints.services.questions import Asked
from guanxi.contact_centre.models import ScriptDraft
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task

MONDAY = datetime.date(2026, 6, 1)
FRIDAY = AT + hours(48)
MET = Minutes(datetime.date(2026, 6, 5), "何经理", "曹浩然, 许晓燕", "本周两起空调投诉")


@pytest.fixture
def called(cast, acting):
    """A function that calls the meeting of the week of AT."""

    def call(who="service", angle="", week=MONDAY, place=None):
        return meeting.call_meeting(
            actor=acting(getattr(cast, who)), place_id=place or cast.outlet_id, week=week, angle=angle, at=FRIDAY
        )

    return call


def decide(actor, row, point, measure="更换供应商的压缩机", **more):
    return meeting.decide_measure(
        actor=actor, meeting_id=row.pk, point_id=point.pk, measure=Measure("没有试车", measure, **more)
    )


def write(actor, row, minutes=MET):
    return meeting.write_minutes(actor=actor, meeting_id=row.pk, minutes=minutes, at=FRIDAY)


@pytest.mark.covers("CMP-16", "FORM-18")
def test_the_agenda_is_the_week_and_what_is_decided_becomes_work(cast, acting, take_in, called):
    first, second = take_in(), take_in(words="冷气有异味")
    take_in(at=AT - datetime.timedelta(days=7))  # another week
    acting(SYSTEM)
    take_in("system", outlet=cast.other_outlet_id)  # another outlet
    take_in(kind="PRAISE")
    row = called()
    assert [item.complaint_id for item in meetings.agenda(row)] == [first.pk, second.pk]
    late = take_in(angle="SALES", words="交车延迟")
    assert called().pk == row.pk  # called again: what came in since joins
    points = meetings.agenda(row)
    assert [item.complaint_id for item in points] == [first.pk, second.pk, late.pk]
    service = acting(cast.service)
    with pytest.raises(Invalid) as error:
        meeting.file_meeting(actor=service, meeting_id=row.pk, at=FRIDAY)
    assert [problem.field for problem in error.value.problems] == ["held_on", "points"]
    write(service, row)
    decide(service, row, points[0], person_id=cast.service.user_id, due_on=datetime.date(2026, 6, 12))
    decide(service, row, points[1])
    meeting.strike(actor=service, meeting_id=row.pk, point_id=points[2].pk, reason="销售会议讨论")
    assert not Task.objects.filter(kind="complaints.measure").exists()
    filed = meeting.file_meeting(actor=service, meeting_id=row.pk, at=FRIDAY)
    db.set_scope(SYSTEM)
    task = Task.objects.get(kind="complaints.measure")
    assert (task.owner_id, task.subject_label, task.due_at.date()) == (
        cast.service.user_id, first.number, datetime.date(2026, 6, 12),
    )  # fmt: skip
    assert "更换供应商的压缩机" in task.values["measure"]
    assert (filed.filed_at, filed.filed_by) == (FRIDAY, cast.service.name)
    told = set(AuditEntry.objects.filter(subject_type="complaints.meeting").values_list("verb", flat=True))
    assert told == {
        "complaints.meet", "complaints.write_minutes", "complaints.decide_measure", "complaints.strike",
        "complaints.file_meeting",
    }  # fmt: skip


def test_filed_minutes_stay(cast, acting, take_in, called):
    take_in()
    row = called()
    point, service = meetings.agenda(row)[0], acting(cast.service)
    decide(service, row, point)
    write(service, row)
    meeting.file_meeting(actor=service, meeting_id=row.pk, at=FRIDAY)
    take_in(words="又来一起")
    assert called().pk == row.pk
    assert len(meetings.agenda(row)) == 1  # a filed agenda takes no more
    service = acting(cast.service)
    for act in (
        lambda: write(service, row), lambda: decide(service, row, point),
        lambda: meeting.strike(actor=service, meeting_id=row.pk, point_id=point.pk, reason="x"),
        lambda: meeting.file_meeting(actor=service, meeting_id=row.pk, at=FRIDAY),
    ):  # fmt: skip
        with pytest.raises(Conflict, match="filed"):
            act()
    db.set_scope(SYSTEM)
    for change in (
        lambda: Meeting.objects.filter(pk=row.pk).update(words="x"),
        lambda: Point.objects.filter(pk=point.pk).update(measure="x"),
    ):
        with pytest.raises(IntegrityError, match="stay"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"chair": " "}, "chair"), ({"attendants": ""}, "attendants"), ({"held_on": datetime.date(2026, 5, 31)}, "held_on"),
        ({"held_on": datetime.date(2026, 6, 6)}, "held_on"),
    ],
)  # fmt: skip
def test_minutes_say_who_met_and_when(cast, acting, called, changed, field):
    row = called()
    values = {"held_on": MET.held_on, "chair": MET.chair, "attendants": MET.attendants} | changed
    with pytest.raises(Invalid) as error:
        write(acting(cast.service), row, Minutes(**values))
    assert [problem.field for problem in error.value.problems] == [field]
    assert Meeting.objects.get(pk=row.pk).held_on is None


def test_a_measure_has_a_person_with_a_day_or_neither(cast, acting, take_in, called):
    take_in()
    row = called()
    point, service = meetings.agenda(row)[0], acting(cast.service)
    for more, field in (
        ({"person_id": cast.service.user_id}, "due_on"), ({"due_on": FRIDAY.date()}, "person"),
        ({"person_id": cast.branch.user_id, "due_on": FRIDAY.date()}, "person"), ({"measure": " "}, "measure"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as error:
            decide(service, row, point, **more)
        assert [problem.field for problem in error.value.problems] == [field]
    assert Point.objects.get(pk=point.pk).measure == ""


def test_who_may_call_a_meeting_and_see_one(cast, acting, take_in, called):
    take_in()
    for who in ("callback", "advisor", "agent"):
        with pytest.raises(NotAllowed):
            called(who)
    with pytest.raises(NotAllowed):
        called("service", place=cast.other_outlet_id)
    for more, field in (({"week": MONDAY + datetime.timedelta(days=7)}, "week"), ({"angle": "MOON"}, "angle")):
        with pytest.raises(Invalid) as error:
            called(**more)
        assert [problem.field for problem in error.value.problems] == [field]
    with pytest.raises(Invalid):
        called("hq", place=cast.branch_id)
    row = called()
    for who, sees in (("gm", True), ("callback", True), ("branch", True), ("hq", True), ("stranger", False)):
        actor = acting(getattr(cast, who))
        assert meetings.visible_to(actor).filter(pk=row.pk).exists() is sees, who
        assert Meeting.objects.filter(pk=row.pk).exists() is sees, who  # row security alone
        assert Point.objects.exists() is sees, who
    with pytest.raises(NotFound):
        write(acting(cast.stranger), row)


def wanted(cast, acting, row, **more):
    return questions.want_question(
        actor=acting(cast.service), meeting_id=row.pk, text="空调是否正常?", category="REPEATED", at=FRIDAY, **more
    )


ASKED = Asked("manager_call", "YES_NO", "您的空调工作正常吗?", "Does your air conditioning work well?")


@pytest.mark.covers("CMP-16", "FUP-26")
def test_what_comes_up_often_is_asked_of_everybody_once_two_people_agree(cast, acting, take_in, called):
    take_in()
    row = called()
    asked = wanted(cast, acting, row)
    with pytest.raises(NotAllowed):
        questions.take_question(actor=acting(cast.service), question_id=asked.pk, asked=ASKED, at=FRIDAY)
    taken = questions.take_question(actor=acting(cast.planner), question_id=asked.pk, asked=ASKED, at=FRIDAY)
    assert (taken.state, taken.script, taken.decided_by) == ("TAKEN", "manager_call", cast.planner.name)
    draft = ScriptDraft.objects.get(code="manager_call")
    new = draft.asked[-1]
    assert (new.key, new.kind, new.mandatory, new.text_zh) == (f"must_{asked.pk}", "YES_NO", True, ASKED.text_zh)
    assert len(draft.asked) > 1
    with pytest.raises(Conflict, match="decided"):
        questions.decline_question(actor=acting(cast.planner), question_id=asked.pk, reason="x", at=FRIDAY)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"script": "nowhere"}, "script"), ({"kind": "NOTICE"}, "kind"), ({"text_zh": " "}, "text_zh"), ({"text_en": ""}, "text_en")],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_refused_at_its_field(cast, acting, called, changed, field):
    asked = wanted(cast, acting, called())
    values = {"script": ASKED.script, "kind": ASKED.kind, "text_zh": ASKED.text_zh, "text_en": ASKED.text_en} | changed
    with pytest.raises(Invalid) as error:
        questions.take_question(actor=acting(cast.planner), question_id=asked.pk, asked=Asked(**values), at=FRIDAY)
    assert [problem.field for problem in error.value.problems] == [field]
    assert not ScriptDraft.objects.exists()
    assert Question.objects.get(pk=asked.pk).state == "WANTED"


def test_a_question_is_declined_with_a_reason(cast, acting, called):
    asked = wanted(cast, acting, called())
    with pytest.raises(Invalid):
        questions.decline_question(actor=acting(cast.planner), question_id=asked.pk, reason=" ", at=FRIDAY)
    row = questions.decline_question(actor=acting(cast.planner), question_id=asked.pk, reason="季节性", at=FRIDAY)
    assert (row.state, row.reason, row.script) == ("DECLINED", "季节性", "")


@pytest.mark.covers("CMP-16", "CMP-32", "FORM-18")
def test_the_pages_lead_from_the_call_to_the_filed_sheet(cast, signed_in, take_in, acting):
    row = take_in()
    client = signed_in("service")
    assert "Call a meeting" in page_of(client, "/complaints/meetings/")
    answer = client.post(
        "/complaints/meetings/call/", {"place": cast.outlet_id, "week": MONDAY.isoformat(), "angle": ""}
    )
    assert answer.status_code in {302, 422}
    if answer.status_code == 422:  # older than half a year by now
        meeting.call_meeting(actor=acting(cast.service), place_id=cast.outlet_id, week=MONDAY, angle="", at=FRIDAY)
    db.set_scope(SYSTEM)
    met = Meeting.objects.get()
    base = f"/complaints/meetings/{met.pk}/"
    assert row.number in page_of(client, base)
    answer = client.post(f"{base}file/")
    assert answer.status_code == 422
    assert f"Say what is done about {row.number}." in answer.content.decode()
    point = met.points.get()
    for path, values in (
        ("minutes/", {"held_on": "2026-06-05", "chair": "何经理", "attendants": "曹浩然", "words": ""}),
        (f"points/{point.pk}/", {"cause": "没有试车", "measure": "试车", "person": cast.service.user_id, "due_on": "2026-06-12"}),
        ("question/", {"text": "空调正常吗?", "category": "REPEATED"}),
        ("file/", {}),
    ):  # fmt: skip
        answer = client.post(base + path, values)
        assert answer.status_code == 302, (path, answer.content.decode())
    sheet = page_of(client, f"{base}sheet/")
    for text in (WORDS, "试车", "没有试车", cast.service.name, "何经理", "空调正常吗?"):
        assert text in sheet
    assert "Decide" not in page_of(client, base)
    for page in (f"/complaints/{row.pk}/", f"/complaints/{row.pk}/sheet/"):  # it went into the improvement
        assert f"YT{met.pk:06d}" in page_of(client, page)
        assert "试车" in page_of(client, page)
    db.set_scope(SYSTEM)
    asked = Question.objects.get()
    assert "Put it into a script" not in page_of(client, f"/complaints/questions/{asked.pk}/")
    planner = signed_in("planner")
    assert "空调正常吗?" in page_of(planner, "/complaints/questions/?state=WANTED")
    assert "Put it into a script" in page_of(planner, f"/complaints/questions/{asked.pk}/")
    values = {"script": "manager_call", "kind": "YES_NO", "text_zh": "空调正常吗?", "text_en": "Is it cold?"}
    assert planner.post(f"/complaints/questions/{asked.pk}/take/", values).status_code == 302
    assert "manager_call" in page_of(planner, f"/complaints/questions/{asked.pk}/")


def test_lists_are_exported_and_cost_the_same_for_one_and_three(cast, signed_in, called, take_in):
    client = signed_in("gm")
    take_in()
    called()
    one = queries_of(lambda: page_of(client, "/complaints/meetings/"))
    for angle in ("SALES", "SERVICE"):
        called("gm", angle)
    assert queries_of(lambda: page_of(client, "/complaints/meetings/")) == one
    file = client.get("/complaints/meetings/?export=csv")
    assert file["Content-Type"].startswith("text/csv")
    assert b"2026" in b"".join(file) if file.streaming else b"2026" in file.content


def test_the_agenda_costs_the_same_for_one_and_three(cast, acting, take_in, called):
    take_in()
    first = queries_of(lambda: called(week=MONDAY))
    for number in range(3):
        take_in(words=f"又一起 {number}")
    row = called()
    assert len(meetings.agenda(row)) == 4
    assert queries_of(lambda: called(week=MONDAY)) == first
    assert queries_of(lambda: meetings.agenda(row)) == 1


def test_the_api_keeps_minutes(cast, take_in, acting):
    row = take_in()
    client = caller(cast.service)
    base, how = "/api/v1/complaints/meetings/", {"content_type": "application/json"}
    made = client.post(base, {"place_id": cast.outlet_id, "week": "2026-06-03"}, **how)
    assert made.status_code == 200, made.content
    met = made.json()
    assert (met["week"], [item["complaint_id"] for item in met["points"]]) == ("2026-06-01", [row.pk])
    point = met["points"][0]["id"]
    refused = client.post(f"{base}{met['id']}/file", {}, **how)
    assert refused.status_code == 422
    client.post(f"{base}{met['id']}/points/{point}", {"measure": "试车"}, **how)
    client.post(f"{base}{met['id']}/minutes", {"held_on": "2026-06-05", "chair": "何", "attendants": "曹"}, **how)
    asked = client.post(f"{base}{met['id']}/questions", {"text": "正常吗?"}, **how).json()
    assert client.post(f"{base}{met['id']}/file", {}, **how).json()["filed_at"]
    assert client.get(f"{base}{met['id']}").json()["points"][0]["measure"] == "试车"
    assert [item["id"] for item in client.get(base).json()["items"]] == [met["id"]]
    assert client.post(f"{base}questions/{asked['id']}/decline", {"reason": "x"}, **how).status_code == 403
    planner = caller(cast.planner)
    assert [item["id"] for item in planner.get(f"{base}questions").json()["items"]] == [asked["id"]]
    taken = planner.post(
        f"{base}questions/{asked['id']}/take",
        {"script": "manager_call", "kind": "SCALE", "text_zh": "几分?", "text_en": "How many points?"}, **how,
    )  # fmt: skip
    assert taken.json()["state"] == "TAKEN"
    assert fresh(row).state == "RECEIVED"
