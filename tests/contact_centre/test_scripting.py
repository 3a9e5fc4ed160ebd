"""Scripts written by hand: looked at question by question, approved by a second person, in force from their day on."""

import copy
import datetime
import json

import pytest
from django.utils import translation
from tests.apicalls import caller
from tests.contact_centre.conftest import script
from tests.counting import queries_of

from guanxi.contact_centre.models import Script, ScriptDraft
from guanxi.contact_centre.policy import drafts
from guanxi.contact_centre.policy import scripts as policy
from guanxi.contact_centre.presets import scripts as presets
from guanxi.contact_centre.services import scripting
from guanxi.contact_centre.services.scripting import Wording
from guanxi.foundation import clock, db
from guanxi.foundation import presets as files
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
TODAY, NOW = clock.today(), clock.now()
HELLO = {"key": "hello", "kind": "NOTICE", "text_zh": "您好", "text_en": "Hello"}
COMING = {
    "key": "coming", "kind": "CHOICE", "text_zh": "来吗？", "text_en": "Will you come?", "mandatory": True,
    "options": [{"code": "soon", "zh": "马上", "en": "Soon"}, {"code": "never", "zh": "不来", "en": "Never"}],
}  # fmt: skip
WHY = {
    "key": "why", "kind": "TEXT", "text_zh": "为什么？", "text_en": "Why?",
    "when": {"question": "coming", "answers": ["never"]},
}  # fmt: skip
WRITE = "/contact-centre/scripts/write/"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def days(number):
    return datetime.timedelta(days=number)


def wording(*questions, **more):
    values = {"name_zh": "新话术", "name_en": "New", "fits": ["x_new"], "valid_from": TODAY}
    return Wording(**(values | {"questions": questions or (HELLO, COMING, WHY)} | more))


@pytest.fixture
def write(cast, acting):
    """Return a function that writes a draft as the supervisor of the call centre unless said otherwise."""

    def new(code="fresh", *questions, who="supervisor", at=NOW, **more):
        return scripting.write_script(
            actor=acting(getattr(cast, who)), code=code, wording=wording(*questions, **more), at=at
        )

    return new


@pytest.fixture
def approve(cast, acting):
    def now(draft, who="planner", at=NOW):
        made = scripting.approve_script(actor=acting(getattr(cast, who)), draft_id=draft.pk, at=at)
        db.set_scope(SYSTEM)
        return made

    return now


def test_two_people_make_a_version(write, approve, cast, acting):
    draft = write(valid_from=TODAY + days(3))
    with pytest.raises(NotAllowed):
        scripting.approve_script(actor=acting(cast.supervisor), draft_id=draft.pk, at=NOW)
    made = approve(draft)
    assert (made.code, made.since, made.until, made.source) == ("fresh", TODAY + days(3), None, "")
    assert (made.written_by, made.approved_by) == (cast.supervisor.name, cast.planner.name)
    assert [question.key for question in made.asked] == ["hello", "coming", "why"]
    assert not ScriptDraft.objects.exists()
    told = AuditEntry.objects.filter(subject_type="contact_centre.script", subject_id="fresh")
    assert {row.verb for row in told} == {"contact_centre.write_script", "contact_centre.approve_script"}


def test_nobody_approves_what_he_wrote(write, approve):
    draft = write(who="planner")
    with pytest.raises(Conflict):
        approve(draft, "planner")
    changed = write(who="hq", name_en="Changed")
    assert (changed.pk, changed.name_en) == (draft.pk, "Changed")
    with pytest.raises(Conflict):
        approve(changed, "hq")
    assert approve(changed, "planner").name_en == "Changed"


def test_who_may_write_and_discard(write, cast, acting):
    for who in ("crm", "agent", "gm", "callback"):
        with pytest.raises(NotAllowed):
            write(who=who)
    draft = write()
    for who in ("crm", "agent"):
        with pytest.raises(NotAllowed):
            scripting.discard_script(actor=acting(getattr(cast, who)), draft_id=draft.pk)
    assert scripting.discard_script(actor=acting(cast.planner), draft_id=draft.pk) == "fresh"
    with pytest.raises(NotFound):
        scripting.discard_script(actor=acting(cast.planner), draft_id=draft.pk)
    assert not ScriptDraft.objects.exists()


