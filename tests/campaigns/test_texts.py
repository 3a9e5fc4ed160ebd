"""Several texts of a campaign: who gets which is drawn at random, and what came of each is compared with its interval."""

from collections import Counter

import pytest
from tests.campaigns.conftest import AT, CALL, DAY, days, seen

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign, Member
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import effects
from guanxi.campaigns.services import results, sending, starting
from guanxi.care.policy import sampling
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid
from guanxi.foundation.values.proportions import Stratum, difference, summed
from guanxi.messaging.models import Message, Template
from guanxi.workshop.models import Visit


@pytest.fixture
def second(world):
    """A second text of the same channel and purpose."""
    return Template.objects.create(
        code="check_up_b", version=1, channel="SMS", purpose="SERVICE", name_zh="检测乙", name_en="Check-up B",
        body_zh="{salutation}，夏天到了，来检测吧。", body_en="{salutation}, summer is here.", state="APPROVED",
        valid_from=DAY - days(100), written_by="test", written_at=AT, approved_by="test", approved_at=AT,
    )  # fmt: skip


TWO = [{"template": "check_up_b", "share": 50}]


@pytest.fixture
def running(approved, world, acting):
    def make(**more):
        row = approved(**more)
        row = starting.start(actor=acting(world.gm), campaign_id=row.pk, at=AT)
        sending.send_due(actor=SYSTEM, now=lambda: AT)
        seen()
        return row

    return make


@pytest.mark.covers("DBM-07")
def test_the_text_is_drawn_by_the_seed_and_each_gets_his_own(running, person, second):
    people = [person(f"客户{number}") for number in range(60)]
    row = running(control=20, variants=[{"template": "check_up_b", "share": 40}])
    for item in Member.objects.filter(campaign=row):
        mark = sampling.mark(row.seed, "text", str(item.customer_id))
        wanted = "B" if mark * 100 < 40 * sampling.WHOLE else "A"
        assert item.variant == (wanted if item.arm == "TREATED" else "")
    drawn = Counter(Member.objects.filter(campaign=row, arm="TREATED").values_list("variant", flat=True))
    assert set(drawn) == {"A", "B"}
    written = dict(Message.objects.values_list("customer_id", "body"))
    for item in Member.objects.filter(campaign=row, arm="TREATED"):
        assert ("夏天到了" in written[item.customer_id]) == (item.variant == "B")
        assert item.contacted_at == AT
    assert len(written) == sum(drawn.values()) < len(people)


def test_the_draw_of_the_text_is_none_of_wave_and_arm(running, person, second):
    """Who is in the control group or in the second wave says nothing of the text: the draws have hashes of their own."""
    marks = {
        what: [sampling.mark("campaign:7", what, str(number)) / sampling.WHOLE for number in range(4000)]
        for what in ("text", "wave", "control")
    }
    for other in ("wave", "control"):
        both = sum(a < 0.5 and b < 0.5 for a, b in zip(marks["text"], marks[other], strict=True))
        assert abs(both / 4000 - 0.25) < 0.03


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"variants": [{"template": "check_up", "share": 50}]}, "text_template_0"),
        ({"variants": [{"template": "nothing", "share": 50}]}, "text_template_0"),
        ({"variants": [{"template": "birthday", "share": 50}]}, "text_template_0"),
        ({"variants": [{"template": "check_up_b", "share": 100}]}, "text_share_0"),
        ({"variants": [{"template": "check_up_b", "share": 0}]}, "text_share_0"),
        ({"variants": [{"template": f"t{number}", "share": 10} for number in range(4)]}, "text_template_0"),
        (CALL | {"variants": TWO}, "text_template_0"),
    ],
)
def test_texts_that_cannot_be_are_refused_at_their_field(plan, second, more, field):
    with pytest.raises(Invalid) as error:
        plan(**more)
    assert [problem.field for problem in error.value.problems] == [field]
    assert not Campaign.objects.exists()


def test_a_text_that_is_retired_meanwhile_holds_the_campaign_up(approved, world, acting, second):
    row = approved(variants=TWO)
    seen()
    Template.objects.filter(pk=second.pk).update(state="RETIRED")
    with pytest.raises(Invalid):
        starting.start(actor=acting(world.gm), campaign_id=row.pk, at=AT)


