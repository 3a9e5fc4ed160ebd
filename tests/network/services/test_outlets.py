"""What an outlet offers and when it is open."""

import datetime
from decimal import Decimal

import pytest

from guanxi.foundation.errors import Invalid, NotAllowed, NotFound
from guanxi.network import queries
from guanxi.network.models import OpeningHours, OutletProfile
from guanxi.network.policy import Interval
from guanxi.network.services import outlets
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db


def change(actor, node, services=None, **values):
    return outlets.change_profile(actor=actor, node_id=node, values=values, services=services)


def hours(actor, node, *lines, desk="SERVICE"):
    intervals = [Interval(day, *(datetime.time.fromisoformat(text) for text in pair)) for day, *pair in lines]
    outlets.set_hours(actor=actor, node_id=node, desk=desk, intervals=intervals)


def last_line():
    return AuditEntry.objects.order_by("pk").last()


def test_an_outlet_keeps_its_own_particulars(acting, cast):
    change(acting(cast.outlet_admin), cast.outlet_id, phone="021-1", latitude=Decimal("31.5"), longitude=Decimal(121))
    line = last_line()
    assert line.after == {"phone": "021-1", "latitude": "31.5", "longitude": "121"}
    assert line.before["phone"] == ""
    assert OutletProfile.objects.get(pk=cast.outlet_id).phone == "021-1"


@pytest.mark.covers("ORG-12")
def test_services_are_replaced_by_those_in_use(acting, cast):
    offered = list(queries.services().values_list("code", flat=True))[:2]
    profile = change(acting(cast.outlet_admin), cast.outlet_id, services=[*offered, "NO_SUCH_SERVICE"])
    assert sorted(profile.services.values_list("code", flat=True)) == sorted(offered)
    assert last_line().after == {"services": sorted(offered)}


@pytest.mark.covers("ORG-12")
@pytest.mark.parametrize("flag", ["sells", "serves", "is_key"])
def test_what_it_is_allowed_to_do_is_decided_above_it(acting, cast, flag):
    held = getattr(OutletProfile.objects.get(pk=cast.outlet_id), flag)
    with pytest.raises(NotAllowed):
        change(acting(cast.outlet_admin), cast.outlet_id, **{flag: not held})
    change(cast.outlet_admin, cast.outlet_id, **{flag: held})
    change(acting(cast.hq), cast.outlet_id, **{flag: not held})
    assert getattr(OutletProfile.objects.get(pk=cast.outlet_id), flag) is not held


@pytest.mark.parametrize(
    ("values", "field"),
    [({"sells": False, "serves": False}, "sells"), ({"latitude": None}, "latitude"), ({"colour": "red"}, "colour")],
)
def test_what_cannot_be_is_refused(cast, values, field):
    with pytest.raises(Invalid) as caught:
        change(cast.hq, cast.outlet_id, **values)
    assert caught.value.field == field


def test_nobody_changes_another_outlet(acting, cast):
    with pytest.raises(NotFound):
        change(acting(cast.stranger), cast.outlet_id, phone="1")
    with pytest.raises(NotAllowed):
        change(acting(cast.advisor), cast.outlet_id, phone="1")
    with pytest.raises(NotFound):
        hours(acting(cast.stranger), cast.outlet_id, (0, "08:00", "18:00"))
    with pytest.raises(NotAllowed):
        hours(acting(cast.advisor), cast.outlet_id, (0, "08:00", "18:00"))


def test_a_place_that_is_no_outlet_has_no_profile(cast):
    with pytest.raises(NotFound):
        change(cast.hq, cast.branch_id, phone="1")


def test_the_hours_of_one_desk_are_replaced_and_the_other_kept(acting, cast):
    actor = acting(cast.outlet_admin)
    hours(actor, cast.outlet_id, (0, "08:00", "12:00"), (0, "13:00", "18:00"))
    hours(actor, cast.outlet_id, (6, "10:00", "16:00"), desk="SALES")
    hours(actor, cast.outlet_id, (1, "09:00", "17:00"))
    weeks = {week.desk: week.days for week in queries.hours(actor, cast.outlet_id)}
    assert weeks["SERVICE"][0] == []
    assert weeks["SERVICE"][1] == [(datetime.time(9), datetime.time(17))]
    assert weeks["SALES"][6] == [(datetime.time(10), datetime.time(16))]
    line = last_line()
    assert line.before == {"SERVICE": ["0 08:00-12:00", "0 13:00-18:00"]}
    assert line.after == {"SERVICE": ["1 09:00-17:00"]}


@pytest.mark.parametrize(
    "lines",
    [
        [(0, "08:00", "12:00"), (0, "11:59", "18:00")],
        [(0, "12:00", "12:00")],
        [(0, "18:00", "08:00")],
    ],
)
def test_hours_that_cannot_be_are_refused(cast, lines):
    hours(cast.hq, cast.outlet_id, (2, "08:00", "09:00"))
    with pytest.raises(Invalid) as caught:
        hours(cast.hq, cast.outlet_id, *lines)
    assert caught.value.field == "SERVICE_hours"
    assert OpeningHours.objects.filter(node_id=cast.outlet_id, desk="SERVICE").count() == 1
