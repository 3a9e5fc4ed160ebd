"""A room that is closed to named people: who finds it, that nobody else finds a trace, and that its holds go on."""

import pytest
from django.db import connection
from tests.apicalls import caller
from tests.crisis.conftest import AT, fresh, hours, log

from guanxi.crisis.models import Affected, Alarm, Crisis, Entry, Link, Report, Statement
from guanxi.crisis.permissions import may_enter
from guanxi.crisis.queries import alarms, media, rooms
from guanxi.crisis.services import leading, leaving_alone, opening, restricting, statements, telling
from guanxi.crisis.services import media as reporting
from guanxi.crisis.services.media import NewReport
from guanxi.foundation import clock, numbers
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.privacy.models import Hold
from guanxi.records import queries as records
from guanxi.records.models import Attachment, AuditEntry
from guanxi.records.services import attaching
from guanxi.records.services.attaching import File
from guanxi.workbench import services as workbench
from guanxi.workbench.models import Notification
from guanxi.worklist.models import Task
from guanxi.worklist.services import escalating

PDF = b"%PDF-1.7 letter"
OUTSIDE = ("branch", "auditor")  # who would see the room while it is open
INSIDE = ("gm", "hq", "planner")


@pytest.fixture
def shut(cast, acting):
    """A function that closes a room to people of the cast, the general manager himself unless said otherwise."""

    def close(row, *names, who="gm", reason="律师介入", at=AT):
        actor = acting(getattr(cast, who))
        ids = [getattr(cast, name).user_id for name in names or ("gm",)]
        return restricting.restrict(actor=actor, crisis_id=row.pk, person_ids=ids, reason=reason, at=at)

    return close


@pytest.fixture
def full(cast, acting, complain, room):
    """A room with a complaint, a statement, an owner, work, a document, a report and an alarm, all of it at the outlet."""
    complaint = complain()
    row = room(complaint_id=complaint.pk)
    gm = acting(cast.gm)
    statements.draft(actor=gm, crisis_id=row.pk, words="我们负责", at=AT)
    leading.give_work(
        actor=gm, crisis_id=row.pk, person_id=cast.gm.user_id, words="联系律师", due_at=AT + hours(1), at=AT
    )
    attaching.attach(
        actor=gm, subject_type=rooms.LEGAL, subject_id=row.pk, file=File("律师函.pdf", PDF, "第一封"), at=AT
    )
    told = NewReport(cast.outlet_id, "SITE", "论坛", "刹车失灵", clock.day_of(AT), "x", "https://bbs.example/9")
    report = reporting.register(actor=gm, new=told, at=AT)
    reporting.attach(actor=gm, report_id=report.pk, complaint_id=None, crisis_id=row.pk, at=AT)
    acting(SYSTEM)
    Alarm.objects.create(
        cell="OUTLET", key=str(cast.outlet_id), label="x", place_id=cast.outlet_id, day=clock.day_of(AT), seen=5,
        before=1, exposure=7, exposure_before=84, expected=0.1, chance=1e-6, limit=1e-4, cells=3, window_days=7,
        base_days=84, state="CRISIS", crisis=row, decided_at=AT,
    )  # fmt: skip
    leaving_alone.settle(actor=SYSTEM, crisis_id=row.pk, at=AT)
    telling.tell(actor=SYSTEM, crisis_id=row.pk, at=AT)
    return row


def seen():
    """How many rows of a crisis, but for its log, the transaction sees without asking for anything."""
    return [model.objects.count() for model in (Crisis, Link, Statement, Affected, Report, Alarm, Attachment)]


def about():
    """How many lines of the log, tasks and lines of the trail about crises it sees."""
    tasks = Task.objects.filter(subject_type__startswith="crisis.").count()
    return [Entry.objects.count(), tasks, AuditEntry.objects.filter(subject_type__startswith="crisis.").count()]


@pytest.mark.covers("CRIS-05")
def test_only_those_named_the_leader_and_headquarters_find_a_closed_room(full, shut, cast, acting):
    before = {}
    for who in (*OUTSIDE, *INSIDE):
        actor = acting(getattr(cast, who))
        before[who] = seen()
        assert rooms.visible_to(actor).count() == 1, who
    shut(full)
    for who in OUTSIDE:
        actor = acting(getattr(cast, who))
        assert (seen(), about()) == ([0] * 7, [0] * 3), who  # the second wall: not even without asking
        assert not rooms.visible_to(actor).exists()
        assert not media.visible_to(actor).exists()
        assert not alarms.visible_to(actor).exists()
        with pytest.raises(NotFound):
            rooms.crisis(actor, full.pk)
        assert numbers.find(actor, full.number) == []
    for who in INSIDE:
        actor = acting(getattr(cast, who))
        assert min(about()) > 0, who
        assert rooms.crisis(actor, full.pk).pk == full.pk, who
        assert seen() == before[who], who
    restricting.lift(actor=acting(cast.gm), crisis_id=full.pk, reason="已和解", at=AT)
    for who in OUTSIDE:
        acting(getattr(cast, who))
        assert seen() == before[who], who


