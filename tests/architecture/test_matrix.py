"""Every address and every API operation, with every role, in both directions (ORG-35, NFR-06)."""

import base64
import datetime
import json
from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from guanxi.access.models import Membership, Token, User
from guanxi.access.services import people
from guanxi.codelists.models import Code
from guanxi.config.api import api
from guanxi.config.demo.load import _workbook
from guanxi.foundation import clock, db, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.verbs import known_verbs
from guanxi.network.models import ImportRun
from guanxi.records.models import AuditEntry
from guanxi.workbench.models import Notification, SavedView
from tests.architecture import walk
from tests.architecture.matrix import ANYWHERE, EVERYWHERE, OPEN, SIGNED_IN
from tests.architecture.walk import OPERATIONS, PAGES
from tests.cast import NAMES

FOREIGN = {"api", "account", "mfa", "usersessions", "socialaccount", "openid_connect"}  # libraries' own addresses
ROLES = [*NAMES, "stranger"]
REFUSED = {403, 404}


def _names(resolver, space=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", entry


def test_every_address_stands_in_the_matrix():
    ours = {name for name, entry in _names(get_resolver()) if entry.callback.__module__.startswith("guanxi.")}
    assert ours == set(PAGES)


def test_every_operation_stands_in_the_matrix():
    found = {op["operationId"] for ops in api.get_openapi_schema()["paths"].values() for op in ops.values()}
    assert found == set(OPERATIONS)


def test_every_verb_guards_a_door():
    guarded = {str(door.verb) for door in (*PAGES.values(), *OPERATIONS.values())}
    inside = {  # verbs that open a button or a part of a page, tested with their capability
        "network.export", "network.change_services", "codelists.apply_preset", "codelists.export",
        "records.export_audit", "access.export", "workbench.share_view",
        "workbench.view_health",
    }  # fmt: skip
    assert known_verbs() - guarded == inside | walk.INSIDE


@pytest.fixture
def things(cast):
    """What stands in the paths: all of it at one outlet, or the walker's own."""
    at, outlet = clock.now(), cast.outlet_id
    person = User.objects.get(username="parts")
    link, secret = people.invite(actor=cast.hq, name="新人", role_code="technician", node_id=outlet, at=at)
    integration = User.objects.create(username="dms", name="DMS", kind="INTEGRATION", date_joined=at)
    Membership.objects.create(user=integration, role_id="service_advisor", node_id=outlet, valid_from=clock.today())
    part = next(part for part in presets.read("base") if part.loader.key == "network")
    return SimpleNamespace(
        zero=0, outlet=outlet, branch=cast.branch_id, brand=cast.brand_id, person=person.pk,
        membership=Membership.objects.get(user=person).pk, link=link.pk, secret=secret, role="auditor",
        process="information.rules", integration=integration.pk,
        entry=AuditEntry.objects.filter(node_id=outlet).first().pk, preset="base", part="network",
        workbook=base64.b64encode(_workbook()).decode(),
        digest=part.digest, list="lead_sources",
        code=Code.objects.filter(list__code="lead_sources", node=None).first().pk, **walk.things(cast),
    )  # fmt: skip


def _own_things(things, user):
    """Things that belong to the walker, so that they open for everybody."""
    at = clock.now()
    note = Notification.objects.create(user_id=user.pk, at=at, kind="test", text_zh="一", text_en="one", url="/")
    view = SavedView.objects.create(owner_id=user.pk, table="network.outlets", name="Mine too", query="", created_at=at)
    run = ImportRun.objects.create(at=at, person_id=user.pk, name="x", digest="x", state="CHECKED", rows=[])
    token = _token(user, "own", [])
    session = UserSession.objects.create(
        user=user, session_key="elsewhere", ip="127.0.0.1", user_agent="test", created_at=at, last_seen_at=at
    )
    own = {"session": session.pk, "notification": note.pk, "view": view.pk, "run": run.pk, "token": token.pk}
    return SimpleNamespace(**vars(things), **own)


def _token(user, secret, verbs):
    at = clock.now()
    return Token.objects.create(
        user=user, name=secret, digest=people.digest(secret), start=secret, verbs=verbs, created_at=at,
        expires_at=at + datetime.timedelta(days=1),
    )  # fmt: skip


def _allowed(actor, cast, door):
    if door.verb in {SIGNED_IN, OPEN}:
        return True
    if door.also and not actor.can(door.also, cast.outlet_id):
        return False
    if door.where == EVERYWHERE:
        return actor.can_everywhere(door.verb)
    return actor.can(door.verb, None if door.where == ANYWHERE else cast.outlet_id)


def _user(cast, role):
    actor = cast.stranger if role == "stranger" else cast.actors[role]
    return User.objects.get(pk=actor.user_id), actor


@pytest.mark.covers("ORG-35", "NFR-06")
@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_for_those_who_may_and_for_nobody_else(cast, things, role):
    user, actor = _user(cast, role)
    own = _own_things(things, user)
    wrong = []
    for name, door in PAGES.items():
        if name == "workbench:push":
            continue  # a stream, tested in tests/workbench
        with db.atomic():
            db.set_scope(SYSTEM)
            client = Client()
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            path = reverse(name, args=[getattr(own, arg) for arg in door.args])
            status = getattr(client, door.method)(path, door.data(own)).status_code
            transaction.set_rollback(True)
        expected = _allowed(actor, cast, door)
        if status >= 500 or (status not in REFUSED) != expected:
            wrong.append(f"{name}: {status}, expected {'open' if expected else 'shut'}")
    assert wrong == []


def test_strangers_are_sent_to_the_sign_in_page(cast, things):
    client, wrong = Client(), []
    own = _own_things(things, _user(cast, "hq")[0])
    for name, door in PAGES.items():
        path = reverse(name, args=[getattr(own, arg) for arg in door.args])
        answer = getattr(client, door.method)(path, door.data(own))
        sent_away = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
        if sent_away == (door.verb == OPEN):
            wrong.append(f"{name}: {answer.status_code}")
    assert wrong == []


def _operations():
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            yield operation["operationId"], method, path


@pytest.mark.covers("ORG-35", "SYS-22")
@pytest.mark.parametrize("role", ROLES)
def test_every_operation_answers_those_who_may_and_nobody_else(cast, things, role):
    user, actor = _user(cast, role)
    own = _own_things(things, user)
    secret = "gx_walk"
    _token(user, secret, sorted(known_verbs()))
    ids = {
        "node_id": own.outlet, "list_code": own.list, "code_id": own.code, "person_id": own.person,
        "membership_id": own.membership, "notification_id": own.notification,
        "run_id": own.run, "link_id": own.link, "code": own.role, "process": own.process, "name": own.preset,
        "key": own.part, "token_id": own.token, "session_id": own.session, "integration_id": own.integration,
        "view_id": own.view,
        **{name: getattr(own, thing) for name, thing in walk.PATH.items()},
    }  # fmt: skip
    wrong = []
    for operation, method, path in _operations():
        door = OPERATIONS[operation]
        with db.atomic():
            db.set_scope(SYSTEM)
            answer = Client().generic(
                method.upper(), path.format(**ids), json.dumps(door.data(own)), "application/json",
                headers={"authorization": f"Bearer {secret}"},
            )  # fmt: skip
            transaction.set_rollback(True)
        expected = _allowed(actor, cast, door)
        if (
            answer.status_code in {401, 422}
            or answer.status_code >= 500
            or (answer.status_code not in REFUSED) != expected
        ):
            wrong.append(f"{operation}: {answer.status_code} {answer.content[:120]!r}, expected {expected}")
    assert wrong == []


def test_no_operation_answers_without_a_token(db):
    ids = {"node_id": 1, "list_code": "x", "code_id": 1, "person_id": 1, "membership_id": 1, "notification_id": 1}
    ids |= {"run_id": 1, "link_id": 1, "code": "x", "process": "x", "name": "x", "key": "x"}
    ids |= {"token_id": 1, "session_id": 1, "integration_id": 1, "view_id": 1}
    ids |= dict.fromkeys(walk.PATH, 1)
    answers = {op: Client().generic(m.upper(), path.format(**ids)).status_code for op, m, path in _operations()}
    assert set(answers.values()) == {401}, answers