def test_a_call_keeps_its_version_and_the_next_one_begins_the_day_after(write, approve, task, record):
    call = record(task(), "BUSY")
    made = approve(write("manager_call", HELLO, COMING, fits=["manager_call"]))
    old = Script.objects.get(pk=call.script_id)
    first = max(TODAY, old.since + days(1))
    assert (made.since, old.until) == (first, first)
    assert [question.key for question in old.asked][:2] == ["thanks", "feeling"]


def test_a_version_that_has_not_begun_gives_way(write, approve):
    approve(write("plain", fits=["*"], valid_from=TODAY + days(9)))
    approve(write("plain", fits=["*"], valid_from=TODAY + days(5), name_en="Earlier"))
    rows = [(row.name_en, row.since, row.until) for row in Script.objects.filter(code="plain").order_by("since")]
    assert rows[-1] == ("Earlier", TODAY + days(5), None)
    assert rows[-2][2] == TODAY + days(5)
    assert len(rows) == 2


def test_a_preset_leaves_alone_what_a_person_wrote(write, approve):
    part = next(part for part in files.read("base") if part.loader.key == "scripts")
    data = copy.deepcopy(part.data.model_dump(by_alias=True))
    made = approve(write("manager_call", HELLO, fits=["manager_call"]))
    assert presets.compare(presets.ScriptsPreset.model_validate(data)) == []
    data["script"][0]["name_en"] = "Of the preset"
    data["script"][1]["name_en"] = "Of the preset"
    changes = presets.apply(actor=SYSTEM, data=presets.ScriptsPreset.model_validate(data), source="base/scripts")
    assert [change.subject for change in changes] == [data["script"][1]["code"]]
    assert Script.objects.get(code="manager_call", until=None).pk == made.pk


