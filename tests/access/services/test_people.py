"""Invitations, recoveries, and what may be changed of a person."""

import datetime

import pytest
from tests.cast import actor_of

from guanxi.access.models import Membership, SignInLink, User
from guanxi.access.services import enrolment, people
from guanxi.foundation import clock, db
from guanxi.foundation.actor import NOBODY, SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
GOOD = "a-long-enough-secret-7"
DAY = datetime.timedelta(days=1)


def invite(actor, role="service_advisor", place=None, name="新人", at=None):
    return people.invite(actor=actor, name=name, role_code=role, node_id=place, at=at or clock.now())


def recover(actor, user, at=None):
    return people.make_recovery(actor=actor, user_id=user.user_id, at=at or clock.now())


def last_line():
    return AuditEntry.objects.order_by("pk").last()


@pytest.fixture
def invited(acting, cast):
    """The secret of an invitation to the outlet."""
    _link, secret = invite(acting(cast.outlet_admin), place=cast.outlet_id)
    return secret


@pytest.mark.covers("ORG-35")
def test_an_invitation_makes_a_person_with_the_role(invited, accept, acting, cast):
    user = accept(invited, username=" NewComer ")
    acting(SYSTEM)
    assert (user.username, user.name, user.is_active) == ("newcomer", "新人", True)
    assert user.check_password(GOOD)
    row = Membership.objects.get(user=user)
    assert (row.role_id, row.node_id, row.valid_to) == ("service_advisor", cast.outlet_id, None)
    assert actor_of("newcomer").can("network.view", cast.outlet_id)
    link = SignInLink.objects.get(user=user)
    assert link.used_at is not None


@pytest.mark.covers("NFR-06")
def test_both_ends_of_an_invitation_are_on_the_trail(invited, accept, acting, cast):
    line = last_line()
    assert (line.verb, line.person_id, line.node_id) == ("access.invite", cast.outlet_admin.user_id, cast.outlet_id)
    user = accept(invited)
    acting(SYSTEM)
    assert AuditEntry.objects.filter(verb="access.grant_role", subject_id=str(user.pk)).count() == 1


@pytest.mark.covers("NFR-01")
def test_the_secret_is_never_stored(invited, acting):
    acting(SYSTEM)
    link = SignInLink.objects.order_by("pk").last()
    assert invited not in str(vars(link))
    assert link.digest == people.digest(invited)
    assert invited not in str(list(AuditEntry.objects.order_by("-pk").values()[:3]))


def test_a_link_is_used_once(invited, accept):
    accept(invited)
    with pytest.raises(NotFound):
        accept(invited, username="another")


def test_a_link_expires(invited, accept):
    with pytest.raises(NotFound):
        accept(invited, at=clock.now() + people.LINK_LASTS)
    assert accept(invited, at=clock.now() + people.LINK_LASTS - DAY).pk


def test_a_link_is_withdrawn_once(invited, accept, acting, cast):
    link = SignInLink.objects.order_by("pk").last()
    people.revoke_link(actor=cast.outlet_admin, link_id=link.pk, at=clock.now())
    with pytest.raises(Conflict):
        people.revoke_link(actor=cast.outlet_admin, link_id=link.pk, at=clock.now())
    with pytest.raises(NotFound):
        accept(invited)


def test_a_link_is_withdrawn_by_those_of_its_place(invited, acting, cast):
    link = SignInLink.objects.order_by("pk").last()
    with pytest.raises(NotFound):
        people.revoke_link(actor=acting(cast.stranger), link_id=link.pk, at=clock.now())
    with pytest.raises((NotFound, NotAllowed)):
        people.revoke_link(actor=acting(cast.gm), link_id=link.pk, at=clock.now())
    people.revoke_link(actor=acting(cast.hq), link_id=link.pk, at=clock.now())


def test_a_made_up_secret_opens_nothing(invited, accept):
    for secret in ("", "nonsense", people.digest(invited)):
        with pytest.raises(NotFound):
            accept(secret)


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize("password", ["short", "password1234", "12345678901234", "newcomer", ""])
def test_a_weak_password_is_refused_and_the_link_lives(invited, accept, password):
    with pytest.raises(Invalid) as caught:
        accept(invited, password=password)
    assert {problem.field for problem in caught.value.problems} == {"password"}
    assert accept(invited).pk


@pytest.mark.parametrize("username", ["hq", "HQ", "x", "张三", "a b", "ab\n/", "x" * 40])
def test_a_user_name_is_new_and_plain(invited, accept, username):
    with pytest.raises(Invalid) as caught:
        accept(invited, username=username)
    assert caught.value.field == "username"
    assert accept(invited).pk


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize(
    ("name", "role", "code"),
    [
        ("outlet_admin", "hq_administrator", "YUNLING"),
        ("outlet_admin", "service_advisor", "YLHN001"),
        ("outlet_admin", "branch_manager", "YL-HD"),
        ("stranger", "service_advisor", "YLHD001"),
        ("gm", "service_advisor", "YLHD001"),
        ("branch", "service_advisor", "YLHD001"),
        ("advisor", "service_advisor", "YLHD001"),
    ],
)
def test_nobody_invites_beyond_the_own_administration(acting, cast, node, name, role, code):
    place = node(code)
    with pytest.raises((NotAllowed, NotFound)):
        invite(acting(getattr(cast, name)), role, place)


