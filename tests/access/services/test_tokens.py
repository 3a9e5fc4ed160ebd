"""Bearer tokens: shown once, narrow, mortal."""

import dataclasses
import datetime

import pytest

from guanxi.access.models import Membership, Token, User
from guanxi.access.services import people, tokens
from guanxi.foundation import clock, db
from guanxi.foundation.actor import NOBODY, SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def issue(actor, verbs=("network.view",), name="t", lasts=DAY, **more):
    return tokens.issue_token(actor=actor, name=name, verbs=verbs, lasts=lasts, at=clock.now(), **more)


def use(secret, at=None):
    db.set_scope(NOBODY, identify=True)
    return tokens.use_token(secret=secret, at=at or clock.now())


def integrate(actor, place, **changes):
    values = {"username": "t-dms", "name": "DMS", "role_code": "service_advisor", "node_id": place, **changes}
    return tokens.add_integration(actor=actor, at=clock.now(), **values)


@pytest.mark.covers("NFR-01")
def test_a_token_is_known_by_its_secret_and_the_secret_is_not_kept(acting, cast):
    token, secret = issue(acting(cast.advisor))
    assert secret.startswith("gx_")
    assert token.start == secret[:8]
    assert secret not in str(vars(token))
    assert secret not in str(AuditEntry.objects.order_by("-pk").values()[0])
    assert use(secret).user_id == cast.advisor.user_id


@pytest.mark.parametrize("secret", ["", "gx_", "gx_nonsense"])
def test_a_made_up_secret_is_nobody(acting, secret):
    assert use(secret) is None


def test_a_token_ends(acting, cast):
    _token, secret = issue(acting(cast.advisor), lasts=DAY)
    assert use(secret, clock.now() + DAY / 2) is not None
    assert use(secret, clock.now() + DAY) is None


def test_a_token_is_revoked_at_once_and_once(acting, cast):
    token, secret = issue(acting(cast.advisor))
    tokens.revoke_token(actor=cast.advisor, token_id=token.pk, at=clock.now())
    with pytest.raises(Conflict):
        tokens.revoke_token(actor=cast.advisor, token_id=token.pk, at=clock.now())
    assert AuditEntry.objects.filter(verb="access.revoke_token", subject_id=str(token.pk)).exists()
    assert use(secret) is None


def test_a_token_is_revoked_by_its_owner_or_headquarters(acting, cast):
    token, _secret = issue(acting(cast.advisor))
    for name in ("outlet_admin", "stranger"):
        with pytest.raises((NotFound, NotAllowed)):
            tokens.revoke_token(actor=acting(getattr(cast, name)), token_id=token.pk, at=clock.now())
    tokens.revoke_token(actor=acting(cast.hq), token_id=token.pk, at=clock.now())


def test_a_token_of_somebody_shut_out_is_dead(acting, cast):
    _token, secret = issue(acting(cast.advisor))
    acting(SYSTEM)
    User.objects.filter(username="advisor").update(is_active=False)
    assert use(secret) is None


def test_its_use_is_noted_once_a_minute(acting, cast):
    token, secret = issue(acting(cast.advisor))
    start = clock.now()
    for seconds, noted in ((0, 0), (30, 0), (61, 61)):
        use(secret, start + datetime.timedelta(seconds=seconds))
        acting(SYSTEM)
        assert Token.objects.get(pk=token.pk).last_used_at == start + datetime.timedelta(seconds=noted)


@pytest.mark.covers("ORG-35")
def test_nobody_issues_more_than_he_has(acting, cast):
    with pytest.raises(NotAllowed):
        issue(acting(cast.advisor), ["network.view", "network.add_node"])
    with pytest.raises(NotAllowed):
        issue(acting(cast.auditor))


