"""Listening samples: drawn by the week alone, judged once by another, seen by the agent when it is done."""

import datetime
import uuid

import pytest
from django.db import Error, connection, transaction
from tests.counting import queries_of

from guanxi.contact_centre.models import Call, Review, ScoreSheet
from guanxi.contact_centre.policy import reviews as policy
from guanxi.contact_centre.presets.reviews import ReviewsPreset, apply, compare
from guanxi.contact_centre.queries import reviews as queries
from guanxi.contact_centre.services import reviewing
from guanxi.foundation import clock, db, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
WEEK = datetime.date(2026, 3, 2)  # a Monday
AT = clock.start_of(clock.today()) + datetime.timedelta(hours=11)
ITEMS = ("opening", "verified", "script", "listened", "answered", "recorded")
SCORES = dict.fromkeys(ITEMS, 10)


@pytest.fixture
def said(cast, owner):
    """Return a function that writes calls of an agent in a week, one an hour."""

    def new(agent, number, *, week=WEEK, outcome="REACHED", node=None):
        db.set_scope(SYSTEM)
        first = clock.start_of(week) + datetime.timedelta(hours=9)
        for hour in range(number):
            at = first + datetime.timedelta(hours=hour)
            Call.objects.create(
                token=uuid.uuid5(uuid.NAMESPACE_OID, f"{agent.name}{hour}{outcome}"), customer=owner,
                node_id=node or cast.outlet_id, agent_id=agent.user_id, agent_name=agent.name, started_at=at,
                ended_at=at, outcome=outcome, disposition="1.1" if outcome == "REACHED" else "2.2",
            )  # fmt: skip

    return new


@pytest.fixture
def drawn(cast, acting, said):
    """The one call of the follow-up agent that was drawn."""
    said(cast.callback, 1)
    reviewing.draw(actor=acting(cast.crm), node_id=cast.outlet_id, week=WEEK, at=AT)
    return Review.objects.get()


def judged(cast, acting, row, who="crm", **more):
    values = {"scores": SCORES, "note": "语速稍快", "at": AT} | more
    return reviewing.review(actor=acting(getattr(cast, who)), review_id=row.pk, **values)


@pytest.mark.covers("CC-40")
def test_the_draw_follows_from_the_week_alone(cast, acting, said):
    said(cast.callback, 8)
    said(cast.callback, 4, outcome="BUSY")
    said(cast.crm, 2)
    crm = acting(cast.crm)
    assert reviewing.draw(actor=crm, node_id=cast.outlet_id, week=WEEK, at=AT) == 5
    first = set(Review.objects.values_list("call_id", flat=True))
    rows = list(Review.objects.values_list("agent_id", "call__outcome", "week"))
    assert sorted(rows) == sorted(
        [(cast.callback.user_id, "REACHED", WEEK)] * 3 + [(cast.crm.user_id, "REACHED", WEEK)] * 2
    )
    assert reviewing.draw(actor=crm, node_id=cast.outlet_id, week=WEEK, at=AT) == 0
    db.set_scope(SYSTEM)
    Review.objects.all().delete()
    assert reviewing.draw(actor=acting(cast.hq), node_id=cast.branch_id, week=WEEK, at=AT) == 5
    assert set(Review.objects.values_list("call_id", flat=True)) == first
    assert reviewing.draw(actor=crm, node_id=cast.outlet_id, week=WEEK - policy.ONE_WEEK, at=AT) == 0
    db.set_scope(SYSTEM)
    assert AuditEntry.objects.filter(verb="contact_centre.draw_calls").count() == 4


def test_only_a_week_that_is_over_is_drawn_and_only_by_who_may(cast, acting):
    this_week = clock.today() - datetime.timedelta(days=clock.today().weekday())
    for week in (WEEK + datetime.timedelta(days=1), this_week):
        with pytest.raises(Invalid):
            reviewing.draw(actor=acting(cast.crm), node_id=cast.outlet_id, week=week, at=AT)
    for who, node in ((cast.callback, cast.outlet_id), (cast.gm, cast.outlet_id), (cast.crm, cast.other_outlet_id)):
        with pytest.raises(NotAllowed):
            reviewing.draw(actor=acting(who), node_id=node, week=WEEK, at=AT)
    db.set_scope(SYSTEM)
    ScoreSheet.objects.all().update(since="2100-01-01")
    with pytest.raises(Conflict):
        reviewing.draw(actor=acting(cast.crm), node_id=cast.outlet_id, week=WEEK, at=AT)


@pytest.mark.covers("CC-40", "CC-41", "CC-33")
def test_a_call_is_judged_once_by_another_and_then_seen_by_its_agent(cast, acting, drawn):
    with pytest.raises(NotFound):
        queries.review(acting(cast.callback), drawn.pk)
    row = judged(cast, acting, drawn)
    assert (row.points, row.most, row.share, row.reviewed_by) == (60, 100, 60, cast.crm.name)
    assert queries.review(acting(cast.callback), drawn.pk).note == "语速稍快"
    with pytest.raises(NotFound):
        queries.review(acting(cast.sales), drawn.pk)
    with pytest.raises(Conflict):
        judged(cast, acting, drawn)
    with pytest.raises(NotAllowed):
        judged(cast, acting, drawn, "callback")
    db.set_scope(SYSTEM)
    with pytest.raises(Error), transaction.atomic():
        Review.objects.filter(pk=row.pk).update(points=99)


