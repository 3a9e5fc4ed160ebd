"""What happened to a customer in every department stands on his one record, and stays on one when two were written."""

import re
import uuid

import pytest
from tests import garage
from tests.campaigns.conftest import AT, DAY, days, seen

from guanxi.campaigns.services import sending, starting
from guanxi.complaints.services import intake
from guanxi.complaints.services.intake import NewComplaint
from guanxi.contact_centre.services import enquiring
from guanxi.contact_centre.services.enquiring import NewEnquiry
from guanxi.customers.models import Association
from guanxi.customers.services import merging
from guanxi.foundation.actor import SYSTEM
from guanxi.workshop.models import Visit


@pytest.fixture
def known(person, approved, world, acting):
    """Somebody who bought a car, had it repaired, took part, complained, said something and was recommended."""
    who = person("王雪")
    campaign = starting.start(actor=acting(world.gm), campaign_id=approved().pk, at=AT)
    sending.send_due(actor=SYSTEM, now=lambda: AT)
    seen()
    visit = Visit.objects.create(
        outlet_id=world.outlet_id, vehicle=who.car, customer=who, order_no="T1", category="GENERAL_REPAIR", counts=True,
        entered_on=DAY - days(3), touched_at=AT,
    )  # fmt: skip
    said = NewComplaint(world.outlet_id, "SERVICE", "等了三个小时", "one-record", customer_id=who.pk)
    complaint = intake.open_complaint(actor=SYSTEM, new=said, at=AT)
    asked = NewEnquiry(
        token=uuid.uuid4(), category="MAINTENANCE", words="建议周日也开门", is_resolved=True, answer="已转告",
        outlet_id=world.outlet_id, customer_id=who.pk,
    )  # fmt: skip
    enquiring.take(actor=acting(world.callback), enquiry=asked, at=AT)
    seen()
    friend = garage.customer("李推荐", "13700007777", world.outlet_id)
    Association.objects.create(customer=who, other=friend, tie="REFERRER", touched_at=AT)
    return who, (
        campaign.name, f"/complaints/{complaint.pk}/", f"/workshop/{visit.pk}/", who.car.plate,
        who.car.sold_on.isoformat(), "建议周日也开门", "李推荐",
    )  # fmt: skip


def everything(client, customer):
    """Return the page of a customer with each of its parts, and his card."""
    page = client.get(f"/customers/{customer.pk}/").content.decode()
    parts = set(re.findall(rf'hx-get="(/[a-z-]+/[a-z-]+/{customer.pk}/)"', page))
    assert len(parts) > 5
    addresses = [*sorted(parts), f"/customers/{customer.pk}/card/"]
    return page + "".join(client.get(address).content.decode() for address in addresses)


@pytest.mark.covers("INFO-02")
def test_purchase_repair_activity_complaint_feedback_and_recommendation_are_one_record(known, world, acting, signed_in):
    who, words = known
    found = everything(signed_in("crm"), who)
    assert [word for word in words if word not in found] == []
    seen()
    twice = garage.customer("王雪雪", "13900008888", world.outlet_id)
    assert words[1] not in everything(signed_in("crm"), twice)
    merging.merge_customers(actor=acting(world.admin), kept_id=twice.pk, gone_id=who.pk, choices={}, at=AT)
    found = everything(signed_in("crm"), twice)
    assert [word for word in words if word not in found] == []