@pytest.mark.covers("NFR-01", "ORG-35")
def test_a_token_passes_on_only_what_it_carries(acting, cast):
    program = integrate(acting(cast.hq), cast.outlet_id)
    narrow = frozenset({"access.issue_token", "access.manage_integrations", "network.view"})
    bearer = dataclasses.replace(cast.hq, limited_to=narrow)
    for owner in (None, program.pk):
        assert issue(bearer, ["network.view"], user_id=owner)[0].verbs == ["network.view"]
        with pytest.raises(NotAllowed):
            issue(bearer, ["network.view", "codelists.view"], user_id=owner)
    assert issue(cast.hq, ["codelists.view"], user_id=program.pk)[0].verbs == ["codelists.view"]


def test_an_integration_gets_no_right_that_its_roles_lack(acting, cast):
    program = integrate(acting(cast.hq), cast.outlet_id)
    for verb in ("network.add_node", "no.such"):
        with pytest.raises(Invalid) as caught:
            issue(cast.hq, ["network.view", verb], user_id=program.pk)
        assert caught.value.field == "verbs"
    assert not Token.objects.filter(user=program).exists()


def test_a_role_that_ended_gives_an_integration_nothing(acting, cast):
    program = integrate(acting(cast.hq), cast.outlet_id)
    Membership.objects.filter(user=program).update(valid_to=clock.today())
    with pytest.raises(Invalid):
        issue(cast.hq, user_id=program.pk)


def test_a_narrow_token_revokes_nothing_of_its_owners(acting, cast):
    token, _secret = issue(acting(cast.advisor))
    narrow = dataclasses.replace(cast.advisor, limited_to=frozenset({"network.view"}))
    with pytest.raises(NotAllowed):
        tokens.revoke_token(actor=narrow, token_id=token.pk, at=clock.now())
    wide = dataclasses.replace(cast.advisor, limited_to=frozenset({"access.issue_token"}))
    tokens.revoke_token(actor=wide, token_id=token.pk, at=clock.now())
    token.refresh_from_db()
    assert token.revoked_at is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"verbs": []}, "verbs"),
        ({"lasts": datetime.timedelta()}, "days"),
        ({"lasts": -DAY}, "days"),
        ({"lasts": 367 * DAY}, "days"),
    ],
)
def test_a_token_has_a_name_a_right_and_an_end(cast, changes, field):
    with pytest.raises(Invalid) as caught:
        issue(cast.advisor, **changes)
    assert caught.value.field == field


def test_an_integration_signs_in_by_token_only(acting, cast):
    user = integrate(acting(cast.hq), cast.outlet_id)
    assert user.kind == User.Kind.INTEGRATION
    assert not user.has_usable_password()
    assert Membership.objects.get(user=user).node_id == cast.outlet_id
    _token, secret = issue(cast.hq, user_id=user.pk)
    assert use(secret).user_id == user.pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"username": "hq"}, "username"),
        ({"username": "A"}, "username"),
        ({"role_code": "x"}, "role"),
    ],
)
def test_an_integration_has_a_new_name_and_a_role(acting, cast, changes, field):
    with pytest.raises(Invalid) as caught:
        integrate(acting(cast.hq), cast.outlet_id, **changes)
    assert caught.value.field == field


def test_an_integration_holds_a_role_where_it_is_held(acting, cast):
    with pytest.raises(Invalid) as caught:
        integrate(acting(cast.hq), cast.outlet_id, role_code="branch_manager")
    assert caught.value.field == "role"
    assert not User.objects.filter(username="t-dms").exists()


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("name", ["outlet_admin", "branch", "advisor"])
def test_integrations_are_for_headquarters(acting, cast, name):
    actor = acting(getattr(cast, name))
    with pytest.raises(NotAllowed):
        integrate(actor, cast.outlet_id)
    with pytest.raises(NotAllowed):
        issue(actor, user_id=cast.gm.user_id)


def test_headquarters_issues_no_token_in_a_persons_name(acting, cast):
    with pytest.raises(NotFound):
        issue(acting(cast.hq), user_id=cast.advisor.user_id)


def test_an_integration_gets_no_recovery_from_its_outlet(acting, cast):
    user = integrate(acting(cast.hq), cast.outlet_id)
    with pytest.raises(NotAllowed):
        people.make_recovery(actor=acting(cast.outlet_admin), user_id=user.pk, at=clock.now())
