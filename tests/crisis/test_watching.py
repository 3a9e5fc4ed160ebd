"""The watch: it finds a real rise, gives no more false alarms than it says, and what becomes of an alarm."""

import datetime
import random

import pytest
from tests import garage
from tests.crisis.conftest import AT, hours

from guanxi.complaints.models import Complaint
from guanxi.complaints.services import intake
from guanxi.crisis import policy, tasks
from guanxi.crisis.models import Alarm, Crisis, Terms
from guanxi.crisis.policy import Counted
from guanxi.crisis.queries import alarms, counting
from guanxi.crisis.services import watching
from guanxi.crisis.services.opening import NewCrisis
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound

WEEK, BASE = 7.0, 84.0


def days(number):
    return datetime.timedelta(days=number)


def poisson(chance, mean):
    """Draw from a Poisson distribution: arrivals at the given rate until one lies beyond."""
    count, at = 0, chance.expovariate(1)
    while at < mean:
        count, at = count + 1, at + chance.expovariate(1)
    return count


def nights(number, *, cells=60, seed=7):
    """Yield nights in which nothing has risen: each thing at its own steady rate."""
    chance = random.Random(seed)
    rates = [chance.uniform(0.05, 4) for _cell in range(cells)]
    for _night in range(number):
        yield [
            Counted(str(pk), poisson(chance, rate), poisson(chance, rate * BASE / WEEK), WEEK, BASE)
            for pk, rate in enumerate(rates)
        ]


def test_it_gives_no_more_false_alarms_than_it_says():
    count, per_month = 600, 6.0  # more than in use, so that there is something to count: 120 allowed in 600 nights
    allowed = count / policy.NIGHTS * per_month
    given = sum(len(policy.rises(night, per_month=per_month, least=1)) for night in nights(count))
    assert 0 < given <= allowed


def test_with_an_estimated_rate_taken_as_true_it_would_give_more():
    """Why two counts are compared, and not one with an estimate."""
    import math

    def naive(item):
        mean = max(item.expected, 1e-9)
        return 1 - math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(item.seen))

    seldom = [Counted("x", 2, 0, WEEK, BASE), Counted("x", 3, 2, WEEK, BASE)]
    for item in seldom:
        assert naive(item) < policy.chance_of(item.seen, item.before, item.share) / 3


@pytest.mark.parametrize(
    ("seen", "before", "share", "chance"),
    [(0, 0, 0.5, 1.0), (1, 1, 0.5, 0.75), (2, 0, 0.5, 0.25), (3, 0, 0.25, 1 / 64), (1, 9, 0.1, 1 - 0.9**10)],
)
def test_the_probability_is_exact(seen, before, share, chance):
    assert policy.chance_of(seen, before, share) == pytest.approx(chance)


def test_a_real_rise_is_found_and_the_steady_are_not():
    steady = [Counted(f"s{pk}", 2, 24, WEEK, BASE) for pk in range(100)]
    risen = Counted("risen", 12, 18, WEEK, BASE)
    (found,) = policy.rises([*steady, risen], per_month=1, least=3)
    assert (found.counted.key, found.cells, found.limit) == ("risen", 101, pytest.approx(1 / 30 / 101))
    assert found.chance <= found.limit
    assert policy.rises([risen], per_month=1, least=13) == []
    assert policy.rises([Counted("fallen", 3, 200, WEEK, BASE)], per_month=1000, least=1) == []


@pytest.fixture
def terms(acting):
    acting(SYSTEM)
    Terms.objects.all().delete()
    return Terms.objects.create(
        source="test", valid_from=datetime.date(2020, 1, 1), window_days=7, base_days=84, per_month=1, least=3,
        said_again=3, rejected=2,
    )  # fmt: skip


@pytest.fixture
def wave(terms, complain):
    """Many complaints about one part at one outlet in the last days, and some before."""
    for number in range(8):
        complain("后备箱漏水", at=AT - days(1) - hours(number), category="BODY")
    complain("后备箱漏水", at=AT - days(40), category="BODY")
    complain("收银太慢", at=AT - days(40), category="RECEPTION")


@pytest.mark.covers("CRIS-07")
def test_the_night_writes_an_alarm_with_its_figures_once(wave, cast):
    assert watching.watch(actor=SYSTEM, at=AT) >= 1
    row = Alarm.objects.get(cell="MATTER", key="BODY")
    assert (row.seen, row.before, row.exposure, row.exposure_before, row.place_id) == (8, 1, 7, 84, cast.group_id)
    assert row.expected == pytest.approx(1 / 12)
    assert row.chance == pytest.approx(policy.chance_of(8, 1, 7 / 91))
    assert row.chance <= row.limit == pytest.approx(1 / 30 / row.cells)
    outlet = Alarm.objects.get(cell="OUTLET")
    assert (outlet.place_id, outlet.label) == (cast.outlet_id, "".join(outlet.label))
    for later in (AT, AT + hours(24)):
        assert watching.watch(actor=SYSTEM, at=later) == 0


