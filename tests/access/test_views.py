"""The pages of people and rights, through the whole stack."""

import csv
import io
import re

import pytest
from django.core.cache import cache
from django.test import Client
from tests.counting import queries_of

from guanxi.access.models import Membership, Responsibility, Role, SignInLink, Token, User
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db
GOOD = "a-long-enough-secret-7"


@pytest.fixture(autouse=True)
def fresh_counters(db):
    """No failed sign-ins from other tests."""
    cache.clear()


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def secret_in(page):
    return re.search(r"/welcome/([\w-]+)/", page).group(1)


def welcome(secret, **changes):
    values = {"username": "newcomer", "password": GOOD, "again": GOOD, **changes}
    client = Client()
    return client, client.post(f"/welcome/{secret}/", values)


@pytest.fixture
def secret(signed_in, cast):
    """The secret of an invitation made on the page."""
    values = {"name": "新人", "role": "service_advisor", "node": cast.outlet_id}
    return secret_in(text(signed_in("admin").post("/access/invitations/new/", values)))


@pytest.mark.covers("ORG-35")
def test_people_of_the_own_places_alone(signed_in, cast):
    page = text(signed_in("gm").get("/access/people/?size=100"))
    assert "advisor" in page
    assert f"/access/people/{cast.stranger.user_id}/" not in page


def test_people_are_narrowed_by_role_and_searched(signed_in):
    client = signed_in("gm")
    page = text(client.get("/access/people/?role=technician&active=yes"))
    assert "technician" in page
    assert "advisor" not in re.sub(r"<option.*?</option>|<nav.*?</nav>", "", page, flags=re.DOTALL).split("<table")[-1]
    assert "advisor" in text(client.get("/access/people/?q=曹浩"))


@pytest.mark.covers("NFR-01")
def test_people_are_exported_with_roles_by_those_who_may(signed_in):
    answer = signed_in("admin").get("/access/people/?export=csv&role=technician")
    heading, row, note = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    told = dict(zip(heading, row, strict=True))
    assert (told["User name"], told["Places"]) == ("technician", "Shanghai Central Yunling dealership")
    assert "吕晨曦" in note[0]
    assert signed_in("gm").get("/access/people/?export=csv").status_code == 403


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize(
    ("name", "status"), [("gm", 200), ("advisor", 200), ("hq", 200), ("stranger", 404), ("agent", 403)]
)
def test_one_person_for_those_who_may_look(signed_in, cast, name, status):
    assert signed_in(name).get(f"/access/people/{cast.advisor.user_id}/").status_code == status


def test_a_page_offers_only_what_the_reader_may_do(signed_in, cast):
    path = f"/access/people/{cast.advisor.user_id}/"
    assert "/grant/" in text(signed_in("admin").get(path))
    assert "/grant/" not in text(signed_in("gm").get(path))


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("name", ["gm", "advisor", "branch"])
def test_without_the_right_pages_are_refused(signed_in, cast, name):
    client, pk = signed_in(name), cast.callback.user_id
    for path in (f"people/{pk}/change/", f"people/{pk}/grant/", "invitations/", "invitations/new/", "integrations/"):
        assert client.get(f"/access/{path}").status_code == 403, path
    for path in (f"people/{pk}/active/", f"people/{pk}/recover/"):
        assert client.post(f"/access/{path}", {"is_active": "no"}).status_code == 403, path


def test_a_person_is_changed_and_shut_out(signed_in, cast):
    client, pk = signed_in("admin"), cast.advisor.user_id
    assert text(client.get(f"/access/people/{pk}/change/"))
    client.post(f"/access/people/{pk}/change/", {"name": "新名", "email": "a@b.cn"})
    client.post(f"/access/people/{pk}/active/", {"is_active": "no"})
    user = User.objects.get(pk=pk)
    assert (user.name, user.email, user.is_active) == ("新名", "a@b.cn", False)
    assert client.get(f"/access/people/{pk}/active/").status_code == 404


