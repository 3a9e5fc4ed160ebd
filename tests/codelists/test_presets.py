"""The presets in the repository, and how they are applied."""

import datetime
import tomllib

import pytest

from guanxi.codelists import queries, services
from guanxi.codelists.models import Code, CodeList
from guanxi.codelists.presets import loading, schema
from guanxi.foundation import presets
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid, NotAllowed
from guanxi.records.models import AuditEntry

TODAY = datetime.date(2026, 11, 22)
NAMES = ("base", "dexi", "faw_vw", "foton", "svw_dealer", "toyota")
ROLES = {
    "cr_planner", "hq_administrator", "distribution_management", "service_management", "cs_promotion_office",
    "cs_owner", "cs_committee_member", "call_centre_agent", "call_centre_supervisor", "quality_monitor",
    "after_sales_expert", "station_expert", "branch_manager", "branch_cs", "market_office_manager", "field_staff",
    "commerce_office", "sub_centre", "general_manager", "customer_director", "cr_manager", "cs_manager",
    "outlet_administrator", "follow_up_agent", "sales_director", "sales_manager", "retail_manager",
    "showroom_manager", "sales_consultant", "customer_advisor", "receptionist", "marketing_staff",
    "service_director", "service_manager", "service_advisor", "technician", "workshop_team_leader",
    "claims_clerk", "insurance_adjuster", "parts_clerk", "customer_representative", "rescue_partner", "message_gateway",
    "insurer_partner", "auditor", "owner", "telematics_gateway",
}  # fmt: skip


def lists_of(name):
    with (presets.root() / name / "codelists.toml").open("rb") as file:
        return schema.CodeListsPreset.model_validate(tomllib.load(file))


def access_of(name):
    with (presets.root() / name / "access.toml").open("rb") as file:
        return tomllib.load(file)


def counts(name, list_code):
    """Return the number of codes on each level of a list in a preset."""
    found = next(item for item in lists_of(name).lists if item.code == list_code)
    levels = {}
    for spec in found.codes:
        levels[spec.code] = levels[spec.under] + 1 if spec.under else 1
    return [list(levels.values()).count(level) for level in range(1, max(levels.values()) + 1)]


def test_these_presets_are_there():
    assert set(NAMES) <= set(presets.names())


@pytest.mark.parametrize("name", NAMES)
def test_every_file_of_a_preset_fits_its_schema(name):
    parts = {part.loader.key for part in presets.read(name)}
    assert {"codelists", "access"} <= parts
    assert set(presets.title(name)) == {"title_zh", "title_en", "note_zh", "note_en", "version"}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_names_its_own_preset(name):
    assert lists_of(name).preset == name


def test_no_code_is_brought_by_two_presets():
    brought = [key for name in NAMES for key in lists_of(name).wanted()]
    assert len(brought) == len(set(brought))


@pytest.mark.covers("FRAME-10")
def test_the_business_elements_have_seven_sides_and_21_placeholders():
    found = next(item for item in lists_of("base").lists if item.code == "business_elements")
    assert counts("base", "business_elements") == [7, 21]
    assert {spec.attributes.get("placeholder") for spec in found.codes if spec.under} == {"yes"}
    assert found.expected_levels == [7, 21, 65, 62, 29]


@pytest.mark.covers("FRAME-01", "FRAME-02", "FRAME-03", "FRAME-04", "FRAME-05", "FRAME-06", "FRAME-07", "FRAME-08")
def test_the_seven_steps_have_23_key_points():
    found = next(item for item in lists_of("base").lists if item.code == "key_points")
    below = [sum(spec.under == f"S{step}" for spec in found.codes) for step in range(1, 8)]
    assert below == [3, 3, 3, 4, 3, 3, 4]
    phases = [spec.attributes["pdca"] for spec in found.codes if not spec.under]
    assert phases == ["P", "D", "D", "D", "C", "A", "A"]


@pytest.mark.parametrize(
    ("name", "list_code", "numbers"),
    [
        pytest.param("base", "visit_categories", [2, 16], marks=pytest.mark.covers("CLASS-46", "CLASS-47")),
        pytest.param("svw_dealer", "complaint_causes", [3], marks=pytest.mark.covers("CLASS-39")),
        pytest.param("dexi", "complaint_categories", [8], marks=pytest.mark.covers("CLASS-40")),
        pytest.param("dexi", "crisis_types", [4, 3], marks=pytest.mark.covers("CLASS-44")),
        pytest.param("svw_dealer", "complaint_classes", [3], marks=pytest.mark.covers("CLASS-41")),
        pytest.param("faw_vw", "complaint_processes", [6], marks=pytest.mark.covers("CLASS-42")),
        ("faw_vw", "service_flows", [5, 19]),
        ("faw_vw", "crm_flows", [3, 13]),
        ("foton", "follow_up_nodes", [3, 13]),
        ("toyota", "suite_modules", [13]),
        ("base", "contact_channels", [16]),
        ("base", "provinces", [34]),
    ],
)
def test_the_numbers_of_the_catalogue_hold(name, list_code, numbers):
    assert counts(name, list_code) == numbers


def test_ten_visits_are_valid_and_six_are_not():
    found = next(item for item in lists_of("base").lists if item.code == "visit_categories")
    below = [spec.under for spec in found.codes]
    assert (below.count("VALID"), below.count("INVALID")) == (10, 6)


def test_every_role_of_the_catalogue_exists():
    assert {role["code"] for role in access_of("base")["roles"]} == ROLES


def test_responsibilities_name_roles_that_exist():
    for name in NAMES:
        for item in access_of(name)["responsibilities"]:
            named = {item["responsible"], item["accountable"], item["escalation_role"]}
            assert named | set(item["consulted"]) | set(item["informed"]) <= ROLES


