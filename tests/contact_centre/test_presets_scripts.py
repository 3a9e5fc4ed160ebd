"""Scripts and terms come with presets; what was used stays."""

import copy
import datetime

import pytest
from pydantic import ValidationError
from tests.contact_centre.conftest import script

from guanxi.contact_centre.models import Script, Terms
from guanxi.contact_centre.presets import scripts as presets
from guanxi.contact_centre.queries import calls as queries
from guanxi.foundation import clock, db
from guanxi.foundation import presets as files
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed

pytestmark = pytest.mark.django_db
TODAY = clock.today()


@pytest.fixture
def base(cast):
    part = next(part for part in files.read("base") if part.loader.key == "scripts")
    return part.data.model_dump(by_alias=True)


def applied(data):
    db.set_scope(SYSTEM)
    return presets.apply(actor=SYSTEM, data=presets.ScriptsPreset.model_validate(data), source="base/scripts")


def test_the_base_is_applied_and_names_the_six_contents_of_the_managers_call(base):
    assert presets.compare(presets.ScriptsPreset.model_validate(base)) == []
    assert set(queries.current()) >= {
        "manager_call",
        "day3",
        "day7",
        "after_service",
        "lost_interview",
        "warranty_check",
        "plain",
    }
    assert [row.key for row in script().asked if row.when is None] == [
        "thanks", "feeling", "unclear", "store", "staff", "discontent", "plate",
    ]  # fmt: skip
    assert all(row.text_zh and row.text_en for held in queries.current().values() for row in held.asked)


def test_a_script_that_says_something_else_becomes_a_new_version(base, task, record):
    call = record(task(), "BUSY")
    changed = copy.deepcopy(base)
    changed["script"][0]["question"][1]["mandatory"] = False
    assert [change.subject for change in applied(changed)] == ["manager_call"]
    old, new = Script.objects.filter(code="manager_call").order_by("since")
    assert (old.pk, old.until) == (call.script_id, new.since)
    assert (new.until, new.asked[1].mandatory, old.asked[1].mandatory) == (None, False, True)
    assert new.since > TODAY or old.since < TODAY
    assert applied(changed) == []


def test_a_version_of_today_that_nobody_used_is_replaced(base):
    changed = copy.deepcopy(base)
    changed["script"][0]["name_en"] = "Other"
    applied(changed)
    changed["script"][0]["name_en"] = "Another"
    applied(changed)
    rows = Script.objects.filter(code="manager_call", since__gte=TODAY)
    assert [row.name_en for row in rows if row.until is None] == ["Another"]
    assert not rows.filter(name_en="Other").exists()


def test_new_terms_hold_from_today(base):
    changed = copy.deepcopy(base)
    changed["terms"]["most_tries"] = 3
    assert len(applied(changed)) == 1
    assert queries.terms_on(TODAY).most_tries == 3
    Terms.objects.filter(since=TODAY).update(since=TODAY + datetime.timedelta(days=1))
    assert queries.terms_on(TODAY + datetime.timedelta(days=1)).most_tries == 3


def test_applying_needs_the_verb(cast, acting, base):
    with pytest.raises(NotAllowed):
        presets.apply(actor=acting(cast.planner), data=presets.ScriptsPreset.model_validate(base), source="x")


def _question(script_data, **more):
    script_data["question"][1] |= more


@pytest.mark.parametrize(
    "more",
    [
        {"when": {"question": "plate", "answers": ["done"]}}, {"when": {"question": "thanks", "answers": ["yes"]}},
        {"key": "thanks"}, {"kind": "CHOICE"}, {"options": [{"code": "aa", "zh": "一", "en": "one"}]},
        {"kind": "NOTICE", "mandatory": True}, {"kind": "GUESS"}, {"text_en": ""}, {"else": 1},
    ],
)  # fmt: skip
def test_a_script_that_contradicts_itself_is_refused(base, more):
    _question(base["script"][0], **more)
    with pytest.raises(ValidationError):
        presets.ScriptsPreset.model_validate(base)


def test_two_scripts_are_not_for_the_same(base):
    base["script"][1]["fits"] = ["manager_call"]
    with pytest.raises(ValidationError):
        presets.ScriptsPreset.model_validate(base)
