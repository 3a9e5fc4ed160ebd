"""From the draft to the approval: who may, what cannot be, and what stays."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from tests.campaigns.conftest import AT, CALL, DAY, days, seen, values

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign, Kind
from guanxi.campaigns.policy import Wave
from guanxi.campaigns.presets import CampaignsPreset, apply, compare
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.services import deciding, planning
from guanxi.campaigns.services.planning import Plan
from guanxi.campaigns.states import MOVES, State
from guanxi.foundation import presets
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry


def test_a_campaign_is_planned_submitted_and_approved_by_another(plan, world, acting):
    row = plan(waves=((DAY + days(1), 40), (DAY + days(8), 60)), offer_code="summer-26")
    assert (row.state, row.offer_code) == ("DRAFT", "SUMMER-26")
    assert [(wave.number, wave.on, wave.share) for wave in queries.waves(row)] == [
        (1, DAY + days(1), 40), (2, DAY + days(8), 60),
    ]  # fmt: skip
    deciding.submit(actor=acting(world.crm), campaign_id=row.pk, at=AT)
    with pytest.raises(NotAllowed):
        deciding.approve(actor=acting(world.crm), campaign_id=row.pk, at=AT)
    made = deciding.approve(actor=acting(world.gm), campaign_id=row.pk, at=AT)
    assert (made.state, made.submitted_by, made.approved_by) == ("APPROVED", world.crm.name, world.gm.name)
    seen()
    assert AuditEntry.objects.filter(subject_type="campaigns.campaign", subject_id=row.pk).count() == 3


def test_nobody_approves_what_he_submitted_himself(plan, world, acting):
    row = plan("hq")
    deciding.submit(actor=acting(world.hq), campaign_id=row.pk, at=AT)
    with pytest.raises(Conflict):
        deciding.approve(actor=acting(world.hq), campaign_id=row.pk, at=AT)
    seen()
    row.refresh_from_db()
    assert row.state == "SUBMITTED"
    with pytest.raises(DatabaseError), transaction.atomic():
        Campaign.objects.filter(pk=row.pk).update(approved_by_id=world.hq.user_id)
    assert deciding.approve(actor=acting(world.gm), campaign_id=row.pk, at=AT).state == "APPROVED"


def test_what_is_sent_back_can_be_changed_and_submitted_again(plan, world, acting):
    row = plan()
    deciding.submit(actor=acting(world.crm), campaign_id=row.pk, at=AT)
    said = Plan(values(world.outlet_id, name="改过"), [Wave(DAY, 100)])
    with pytest.raises(Conflict):
        planning.change_campaign(actor=acting(world.crm), campaign_id=row.pk, plan=said, at=AT)
    with pytest.raises(Invalid):
        deciding.send_back(actor=acting(world.gm), campaign_id=row.pk, reason=" ")
    assert deciding.send_back(actor=acting(world.gm), campaign_id=row.pk, reason="受众太大").reason == "受众太大"
    changed = planning.change_campaign(actor=acting(world.crm), campaign_id=row.pk, plan=said, at=AT)
    assert (changed.name, changed.state) == ("改过", "RETURNED")
    assert deciding.submit(actor=acting(world.crm), campaign_id=row.pk, at=AT).state == "SUBMITTED"


def test_a_campaign_called_off_frees_its_code(plan, world, acting):
    row = plan(offer_code="ABC")
    with pytest.raises(Conflict) as error:
        plan(offer_code="abc")
    assert error.value.field == "offer_code"
    assert deciding.cancel(actor=acting(world.crm), campaign_id=row.pk, reason="改期", at=AT).state == "CANCELLED"
    assert plan(offer_code="abc").offer_code == "ABC"
    with pytest.raises(Conflict):
        deciding.submit(actor=acting(world.crm), campaign_id=row.pk, at=AT)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"aim": " "}, "aim"),
        ({"audience": [{"fact": "age_months", "op": "any", "values": ["3"]}]}, "value_0"),
        ({"waves": ()}, "wave_on_0"),
        ({"waves": ((DAY, 60),)}, "wave_on_0"),
        ({"waves": ((DAY, 50), (DAY, 50))}, "wave_on_0"),
        ({"waves": ((DAY - days(1), 100),)}, "wave_on_0"),
        ({"template": "nothing"}, "template"),
        ({"template": "birthday"}, "template"),
        ({"template": "workshop_thanks"}, "template"),
        (CALL | {"words": " "}, "words"),
        (CALL | {"role_id": None}, "role"),
        (CALL | {"role_id": "nobody"}, "role"),
        ({"budget": Decimal(5), "fixed_cost": Decimal(5), "unit_cost": Decimal(1)}, "budget"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(plan, more, field):
    with pytest.raises(Invalid) as error:
        plan(**more)
    assert [problem.field for problem in error.value.problems] == [field]
    assert not Campaign.objects.exists()


def test_a_day_that_passed_meanwhile_is_found_at_the_approval(plan, world, acting):
    row = plan()
    deciding.submit(actor=acting(world.crm), campaign_id=row.pk, at=AT)
    with pytest.raises(Invalid):
        deciding.approve(actor=acting(world.gm), campaign_id=row.pk, at=AT + days(2))


def test_below_only_what_is_approved_is_seen(plan, world, acting):
    row = plan("branch", node=world.branch_id)
    with pytest.raises(NotFound):
        queries.campaign(acting(world.gm), row.pk)
    assert not Campaign.objects.filter(pk=row.pk).exists()  # the second wall
    acting(world.branch)
    deciding.submit(actor=world.branch, campaign_id=row.pk, at=AT)
    deciding.approve(actor=acting(world.hq), campaign_id=row.pk, at=AT)
    assert queries.campaign(acting(world.gm), row.pk) == row
    assert not queries.visible_to(acting(world.stranger)).exists()
    with pytest.raises((NotFound, NotAllowed)):
        deciding.cancel(actor=acting(world.crm), campaign_id=row.pk, reason="x", at=AT)


def test_an_outlet_plans_for_itself_alone(plan, world):
    with pytest.raises(NotAllowed):
        plan(node=world.branch_id)
    with pytest.raises(NotAllowed):
        plan("technician")


@pytest.mark.parametrize("before", State.values)
def test_every_move_that_is_not_named_is_refused(before):
    assert {after for after in State.values if policy.may_move(before, after)} == MOVES[before]


@pytest.mark.parametrize(
    ("budget", "fixed", "each", "most"),
    [(None, 5, 1, None), (100, 10, 3, 30), (100, 100, 3, 0), (9, 10, 0, 0), (100, 10, 0, None)],
)
def test_what_the_money_pays_for(budget, fixed, each, most):
    given = None if budget is None else Decimal(budget)
    assert policy.affordable(given, Decimal(fixed), Decimal(each)) == most


@pytest.mark.covers("DBM-02", "DBM-03", "DBM-05", "DBM-06", "SUP-01", "SUP-03")
def test_the_ready_made_kinds_cover_the_four_parts_and_the_supports(world):
    rows = queries.kinds()
    assert {row.group for row in rows} == {
        "ACTIVITY", "ACQUISITION", "LIFECYCLE", "LOYALTY", "SALES", "SERVICE", "PROMOTION",
    }  # fmt: skip
    assert {"REGIONAL", "ROADSHOW", "DOOR_TO_DOOR", "SHOWROOM"} <= {row.code for row in rows}


def test_a_preset_shows_its_difference_and_changes_only_what_differs(world):
    part = next(item for item in presets.read("base") if item.loader.key == "campaigns")
    assert compare(part.data) == []
    entry = part.data.kinds[0].model_dump() | {"name_zh": "改名", "role": "gone"}
    data = CampaignsPreset(kind=[entry])
    assert [(change.kind, change.subject) for change in apply(actor=SYSTEM, data=data, source="test/1")] == [
        ("change", entry["code"])
    ]
    assert compare(data)  # its role is not there: it waits
    data = CampaignsPreset(kind=[entry | {"role": "cr_manager"}])
    apply(actor=SYSTEM, data=data, source="test/1")
    assert compare(data) == []
    assert Kind.objects.get(pk=entry["code"]).source == "test"
    wrong = entry | {"audience": [{"fact": "weather", "op": "any", "values": ["x"]}]}
    with pytest.raises(ValueError, match=r"cannot be read|无法识别"):
        CampaignsPreset(kind=[wrong])
