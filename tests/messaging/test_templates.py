"""Templates: checked when saved, written by one and approved by another, in versions."""

import dataclasses
import datetime

import pytest
from tests.messaging.conftest import AT

from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.messaging import presets
from guanxi.messaging.models import Template, Terms
from guanxi.messaging.queries import templates as queries
from guanxi.messaging.services import templates as services
from guanxi.messaging.services.templates import Words

DAY = datetime.date(2026, 6, 10)
WORDS = Words("SMS", "CARE", "问候", "Greeting", "您好{customer}", "Hello {customer}", DAY)


def write(actor, code="greet", **changes):
    return services.write_template(actor=actor, code=code, words=dataclasses.replace(WORDS, **changes), at=AT)


@pytest.mark.covers("NFR-12")
def test_who_wrote_a_text_does_not_approve_it(quiet, acting):
    row = write(acting(quiet.planner))
    assert (row.state, row.version) == ("DRAFT", 1)
    assert not queries.in_force(DAY).filter(code="greet").exists()
    with pytest.raises(Conflict, match="somebody else"):
        services.approve_template(actor=quiet.planner, template_id=row.pk, at=AT)
    services.approve_template(actor=acting(quiet.hq), template_id=row.pk, at=AT)
    assert queries.usable("greet", DAY).approved_by_id == quiet.hq.user_id
    with pytest.raises(Conflict):
        services.approve_template(actor=quiet.hq, template_id=row.pk, at=AT)


def test_whoever_changes_a_draft_has_written_it(quiet, acting):
    row = write(acting(quiet.planner))
    services.change_template(actor=acting(quiet.hq), template_id=row.pk, words=WORDS, at=AT)
    with pytest.raises(Conflict, match="somebody else"):
        services.approve_template(actor=quiet.hq, template_id=row.pk, at=AT)
    services.approve_template(actor=acting(quiet.planner), template_id=row.pk, at=AT)
    with pytest.raises(Conflict):
        services.change_template(actor=quiet.planner, template_id=row.pk, words=WORDS, at=AT)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"body_zh": "{nonsense} {customer}"}, "body_zh", "{nonsense}"), ({"body_en": "Hello {customer"}, "body_en", "brace"),
        ({"body_zh": " "}, "body_zh", "needed"), ({"channel": "EMAIL", "subject_zh": "x"}, "subject_en", "needed"),
        ({"channel": "PHONE"}, "channel", "offered"), ({"purpose": "FUN"}, "purpose", "offered"),
        ({"body_zh": "长" * 4001}, "body_zh", "4000"),
    ],
)  # fmt: skip
def test_words_that_cannot_be_are_refused_at_their_field(quiet, acting, changes, field, words):
    with pytest.raises(Invalid) as refusal:
        write(acting(quiet.planner), **changes)
    (problem,) = refusal.value.problems
    assert problem.field == field
    assert words in str(problem.message)
    assert not Template.objects.filter(code="greet").exists()


def test_versions_follow_each_other_and_the_newest_that_has_begun_holds(quiet, acting):
    first = write(acting(quiet.planner))
    with pytest.raises(Conflict, match="draft"):
        write(quiet.planner)
    services.approve_template(actor=acting(quiet.hq), template_id=first.pk, at=AT)
    later = DAY + datetime.timedelta(days=5)
    second = write(acting(quiet.planner), valid_from=later)
    services.approve_template(actor=acting(quiet.hq), template_id=second.pk, at=AT)
    assert (queries.usable("greet", DAY).pk, queries.usable("greet", later).pk) == (first.pk, second.pk)
    services.retire_template(actor=quiet.hq, template_id=second.pk)
    assert not queries.in_force(later).filter(code="greet").exists()  # the first does not come back


def test_rights(quiet, acting):
    row = write(acting(quiet.planner))
    for actor in (quiet.gm, quiet.crm, quiet.auditor):
        acting(actor)
        with pytest.raises(NotAllowed):
            write(actor, code="other")
        with pytest.raises(NotAllowed):
            services.approve_template(actor=actor, template_id=row.pk, at=AT)
        with pytest.raises(NotAllowed):
            services.retire_template(actor=actor, template_id=row.pk)
        assert row.pk not in queries.visible_to(actor).values_list("pk", flat=True)  # a draft is not theirs to see


PRESET = {
    "preset": "base", "valid_from": "2000-01-01",
    "terms": {"quiet_from": "20:00", "quiet_until": "09:00", "stops": ["TD"], "budgets": {"CARE": 3}},
    "template": [{
        "code": "greet", "channel": "SMS", "purpose": "CARE", "name_zh": "问候", "name_en": "Greeting", "body_zh": "您好",
        "body_en": "Hello",
    }],
}  # fmt: skip


def test_a_preset_is_applied_once_and_never_rewrites(quiet):
    data = presets.MessagingPreset.model_validate(PRESET)
    before = Terms.objects.count()
    assert len(presets.apply(actor=SYSTEM, data=data, source="base/messaging")) == 2
    assert presets.compare(data) == []
    assert Terms.objects.count() == before + 1
    assert queries.terms(datetime.date(2100, 1, 1)).budgets == {"CARE": 3}
    other = presets.MessagingPreset.model_validate(PRESET | {"template": [PRESET["template"][0] | {"body_zh": "早"}]})
    presets.apply(actor=SYSTEM, data=other, source="base/messaging")
    assert list(Template.objects.filter(code="greet").order_by("version").values_list("body_zh", flat=True)) == [
        "您好",
        "早",
    ]


def test_a_preset_leaves_alone_what_people_wrote(quiet, acting):
    row = write(acting(quiet.planner))
    acting(SYSTEM)
    presets.apply(actor=SYSTEM, data=presets.MessagingPreset.model_validate(PRESET), source="base/messaging")
    assert list(Template.objects.filter(code="greet").values_list("pk", flat=True)) == [row.pk]


@pytest.mark.parametrize("wrong", [{"body_zh": "{nobody}"}, {"channel": "EMAIL"}, {"body_en": "}"}])
def test_a_preset_with_wrong_words_is_refused(wrong):
    with pytest.raises(ValueError, match="template"):
        presets.MessagingPreset.model_validate(PRESET | {"template": [PRESET["template"][0] | wrong]})
