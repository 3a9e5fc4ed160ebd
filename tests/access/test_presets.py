"""Roles and responsibilities from presets."""

import pytest
from pydantic import ValidationError

from guanxi.access import presets
from guanxi.access.models import Responsibility, Role
from guanxi.access.services import responsibilities, roles
from guanxi.foundation import presets as house
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
ROLE = {"code": "t_role", "name_zh": "试", "name_en": "Trial", "kinds": ["OUTLET"], "reach": "OUTLET"}
DUTY = {
    "process": "t.duty", "name_zh": "试", "name_en": "Trial", "responsible": "t_role", "accountable": "t_role",
    "consulted": ["auditor"], "deadline_hours": 4, "escalation_role": "hq_administrator",
}  # fmt: skip


def data(**changes):
    role = ROLE | {"verbs": ["network.view"]} | changes
    return presets.AccessPreset.model_validate({"roles": [role], "responsibilities": [DUTY]})


def apply(found, actor=SYSTEM):
    return presets.apply(actor=actor, data=found, source="t_maker/access")


@pytest.mark.covers("SYS-20", "ORG-36")
def test_a_preset_brings_roles_and_responsibilities(acting):
    assert [(change.kind, change.subject) for change in apply(data())] == [("add", "t_role"), ("add", "t.duty")]
    role = Role.objects.get(pk="t_role")
    assert (role.verbs, role.kinds, role.source) == (["network.view"], ["OUTLET"], "t_maker/access")
    duty = Responsibility.objects.get(pk="t.duty")
    assert (duty.responsible_id, [row.pk for row in duty.consulted.all()]) == ("t_role", ["auditor"])
    labels = set(AuditEntry.objects.filter(subject_id="t_maker/access").values_list("subject_label", flat=True))
    assert labels == {"t_role", "t.duty"}


def test_the_same_preset_twice_changes_nothing(acting):
    apply(data())
    before = AuditEntry.objects.count()
    assert apply(data()) == []
    assert AuditEntry.objects.count() == before


def test_the_difference_names_what_differs_and_writes_nothing(acting):
    apply(data())
    wanted = data(name_en="Other", verbs=["network.view", "network.export"])
    assert [(change.kind, change.detail) for change in presets.compare(wanted)] == [("change", "name_en, verbs")]
    assert Role.objects.get(pk="t_role").name_en == "Trial"
    apply(wanted)
    assert Role.objects.get(pk="t_role").verbs == ["network.export", "network.view"]


def test_a_retired_role_comes_back(acting):
    apply(data())
    Role.objects.filter(pk="t_role").update(is_current=False)
    assert [change.kind for change in apply(data())] == ["add"]
    assert Role.objects.get(pk="t_role").is_current


def test_what_a_preset_does_not_name_is_left_alone(acting):
    before = set(Role.objects.exclude(pk="t_role").values_list("pk", "name_zh", "position"))
    apply(data())
    assert set(Role.objects.exclude(pk="t_role").values_list("pk", "name_zh", "position")) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"verbs": ["network.fly"]}, {"kinds": []}, {"kinds": ["CASTLE"]}, {"reach": "MOON"}, {"code": "T"},
        {"name_zh": ""}, {"surprise": 1},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(changes):
    with pytest.raises(ValidationError):
        data(**changes)


def test_a_role_stands_once():
    with pytest.raises(ValidationError, match="stands twice"):
        presets.AccessPreset.model_validate({"roles": [ROLE | {"verbs": []}] * 2})


@pytest.mark.covers("ORG-35")
def test_presets_are_applied_by_headquarters_alone(acting, cast):
    for name in ("outlet_admin", "branch", "planner"):
        with pytest.raises(NotAllowed):
            apply(data(), acting(getattr(cast, name)))


@pytest.mark.covers("SYS-20")
def test_the_base_preset_is_applied_in_the_demonstration(acting):
    (part,) = [part for part in house.read("base") if part.loader.key == "access"]
    assert presets.compare(part.data) == []


def test_rights_changed_by_hand_stay_when_the_preset_comes_again(acting, cast):
    apply(data())
    acting(cast.hq)
    roles.change_role(actor=cast.hq, code="t_role", verbs=["network.view", "codelists.view"])
    newer = data(name_en="Newer", verbs=["network.export"])
    assert [(change.kind, change.detail) for change in presets.compare(newer)] == [("change", "name_en")]
    apply(newer, cast.hq)
    role = Role.objects.get(pk="t_role")
    assert (role.name_en, role.verbs) == ("Newer", ["codelists.view", "network.view"])
    assert apply(newer, cast.hq) == []


def test_a_responsibility_changed_by_hand_is_left_alone(acting, cast):
    apply(data())
    acting(cast.hq)
    responsibilities.change_responsibility(
        actor=cast.hq, process="t.duty", responsible="cr_manager", accountable="t_role", consulted=[], informed=[],
        deadline_hours="9", escalation_role="hq_administrator",
    )  # fmt: skip
    assert apply(data(), cast.hq) == []
    duty = Responsibility.objects.get(pk="t.duty")
    assert (duty.responsible_id, duty.deadline_hours) == ("cr_manager", 9)
