"""The kinds of lectures of the presets against the numbers of the requirements; versions; what is refused."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from pydantic import ValidationError
from tests.care.conftest import DAY, at, days
from tests.care.test_gatherings import proposal, standing

from guanxi.care.models import Gathering
from guanxi.care.policy import gatherings as policy
from guanxi.care.policy.audience import Condition
from guanxi.care.presets.gatherings import LOADER, GatheringEntry, GatheringsPreset
from guanxi.care.queries import gatherings as queries
from guanxi.foundation import clock, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed

NAMES = ("base", "svw_dealer")


def part(name):
    return next(part for part in presets.read(name) if part.loader.key == "gatherings")


def entry(code, name="base"):
    return next(entry for entry in part(name).data.gathering if entry.code == code)


def span(found):
    return next(item.values for item in found.audience if item.fact == "age_months")


@pytest.mark.covers("LECT-01", "LECT-02", "LECT-03", "LECT-04")
@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_are_those_of_the_requirements(name):
    new, ending = entry("new_owners", name), entry("warranty_ending", name)
    assert (new.threshold, span(new)) == (50, ["0", "2"])
    assert (ending.threshold, span(ending)) == (60, ["17", "23"])
    assert {found.role for found in (new, ending)} == {"cr_manager"}
    assert "正确养护" in new.aim_zh
    assert "满意度和忠诚度" in ending.aim_zh
    assert new.assumed_zh
    assert ending.assumed_zh


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_applied_twice_changes_nothing(cast, name):
    LOADER.apply(actor=SYSTEM, data=part(name).data, source=f"{name}/gatherings")
    assert LOADER.compare(part(name).data) == []
    assert [row.code for row in queries.in_force(clock.today())] == ["new_owners", "warranty_ending"]
    assert {row.source for row in queries.newest().values()} == {name}


def test_each_kind_reads_as_sentences(cast):
    from django.utils import translation

    with translation.override("en"):
        said = queries.conditions(queries.newest()["new_owners"])
    assert said == ["Relation to the outlet: Retained customer", "Age of the car in months: 0 to 2"]


def changed(code="new_owners", **more):
    return GatheringsPreset(gathering=[entry(code).model_copy(update=more)])


def test_a_change_is_a_version_and_proposals_stay_with_theirs(owner, gather, kinds):
    owner(), owner()
    gather()
    first = proposal().gathering
    LOADER.apply(actor=SYSTEM, data=changed(threshold=40), source="base/gatherings")
    first.refresh_from_db()
    newest = queries.newest()["new_owners"]
    assert (first.until, newest.since, newest.threshold) == (clock.today(), clock.today(), 40)
    assert proposal().gathering == first
    assert [row.threshold for row in queries.in_force(clock.today()) if row.code == "new_owners"] == [40]
    assert [row.threshold for row in queries.in_force(DAY) if row.code == "new_owners"] == [2]


def test_a_version_is_put_right_on_its_first_day_and_follows_itself_once_it_has_proposed(kinds, owner, gather):
    Gathering.objects.filter(code="new_owners").update(since=DAY)
    owner(), owner()
    gather()
    today = clock.today()
    Gathering.objects.filter(code="warranty_ending").update(since=today)
    LOADER.apply(actor=SYSTEM, data=changed("warranty_ending", threshold=70), source="base/gatherings")
    assert Gathering.objects.filter(code="warranty_ending").count() == 1
    row = proposal().gathering
    Gathering.objects.filter(pk=row.pk).update(since=today)
    LOADER.apply(actor=SYSTEM, data=changed(threshold=70), source="base/gatherings")
    assert queries.newest()["new_owners"].since == today + days(1)
    row.refresh_from_db()
    assert row.until == today + days(1)


def test_a_preset_ends_a_kind(kinds):
    data = GatheringsPreset(off=["new_owners", "unknown"])
    assert [(change.kind, change.subject) for change in LOADER.compare(data)] == [("retire", "new_owners")]
    LOADER.apply(actor=SYSTEM, data=data, source="base/gatherings")
    assert set(queries.newest()) == {"warranty_ending"}
    assert LOADER.compare(data) == []


def test_a_kind_for_a_role_that_is_not_there_waits(cast):
    new = entry("new_owners").model_copy(update={"role": "nobody_yet", "code": "x_new"})
    data = GatheringsPreset(gathering=[new])
    LOADER.apply(actor=SYSTEM, data=data, source="base/gatherings")
    assert "x_new" not in queries.newest()
    assert [change.kind for change in LOADER.compare(data)] == ["add"]


def test_only_who_may_apply_limits_everywhere_applies_kinds(cast):
    with pytest.raises(NotAllowed):
        LOADER.apply(actor=cast.crm, data=part("base").data, source="base/gatherings")


@pytest.mark.parametrize(
    "wrong",
    [
        {"threshold": 0}, {"pause": -1}, {"due": 0}, {"code": "Bad Code"}, {"audience": []}, {"channel": "FAX"},
        {"audience": [{"fact": "shoe_size", "op": "any", "values": ["44"]}]},
        {"audience": [{"fact": "age_months", "op": "between", "values": ["5", "2"]}]},
        {"assumed_en": ""}, {"agenda": 75}, {"whom_zh": ""},
    ],
    ids=str,
)  # fmt: skip
def test_a_kind_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValidationError):
        GatheringEntry.model_validate(entry("new_owners").model_dump() | wrong)


def test_a_preset_says_a_kind_once():
    with pytest.raises(ValidationError):
        GatheringsPreset(gathering=[entry("new_owners"), entry("new_owners")])
    with pytest.raises(ValidationError):
        GatheringsPreset(gathering=[entry("new_owners")], off=["new_owners"])


def test_two_versions_never_hold_on_one_day(kinds):
    row = kinds["new_owners"]
    values = queries.said(row) | {"code": row.code, "source": "x", "made_at": at(), "since": DAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Gathering.objects.create(**values)


@pytest.mark.parametrize(
    ("sold_on", "counts"),
    [("2026-02-28", False), ("2026-03-01", True), ("2026-05-31", True), ("2026-06-01", False)],
)
def test_the_sieve_of_sales_keeps_whoever_is_of_the_age(kinds, buyer, gather, sold_on, counts):
    from guanxi.care.models import Tally

    buyer(datetime.date.fromisoformat(sold_on), agreed=False)
    gather(datetime.date(2026, 5, 31))
    assert bool(Tally.objects.filter(code="new_owners", met__gt=0)) is counts


def test_the_sieve_asks_for_no_day_where_no_age_is_asked_for():
    age = Condition("age_months", "between", ("17", ""))
    assert policy.sold_between([Condition("kind", "any", ("PERSON",))], DAY) is None
    first, last = policy.sold_between([age], DAY)
    assert (first, last) == (datetime.date.min, datetime.date(2025, 1, 13))


def test_an_audience_without_an_age_takes_cars_of_unknown_age(kinds, buyer, gather):
    from guanxi.vehicles.models import Vehicle

    Gathering.objects.filter(code="new_owners").update(
        audience=[{"fact": "category", "op": "any", "values": ["OWNER"]}], threshold=1, purpose="SERVICE", channel="PHONE"
    )  # fmt: skip
    person = buyer()
    Vehicle.objects.update(sold_on=None)
    gather()
    assert standing(proposal()) == {person.pk: ""}
