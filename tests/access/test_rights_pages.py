"""Pages of responsibilities, integrations and roles: what is shown, refused and written."""

import pytest

from guanxi.access.models import Responsibility, Role, Token, User

PROCESS = "information.rules"
PATH = f"/access/responsibilities/{PROCESS}/"


def values(**more):
    return {
        "responsible": "distribution_management", "accountable": "cr_planner", "consulted": ["branch_cs"],
        "informed": ["cr_manager"], "deadline_hours": "48", "escalation_role": "hq_administrator", **more,
    }  # fmt: skip


@pytest.mark.covers("ORG-36")
def test_a_responsibility_is_changed_on_its_page(signed_in):
    client = signed_in("hq")
    assert client.post(PATH, values()).status_code == 302
    row = Responsibility.objects.get(pk=PROCESS)
    assert (row.responsible_id, row.deadline_hours, row.escalation_role_id) == (
        "distribution_management", 48, "hq_administrator",
    )  # fmt: skip
    assert list(row.consulted.values_list("pk", flat=True)) == ["branch_cs"]
    assert "48 hours" in client.get("/access/responsibilities/").content.decode()


@pytest.mark.parametrize(
    ("more", "told"),
    [({"deadline_hours": "0"}, "number of hours"), ({"responsible": "nobody"}, "no such role")],
)
def test_what_cannot_be_is_said_on_the_page_and_nothing_changes(signed_in, more, told):
    before = Responsibility.objects.get(pk=PROCESS).responsible_id
    page = signed_in("hq").post(PATH, values(**more))
    assert page.status_code == 422
    assert told in page.content.decode()
    assert Responsibility.objects.get(pk=PROCESS).responsible_id == before


def test_a_process_that_is_not_there_is_not_found(signed_in):
    assert signed_in("hq").get("/access/responsibilities/no.such/").status_code == 404


def test_an_integration_is_added_and_gets_a_token(signed_in, cast):
    client = signed_in("hq")
    form = {"name": "DMS", "username": "dms.east", "role": "branch_cs", "node": str(cast.branch_id)}
    answer = client.post("/access/integrations/new/", form)
    program = User.objects.get(username="dms.east")
    assert answer["Location"] == f"/access/integrations/{program.pk}/"
    page = client.post(answer["Location"], {"name": "nightly", "days": "30", "verbs": ["network.view"]})
    assert 'value="gx_' in page.content.decode()
    assert Token.objects.get(user=program).verbs == ["network.view"]
    assert "DMS" in client.get("/access/integrations/").content.decode()


def test_a_user_name_that_is_taken_is_said_at_its_field(signed_in, cast):
    form = {"name": "DMS", "username": "advisor", "role": "branch_cs", "node": str(cast.branch_id)}
    page = signed_in("hq").post("/access/integrations/new/", form)
    assert page.status_code == 422
    assert "This user name is taken." in page.content.decode()


def test_tokens_of_a_person_are_not_an_integrations(signed_in, cast):
    assert signed_in("hq").get(f"/access/integrations/{cast.advisor.user_id}/").status_code == 404


def test_a_role_is_changed_on_its_page(signed_in):
    client = signed_in("hq")
    assert client.post("/access/roles/technician/", {"verbs": ["network.view"]}).status_code == 302
    assert Role.objects.get(pk="technician").verbs == ["network.view"]
    assert client.get("/access/roles/no_such/").status_code == 404
    assert signed_in("auditor").post("/access/roles/technician/", {"verbs": []}).status_code == 403
