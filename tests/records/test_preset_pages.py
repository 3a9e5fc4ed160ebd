"""Presets in the browser: what one would change is shown first, then written part by part."""

import pytest

from guanxi.codelists.models import CodeList
from guanxi.foundation import presets
from guanxi.foundation.errors import Conflict, NotAllowed, NotFound
from guanxi.network.models import OfferedService
from guanxi.records import services
from guanxi.records.models import AuditEntry, PresetVersion


def part(name, key):
    return next(part for part in presets.read(name) if part.loader.key == key)


@pytest.mark.covers("SYS-20")
def test_the_difference_is_shown_and_nothing_is_written(signed_in):
    page = signed_in("hq").get("/records/presets/foton/")
    assert page.status_code == 200
    assert "follow_up_nodes" in page.content.decode()
    assert not CodeList.objects.filter(code="follow_up_nodes").exists()


def test_a_part_is_applied_as_shown_and_its_version_kept(acting, cast, signed_in):
    wanted = part("foton", "codelists")
    client = signed_in("hq")
    answer = client.post("/records/presets/foton/codelists/apply/", {"digest": wanted.digest})
    assert answer.status_code == 302
    acting(cast.hq)
    assert CodeList.objects.filter(code="follow_up_nodes").exists()
    version = PresetVersion.objects.order_by("pk").last()
    assert (version.carmaker, version.part, version.digest) == ("foton", "codelists", wanted.digest)
    assert version.changes > 30
    assert AuditEntry.objects.order_by("pk").last().verb == "records.apply_presets"
    page = client.get("/records/presets/foton/").content.decode()
    assert "Nothing would change." in page
    overview = client.get("/records/presets/").content.decode()
    assert "codelists · 20" in overview


def test_a_file_that_changed_meanwhile_is_not_applied(cast):
    with pytest.raises(Conflict):
        services.apply_preset_part(actor=cast.hq, carmaker="foton", key="codelists", digest="old")
    assert not CodeList.objects.filter(code="follow_up_nodes").exists()


def test_an_unknown_preset_or_part_is_not_found(cast):
    for carmaker, key in (("nobody", "codelists"), ("foton", "nothing"), ("../base", "codelists")):
        with pytest.raises(NotFound):
            services.apply_preset_part(actor=cast.hq, carmaker=carmaker, key=key, digest="x")


def test_only_those_who_may_apply_presets_do(acting, cast):
    digest = part("base", "network").digest
    for actor in (cast.auditor, cast.branch, cast.outlet_admin):
        acting(actor)
        with pytest.raises(NotAllowed):
            services.apply_preset_part(actor=actor, carmaker="base", key="network", digest=digest)


def test_services_of_outlets_follow_the_preset(acting, cast):
    acting(cast.hq)
    OfferedService.objects.filter(code="PARTS").update(name_zh="旧名")
    OfferedService.objects.filter(code="RESCUE").update(is_current=False)
    wanted = part("base", "network")
    shown = {(change.kind, change.subject) for change in presets.compare(wanted)}
    assert shown == {("change", "PARTS"), ("add", "RESCUE")}
    count = services.apply_preset_part(actor=cast.hq, carmaker="base", key="network", digest=wanted.digest)
    assert count == 2
    assert presets.compare(wanted) == []
    assert OfferedService.objects.get(code="PARTS").name_zh == "配件销售"


def test_apply_needs_a_post(signed_in):
    assert signed_in("hq").get("/records/presets/base/network/apply/").status_code == 404