def test_the_query_alone_hides_it_too(full, shut, cast, acting):
    """The first wall: what row-level security would hide, in a transaction in which it hides nothing."""
    shut(full)
    acting(SYSTEM)
    for who in OUTSIDE:
        actor = getattr(cast, who)
        assert not rooms.visible_to(actor).exists(), who
        assert not media.visible_to(actor).exists(), who
        assert not alarms.visible_to(actor).exists(), who
        assert not may_enter(actor, fresh(full)), who
    for who in INSIDE:
        assert rooms.visible_to(getattr(cast, who)).exists(), who


def test_no_line_of_the_trail_names_it_to_others(full, shut, cast, acting):
    shut(full)
    for who in OUTSIDE:
        actor = acting(getattr(cast, who))
        rows = records.visible_to(actor)
        assert not rows.filter(subject_label__contains=full.number).exists(), who
        assert not rows.filter(subject_id=full.source).exists(), who
    acting(SYSTEM)
    assert AuditEntry.objects.filter(subject_type="task", subject_label=full.number).exists()
    assert AuditEntry.objects.filter(subject_id=full.source).exists()
    hq = acting(cast.hq)
    assert records.visible_to(hq).filter(subject_id=full.source).exists()


def test_the_bell_forgets_it_and_nobody_outside_hears_of_it_again(full, shut, cast, acting):
    acting(SYSTEM)
    for who in ("branch", "planner"):
        workbench.tell_crisis_told(person_id=getattr(cast, who).user_id, crisis_id=full.pk, number=full.number)
    shut(full)
    acting(SYSTEM)
    people = sorted(rooms.insiders(fresh(full), clock.day_of(AT)))
    workbench.forget_crisis(number=full.number, people=people)
    assert [row.user_id for row in Notification.objects.filter(text_en__contains=full.number)] == [cast.planner.user_id]
    assert cast.branch.user_id not in telling.tell(actor=SYSTEM, crisis_id=full.pk, at=AT)
    acting(SYSTEM)
    while escalating.escalate(actor=SYSTEM, at=AT + hours(30)):
        pass
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(e.told) FROM worklist_escalation e JOIN worklist_task t ON t.id = e.task_id"
            " WHERE t.subject_type IN ('crisis.crisis', 'crisis.report')"
        )
        told = {row[0] for row in cursor.fetchall()}
    assert cast.planner.user_id in told
    assert told <= set(people)


def test_those_whom_it_is_about_are_left_alone_as_before(full, shut, acting, customer):
    shut(full)
    acting(SYSTEM)
    assert leaving_alone.settle(actor=SYSTEM, crisis_id=full.pk, at=AT) == (0, 0)
    assert Hold.objects.filter(customer=customer, lifted_at=None).count() == 1


def test_closing_and_opening_leave_a_line_with_their_reason(full, shut, cast, acting):
    shut(full, "gm", "branch")  # whom he does not see among his own people
    restricting.lift(actor=acting(cast.branch), crisis_id=full.pk, reason="已和解", at=AT)
    acting(SYSTEM)
    first, second = AuditEntry.objects.filter(verb__in=("crisis.restrict", "crisis.lift")).order_by("pk")
    named = sorted((cast.gm.user_id, cast.branch.user_id))
    assert (first.after["admitted"], first.after["reason"], first.person_id) == (
        named,
        "律师介入",
        cast.gm.user_id,
    )
    assert (second.before["admitted"], second.after["reason"]) == (named, "已和解")
    acts = dict(log(full))
    assert ("律师介入" in acts["SHUT"], acts["UNSHUT"]) == (True, "已和解")
    with pytest.raises(Conflict):
        restricting.lift(actor=acting(cast.gm), crisis_id=full.pk, reason="x", at=AT)


def test_who_may_close_it_and_to_whom(room, shut, cast, acting):
    row = room()
    with pytest.raises(Invalid):
        shut(row, reason=" ")
    with pytest.raises(Invalid):
        shut(row, "technician")  # sees no crises
    with pytest.raises(Invalid):
        shut(row, "stranger")  # of another branch
    with pytest.raises(NotAllowed):
        shut(row, who="auditor")
    with pytest.raises(NotFound):
        shut(row, who="stranger")
    assert fresh(row).admitted is None
    shut(row, "gm", who="branch")
    assert fresh(row).admitted == sorted((cast.gm.user_id, cast.branch.user_id))  # who closes it stays inside
    restricting.lift(actor=acting(cast.branch), crisis_id=row.pk, reason="x", at=AT)
    shut(row, "auditor", who="planner")  # headquarters sees it anyhow
    assert fresh(row).admitted == sorted((cast.auditor.user_id, cast.gm.user_id))  # he owes its first decision
    assert rooms.visible_to(acting(cast.auditor)).exists()
    assert rooms.visible_to(acting(cast.gm)).exists()  # he leads it


