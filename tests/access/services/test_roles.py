"""What roles may do, and who answers for what: changed by headquarters alone."""

import pytest
from tests.cast import actor_of

from guanxi.access.models import Responsibility, Role
from guanxi.access.services import responsibilities, roles
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db


def change(actor, code="service_advisor", verbs=("network.view", "network.export")):
    return roles.change_role(actor=actor, code=code, verbs=verbs)


def duty(actor, **changes):
    values = {
        "process": "information.rules", "responsible": "cr_planner", "accountable": "cr_planner",
        "consulted": ["auditor"], "informed": [], "deadline_hours": "48", "escalation_role": "cr_planner",
    }  # fmt: skip
    return responsibilities.change_responsibility(actor=actor, **values | changes)


@pytest.mark.covers("ORG-35")
def test_holders_have_a_changed_role_at_once(acting, cast):
    change(acting(cast.hq))
    acting(SYSTEM)
    assert actor_of("advisor").verbs == {"network.view", "network.export"}
    line = AuditEntry.objects.order_by("pk").last()
    assert (line.verb, line.subject_id) == ("access.change_roles", "service_advisor")
    assert line.after == {"verbs": ["network.export", "network.view"]}


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("name", ["outlet_admin", "branch", "gm", "auditor", "planner", "advisor"])
def test_nobody_else_changes_roles(acting, cast, name):
    with pytest.raises(NotAllowed):
        change(acting(getattr(cast, name)))


def test_unknown_rights_and_roles_are_refused(cast):
    with pytest.raises(Invalid):
        change(cast.hq, verbs=["network.fly"])
    with pytest.raises(NotFound):
        change(cast.hq, code="nothing")
    Role.objects.filter(pk="owner").update(is_current=False)
    with pytest.raises(NotFound):
        change(cast.hq, code="owner")


def test_nobody_saws_off_the_branch_he_sits_on(acting, cast):
    with pytest.raises(Invalid):
        change(acting(cast.hq), "hq_administrator", ["network.view"])
    kept = change(cast.hq, "hq_administrator", ["network.view", "access.change_roles", "network.view"])
    assert kept.verbs == ["access.change_roles", "network.view"]


@pytest.mark.covers("ORG-36")
def test_a_responsibility_is_changed_and_the_trail_says_how(acting, cast):
    row = duty(acting(cast.hq))
    assert (row.responsible_id, row.deadline_hours) == ("cr_planner", 48)
    assert list(row.consulted.values_list("pk", flat=True)) == ["auditor"]
    line = AuditEntry.objects.order_by("pk").last()
    assert line.before["deadline_hours"] == 720
    assert line.after["deadline_hours"] == 48


@pytest.mark.covers("ORG-36")
@pytest.mark.parametrize("hours", ["0", "-1", "", "soon", "8785", "1.5"])
def test_a_deadline_is_hours_up_to_a_year(cast, hours):
    with pytest.raises(Invalid) as caught:
        duty(cast.hq, deadline_hours=hours)
    assert caught.value.field == "deadline_hours"
    assert Responsibility.objects.get(pk="information.rules").deadline_hours == 720


@pytest.mark.parametrize("field", ["responsible", "accountable", "escalation_role", "consulted", "informed"])
def test_only_known_roles_answer(cast, field):
    wrong = ["nothing"] if field in {"consulted", "informed"} else "nothing"
    with pytest.raises(Invalid):
        duty(cast.hq, **{field: wrong})


@pytest.mark.covers("ORG-36")
def test_responsibilities_are_changed_by_those_who_may(acting, cast):
    assert duty(acting(cast.planner)).deadline_hours == 48
    for name in ("gm", "outlet_admin", "branch"):
        with pytest.raises(NotAllowed):
            duty(acting(getattr(cast, name)))
    with pytest.raises(NotFound):
        duty(cast.hq, process="nothing")
