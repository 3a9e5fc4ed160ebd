"""The presets of complaints: what the sources say stands there, and a difference is shown before it is written."""

import pytest
from django.utils import translation

from guanxi.complaints.models import Cause, Process
from guanxi.complaints.presets import ComplaintsPreset, apply, compare
from guanxi.foundation import db, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed


def part(name):
    return next(item for item in presets.read(name) if item.loader.key == "complaints")


def processes(name):
    return {entry.code: entry for entry in part(name).data.processes}


def test_the_base_is_applied_and_a_change_is_shown_first(cast):
    db.set_scope(SYSTEM)
    assert compare(part("base").data) == []
    entry = part("base").data.processes[0].model_dump() | {"solution": "2d", "judges": {"SALES": ["gone"]}}
    data = ComplaintsPreset(process=[entry])
    assert [(change.kind, change.subject) for change in compare(data)] == [("change", "BASE")]
    apply(actor=SYSTEM, data=data, source="test/1")
    assert compare(data)  # a role of it is not there: it waits
    data = ComplaintsPreset(process=[entry | {"judges": {}}])
    with pytest.raises(NotAllowed):
        apply(actor=cast.gm, data=data, source="test/1")
    apply(actor=SYSTEM, data=data, source="test/1")
    assert (compare(data), Process.objects.get(pk="BASE").solution) == ([], "2d")


@pytest.mark.parametrize("name", ["toyota", "foton", "svw_dealer", "dexi", "faw_vw"])
def test_those_of_carmakers_can_be_applied(cast, name):
    db.set_scope(SYSTEM)
    data = part(name).data
    assert compare(data)
    apply(actor=SYSTEM, data=data, source=f"{name}/1")
    assert compare(data) == []


@pytest.mark.covers("CMP-13", "CLASS-39")
def test_each_cause_has_its_own_policy_in_both_languages(cast):
    causes = part("base").data.causes
    for words in ([entry.policy_zh for entry in causes], [entry.policy_en for entry in causes]):
        assert all(words)
        assert len(set(words)) == len(causes)
    db.set_scope(SYSTEM)
    row = Cause.objects.get(pk="BADLY_DONE")
    with translation.override("en"):
        assert row.policy.startswith("Do it again first")
    with translation.override("zh-hans"):
        assert row.policy.startswith("优先免费返修")


@pytest.mark.covers("CMP-14", "CMP-19", "CMP-25")
def test_what_the_sources_say(cast):
    svw, dexi = processes("svw_dealer"), processes("dexi")["DEXI"]
    assert {entry.revisit_by for entry in svw.values()} == {"AGENT"}
    assert {(entry.fine_least, entry.fine_most, entry.fine_late, entry.revisit) for entry in svw.values()} == {
        (50, 100, 200, "3d")
    }
    assert svw["SVW_SALES"].handlers["SALES"][0] == "showroom_manager"
    assert svw["SVW_SERVICE"].handlers["SERVICE"][0] == "service_manager"
    assert (dexi.first_contact, dexi.revisit_by, dexi.asks_validity, dexi.asks_inside) == ("60m", "OWNER", True, True)
    assert dexi.outside_roles == ["commerce_office", "sub_centre"]


@pytest.mark.covers("CMP-33", "CMP-34", "CMP-35", "CMP-36", "CMP-37", "CMP-38")
@pytest.mark.parametrize(
    ("more", "flow"),
    [
        ({"angle": "SALES"}, "PRE_SALE"), ({"angle": "SERVICE"}, "AFTER_SALE"), ({"angle": "PRODUCT"}, "AFTER_SALE"),
        ({"channel": "VISIT"}, "ON_SITE"), ({"channel": "FORUM"}, "MEDIA_NETWORK"),
        ({"parties": ["MEDIA"]}, "MEDIA_WARNING"), ({"words": "明天来堵门"}, "DANGEROUS"),
    ],
)  # fmt: skip
def test_the_six_flows_are_chosen_by_angle_channel_and_signs(cast, take_in, more, flow):
    db.set_scope(SYSTEM)
    apply(actor=SYSTEM, data=part("faw_vw").data, source="faw_vw/1")
    assert take_in(**more).process_id == flow


@pytest.mark.parametrize(
    "change", [{"solution": "soon"}, {"handlers": {"SALES": ["general_manager"]}}, {"revisit_roles": []}]
)
def test_a_process_that_is_not_whole_is_refused(change):
    entry = part("base").data.processes[0].model_dump() | change
    with pytest.raises(ValueError, match=r".+"):
        ComplaintsPreset(process=[entry])


def test_what_stands_twice_is_refused():
    cause = {"code": "TWICE", "name_zh": "一", "name_en": "one", "kind": "USER"}
    with pytest.raises(ValueError, match=r".+"):
        ComplaintsPreset(cause=[cause, cause])