def test_nobody_judges_a_call_of_his_own(cast, acting, said):
    said(cast.crm, 1)
    reviewing.draw(actor=acting(cast.crm), node_id=cast.outlet_id, week=WEEK, at=AT)
    with pytest.raises(Conflict):
        judged(cast, acting, Review.objects.get())


@pytest.mark.parametrize("wrong", [{"opening": 16}, {"opening": -1}, {"opening": None}])
def test_points_lie_between_nothing_and_the_most(cast, acting, drawn, wrong):
    with pytest.raises(Invalid) as refused:
        judged(cast, acting, drawn, scores=SCORES | wrong)
    assert [problem.field for problem in refused.value.problems] == ["scores.opening"]


@pytest.mark.covers("NFR-06")
def test_the_database_hides_reviews_of_other_places(cast, acting, drawn):
    def seen(actor):
        acting(actor)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM contact_centre_review")
            return cursor.fetchone()[0]

    assert (seen(cast.crm), seen(cast.stranger)) == (1, 0)


def test_weeks():
    assert policy.last_week(datetime.date(2026, 3, 9)) == WEEK
    assert policy.last_week(datetime.date(2026, 3, 15)) == WEEK
    assert policy.is_over(WEEK, datetime.date(2026, 3, 9))
    assert not policy.is_over(WEEK, datetime.date(2026, 3, 8))


@pytest.mark.covers("CC-40")
def test_drawn_and_judged_on_pages(signed_in, cast, said):
    said(cast.callback, 1)
    client = signed_in("crm")
    assert client.get("/contact-centre/reviews/draw/").status_code == 200
    path = "/contact-centre/reviews/draw/"
    assert client.post(path, {"place": cast.outlet_id, "week": "2026-03-03"}).status_code == 422
    assert client.post(path, {"place": cast.outlet_id, "week": "2026-03-02"}).status_code == 302
    db.set_scope(SYSTEM)
    row = Review.objects.get()
    client, page = signed_in("crm"), f"/contact-centre/reviews/{row.pk}/"
    assert client.get("/contact-centre/reviews/").content.decode().count("data-row") == 1
    assert "Listened, friendly" in client.get(page).content.decode()
    points = {f"scores.{item}": "10" for item in ITEMS} | {"note": "好"}
    assert client.post(page, points | {"scores.script": "99"}).status_code == 422
    assert client.post(page, points).status_code == 302
    assert "60 of 100" in client.get(page).content.decode()
    for query, found in (("judged=yes", 1), ("judged=no", 0), ("since=2026-03-02", 1), ("since=2026-03-03", 0)):
        assert client.get(f"/contact-centre/reviews/?{query}").content.decode().count("data-row") == found, query
    assert cast.callback.name in client.get("/contact-centre/reviews/?export=csv").content.decode("utf-8-sig")
    own = signed_in("callback")
    assert own.get("/contact-centre/reviews/").content.decode().count("data-row") == 1
    assert "60 of 100" in own.get(page).content.decode()
    assert own.post(page, points).status_code == 403
    assert own.get(path).status_code == 403
    assert signed_in("sales").get("/contact-centre/reviews/").content.decode().count("data-row") == 0
    assert signed_in("sales").get(page).status_code == 404
    assert "质检" in signed_in("crm", "zh-hans").get("/contact-centre/reviews/").content.decode()


def test_the_list_costs_the_same_whatever_the_number(signed_in, cast, acting, said):
    said(cast.callback, 1)
    reviewing.draw(actor=acting(cast.crm), node_id=cast.outlet_id, week=WEEK, at=AT)
    client = signed_in("crm")
    few = queries_of(lambda: client.get("/contact-centre/reviews/"))
    said(cast.sales, 3)
    reviewing.draw(actor=acting(cast.crm), node_id=cast.outlet_id, week=WEEK, at=AT)
    client = signed_in("crm")
    assert queries_of(lambda: client.get("/contact-centre/reviews/")) == few <= 20


def test_the_sheet_comes_with_the_base_and_stays_once_it_was_used(cast, acting, drawn):
    part = next(part for part in presets.read("base") if part.loader.key == "reviews")
    assert compare(part.data) == []
    assert sum(item.points for item in part.data.items) == 100
    changed = part.data.model_dump(by_alias=True) | {"draws": 5}
    data = ReviewsPreset.model_validate(changed)
    db.set_scope(SYSTEM)
    assert len(apply(actor=SYSTEM, data=data, source="base/reviews")) == 1
    assert (queries.sheet_on(clock.today()).draws, compare(data)) == (5, [])
    judged(cast, acting, drawn)
    db.set_scope(SYSTEM)
    again = ReviewsPreset.model_validate(changed | {"draws": 7})
    assert len(apply(actor=SYSTEM, data=again, source="base/reviews")) == 1
    assert (queries.sheet_on(clock.today()).draws, len(compare(again))) == (5, 1)
    with pytest.raises(NotAllowed):
        apply(actor=acting(cast.gm), data=again, source="x")
    with pytest.raises(ValueError, match="validation error"):
        ReviewsPreset.model_validate(changed | {"item": changed["item"] * 2})