@pytest.mark.parametrize(("role", "name"), [("branch_manager", "x"), ("nothing", "x"), ("service_advisor", " ")])
def test_an_invitation_needs_a_name_and_a_role_that_fits(acting, cast, role, name):
    with pytest.raises(Invalid):
        invite(acting(cast.outlet_admin), role, cast.outlet_id, name)


def test_a_recovery_sets_a_new_password_and_nothing_else(acting, cast, accept):
    _link, secret = recover(acting(cast.outlet_admin), cast.advisor)
    user = accept(secret, username="ignored", password="another-secret-phrase-9")
    acting(SYSTEM)
    assert (user.username, user.pk) == ("advisor", cast.advisor.user_id)
    assert User.objects.get(username="advisor").check_password("another-secret-phrase-9")
    assert Membership.objects.filter(user=user).count() == 1
    assert AuditEntry.objects.filter(verb="access.recover", subject_id=str(user.pk)).count() == 1
    with pytest.raises(NotFound):
        accept(secret)


def test_a_recovery_lasts_a_day(acting, cast, accept):
    _link, secret = recover(acting(cast.outlet_admin), cast.advisor)
    with pytest.raises(NotFound):
        accept(secret, at=clock.now() + DAY)


@pytest.mark.covers("ORG-35", "NFR-01")
def test_a_recovery_is_made_only_by_those_who_administer_every_place(acting, cast, hold):
    assert recover(acting(cast.outlet_admin), cast.advisor)[1]
    hold("advisor", "service_advisor", "YLHN001")
    for name in ("outlet_admin", "stranger"):
        with pytest.raises(NotAllowed):
            recover(acting(getattr(cast, name)), cast.advisor)
    assert recover(acting(cast.hq), cast.advisor)[1]


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize(("name", "error"), [("gm", NotAllowed), ("branch", NotAllowed), ("stranger", NotFound)])
def test_others_cannot_make_a_recovery(acting, cast, name, error):
    with pytest.raises(error):
        recover(acting(getattr(cast, name)), cast.advisor)


def test_nobody_resets_somebody_above(acting, cast):
    for user in (cast.branch, cast.hq, cast.office):
        with pytest.raises(NotFound):
            recover(acting(cast.outlet_admin), user)


def test_a_person_is_changed_and_the_trail_says_how(acting, cast):
    change = people.change_person
    change(actor=acting(cast.outlet_admin), user_id=cast.advisor.user_id, values={"name": "曹浩", "phone": "138"})
    line = last_line()
    assert line.before == {"name": "曹浩然", "phone": ""}
    assert line.after == {"name": "曹浩", "phone": "138"}
    with pytest.raises(Invalid):
        change(actor=cast.outlet_admin, user_id=cast.advisor.user_id, values={"password": "x"})
    with pytest.raises(NotFound):
        change(actor=acting(cast.stranger), user_id=cast.advisor.user_id, values={"name": "x"})


@pytest.mark.covers("ORG-35")
def test_a_person_is_shut_out_and_let_in_again(acting, cast, hold):
    actor, user = acting(cast.outlet_admin), cast.advisor.user_id
    assert not people.set_active(actor=actor, user_id=user, is_active=False).is_active
    assert people.set_active(actor=actor, user_id=user, is_active=True).is_active
    with pytest.raises(NotAllowed):
        people.set_active(actor=actor, user_id=actor.user_id, is_active=False)
    hold("advisor", "service_advisor", "YLHN001")
    with pytest.raises(NotAllowed):
        people.set_active(actor=acting(cast.outlet_admin), user_id=user, is_active=False)


def test_preferences_are_ones_own(acting, cast):
    people.set_preferences(actor=acting(cast.advisor), language="en", theme="dark")
    user = User.objects.get(pk=cast.advisor.user_id)
    assert (user.language, user.theme) == ("en", "dark")
    before = AuditEntry.objects.count()
    people.set_preferences(actor=cast.advisor, language="en")
    people.set_preferences(actor=NOBODY, language="en")
    assert AuditEntry.objects.count() == before
    for values in ({"language": "fr"}, {"theme": "pink"}):
        with pytest.raises(Invalid):
            people.set_preferences(actor=cast.advisor, **values)


def newcomers(*lines):
    return [enrolment.Newcomer(*line) for line in lines]


def test_many_are_enrolled_with_one_hash_in_few_statements(acting, cast, django_assert_max_num_queries):
    many = newcomers(*((f"t{i}", f"人{i}", "service_advisor", "YLHD001") for i in range(40)))
    with django_assert_max_num_queries(10):
        assert enrolment.enrol(actor=SYSTEM, newcomers=many, password="!", at=clock.now()) == 40
    assert Membership.objects.filter(user__username__startswith="t", node_id=cast.outlet_id).count() >= 40


def test_enrolling_is_for_headquarters_and_all_or_nothing(acting, cast):
    with pytest.raises(NotAllowed):
        enrolment.enrol(actor=cast.outlet_admin, newcomers=[], password="!", at=clock.now())
    for role, node in (("nothing", "YLHD001"), ("service_advisor", "NOWHERE")):
        bad = newcomers(("t1", "a", "service_advisor", "YLHD001"), ("t2", "b", role, node))
        with pytest.raises(NotFound), db.atomic():
            enrolment.enrol(actor=cast.hq, newcomers=bad, password="!", at=clock.now())
    assert not User.objects.filter(username="t1").exists()