@pytest.mark.parametrize(
    ("place", "more", "field", "words"),
    [
        (2, {"when": {"question": "gone", "answers": ["x"]}}, "after", "There is no question “gone”."),
        (2, {"when": {"question": "why", "answers": ["x"]}}, "after", "A question cannot follow on itself."),
        (1, {"when": {"question": "why", "answers": ["x"]}}, "after", "comes later"),
        (2, {"when": {"question": "coming", "answers": ["maybe"]}}, "answers", "“maybe” is no answer"),
        (2, {"when": {"question": "hello", "answers": ["yes"]}}, "answers", "“yes” is no answer"),
        (2, {"when": {"question": "coming", "answers": []}}, "answers", "This is needed."),
        (2, {"key": "hello"}, "key", "Another question has this code already."),
        (2, {"key": "Why?"}, "key", "small letters"), (2, {"text_en": ""}, "text_en", "This is needed."),
        (2, {"text_zh": ""}, "text_zh", "This is needed."), (2, {"hint_zh": "提示"}, "hint_en", "both languages"),
        (0, {"mandatory": True}, "mandatory", "A notice takes no answer"), (2, {"kind": "GUESS"}, "kind", "Choose one"),
        (1, {"options": []}, "options", "one on each line"),
        (2, {"options": [{"code": "aa", "zh": "一", "en": "One"}]}, "options", "Only a choice"),
        (1, {"options": [{"code": "soon", "zh": "一", "en": ""}]}, "options", "both languages"),
        (1, {"options": [{"code": "soon", "zh": "一", "en": "One"}] * 2}, "options", "stands there twice"),
        (1, {"options": [{"code": "S", "zh": "一", "en": "One"}]}, "options", "is no code"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(write, place, more, field, words):
    questions = [dict(HELLO), dict(COMING), dict(WHY)]
    questions[place] |= more
    with pytest.raises(Invalid) as refused:
        write("fresh", *questions)
    found = {problem.field: str(problem.message) for problem in refused.value.problems}
    assert words in found[f"questions.{place}.{field}"]
    assert not ScriptDraft.objects.exists()


@pytest.mark.parametrize(
    ("code", "more", "field"),
    [
        ("X", {}, "code"), ("fresh", {"name_en": " "}, "name_en"), ("fresh", {"fits": []}, "fits"),
        ("fresh", {"fits": ["No!"]}, "fits"), ("fresh", {"fits": ["manager_call"]}, "fits"),
        ("fresh", {"questions": []}, "questions"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_script_is_said_too(write, code, more, field):
    with pytest.raises(Invalid) as refused:
        write(code, **more)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_use_that_another_script_took_meanwhile_stops_the_approval(write, approve):
    first, second = write("fresh"), write("other")
    approve(first)
    with pytest.raises(Invalid):
        approve(second)


def test_two_questions_cannot_follow_on_each_other():
    one = policy.Question("aa", "YES_NO", "甲", "A", when=policy.Condition("bb", ("yes",)))
    two = policy.Question("bb", "YES_NO", "乙", "B", when=policy.Condition("aa", ("yes",)))
    assert [(flaw.place, flaw.kind) for flaw in drafts.flaws([one, two])] == [(0, "later")]


def test_options_are_read():
    text = " soon | 马上 | Soon | or later \n\nnever\n"
    assert [vars(option) for option in drafts.read_options(text)] == [
        {"code": "soon", "zh": "马上", "en": "Soon | or later"}, {"code": "never", "zh": "", "en": ""},
    ]  # fmt: skip


def form(questions, **more):
    """Return what the page sends for questions."""
    values = {
        "code": "fresh", "name_zh": "新话术", "name_en": "New", "fits": "x_new, x_newer", "rows": len(questions),
        "valid_from": TODAY.isoformat(),
    }  # fmt: skip
    for place, question in enumerate(questions):
        flat = dict(question)
        when = flat.pop("when", {"question": "", "answers": []})
        flat["options"] = drafts.shown_options(flat.get("options", []))
        flat["points"] = drafts.shown_points(flat.get("points", {}))
        flat |= {"after": when["question"], "answers": ", ".join(when["answers"])}
        values |= {f"questions.{place}.{part}": value for part, value in flat.items()}
    return values | more


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-1500:]
    return response.content.decode()


def test_a_script_is_written_on_the_page_looked_at_and_approved(signed_in, cast):
    client = signed_in("supervisor")
    assert 'name="questions.0.key"' in text(client.get(WRITE))
    page = text(client.post(WRITE, form([HELLO, COMING], do="add")))
    assert 'name="questions.2.key"' in page
    assert "autofocus" in page
    page = text(client.post(WRITE, form([HELLO, COMING, WHY], do="up.2")))
    assert page.index('value="why"') < page.index('value="coming"')
    assert "questions.1.key" not in text(client.post(WRITE, form([HELLO, COMING], do="remove.0")))
    seen = text(client.post(WRITE, form([HELLO, COMING, WHY], do="preview")))
    for word in ("As the agent sees it", 'name="answers.coming"', "Only if “Will you come?” is answered with: Never"):
        assert word in seen, word
    db.set_scope(SYSTEM)
    assert not ScriptDraft.objects.exists()

    saved = client.post(WRITE, form([HELLO, COMING, WHY]))
    draft = ScriptDraft.objects.get()
    assert (saved.status_code, saved["Location"]) == (302, f"/contact-centre/scripts/drafts/{draft.pk}/")
    assert draft.questions == [HELLO, COMING, WHY]
    assert draft.fits == ["x_new", "x_newer"]
    own = text(client.get(saved["Location"]))
    assert "somebody else has to approve it" in own
    assert "/approve/" not in own
    planner = signed_in("planner")
    assert "新话术" in text(planner.get("/contact-centre/scripts/")) or "New" in text(
        planner.get("/contact-centre/scripts/")
    )
    assert f"/contact-centre/scripts/drafts/{draft.pk}/approve/" in text(planner.get(saved["Location"]))
    planner.post(f"{saved['Location']}approve/")
    listed = text(planner.get("/contact-centre/scripts/"))
    assert f"written by {cast.supervisor.name}, approved by {cast.planner.name}" in listed
    again = text(signed_in("supervisor").get(f"{WRITE}?code=fresh"))
    assert "soon | 马上 | Soon" in again
    assert 'value="x_new, x_newer"' in again


def test_problems_stand_at_their_fields_on_the_page_and_nothing_typed_is_lost(signed_in):
    client = signed_in("supervisor")
    wrong = [HELLO, COMING | {"text_en": ""}, WHY | {"when": {"question": "gone", "answers": ["never"]}}]
    for more in ({}, {"do": "preview"}):
        page = text(client.post(WRITE, form(wrong, **more)), 422)
        assert "There is no question “gone”." in page
        assert 'id="id_questions.1.text_en_error"' in page
        assert 'id="id_questions.2.after_error"' in page
        assert "来吗？" in page
    assert "As the agent sees it" not in page
    db.set_scope(SYSTEM)
    assert not ScriptDraft.objects.exists()


def test_a_question_that_judges_somebody_is_written_with_its_points(signed_in):
    client = signed_in("supervisor")
    judging = COMING | {"judges": "ADVISOR", "points": {"soon": 100, "never": 0}}
    saved = client.post(WRITE, form([judging]))
    db.set_scope(SYSTEM)
    draft = ScriptDraft.objects.get(code="fresh")
    assert draft.questions == [judging]
    assert saved.status_code == 302
    again = text(client.get(f"{WRITE}?code=fresh"))
    assert 'value="soon 100, never 0"' in again
    for points in ("soon 100, later 3", "soon much", "soon 101"):
        page = text(client.post(WRITE, form([judging]) | {"questions.0.points": points}), 422)
        assert 'id="id_questions.0.points_error"' in page
    assert text(client.post(WRITE, form([COMING]) | {"questions.0.points": "soon 5"}), 422)


def test_a_draft_is_discarded_and_what_cannot_be_read_is_not_shown(signed_in, write):
    draft = write()
    path = f"/contact-centre/scripts/drafts/{draft.pk}/"
    assert "/discard/" not in text(signed_in("callback").get(path))
    assert "Drafts" not in text(signed_in("callback").get("/contact-centre/scripts/"))
    assert signed_in("callback").get(WRITE).status_code == 403
    assert signed_in("planner").post(f"{path}discard/").status_code == 302
    assert signed_in("planner").get(path).status_code == 404


def test_odd_numbers_of_rows_and_places_do_no_harm(signed_in):
    client = signed_in("supervisor")
    for more in (
        {"rows": "-1"},
        {"rows": "99999"},
        {"rows": "x"},
        {"do": "up.x"},
        {"do": "remove.99"},
        {"do": "nothing"},
    ):
        assert client.post(WRITE, form([HELLO], **more)).status_code in {200, 302, 422}


def test_the_list_of_scripts_costs_the_same_however_many_drafts_there_are(signed_in, write):
    write("one")
    client = signed_in("planner")
    client.get("/contact-centre/scripts/")
    one = queries_of(lambda: client.get("/contact-centre/scripts/"))
    write("two", fits=["x_two"])
    write("three", fits=["x_three"])
    client = signed_in("planner")
    client.get("/contact-centre/scripts/")
    assert queries_of(lambda: client.get("/contact-centre/scripts/")) == one


def test_over_the_api(cast):
    path, body = "/api/v1/contact-centre", {
        "name_zh": "接口", "name_en": "API", "fits": ["x_api"], "valid_from": TODAY.isoformat(),
        "questions": [HELLO, COMING, WHY],
    }  # fmt: skip

    def put(values):
        return caller(cast.supervisor).put(f"{path}/scripts/by_api/draft", json.dumps(values), "application/json")

    refused = put(body | {"questions": [WHY]})
    assert refused.status_code == 422
    assert [item["field"] for item in refused.json()["errors"]] == ["questions.0.after"]
    made = put(body).json()
    assert made["questions"] == [HELLO, COMING, WHY]
    assert caller(cast.supervisor).post(f"{path}/script-drafts/{made['id']}/approve").status_code == 403
    approved = caller(cast.planner).post(f"{path}/script-drafts/{made['id']}/approve").json()
    assert (approved["code"], approved["written_by"]) == ("by_api", cast.supervisor.name)
    codes = {row["code"] for row in caller(cast.callback).get(f"{path}/scripts").json()}
    assert codes >= {"by_api", script().code}
    another = put(body | {"name_en": "Next"}).json()
    assert caller(cast.planner).delete(f"{path}/script-drafts/{another['id']}").status_code == 204
    db.set_scope(SYSTEM)
    assert not ScriptDraft.objects.exists()
