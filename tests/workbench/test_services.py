"""Telling people, reading, saved views: what happens, to whom, and what row security keeps apart."""

import pytest

from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.workbench import queries, services
from guanxi.workbench.models import Notification, SavedView

pytestmark = pytest.mark.django_db


def tell(*actors, text="hello", url="/network/"):
    return services.notify(
        actor=SYSTEM, user_ids=[actor.user_id for actor in actors], kind="test.told", text_zh=f"中{text}",
        text_en=text, url=url, at=clock.now(),
    )  # fmt: skip


def save(actor, **changes):
    values = {"table": "network.outlets", "name": "Mine", "query": "q=a&page=2", "at": clock.now()}
    return services.save_view(actor=actor, **(values | changes))


def test_everybody_is_told_once_and_reads_only_his_own(acting, cast):
    before = Notification.objects.count()
    assert tell(cast.hq, cast.gm, cast.gm) == 2
    assert Notification.objects.count() == before + 2
    acting(cast.gm)
    assert [row.text_en for row in queries.notifications(cast.gm) if row.kind == "test.told"] == ["hello"]
    assert not Notification.objects.filter(user_id=cast.hq.user_id).exists()


def test_somebody_without_any_right_can_cause_a_notification_but_not_read_it(acting, cast):
    acting(cast.agent)
    services.notify(
        actor=cast.agent, user_ids=[cast.hq.user_id], kind="test.told", text_zh="中", text_en="en", at=clock.now()
    )
    assert not Notification.objects.filter(user_id=cast.hq.user_id).exists()
    acting(SYSTEM)
    assert Notification.objects.filter(user_id=cast.hq.user_id, kind="test.told").exists()


@pytest.mark.parametrize("url", ["https://example.org/", "//example.org", "/\\example.org", "network/"])
def test_a_notification_never_leads_elsewhere(acting, cast, url):
    with pytest.raises(Invalid):
        tell(cast.hq, url=url)


def test_telling_nobody_does_nothing(acting):
    lines = AuditEntry.objects.count()
    assert tell() == 0
    assert AuditEntry.objects.count() == lines


def test_reading_lowers_the_count_once(acting, cast):
    tell(cast.gm)
    acting(cast.gm)
    unread = queries.unread(cast.gm)
    row = queries.notifications(cast.gm).first()
    assert services.mark_read(actor=cast.gm, notification_id=row.pk, at=clock.now()) == "/network/"
    assert services.mark_read(actor=cast.gm, notification_id=row.pk, at=clock.now()) == "/network/"
    assert queries.unread(cast.gm) == unread - 1


def test_nobody_reads_for_another(acting, cast):
    tell(cast.gm)
    row = Notification.objects.filter(user_id=cast.gm.user_id).first()
    acting(cast.hq)
    with pytest.raises(NotFound):
        services.mark_read(actor=cast.hq, notification_id=row.pk, at=clock.now())


def test_all_are_read_at_once(acting, cast):
    tell(cast.gm)
    tell(cast.gm)
    acting(cast.gm)
    assert services.mark_all_read(actor=cast.gm, at=clock.now()) >= 2
    assert queries.unread(cast.gm) == 0
    assert services.mark_all_read(actor=cast.gm, at=clock.now()) == 0


def test_the_reactions_tell_in_both_languages(acting, cast):
    names = {"role_zh": "顾问", "role_en": "Advisor", "node_zh": "店", "node_en": "Shop", "by": "Li"}
    services.tell_role_granted(person_id=cast.gm.user_id, membership_id=1, **names)
    services.tell_membership_ended(person_id=cast.gm.user_id, membership_id=1, **names)
    services.tell_invitation_accepted(inviter_id=cast.gm.user_id, person_id=cast.hq.user_id, person_name="Wu")
    services.tell_network_imported(person_id=cast.gm.user_id, added=3, changed=1, name="Sheet")
    services.tell_network_imported(person_id=None, added=3, changed=1, name="Sheet")
    told = {"run_id": 7, "person_id": cast.gm.user_id, "file_name": "a.csv", "added": 3, "changed": 0}
    services.tell_import_ended(**told, state="DONE")
    acting(cast.gm)
    rows = {row.kind: row for row in queries.notifications(cast.gm)[:5]}
    assert set(rows) == {
        "access.role_granted", "access.membership_ended", "access.invitation_accepted", "network.imported",
        "intake.ended",
    }  # fmt: skip
    assert rows["intake.ended"].url == "/intake/7/"
    assert "3 records added" in rows["intake.ended"].text_en
    assert "Advisor" in rows["access.role_granted"].text_en
    assert "顾问" in rows["access.role_granted"].text_zh
    assert rows["access.invitation_accepted"].url.endswith(f"/{cast.hq.user_id}/")


def test_a_view_is_kept_replaced_and_audited(acting, cast):
    acting(cast.gm)
    first = save(cast.gm)
    again = save(cast.gm, name="  Mine ", query="q=b")
    assert (first.pk, again.query) == (again.pk, "q=b")
    assert first.query == "q=a"
    line = AuditEntry.objects.filter(verb="workbench.save_view", subject_id=str(first.pk)).order_by("-pk").first()
    assert (line.before, line.after) == ({"query": "q=a"}, {"query": "q=b"})


@pytest.mark.parametrize(
    "changes",
    [{"name": "  "}, {"name": "\x00"}, {"query": "q=" + "a" * 1001}, {"table": "outlets"}, {"table": "a.\x00"}],
)
def test_a_view_needs_a_list_a_name_and_a_bearable_query(acting, cast, changes):
    acting(cast.gm)
    with pytest.raises(Invalid):
        save(cast.gm, **changes)


def test_a_shared_view_is_seen_at_its_place_and_below_but_not_elsewhere(acting, cast):
    acting(cast.gm)
    save(cast.gm, name="Ours", is_shared=True)
    save(cast.gm, name="Only mine")
    names = [view.name for view in queries.saved_views(acting(cast.crm), "network.outlets")]
    assert names == ["Ours"]
    assert queries.saved_views(acting(cast.stranger), "network.outlets") == []
    assert not SavedView.objects.filter(name__in=["Ours", "Only mine"]).exists()
    assert "Ours" not in [view.name for view in queries.saved_views(acting(cast.hq), "network.outlets")]


def test_sharing_needs_the_right(acting, cast):
    without = next(actor for actor in cast.actors.values() if not actor.can("workbench.share_view"))
    acting(without)
    with pytest.raises(NotAllowed):
        save(without, is_shared=True)


def test_only_the_owner_deletes_a_view(acting, cast):
    acting(cast.gm)
    view = save(cast.gm, is_shared=True)
    acting(cast.crm)
    with pytest.raises(NotFound):
        services.delete_view(actor=cast.crm, view_id=view.pk)
    acting(cast.gm)
    services.delete_view(actor=cast.gm, view_id=view.pk)
    assert not SavedView.objects.filter(pk=view.pk).exists()
    assert AuditEntry.objects.filter(verb="workbench.delete_view", subject_id=str(view.pk)).exists()