@pytest.mark.covers("ORG-35")
def test_roles_deny_by_default():
    roles = {role["code"]: role for role in access_of("base")["roles"]}
    call_centre = [role for role in roles.values() if "CALL_CENTRE" in role["kinds"]]
    assert all("access.view_people" not in role["verbs"] for role in call_centre)
    assert all(
        role["reach"] == "OUTLET" for role in roles.values() if "UNIT" in role["kinds"] and role["reach"] != "NODE"
    )
    assert roles["owner"]["verbs"] == []
    changing = {verb for verb in roles["auditor"]["verbs"] if not verb.split(".")[1].startswith(("view", "export"))}
    assert not changing


def preset(*lists, additions=(), name="t_preset"):
    values = {"preset": name, "valid_from": "2020-01-01", "lists": list(lists), "additions": list(additions)}
    return schema.CodeListsPreset.model_validate(values)


def one_list(*codes, **changes):
    rows = [{"code": code, "zh": f"{code}中", "en": code, "under": under} for code, under in codes]
    values = {"code": "t_list", "name_zh": "表", "name_en": "List", "is_hierarchical": True, "codes": rows}
    return {**values, **changes}


def apply(data, actor=SYSTEM):
    return [change.kind for change in loading.apply(actor=actor, data=data, source=f"{data.preset}/codelists")]


FIRST = one_list(("A", ""), ("B", "A"), ("C", "B"))


@pytest.mark.django_db
def test_a_second_application_changes_nothing(acting):
    assert apply(preset(FIRST)) == ["add"] * 4
    assert dict(Code.objects.filter(list__code="t_list").values_list("code", "level")) == {
        "A": 1,
        "B": 2,
        "C": 3,
    }
    lines = AuditEntry.objects.count()
    assert apply(preset(FIRST)) == []
    assert AuditEntry.objects.count() == lines


@pytest.mark.django_db
def test_comparing_changes_nothing_and_says_what_would(acting):
    changes = loading.compare(preset(FIRST))
    assert [(change.kind, change.subject) for change in changes][:2] == [
        ("add", "t_list"),
        ("add", "t_list/A"),
    ]
    assert not CodeList.objects.filter(code="t_list").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 30])
def test_application_costs_the_same_whatever_the_size(acting, django_assert_max_num_queries, number):
    codes = [(f"C{i}", "") for i in range(number)]
    with django_assert_max_num_queries(12):
        apply(preset(one_list(*codes)))


@pytest.mark.django_db
def test_a_newer_version_renames_moves_and_retires(acting):
    apply(preset(FIRST))
    newer = one_list(("A", ""), ("C", "A"), name_en="Other")
    newer["codes"][1]["zh"] = "新词"
    assert sorted(apply(preset(newer))) == ["change", "change", "change", "retire"]
    rows = {row.code: row for row in Code.objects.filter(list__code="t_list")}
    assert (rows["C"].level, rows["C"].parent.code) == (2, "A")
    assert rows["B"].valid_to is not None
    assert queries.label("t_list", "C", TODAY - datetime.timedelta(days=900)).zh == "C中"
    assert apply(preset(newer)) == []
    assert "change" in apply(preset(FIRST))
    assert Code.objects.get(list__code="t_list", code="B").valid_to is None


@pytest.mark.django_db
def test_local_decisions_survive_a_newer_version(acting, cast):
    apply(preset(one_list(("A", ""), ("B", ""), is_extensible=True)))
    rows = {row.code: row for row in Code.objects.filter(list__code="t_list")}
    actor, later = acting(cast.hq), datetime.date(2090, 1, 1)
    services.rename_code(actor=actor, code_id=rows["A"].pk, name_zh="自定", name_en="own", on=later, at=TODAY)
    services.retire_code(actor=actor, code_id=rows["B"].pk, on=later, at=TODAY)
    acting(cast.outlet_admin)
    services.extend_list(
        actor=cast.outlet_admin, list_code="t_list", node_id=cast.outlet_id, code="OWN",
        name_zh="自有", name_en="own", valid_from=TODAY,
    )  # fmt: skip
    acting(SYSTEM)
    newer = one_list(("A", ""), ("B", ""), is_extensible=True)
    newer["codes"][0]["zh"] = "厂家新词"
    assert apply(preset(newer)) == []
    assert queries.label("t_list", "A", later).zh == "自定"
    assert Code.objects.get(list__code="t_list", code="B").is_retired_here
    assert Code.objects.get(list__code="t_list", code="X_OWN").valid_to is None


@pytest.mark.django_db
def test_an_addition_needs_its_list(acting):
    extra = {"list": "t_list", "codes": [{"code": "Z", "zh": "外", "en": "z"}]}
    with pytest.raises(Invalid):
        apply(preset(additions=[extra], name="t_other"))
    apply(preset(FIRST))
    assert apply(preset(additions=[extra], name="t_other")) == ["add"]
    assert apply(preset(FIRST)) == []
    assert apply(preset(name="t_other")) == ["retire"]


@pytest.mark.django_db
def test_who_may_apply_and_what_belongs_together(acting, cast):
    with pytest.raises(NotAllowed):
        apply(preset(FIRST), acting(cast.branch))
    with pytest.raises(Invalid):
        loading.apply(actor=SYSTEM, data=preset(FIRST), source="elsewhere/codelists")


@pytest.mark.parametrize(
    "broken",
    [
        one_list(("A", ""), ("A", "")),
        one_list(("X_A", "")),
        one_list(("A", "B"), ("B", "")),
        one_list(("A", ""), ("B", "A"), is_hierarchical=False),
        one_list(("a", "")),
        one_list(("A", ""), surprise=1),
    ],
)
def test_broken_files_are_refused(broken):
    with pytest.raises(ValueError, match=r"."):
        preset(broken)