def test_one_that_was_dismissed_rests_for_the_days_looked_at(wave, cast, acting):
    watching.watch(actor=SYSTEM, at=AT)
    row = Alarm.objects.get(cell="MATTER")
    with pytest.raises(Invalid):
        watching.dismiss(actor=acting(cast.planner), alarm_id=row.pk, reason=" ", at=AT)
    watching.dismiss(actor=acting(cast.planner), alarm_id=row.pk, reason="暴雨，非质量问题", at=AT)
    acting(SYSTEM)
    assert watching.watch(actor=SYSTEM, at=AT + hours(24)) == 0
    assert Alarm.objects.get(pk=row.pk).reason == "暴雨，非质量问题"
    with pytest.raises(Conflict):
        watching.dismiss(actor=acting(cast.planner), alarm_id=row.pk, reason="x", at=AT)


def test_cars_are_counted_by_model_and_vin_on_the_days_they_were_on_the_road(terms, complain, customer):
    trim = garage.trim("WATCH")
    new = garage.car(customer, 8101, plate="", trim=trim, sold_on=clock.day_of(AT) - days(14))
    garage.car(customer, 8102, plate="", trim=trim, sold_on=clock.day_of(AT) - days(900))
    for number in range(3):
        complain("异响", at=AT - days(1) - hours(number), vehicle_id=new.pk)
    day = clock.day_of(AT)
    (model,) = [item for item in counting.counted("MODEL", day, 7, 84) if item.key == str(trim.model_id)]
    assert (model.seen, model.before, model.exposure, model.exposure_before) == (3, 0, 14, 7 + 84)
    (cars,) = [item for item in counting.counted("VIN", day, 7, 84) if item.key == new.vin[:8] + new.vin[9:11]]
    assert cars.seen == 3


def test_enquiries_are_no_complaints(terms, complain):
    complain("营业到几点", at=AT - days(1), category="RECEPTION", kind="ENQUIRY")
    assert [item for item in counting.counted("MATTER", clock.day_of(AT), 7, 84) if item.key == "RECEPTION"] == []


@pytest.mark.covers("CRIS-01")
def test_what_is_said_again_and_again_becomes_a_crisis(terms, complain):
    complaint = complain("空调不凉")
    assert alarms.repeated(terms) == []
    for _time in range(3):
        intake.join(actor=SYSTEM, complaint_id=complaint.pk, words="还是没人管", at=AT)
    assert alarms.repeated(terms) == [complaint.pk]
    other = complain("漆面有色差")
    Complaint.objects.filter(pk=other.pk).update(rounds=3)
    assert watching.open_repeated(actor=SYSTEM, at=AT) == 2
    assert watching.open_repeated(actor=SYSTEM, at=AT) == 0
    assert Crisis.objects.count() == 2


def test_the_job_of_the_night_does_both(terms, complain):
    complaint = complain("空调不凉", at=clock.now())
    Complaint.objects.filter(pk=complaint.pk).update(rounds=3)
    tasks.watch()
    assert Crisis.objects.count() == 1
    assert Alarm.objects.count() == 0


def test_a_crisis_is_opened_from_an_alarm(wave, cast, acting, signed_in):
    watching.watch(actor=SYSTEM, at=AT)
    row = Alarm.objects.get(cell="OUTLET")
    with pytest.raises(NotAllowed):
        watching.watch(actor=acting(cast.gm), at=AT)
    with pytest.raises(NotFound):
        watching.dismiss(actor=acting(cast.stranger), alarm_id=row.pk, reason="x", at=AT)
    page = signed_in("gm").get(f"/crisis/alarms/{row.pk}/").content.decode()
    assert f"/crisis/open/?alarm={row.pk}" in page
    assert "&lt; 1 : 1,000,000" in page
    listed = signed_in("gm").get("/crisis/alarms/").content.decode()
    assert (f"/crisis/alarms/{row.pk}/" in listed, listed.count("data-row")) == (True, 1)  # not those of the network
    form = {
        "place": str(cast.outlet_id), "title": row.label, "words": "x", "types": ["EXPOSURE"], "risk": "HIGH",
        "currency": "CNY",
    }  # fmt: skip
    assert signed_in("gm").post(f"/crisis/open/?alarm={row.pk}", form).status_code == 302
    db.set_scope(SYSTEM)
    held = Alarm.objects.get(pk=row.pk)
    assert (held.state, held.crisis) == ("CRISIS", Crisis.objects.get())
    with pytest.raises(Conflict):
        watching.open_crisis(
            actor=acting(cast.gm), alarm_id=row.pk, new=NewCrisis(cast.outlet_id, "x", ["SAFETY"], "x"), at=AT
        )


@pytest.mark.parametrize(
    ("chance", "shown"), [(4.55e-4, "1 : 2,198"), (1.0, "1 : 1"), (1e-9, "< 1 : 1,000,000"), (0.0, "< 1 : 1,000,000")]
)
def test_a_probability_is_read_as_once_in_so_many(chance, shown):
    assert policy.odds(chance) == shown
