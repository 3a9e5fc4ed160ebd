"""What comes through an outside desk, such as 12315: its number there, and the day by which it is answered there."""

import datetime

import pytest
from tests.apicalls import caller
from tests.complaints.conftest import AT, fresh
from tests.complaints.test_pages import FORM, page_of
from tests.complaints.test_revisit import ask

from guanxi.complaints import policy
from guanxi.complaints.models import Complaint, Round
from guanxi.foundation import clock
from guanxi.foundation.errors import Invalid
from guanxi.worklist.models import Task

DESK = {"desk": "HOTLINE_12315", "desk_number": "1310000202606030001"}
DAY = clock.day_of(AT)


def task_of(row):
    return Task.objects.get(key=row.key("complaints.solve"), finished_at=None)


def test_the_day_of_the_desk_counts_if_it_comes_before_the_term(take_in):
    term = take_in()
    soon = take_in(**DESK, answer_by=DAY)
    late = take_in(**DESK, answer_by=DAY + datetime.timedelta(days=30))
    over = clock.start_of(DAY + datetime.timedelta(days=1))
    assert term.solve_due_at > over
    assert (soon.solve_due_at, task_of(soon).due_at) == (over, over)
    assert (late.solve_due_at, task_of(late).due_at) == (term.solve_due_at, task_of(term).due_at)
    assert soon.due_at == soon.contact_due_at < over


def test_a_later_round_has_until_the_day_of_the_desk_while_it_is_not_over(cast, acting, take_in, bring):
    long_until, over = DAY + datetime.timedelta(days=1), DAY
    for answer_by, is_bound in ((long_until, True), (over, False)):
        row = bring(take_in(**DESK, answer_by=answer_by), "TO_REVISIT")
        later = clock.start_of(DAY + datetime.timedelta(days=1)) + datetime.timedelta(hours=12)
        ask(acting(cast.callback), row, satisfied=False, words="还不行", at=later)
        row = fresh(row)
        bound = clock.start_of(answer_by + datetime.timedelta(days=1))
        assert (row.due_at == bound) is is_bound
        assert row.due_at > later
        assert Round.objects.get(complaint=row, number=2).due_at == row.due_at


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"desk": "NOBODY"}, "desk"), ({"desk_number": "1"}, "desk"), ({"answer_by": DAY}, "desk"),
        ({**DESK, "answer_by": DAY - datetime.timedelta(days=1)}, "answer_by"),
    ],
)  # fmt: skip
def test_a_desk_that_is_none_or_a_day_that_is_over_is_refused_at_its_field(take_in, more, field):
    with pytest.raises(Invalid) as refused:
        take_in(**more)
    assert field in {problem.field for problem in refused.value.problems} | {refused.value.field}
    assert not Complaint.objects.exists()


def test_it_is_typed_in_and_shown(signed_in, cast, customer):
    agent = signed_in("callback", "zh-hans")
    form = FORM | {"outlet": str(cast.outlet_id), "answer_by": clock.today().isoformat()} | DESK
    told = agent.post(f"/complaints/open/?customer={customer.pk}", form)
    assert told.status_code == 302
    page = page_of(agent, told["Location"])
    for text in ("12315 投诉举报平台", DESK["desk_number"], clock.today().isoformat()):
        assert text in page, text


def test_the_api_takes_and_shows_it(cast, customer):
    body = {
        "outlet_id": cast.outlet_id, "angle": "SERVICE", "words": "等了三小时", "token": "api-desk-1",
        "customer_id": customer.pk, "answer_by": (clock.today() + datetime.timedelta(days=2)).isoformat(), **DESK,
    }  # fmt: skip
    made = caller(cast.callback).post("/api/v1/complaints/", body, content_type="application/json")
    assert made.status_code == 201, made.content
    shown = made.json()
    assert (shown["desk"], shown["desk_number"], shown["answer_by"]) == (*DESK.values(), body["answer_by"])


def test_a_day_that_is_over_binds_nobody():
    due, at = AT + datetime.timedelta(days=3), AT
    assert policy.sooner(due, None, at) == due
    assert policy.sooner(due, at + datetime.timedelta(days=1), at) == at + datetime.timedelta(days=1)
    assert policy.sooner(due, at - datetime.timedelta(seconds=1), at) == due
