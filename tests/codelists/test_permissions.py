"""Who may and who may not: both directions, in the services and in the database."""

import datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from guanxi.codelists import permissions, queries, services
from guanxi.codelists.models import Code, CodeList
from guanxi.foundation.actor import NOBODY, SYSTEM
from guanxi.foundation.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)
WORDS = {"name_zh": "新", "name_en": "new"}


@pytest.fixture
def own(acting, flat, cast):
    """A code of the outlet administrator's own outlet."""
    actor = acting(cast.outlet_admin)
    return services.extend_list(
        actor=actor, list_code="t_flat", node_id=actor.home_id, code="OWN", valid_from=TODAY, **WORDS
    )


@pytest.mark.parametrize(
    ("name", "central", "at_home"),
    [
        ("hq", True, True),
        ("branch", False, True),
        ("outlet_admin", False, True),
        ("advisor", False, False),
        ("agent", False, False),
    ],
)
def test_who_may_change_what(acting, flat, cast, name, central, at_home):
    actor = acting(getattr(cast, name))
    assert permissions.can_change(actor, None) is central
    assert permissions.can_change(actor, actor.home_id) is at_home
    code = Code.objects.get(list=flat, code="ONE")
    for verb in (
        lambda: services.add_code(actor=actor, list_code="t_flat", code="NEW", valid_from=TODAY, **WORDS),
        lambda: services.rename_code(actor=actor, code_id=code.pk, on=TODAY, at=TODAY, **WORDS),
        lambda: services.move_code(actor=actor, code_id=code.pk, parent="", position=9),
        lambda: services.retire_code(actor=actor, code_id=code.pk, on=TODAY, at=TODAY),
        lambda: services.reinstate_code(actor=actor, code_id=code.pk),
    ):
        if central:
            verb()
        else:
            with pytest.raises(NotAllowed):
                verb()


@pytest.mark.parametrize("name", ["hq", "branch", "outlet_admin"])
def test_those_over_a_place_change_its_codes(acting, own, cast, name):
    actor = acting(getattr(cast, name))
    services.rename_code(actor=actor, code_id=own.pk, on=TODAY, at=TODAY, **{**WORDS, "name_zh": name})
    assert queries.label("t_flat", "X_OWN", TODAY, own.node_id).zh == name


def test_staff_of_the_place_only_read_them(acting, own, cast):
    actor = acting(cast.advisor)
    assert queries.one_code(actor, own.pk) == own
    with pytest.raises(NotAllowed):
        services.retire_code(actor=actor, code_id=own.pk, on=TODAY, at=TODAY)


def test_other_outlets_do_not_find_them(acting, own, cast):
    actor = acting(cast.stranger)
    with pytest.raises(NotFound):
        services.retire_code(actor=actor, code_id=own.pk, on=TODAY, at=TODAY)


def test_nobody_extends_elsewhere(acting, flat, cast):
    with pytest.raises(NotAllowed):
        services.extend_list(
            actor=acting(cast.stranger), list_code="t_flat", node_id=cast.outlet_id, code="OWN",
            valid_from=TODAY, **WORDS,
        )  # fmt: skip


def is_owner():
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active('codelists_code')")
        return not cursor.fetchone()[0]


@pytest.mark.covers("NFR-06")
def test_the_database_itself_hides_the_codes_of_others(acting, own, cast):
    assert not is_owner(), "the tests of row security run as the application's role"
    acting(cast.stranger)
    assert not Code.objects.filter(pk=own.pk).exists()
    assert Code.objects.filter(list__code="t_flat", node=None).count() == 2
    acting(NOBODY)
    assert not Code.objects.exists()
    assert not CodeList.objects.exists()


@pytest.mark.covers("NFR-06")
def test_the_database_itself_refuses_changes_outside_the_scope(acting, own, cast):
    acting(cast.outlet_admin)
    assert Code.objects.filter(list__code="t_flat", node=None).update(position=99) == 0
    assert CodeList.objects.filter(code="t_flat").update(name_zh="改") == 0
    with pytest.raises(ProgrammingError), transaction.atomic():
        Code.objects.create(list=own.list, code="ROGUE", valid_from=TODAY, **WORDS)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Code.objects.get(list__code="t_flat", code="ONE").wordings.create(valid_from=TODAY, **WORDS)
    acting(SYSTEM)
    assert Code.objects.get(list__code="t_flat", code="ONE").position == 1
