"""What customers said of wanting to buy is told by four kinds, listed, filtered, and used as an audience (SUP-09)."""

import json
import uuid

import pytest
from tests import garage
from tests.apicalls import caller
from tests.campaigns.conftest import AT as CAMPAIGN_AT
from tests.campaigns.conftest import values
from tests.contact_centre.conftest import AT, report
from tests.counting import queries_of

from guanxi.campaigns.models import Campaign, Kind
from guanxi.campaigns.queries import counting
from guanxi.contact_centre.models import PurchaseIntention
from guanxi.contact_centre.queries import intentions as queries
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid
from guanxi.worklist.models import Task

pytestmark = pytest.mark.django_db
PATH = "/contact-centre/intentions/"


@pytest.fixture(autouse=True)
def none_yet(cast):
    """Without those of the demonstration."""
    db.set_scope(SYSTEM)
    PurchaseIntention.objects.all().delete()


@pytest.fixture
def wants(cast, task, record):
    """Return a function that records a call in which somebody says how he wants to buy."""
    made = []

    def new(kind="CROSS", words="想给公司买一台卡车", **more):
        made.append(kind)
        said = report(purchase=words, purchase_kind=kind)
        record(task(len(made), **more), said=said)
        db.set_scope(SYSTEM)
        return PurchaseIntention.objects.order_by("-pk").first()

    return new


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-1500:]
    return response.content.decode()


@pytest.mark.covers("SUP-09")
@pytest.mark.parametrize("kind", ["ADDITIONAL", "REPLACEMENT", "CROSS", "RECOMMENDATION", ""])
def test_an_intention_is_kept_with_the_task_that_follows_it(cast, owner, wants, kind):
    row = wants(kind)
    followed = Task.objects.get(pk=row.task_id)
    assert (row.kind, row.customer_id, row.outlet_id, row.person_name) == (
        kind, owner.pk, cast.outlet_id, cast.callback.name,
    )  # fmt: skip
    assert (row.words, row.said_at, row.key) == ("想给公司买一台卡车", AT, followed.key)
    assert (followed.kind, followed.note) == ("contact_centre.purchase", row.words)
    assert followed.reason.startswith("Said in the call of %(day)s: ")


def test_each_kind_says_itself_in_the_task(wants):
    said = {Task.objects.get(pk=wants(kind).task_id).reason for kind in ("ADDITIONAL", "REPLACEMENT", "CROSS", "")}
    assert len(said) == 4


@pytest.mark.parametrize(
    ("more", "field"),
    [({"purchase_kind": "CROSS"}, "purchase"), ({"purchase_kind": "SOMEHOW", "purchase": "车"}, "purchase_kind")],
)
def test_what_cannot_be_is_refused(task, record, more, field):
    with pytest.raises(Invalid) as refused:
        record(task(), said=report(**more))
    assert refused.value.problems[0].field == field
    assert not PurchaseIntention.objects.exists()


@pytest.mark.covers("ORG-35")
def test_an_intention_is_seen_where_it_was_said_and_by_the_outlet(cast, acting, wants):
    row = wants()
    for actor, sees in ((cast.callback, True), (cast.branch, True), (cast.stranger, False), (cast.hq, True)):
        acting(actor)
        assert queries.visible_to(actor).filter(pk=row.pk).exists() is sees
        assert PurchaseIntention.objects.filter(pk=row.pk).exists() is sees


@pytest.mark.covers("SUP-09", "INFO-06")
def test_the_list_is_filtered_by_how_somebody_wants_to_buy(wants, owner, signed_in):
    wants("CROSS", "要一台卡车")
    wants("RECOMMENDATION", "表哥要买车")
    client = signed_in("callback")
    page = text(client.get(PATH))
    for word in ("要一台卡车", "表哥要买车", "王雪", "Another product of ours", "Not begun"):
        assert word in page, word
    one = text(client.get(f"{PATH}?kind=RECOMMENDATION&since={clock.day_of(AT).isoformat()}"))
    assert "表哥要买车" in one
    assert "要一台卡车" not in one
    lines = text(signed_in("crm").get(f"{PATH}?kind=CROSS&export=csv"))
    assert "要一台卡车" in lines
    assert "表哥要买车" not in lines
    assert "要一台卡车" not in text(signed_in("stranger").get(PATH))
    assert "Wants to buy: Another product of ours" in text(client.get(f"/customers/{owner.pk}/happened/"))


def test_the_list_costs_the_same_queries(wants, signed_in, cast):
    wants()
    client = signed_in("callback")
    few = queries_of(lambda: client.get(PATH))
    for number in (2, 3):
        wants(customer=garage.customer(f"客户{number}", f"1390000000{number}", cast.outlet_id))
    assert queries_of(lambda: client.get(PATH)) == few


@pytest.mark.covers("SUP-09")
def test_it_is_told_on_the_page_of_a_call(signed_in, owner):
    client, path = signed_in("callback"), f"/contact-centre/call-customer/{owner.pk}/"
    assert 'name="purchase_kind"' in text(client.get(path))
    typed = {"token": str(uuid.uuid4()), "outcome": "REACHED", "purchase": "还想要一台", "purchase_kind": "ADDITIONAL"}
    assert client.post(path, typed).status_code == 302
    db.set_scope(SYSTEM)
    assert PurchaseIntention.objects.get(customer=owner).kind == "ADDITIONAL"
    page = text(client.get(f"/contact-centre/inbound/?number=&customer={owner.pk}"))
    assert 'name="purchase_kind"' in page


@pytest.mark.covers("SUP-09", "INFO-06")
def test_each_kind_is_the_audience_of_a_campaign(cast, acting, wants, owner):
    wants("CROSS")
    db.set_scope(SYSTEM)
    PurchaseIntention.objects.update(said_at=CAMPAIGN_AT)
    found = {}
    for code in ("ADDITIONAL", "REPLACEMENT", "CROSS_PURCHASE", "RECOMMENDED"):
        kind = Kind.objects.get(pk=code)
        row = Campaign(
            kind=kind, **values(cast.outlet_id, audience=kind.audience, channel="PHONE", purpose="MARKETING")
        )
        found[code] = counting.count(acting(SYSTEM), row, CAMPAIGN_AT).audience
    assert found == {"ADDITIONAL": 0, "REPLACEMENT": 0, "CROSS_PURCHASE": 1, "RECOMMENDED": 0}


@pytest.mark.covers("SUP-09", "SYS-22")
def test_intentions_over_the_api(cast, owner):
    client, base = caller(cast.callback), "/api/v1/contact-centre"

    def send(status, **more):
        body = {"token": str(uuid.uuid4()), "customer_id": owner.pk, "outcome": "REACHED"} | more
        response = client.post(f"{base}/calls", json.dumps(body), "application/json")
        assert response.status_code == status, response.content.decode()

    send(201, purchase="换车", purchase_kind="REPLACEMENT")
    send(422, purchase="换车", purchase_kind="SOMEHOW")
    send(422, purchase_kind="CROSS")
    found = json.loads(client.get(f"{base}/intentions?kind=REPLACEMENT&customer_id={owner.pk}").content)["items"]
    assert [(row["kind"], row["words"], row["outlet_id"]) for row in found] == [("REPLACEMENT", "换车", cast.outlet_id)]
    assert json.loads(client.get(f"{base}/intentions?kind=CROSS").content)["items"] == []
    assert json.loads(caller(cast.stranger).get(f"{base}/intentions").content)["items"] == []