def test_who_gets_work_in_it_or_led_it_stays_inside(room, shut, cast, acting):
    row = room()
    shut(row, "gm")
    acting(cast.planner)
    leading.give_work(
        actor=cast.planner, crisis_id=row.pk, person_id=cast.branch.user_id, words="x", due_at=AT + hours(2), at=AT
    )
    assert rooms.visible_to(acting(cast.branch)).exists()
    acting(cast.planner)
    leading.put_in_charge(
        actor=cast.planner, crisis_id=row.pk, person_id=cast.branch.user_id, reason="x", at=AT
    )  # fmt: skip
    assert fresh(row).admitted == sorted((cast.gm.user_id, cast.branch.user_id))
    shut(row, "auditor", who="planner", reason="y")
    assert fresh(row).admitted == sorted((cast.auditor.user_id, cast.branch.user_id))  # he owes work
    assert not rooms.visible_to(acting(cast.gm)).exists()


def test_a_complaint_of_a_closed_room_goes_into_no_other_and_nothing_is_said_of_it(full, shut, room, cast, acting):
    shut(full)
    branch = acting(cast.branch)
    other = room("branch", owner_id=None)
    acting(SYSTEM)
    complaint_id = Link.objects.get(crisis=full).complaint_id
    acting(branch)
    with pytest.raises(Conflict, match="at the moment"):
        leading.link(actor=branch, crisis_id=other.pk, complaint_id=complaint_id, at=AT)
    assert rooms.of_complaint(branch, complaint_id) == []
    with pytest.raises(Conflict):
        opening.refuse_taken(complaint_id)
    told = NewReport(cast.outlet_id, "SITE", "论坛", "x", clock.day_of(AT), "x", "https://bbs.example/9")
    with pytest.raises(Conflict):
        reporting.register(actor=branch, new=told, at=AT)


def test_the_pages_lists_export_and_api_obey(full, shut, signed_in, cast, acting):
    acting(SYSTEM)
    complaint_id = Link.objects.get(crisis=full).complaint_id
    shut(full)
    insider, outsider = signed_in("gm"), signed_in("branch")
    assert full.number in insider.get("/crisis/").content.decode()
    assert outsider.get(f"/crisis/{full.pk}/").status_code == 404
    paths = ("/crisis/", "/crisis/media/", "/crisis/alarms/", "/crisis/?export=csv", "/worklist/team/")
    for path in (*paths, f"/crisis/complaint-panel/{complaint_id}/"):
        page = signed_in("branch").get(path)
        assert page.status_code == 200, path
        assert full.number not in page.content.decode("utf-8-sig"), path
        assert "刹车失灵" not in page.content.decode("utf-8-sig"), path
    assert full.number in signed_in("planner").get("/crisis/?export=csv").content.decode("utf-8-sig")
    branch, gm = caller(cast.branch), caller(cast.gm)
    assert branch.get("/api/v1/crisis/").json()["items"] == []
    assert branch.get(f"/api/v1/crisis/{full.pk}").status_code == 404
    assert [row["id"] for row in gm.get("/api/v1/crisis/").json()["items"]] == [full.pk]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_room_is_closed_and_opened_on_its_pages(full, signed_in, cast, language):
    gm = signed_in("gm", language)
    form = gm.get(f"/crisis/{full.pk}/restrict/").content.decode()
    assert f'value="{cast.gm.user_id}" ' in form
    answer = gm.post(f"/crisis/{full.pk}/restrict/", {"people": [str(cast.gm.user_id)], "reason": "律师介入"})
    assert answer.status_code == 302, answer.content.decode()
    gm = signed_in("gm", language)
    page = gm.get(f"/crisis/{full.pk}/").content.decode()
    assert (cast.gm.name in page, "律师函.pdf" in page, f"/crisis/{full.pk}/lift/" in page) == (True, True, True)
    assert signed_in("branch", language).get(f"/crisis/{full.pk}/").status_code == 404
    assert signed_in("gm").post(f"/crisis/{full.pk}/lift/", {"reason": "x"}).status_code == 302
    assert signed_in("branch", language).get(f"/crisis/{full.pk}/").status_code == 200


def test_legal_documents_are_added_by_who_leads_and_opened_by_who_sees_the_room(full, shut, cast, acting):
    acting(SYSTEM)
    pk = Attachment.objects.get(subject_type=rooms.LEGAL).pk
    assert attaching.open_attachment(actor=acting(cast.auditor), attachment_id=pk).name == "律师函.pdf"
    with pytest.raises(NotAllowed):
        attaching.attach(
            actor=acting(cast.auditor), subject_type=rooms.LEGAL, subject_id=full.pk, file=File("b.pdf", PDF), at=AT
        )
    shut(full)
    with pytest.raises(NotFound):
        attaching.open_attachment(actor=acting(cast.auditor), attachment_id=pk)
    assert attaching.open_attachment(actor=acting(cast.gm), attachment_id=pk).note == "第一封"
