"""What media and the network report: registered as it stands, put to a complaint or crisis, answered, closed."""

import pytest
from django.db import IntegrityError, transaction
from tests.crisis.conftest import AT, hours, log

from guanxi.crisis.models import Report
from guanxi.crisis.queries import media as queries
from guanxi.crisis.services import media
from guanxi.crisis.services.media import NewReport
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.worklist.models import Task

PAGE = "https://bbs.example/t/1"


@pytest.fixture
def found(cast, acting):
    """A function that registers a report."""

    def make(who="gm", *, at=AT, **more):
        values = {
            "place_id": cast.outlet_id, "medium": "SITE", "source": "车友论坛", "title": "新车刹车失灵",
            "day": clock.day_of(AT), "words": "提车三天刹车踩不动", "address": PAGE,
        }  # fmt: skip
        actor = acting(SYSTEM if who == "system" else getattr(cast, who))
        return media.register(actor=actor, new=NewReport(**(values | more)), at=at)

    return make


@pytest.mark.covers("CRIS-07", "CC-33")
def test_a_post_is_registered_linked_answered_and_closed(cast, acting, complain, room, found):
    complaint = complain()
    row, crisis = found(), room()
    task = Task.objects.get(key=row.task_key)
    assert (task.role_id, task.due_at) == ("general_manager", AT + hours(1))
    gm = acting(cast.gm)
    media.attach(actor=gm, report_id=row.pk, complaint_id=complaint.pk, crisis_id=crisis.pk, at=AT)
    assert [item.pk for item in queries.of_crisis(gm, crisis)] == [row.pk]
    assert ("HEARD", "车友论坛: 新车刹车失灵") in log(crisis)
    media.answer(actor=acting(cast.gm), report_id=row.pk, words="已约车主今日检测", at=AT + hours(1))
    assert Task.objects.get(pk=task.pk).outcome == "ANSWERED"
    with pytest.raises(Conflict):
        media.answer(actor=cast.gm, report_id=row.pk, words="x", at=AT)
    media.close_report(actor=acting(cast.gm), report_id=row.pk, words="车主更新帖文，已解决", at=AT + hours(9))
    held = queries.report(acting(cast.gm), row.pk)
    assert (held.state, held.answer, held.conclusion, held.complaint_id, held.crisis_id) == (
        "CLOSED", "已约车主今日检测", "车主更新帖文，已解决", complaint.pk, crisis.pk,
    )  # fmt: skip
    with pytest.raises(Conflict):
        media.close_report(actor=acting(cast.gm), report_id=row.pk, words="x", at=AT)


def test_an_address_is_registered_once_and_nothing_lies_ahead(cast, found):
    found()
    with pytest.raises(Conflict, match="already"):
        found()
    found(address="")
    found(address="")
    with pytest.raises(Invalid):
        found(address="", day=clock.day_of(AT + hours(48)))
    for name in ("source", "title", "words"):
        with pytest.raises(Invalid):
            found(address="", **{name: " "})
    with pytest.raises(Invalid):
        found(address="", medium="X")


def test_only_who_leads_crises_there(cast, acting, found):
    for who in ("service", "auditor", "stranger"):
        with pytest.raises(NotAllowed):
            found(who)
    row = found()
    with pytest.raises(NotFound):
        media.answer(actor=acting(cast.stranger), report_id=row.pk, words="x", at=AT)
    with pytest.raises(NotAllowed):
        media.answer(actor=acting(cast.auditor), report_id=row.pk, words="x", at=AT)


def test_what_was_published_stays_as_it_was_registered(acting, found):
    row = found()
    acting(SYSTEM)
    for values in ({"words": "另一段话"}, {"title": "x"}, {"address": ""}):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            Report.objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_inbox_on_pages(signed_in, cast, room, language):
    crisis = room()
    client = signed_in("gm", language)
    form = {
        "place": str(cast.outlet_id), "medium": "SOCIAL", "source": "微博", "address": PAGE, "title": "漏油",
        "day": "2026-06-01", "words": "停车一夜漏一滩",
    }  # fmt: skip
    made = client.post("/crisis/media/add/", form)
    assert made.status_code == 302, made.content.decode()
    db.set_scope(SYSTEM)
    row = Report.objects.get()
    address = f"/crisis/media/{row.pk}/"
    assert made["Location"] == address
    assert client.post("/crisis/media/add/", form).status_code == 422
    assert client.post(f"{address}attach/", {"crisis": str(crisis.pk), "complaint": ""}).status_code == 302
    assert client.post(f"{address}answer/", {"words": "已联系"}).status_code == 302
    assert client.post(f"{address}close/", {"words": "已解决"}).status_code == 302
    page = signed_in("gm", language).get(address).content.decode()
    for text in ("停车一夜漏一滩", "已联系", "已解决", crisis.number):
        assert text in page
    listed = signed_in("gm", language).get("/crisis/media/?q=漏油&state=CLOSED").content.decode()
    assert listed.count("data-row") == 1
    assert "漏油" in signed_in("gm", language).get(f"/crisis/{crisis.pk}/").content.decode()
    assert "漏油" in signed_in("branch").get("/crisis/media/?export=csv").content.decode("utf-8-sig")
    assert signed_in("gm").get("/crisis/media/?export=csv").status_code == 403