@pytest.mark.covers("ORG-35")
def test_a_role_is_given_and_taken_by_form(signed_in, cast):
    client, pk = signed_in("admin"), cast.advisor.user_id
    values = {"role": "service_manager", "node": cast.outlet_id, "valid_from": clock.today().isoformat()}
    assert client.post(f"/access/people/{pk}/grant/", values).status_code == 302
    row = Membership.objects.get(user_id=pk, role="service_manager")
    assert text(client.get(f"/access/memberships/{row.pk}/end/"))
    client.post(f"/access/memberships/{row.pk}/end/", {"on": clock.today().isoformat()})
    row.refresh_from_db()
    assert row.valid_to == clock.today()
    assert signed_in("stranger").get(f"/access/memberships/{row.pk}/end/").status_code == 404


def test_a_role_that_does_not_fit_is_refused_in_the_form(signed_in, cast, role):
    role(reach="BRANCH")
    client, day = signed_in("admin"), clock.today().isoformat()
    for code in ("t_role", "branch_manager", "service_advisor"):
        values = {"role": code, "node": cast.outlet_id, "valid_from": day}
        assert client.post(f"/access/people/{cast.advisor.user_id}/grant/", values).status_code == 422, code
    values = {"role": "service_manager", "node": cast.other_outlet_id, "valid_from": day}
    assert client.post(f"/access/people/{cast.advisor.user_id}/grant/", values).status_code == 422


@pytest.mark.covers("ORG-35")
def test_from_the_invitation_to_the_first_page(secret, acting):
    assert text(Client().get(f"/welcome/{secret}/"))
    client, answer = welcome(secret)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    page = text(client.get("/network/"))
    assert "YLHD001" in page
    assert "YLHN001" not in page
    acting(SYSTEM)
    assert User.objects.get(username="newcomer").name == "新人"
    assert Client().get(f"/welcome/{secret}/").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"again": "different-secret-7"}, {"password": "short", "again": "short"}, {"username": "hq"}, {"username": "张"}],
)
def test_a_welcome_that_does_not_fit_is_said_and_the_link_lives(secret, changes):
    assert welcome(secret, **changes)[1].status_code == 422
    assert welcome(secret)[1].status_code == 302


def test_an_invitation_is_listed_and_withdrawn(secret, signed_in):
    client = signed_in("admin")
    assert "新人" in text(client.get("/access/invitations/"))
    assert "新人" not in text(signed_in("stranger").get("/access/invitations/"))
    client = signed_in("admin")
    link = SignInLink.objects.get(name="新人")
    assert client.get(f"/access/invitations/{link.pk}/revoke/").status_code == 404
    assert client.post(f"/access/invitations/{link.pk}/revoke/").status_code == 302
    assert Client().get(f"/welcome/{secret}/").status_code == 404


@pytest.mark.covers("ORG-35", "NFR-01")
def test_a_recovery_link_sets_a_new_password(signed_in, cast):
    secret = secret_in(text(signed_in("admin").post(f"/access/people/{cast.advisor.user_id}/recover/")))
    client, answer = welcome(secret)
    assert answer["Location"] == "/accounts/login/"
    assert client.post("/accounts/login/", {"login": "advisor", "password": GOOD})["Location"] == "/"
    assert signed_in("stranger").post(f"/access/people/{cast.advisor.user_id}/recover/").status_code == 404


def test_a_link_opened_by_somebody_signed_in_elsewhere_works(secret, signed_in):
    assert text(signed_in("stranger").get(f"/welcome/{secret}/"))


@pytest.mark.covers("ORG-35")
def test_the_matrix_of_roles_is_read_by_many_and_changed_by_one(signed_in):
    assert "service_advisor" in text(signed_in("auditor").get("/access/roles/"))
    path = "/access/roles/service_advisor/"
    assert text(signed_in("auditor").get(path))
    assert signed_in("auditor").post(path, {"verbs": ["network.view"]}).status_code == 403
    assert signed_in("advisor").get("/access/roles/").status_code == 403
    client = signed_in("hq")
    client.post(path, {"verbs": ["network.view", "network.export"]})
    assert Role.objects.get(pk="service_advisor").verbs == ["network.export", "network.view"]
    assert client.get("/access/roles/nothing/").status_code == 404


