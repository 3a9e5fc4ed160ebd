"""The page of each capability: hand-written text, and between two marks what the source says."""

import ast
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from guanxi.config import env
from guanxi.config.commands.docs_reference import both, capabilities, openapi_document, sentence, table
from guanxi.config.commands.speech import CommandError, say

BEGIN, END = "<!-- generated -->", "<!-- /generated -->"


def pages(folder: Path) -> dict[Path, str]:
    """Return the page of every capability: the text that stands there, its generated part made anew.

    Raises CommandError when a page has lost its marks.
    """
    document = openapi_document()
    found = {}
    for name in capabilities():
        path = folder / f"{name}.md"
        old = path.read_text(encoding="utf-8") if path.is_file() else f"# {name}\n\n{BEGIN}\n{END}\n"
        found[path] = _replace(path, old, generated(name, document))
    return found


def _replace(path: Path, old: str, text: str) -> str:
    before, begin, rest = old.partition(BEGIN)
    _former, end, after = rest.partition(END)
    if not (begin and end):
        raise CommandError(
            say(
                f"{path.name} has lost its marks “{BEGIN}” and “{END}”",
                f"{path.name} 缺少标记“{BEGIN}”和“{END}”",
            )
        )
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def generated(name: str, document: dict[str, Any]) -> str:
    """Return the part of a page that the source decides."""
    parts = [
        ("Addresses", _addresses(name)),
        ("Verbs", _verbs(name)),
        ("Tables", _tables(name)),
        ("Events published", _events(name)),
        ("Jobs", _jobs(name)),
        ("API", _operations(name, document)),
    ]
    lines: list[str] = []
    if diagram := _states(name):
        parts.insert(0, ("States", diagram))
    for title, body in parts:
        lines += ["", f"## {title}", "", *(body or ["None."])]
    return "\n".join(lines[1:])


def _states(name: str) -> list[str]:
    """Draw the table MOVES of a capability, if it has one: each state in both languages, and where it may lead."""
    if find_spec(f"guanxi.{name}.states") is None:
        return []
    states = import_module(f"guanxi.{name}.states")
    moves = getattr(states, "MOVES", {})
    if not moves:
        return []
    lines = ["```mermaid", "stateDiagram-v2"]
    for state in moves:
        chinese, english = both(states.State(state).label)
        lines.append(f"  {state} : {chinese} / {english}")
    lines.append(f"  [*] --> {next(iter(moves))}")
    for before, after in moves.items():
        lines += [f"  {before} --> {state}" for state in states.State.values if state in after]
        lines += [] if after else [f"  {before} --> [*]"]
    return [*lines, "```"]


def _addresses(name: str) -> list[str]:
    from django.urls import URLPattern, URLResolver, get_resolver

    rows = []
    for found in get_resolver().url_patterns:
        if isinstance(found, URLResolver) and found.namespace == name:
            entries = [entry for entry in found.url_patterns if isinstance(entry, URLPattern)]
            rows += [[f"`{name}:{entry.name}`", f"`/{found.pattern}{entry.pattern}`"] for entry in entries]
        elif isinstance(found, URLPattern) and found.callback.__module__.startswith(f"guanxi.{name}."):
            rows.append([f"`{found.name}`", f"`/{found.pattern}`"])
    return table(["Name", "Path"], rows) if rows else []


def _verbs(name: str) -> list[str]:
    from guanxi.foundation import verbs

    held = {verb: label for verb, (_group, label) in verbs.labels().items() if verb.startswith(f"{name}.")}
    return table(["Verb", "中文", "English"], [[f"`{verb}`", *both(label)] for verb, label in held.items()])


def _tables(name: str) -> list[str]:
    from django.apps import apps
    from django.db import connection

    from guanxi.foundation import personal_data

    lines: list[str] = []
    for model in apps.get_app_config(name).get_models():
        meta = model._meta  # noqa: SLF001 -- Django's own word for what a model is made of
        kinds = personal_data.holdings()[meta.label].fields
        columns = (*meta.local_fields, *meta.local_many_to_many)
        rows = [
            [
                f"`{field.column or field.name}`",
                field.db_type(connection) or f"many `{field.related_model._meta.db_table}`",  # type: ignore[union-attr] # noqa: SLF001 -- as above
                str(kinds[field.name]),
                _meaning(field),
            ]
            for field in columns
        ]
        lines += [f"### {meta.db_table}", "", sentence(_own_docstring(model)), ""]
        lines += [*table(["Column", "Type", "Sensitivity", "Meaning"], rows), ""]
    return lines[:-1]


def _meaning(field: Any) -> str:
    """Return a column's name in both languages; Django's own naming of a column says nothing."""
    chinese, english = both(field.verbose_name)
    return "" if chinese == english else f"{chinese} / {english}"


def _own_docstring(model: type[Any]) -> str:
    """Django writes a docstring where there is none; that one says nothing."""
    text = model.__doc__ or ""
    return "" if text.startswith(f"{model.__name__}(") else text


def _events(name: str) -> list[str]:
    from guanxi.config.wiring import REACTIONS
    from guanxi.foundation.events import Event

    if find_spec(f"guanxi.{name}.events") is None:
        return []
    module = import_module(f"guanxi.{name}.events")
    rows = []
    for event in vars(module).values():
        if isinstance(event, type) and issubclass(event, Event) and event.__module__ == module.__name__:
            heard = [f"`{row.react.__module__.split('.')[1]}.{row.react.__name__}`" for row in _of(REACTIONS, event)]
            names = ", ".join(f"`{field.name}`" for field in fields(event))
            rows.append([f"`{event.__name__}`", names, ", ".join(heard) or "nobody yet"])
    return table(["Event", "Says", "Heard by"], rows) if rows else []


def _of(reactions: Any, event: type[Any]) -> Iterator[Any]:
    return (row for row in reactions if row.event is event)


def _jobs(name: str) -> list[str]:
    from guanxi.config.jobs import TIMETABLE

    times = {job: cron for cron, job in TIMETABLE}
    rows = [
        [f"`{job}`", f"`{times[job]}` (UTC)" if job in times else "on demand", sentence(about)]
        for path in sorted((env.CHECKOUT / "src" / "guanxi" / name).rglob("*.py"))
        for job, about in _tasks(path)
    ]
    return table(["Job", "When", "What"], rows) if rows else []


def _tasks(path: Path) -> Iterator[tuple[str, str | None]]:
    """Find ``@jobs.task("name")`` and the docstring below it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for call in getattr(node, "decorator_list", []):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "jobs.task" and call.args:
                assert isinstance(node, ast.FunctionDef)
                yield ast.literal_eval(call.args[0]), ast.get_docstring(node)


def _operations(name: str, document: dict[str, Any]) -> list[str]:
    rows = [
        [method.upper(), f"`{path}`", operation.get("summary", "")]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if operation["operationId"].startswith(f"guanxi_{name}_")
    ]
    return table(["Method", "Path", "What"], rows) if rows else []
