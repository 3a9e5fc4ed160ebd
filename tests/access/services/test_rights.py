"""Delegated administration: nobody hands out more than he administers, nor anything to himself."""

import datetime

import pytest
from django.db import connection
from tests.cast import actor_of

from guanxi.access.models import Membership, Role
from guanxi.access.services import rights
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db


def grant(actor, user, role, place, day=None):
    return rights.grant_role(
        actor=actor, user_id=user.user_id, role_code=role, node_id=place, valid_from=day or clock.today()
    )


def end(actor, row, on=None):
    return rights.end_membership(actor=actor, membership_id=row.pk, on=on or clock.today())


def held(username, role):
    return Membership.objects.get(user__username=username, role=role, valid_to=None)


def jobs_of(event):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args::text LIKE %s", [f"%access.{event}->%"])
        return cursor.fetchone()[0]


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize(
    ("role", "code"),
    [("service_manager", "YLHD001"), ("follow_up_agent", "YLHD001-CR"), ("outlet_administrator", "YLHD001")],
)
def test_an_outlet_administrator_grants_within_the_own_outlet(acting, cast, node, role, code):
    place, before = node(code), jobs_of("RoleGranted")
    row = grant(acting(cast.outlet_admin), cast.advisor, role, place)
    assert (row.user_id, row.role_id, row.node_id, row.valid_to) == (cast.advisor.user_id, role, place, None)
    line = AuditEntry.objects.order_by("pk").last()
    assert (line.verb, line.node_id, line.after["role"]) == ("access.grant_role", place, role)
    assert jobs_of("RoleGranted") == before + 1
    acting(SYSTEM)
    assert role in actor_of("advisor").roles


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize(
    ("role", "code", "error"),
    [
        ("hq_administrator", "YUNLING", NotAllowed),
        ("branch_manager", "YL-HD", NotAllowed),
        ("market_office_manager", "YL-HD-31", NotAllowed),
        ("service_advisor", "YLHN001", NotFound),
        ("service_advisor", "YLHD002", NotFound),
        ("branch_manager", "YLHD001", Invalid),
        ("no_such_role", "YLHD001", Invalid),
    ],
)
def test_and_neither_above_it_nor_elsewhere(acting, cast, node, role, code, error):
    place = node(code)
    with pytest.raises(error):
        grant(acting(cast.outlet_admin), cast.advisor, role, place)
    assert not Membership.objects.filter(user_id=cast.advisor.user_id, role_id=role, node_id=place).exists()


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize(("reach", "refused"), [("OUTLET", False), ("NODE", False), ("BRANCH", True), ("GROUP", True)])
def test_what_counts_is_how_far_the_role_reaches(acting, cast, role, reach, refused):
    role(reach=reach)
    actor = acting(cast.outlet_admin)
    if refused:
        with pytest.raises(NotAllowed):
            grant(actor, cast.advisor, "t_role", cast.outlet_id)
    else:
        assert grant(actor, cast.advisor, "t_role", cast.outlet_id).pk


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("name", ["hq", "outlet_admin"])
def test_nobody_grants_to_himself(acting, cast, name):
    actor = acting(getattr(cast, name))
    with pytest.raises(NotAllowed):
        grant(actor, actor, "service_advisor", cast.outlet_id)


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("name", ["branch", "office", "gm", "crm", "advisor", "agent", "auditor", "rescue"])
def test_without_the_verb_nobody_grants(acting, cast, name):
    with pytest.raises((NotAllowed, NotFound)):
        grant(acting(getattr(cast, name)), cast.callback, "service_advisor", cast.outlet_id)


@pytest.mark.covers("ORG-35")
def test_a_branch_manager_who_may_grant_does_so_in_the_whole_branch_only(acting, cast, node):
    acting(SYSTEM)
    role = Role.objects.get(pk="branch_manager")
    Role.objects.filter(pk=role.pk).update(verbs=[*role.verbs, "access.grant_role"])
    manager, elsewhere = actor_of("branch"), node("YLHN001")
    assert grant(acting(manager), cast.advisor, "service_manager", cast.outlet_id).pk
    assert grant(manager, cast.advisor, "market_office_manager", cast.office_id).pk
    with pytest.raises(NotFound):
        grant(manager, cast.advisor, "service_manager", elsewhere)
    with pytest.raises(NotAllowed):
        grant(manager, cast.advisor, "cs_owner", cast.brand_id)


def test_headquarters_grants_everywhere(acting, cast, node):
    assert grant(acting(cast.hq), cast.stranger, "branch_manager", node("QC-HN")).pk


def test_a_person_out_of_sight_is_not_found(acting, cast):
    with pytest.raises(NotFound):
        grant(acting(cast.outlet_admin), cast.stranger, "service_advisor", cast.outlet_id)


def test_a_role_is_held_once_at_a_place(acting, cast):
    with pytest.raises(Conflict):
        grant(acting(cast.outlet_admin), cast.advisor, "service_advisor", cast.outlet_id)
    assert Membership.objects.filter(user_id=cast.advisor.user_id).count() == 1


def test_a_retired_role_cannot_be_given(acting, cast, role):
    role()
    Role.objects.filter(pk="t_role").update(is_current=False)
    with pytest.raises(Invalid):
        grant(cast.hq, cast.advisor, "t_role", cast.outlet_id)


@pytest.mark.covers("ORG-35")
def test_a_role_is_taken_back_from_a_day_on(acting, cast):
    row, before = held("advisor", "service_advisor"), jobs_of("MembershipEnded")
    end(acting(cast.outlet_admin), row)
    assert jobs_of("MembershipEnded") == before + 1
    line = AuditEntry.objects.order_by("pk").last()
    assert (line.verb, line.after) == (
        "access.end_membership",
        {"role": None, "node": None, "until": f"{clock.today()}"},
    )
    acting(SYSTEM)
    assert actor_of("advisor").roles == ()


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize(("name", "error"), [("stranger", NotFound), ("gm", NotAllowed), ("branch", NotAllowed)])
def test_others_cannot_take_it_back(acting, cast, name, error):
    row = held("advisor", "service_advisor")
    with pytest.raises(error):
        end(acting(getattr(cast, name)), row)


def test_an_outlet_administrator_cannot_end_a_role_that_reaches_beyond(acting, cast, role, hold):
    role(reach="BRANCH")
    row = hold("advisor", "t_role", "YLHD001")
    with pytest.raises(NotAllowed):
        end(acting(cast.outlet_admin), row)
    assert end(acting(cast.hq), row).valid_to == clock.today()


def test_a_role_that_is_no_longer_held_at_such_places_can_still_be_taken_back(acting, cast, role, hold):
    role()
    row = hold("advisor", "t_role", "YLHD001")
    Role.objects.filter(pk="t_role").update(kinds=["BRANCH"])
    assert end(acting(cast.outlet_admin), row).valid_to == clock.today()


def test_what_ended_cannot_end_again_nor_before_it_began(acting, cast, hold):
    yesterday = clock.today() - datetime.timedelta(days=1)
    row = hold("advisor", "service_manager", "YLHD001")
    with pytest.raises(Invalid):
        end(cast.hq, row, yesterday)
    end(cast.hq, row)
    with pytest.raises(Conflict):
        end(cast.hq, row)


def test_a_planned_end_can_be_changed(acting, cast, hold):
    later = clock.today() + datetime.timedelta(days=30)
    row = hold("advisor", "service_manager", "YLHD001", valid_to=later)
    assert end(acting(cast.outlet_admin), row).valid_to == clock.today()
