"""The board: what is open by state, what is due first on top, everybody's or one's own, and what it costs."""

import datetime
import re

from tests.complaints.conftest import AT, hours
from tests.counting import queries_of

from guanxi.complaints.queries import board
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.network.models import Node

CARD = re.compile(r'class="card-link num" href="/complaints/(\d+)/"')


def lanes_of(client, query=""):
    """Return the numbers of the complaints in each lane, as they stand from top to bottom."""
    answer = client.get(f"/complaints/board/{query}")
    assert answer.status_code == 200
    parts = answer.content.decode().split('<section class="lane ')[1:]
    return [[int(pk) for pk in CARD.findall(part)] for part in parts]


def test_each_stands_in_the_lane_of_its_state_what_is_due_first_on_top(signed_in, take_in, bring):
    later, first = take_in(at=AT + hours(2)), take_in()
    sought, asked, closed = (bring(take_in(), to) for to in ("ANALYSING", "TO_REVISIT", "CLOSED"))
    found = lanes_of(signed_in("gm"))
    assert found == [[first.pk, later.pk], [sought.pk], [], [asked.pk]]
    assert closed.state == "CLOSED"


def test_it_can_be_narrowed_to_ones_own_an_angle_and_a_place(signed_in, cast, take_in):
    service, sales = take_in(), take_in(angle="SALES")
    client = signed_in("service")
    assert [pk for lane in lanes_of(client, "?whose=mine") for pk in lane] == [service.pk]
    assert lanes_of(client, "?angle=SALES")[0] == [sales.pk]
    assert lanes_of(client, "?angle=NONE&place=x")[0] == [service.pk, sales.pk]
    assert lanes_of(signed_in("hq"), f"?place={cast.branch_id}")[0] == [service.pk, sales.pk]
    mine = client.get(f"/complaints/?owner={service.owner_id}").content.decode()
    assert (mine.count("data-row"), service.number in mine) == (1, True)


def test_it_shows_only_what_may_be_seen(signed_in, cast, take_in):
    db.set_scope(SYSTEM)
    other = Node.objects.filter(kind="OUTLET").exclude(pk=cast.outlet_id).earliest("code")
    far = take_in("system", outlet=other.pk)
    assert lanes_of(signed_in("gm")) == [[], [], [], []]
    assert lanes_of(signed_in("hq"))[0] == [far.pk]
    assert signed_in("technician").get("/complaints/board/").status_code == 403


def test_a_full_lane_says_how_many_more_there_are(signed_in, take_in, monkeypatch):
    monkeypatch.setattr(board, "MOST", 2)
    for number in range(3):
        take_in(at=AT + datetime.timedelta(minutes=number))
    page = signed_in("gm").get("/complaints/board/").content.decode()
    assert len(CARD.findall(page)) == 2
    assert "1 more in the list" in page
    assert "state=RECEIVED" in page


def test_it_costs_the_same_for_one_and_for_three(signed_in, take_in):
    take_in()
    client = signed_in("gm")
    one = queries_of(lambda: lanes_of(client))
    take_in(angle="SALES")
    take_in(angle="PRODUCT")
    client = signed_in("gm")
    assert sum(map(len, lanes_of(client))) == 3
    assert queries_of(lambda: lanes_of(client)) == one <= 20