@pytest.mark.covers("ORG-36")
def test_responsibilities_are_read_and_changed(signed_in):
    assert text(signed_in("gm").get("/access/responsibilities/"))
    path = "/access/responsibilities/information.rules/"
    values = {
        "responsible": "cr_planner", "accountable": "cr_planner", "consulted": ["auditor"], "deadline_hours": "9",
        "escalation_role": "cr_planner",
    }  # fmt: skip
    assert signed_in("gm").post(path, values).status_code == 403
    client = signed_in("hq")
    assert text(client.get(path))
    assert client.post(path, values | {"deadline_hours": "0"}).status_code == 422
    assert client.post(path, values).status_code == 302
    assert Responsibility.objects.get(pk="information.rules").deadline_hours == 9
    assert client.get("/access/responsibilities/nothing/").status_code == 404


@pytest.mark.covers("NFR-01")
def test_own_tokens_are_shown_once_and_revoked(signed_in):
    client = signed_in("advisor")
    page = text(client.post("/access/tokens/", {"name": "mine", "days": 7, "verbs": ["network.view"]}))
    secret = re.search(r"gx_[\w-]{40,}", page).group(0)
    assert secret not in text(client.get("/access/tokens/"))
    token = Token.objects.get(name="mine")
    assert signed_in("stranger").post(f"/access/tokens/{token.pk}/revoke/").status_code == 404
    answer = signed_in("advisor").post(f"/access/tokens/{token.pk}/revoke/", {"next": "https://evil.example/"})
    assert answer["Location"] == "/access/tokens/"
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/access/me").status_code == 401


def test_rights_one_does_not_have_are_not_on_offer(signed_in):
    answer = signed_in("advisor").post("/access/tokens/", {"name": "x", "days": 7, "verbs": ["network.add_node"]})
    assert answer.status_code == 422
    assert signed_in("auditor").get("/access/tokens/").status_code == 403


def test_integrations_are_added_with_a_token_by_headquarters(signed_in, cast):
    client = signed_in("hq")
    values = {"name": "DMS", "username": "t-dms", "role": "service_advisor", "node": cast.outlet_id}
    address = client.post("/access/integrations/new/", values)["Location"]
    page = text(client.post(address, {"name": "live", "days": 7, "verbs": ["network.view"]}))
    assert re.search(r"gx_[\w-]{40,}", page)
    assert "DMS" in text(client.get("/access/integrations/"))
    assert client.post("/access/integrations/new/", values).status_code == 422
    assert client.get(f"/access/integrations/{cast.advisor.user_id}/").status_code == 404
    assert signed_in("admin").get("/access/integrations/").status_code == 403


def test_the_panel_of_a_place_lists_its_staff(signed_in, cast):
    page = text(signed_in("gm").get(f"/access/node-people/{cast.outlet_id}/"))
    assert "曹浩然" in page
    assert "彭静怡" in page
    assert signed_in("gm").get(f"/access/node-people/{cast.other_outlet_id}/").status_code == 403
    assert "曹浩然" not in text(signed_in("branch").get(f"/access/node-people/{cast.branch_id}/"))


def test_a_page_costs_the_same_whatever_its_length(signed_in):
    client = signed_in("hq")
    costs = {
        queries_of(lambda query=query: client.get(f"/access/people/?{query}")) for query in ("q=technician", "size=100")
    }
    assert len(costs) == 1


@pytest.mark.parametrize("path", ["people/", "people/1/", "invitations/", "roles/", "tokens/", "integrations/"])
def test_strangers_are_sent_to_the_sign_in_page(db, path):
    assert Client().get(f"/access/{path}").status_code == 302