def test_the_first_text_has_what_the_others_leave():
    assert [(text.letter, text.share) for text in policy.texts("a", [("b", 30), ("c", 20)])] == [
        ("A", 50), ("B", 30), ("C", 20),
    ]  # fmt: skip


@pytest.fixture
def compared(running, person, world, second):
    """Two texts with enough of each: of the second everybody came, of the first nobody; answers do not differ."""
    people = {row.pk: row for row in (person() for _number in range(110))}
    row = running(control=0, variants=TWO, sale_days=40)
    treated = list(Member.objects.filter(campaign=row).order_by("pk"))
    for item in treated:
        if item.variant == "B":
            Visit.objects.create(
                outlet_id=world.outlet_id, vehicle=people[item.customer_id].car, customer_id=item.customer_id,
                order_no=f"T{item.pk}", category="X", counts=True, entered_on=DAY + days(3), touched_at=AT,
            )  # fmt: skip
    for letter in "AB":
        for item in [one for one in treated if one.variant == letter][:3]:
            Member.objects.filter(pk=item.pk).update(responded_at=AT, response="HAND")
    return row


@pytest.mark.covers("DBM-07")
def test_a_clear_difference_is_told_and_one_of_chance_is_told_to_be_none(compared, world, acting):
    results.count_results(actor=SYSTEM, day=DAY + days(60), at=AT + days(60))
    row = Campaign.objects.get(pk=compared.pk)
    found = effects.of(acting(world.gm), row, queries.waves(row)).texts
    seen()
    assert [item.letter for item in found] == ["A", "B"]
    first, other = found
    sizes = Counter(Member.objects.filter(campaign=row).values_list("variant", flat=True))
    assert (first.drawn, other.drawn) == (sizes["A"], sizes["B"])
    assert first.visits.difference is None
    assert other.visits.difference == difference(summed([Stratum(sizes["B"], sizes["B"], sizes["A"], 0)]))
    assert other.visits.difference.low > 0
    assert other.responses.part == 3
    assert not other.responses.difference.is_clear
    assert other.responses.low < other.responses.share < other.responses.high


def test_nothing_is_said_while_days_run_or_of_few(compared, world, acting):
    seen()
    results.count_results(actor=SYSTEM, day=DAY + days(10), at=AT + days(10))
    row = Campaign.objects.get(pk=compared.pk)
    _first, other = effects.of(acting(world.gm), row, queries.waves(row)).texts
    assert (other.visits.whole, other.visits.difference) == (0, None)
    assert other.responses.whole > 30
    seen()
    kept = Member.objects.filter(campaign=row, variant="B").order_by("pk").values_list("pk", flat=True)[:29]
    Member.objects.filter(campaign=row, variant="B").exclude(pk__in=list(kept)).delete()
    _first, other = effects.of(acting(world.gm), row, queries.waves(row)).texts
    assert (other.responses.whole, other.responses.difference) == (29, None)


def test_the_page_and_the_api_show_the_texts_beside_each_other(compared, signed_in, world):
    from tests.apicalls import caller

    seen()
    results.count_results(actor=SYSTEM, day=DAY + days(60), at=AT + days(60))
    page = signed_in("gm").get(f"/campaigns/{compared.pk}/effect/").content.decode()
    for text in ("The texts compared", "Check-up B", "More than by chance", "Not to be told from chance"):
        assert text in page, text
    assert "检测乙" in signed_in("gm", "zh-hans").get(f"/campaigns/{compared.pk}/").content.decode()
    listed = caller(world.gm).get(f"/api/v1/campaigns/campaigns/{compared.pk}/effect").json()["texts"]
    assert [item["letter"] for item in listed] == ["A", "B"]
    assert listed[1]["visits"]["difference"]["low"] > 0


def test_an_editor_writes_texts(signed_in, plan, second):
    row = plan(variants=TWO)
    crm = signed_in("crm")
    page = crm.get(f"/campaigns/{row.pk}/change/").content.decode()
    assert 'name="text_template_0"' in page
    assert 'value="50"' in page


def test_one_text_shows_no_comparison(running, person, signed_in):
    person()
    row = running()
    assert {item.variant for item in Member.objects.filter(campaign=row)} == {""}
    assert "The texts compared" not in signed_in("gm").get(f"/campaigns/{row.pk}/effect/").content.decode()
