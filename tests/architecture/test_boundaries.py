"""What import-linter cannot see: foreign keys and templates reach only down, and only public modules are used."""

import pathlib
import re

import grimp
from django.apps import apps

from tests.architecture.conftest import SOURCE

PUBLIC = {"models", "services", "queries", "permissions", "events", "states", "facts"}
COMPOSERS = {"config"}  # may reach any module
REACH = re.compile(r"""(?:url\(\s*['"]|\{%-?\s*(?:include|extends|import|from)\s+['"])([a-z_]+)[:/]""")
ADDRESS = re.compile(r"""(?:reverse|redirect)\(\s*['"]([a-z_]+):""")


def test_capabilities_use_only_each_others_public_modules():
    graph = grimp.build_graph("guanxi")
    leaks = []
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            a, b = importer.split("."), imported.split(".")
            if len(a) < 2 or len(b) < 3 or a[1] == b[1] or b[1] == "foundation" or a[1] in {*COMPOSERS, "__main__"}:
                continue
            if b[2] not in PUBLIC:
                leaks.append(f"{importer} -> {imported}")
    assert leaks == []


def test_foreign_keys_point_down_the_map(level):
    wrong = []
    for model in apps.get_models():
        here = model._meta.app_label
        for field in (*model._meta.fields, *model._meta.many_to_many):
            there = field.related_model and field.related_model._meta.app_label
            if there and here != there and here in level and there in level and level[here] >= level[there]:
                wrong.append(f"{field} -> {there}")
    assert wrong == []


def _upward(level, paths, pattern):
    wrong = []
    for path in paths:
        here = path.relative_to(SOURCE).parts[0]
        names = pattern.findall(path.read_text())
        wrong += [
            f"{path.relative_to(SOURCE)}: {name}"
            for name in names
            if name in level and name != here and level[name] <= level[here]
        ]
    return wrong


def test_templates_reach_only_down_the_map(level):
    templates = list(SOURCE.glob("*/templates/**/*.html"))
    assert len(templates) > 20
    assert _upward(level, templates, REACH) == []


def test_code_names_only_addresses_below(level):
    modules = [path for path in SOURCE.glob("*/**/*.py") if path.relative_to(SOURCE).parts[0] != "config"]
    assert _upward(level, modules, ADDRESS) == []


def test_the_pattern_sees_what_it_must_see():
    text = """{% include "records/recent.html" %}{{ url('access:people') }}{% import "ui/kit.html" as ui %}"""
    assert REACH.findall(text) == ["records", "access", "ui"]


def test_every_capability_of_the_settings_stands_on_the_map(level, settings):
    assert set(settings.CAPABILITIES) | {"config"} == set(level)


def test_every_capability_keeps_the_ladder(contracts, level):
    held = {name.removeprefix("guanxi.") for name in contracts["inside"]["containers"]}
    assert held | {"insight"} == set(level) - {"config", "foundation"}  # insight has a ladder of its own


def test_no_capability_is_an_empty_stub(level):
    for name in level:
        files = [path for path in (SOURCE / name).rglob("*.py") if path.name != "__init__.py"]
        assert sum(len(path.read_text().splitlines()) for path in files) > 100, name


def test_capability_docstrings_say_the_chinese_term(level):
    for name in set(level) - {"config", "foundation"}:
        text = pathlib.Path(SOURCE / name / "__init__.py").read_text()
        assert re.search(r"[\u4e00-\u9fff]", text), name
