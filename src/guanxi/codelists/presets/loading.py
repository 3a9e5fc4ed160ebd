"""The difference between a preset's code lists and what is stored, and its application.

Everything is set-based: a preset of a thousand codes costs the same few statements as one of ten.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guanxi.codelists import policy
from guanxi.codelists.models import Code, CodeList, CodeWording
from guanxi.codelists.permissions import Verb
from guanxi.codelists.presets.schema import CodeListsPreset, CodeSpec
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Invalid, Problem
from guanxi.foundation.presets import Change
from guanxi.records import services as records

_LIST_FIELDS = (
    "name_zh", "name_en", "description_zh", "description_en", "is_extensible", "is_hierarchical",
    "expected_levels",
)  # fmt: skip
_KINDS = {"add": "add", "rename": "change", "change": "change", "reinstate": "change", "retire": "retire"}


@dataclass(frozen=True)
class _Found:
    """What is stored of the lists in question."""

    lists: Mapping[str, CodeList]
    rows: Mapping[policy.Key, Code]
    extensions: Sequence[Code]
    stored: Mapping[policy.Key, policy.Stored]


def compare(data: CodeListsPreset) -> Sequence[Change]:
    """Return what applying the file would change, and change nothing; five queries.

    :raises Invalid: it adds to a list that is not there yet.
    """
    found = _find(data)
    _check_additions(data, found)
    steps = policy.difference(data.wanted(), found.stored, data.preset)
    return [*_list_changes(data, found), *_code_changes(steps)]


def apply(*, actor: Actor, data: CodeListsPreset, source: str) -> Sequence[Change]:
    """Make the stored lists follow the file; a second time changes nothing.

    Checks, waits for other changes, writes lists, then codes, wordings and places, retires what the file no
    longer names, audits once.

    :raises NotAllowed: the actor may not apply presets to the whole network.
    :raises Invalid: the file names another preset, or adds to a list that is not there yet.
    """
    check_everywhere(actor, Verb.APPLY_PRESET)
    if source.split("/", maxsplit=1)[0] != data.preset:
        raise Invalid(_("The file says that it belongs to another preset."), field="preset")
    with db.atomic():
        db.serialise("codelists")
        found = _find(data)
        _check_additions(data, found)
        steps = policy.difference(data.wanted(), found.stored, data.preset)
        changes = [*_list_changes(data, found), *_code_changes(steps)]
        if changes:
            _write(data, found, steps, clock.today())
            after = {"changes": [f"{change.kind} {change.subject}" for change in changes]}
            records.audit(actor=actor, verb=Verb.APPLY_PRESET, subject_type="preset", subject_id=source, after=after)
    return changes


def _find(data: CodeListsPreset) -> _Found:
    names = {name for name, _block in data.blocks}
    brought = set(CodeList.objects.filter(codes__source=data.preset).values_list("code", flat=True))
    lists = {row.code: row for row in CodeList.objects.filter(code__in=names | brought)}
    every = {row.pk: row for row in Code.objects.filter(list__code__in=lists).select_related("list")}
    for row in every.values():
        row.parent = every[row.parent_id] if row.parent_id else None
    rows = {(row.list.code, row.code): row for row in every.values() if row.node_id is None}
    extensions = [row for row in every.values() if row.node_id is not None]
    newest: dict[int, CodeWording] = {}
    stated: dict[int, CodeWording] = {}
    later = CodeWording.objects.filter(code__in=[row.pk for row in rows.values()]).order_by("valid_from")
    for item in later:
        newest[item.code_id] = item
        if item.source:
            stated[item.code_id] = item
    stored = {key: _stored(row, newest.get(row.pk), stated.get(row.pk)) for key, row in rows.items()}
    return _Found(lists, rows, extensions, stored)


def _stored(row: Code, newest: CodeWording | None, stated: CodeWording | None) -> policy.Stored:
    words = stated or row
    return policy.Stored(
        name_zh=words.name_zh,
        name_en=words.name_en,
        source=row.source,
        parent=row.parent.code if row.parent else "",
        position=row.position,
        attributes=row.attributes,
        is_retired=row.valid_to is not None,
        is_retired_here=row.is_retired_here,
        is_renamed_here=newest is not None and not newest.source,
        is_placed_here=row.is_placed_here,
    )


def _check_additions(data: CodeListsPreset, found: _Found) -> None:
    own = {spec.code for spec in data.lists}
    missing = [spec.list for spec in data.additions if spec.list not in found.lists and spec.list not in own]
    if missing:
        text = _("There is no list %(code)s yet; apply the preset that brings it first.")
        raise Invalid(problems=[Problem(text % {"code": code}, field="additions") for code in missing])


def _list_changes(data: CodeListsPreset, found: _Found) -> list[Change]:
    changes = []
    for spec in data.lists:
        have = found.lists.get(spec.code)
        if have is None:
            changes.append(Change("add", spec.code, f"{spec.name_zh} / {spec.name_en}"))
        elif any(getattr(have, name) != getattr(spec, name) for name in _LIST_FIELDS):
            changes.append(Change("change", spec.code, f"{spec.name_zh} / {spec.name_en}"))
    return changes


def _code_changes(steps: Iterable[policy.Step]) -> list[Change]:
    return [Change(_KINDS[step.kind], "/".join(step.key), _detail(step)) for step in steps]


def _detail(step: policy.Step) -> str:
    if step.kind == "rename":
        return f"{step.before} → {step.after}"
    return step.after or step.before


def _write(data: CodeListsPreset, found: _Found, steps: Sequence[policy.Step], at: datetime.date) -> None:
    lists = {**found.lists, **_write_lists(data, found)}
    by_kind: dict[str, list[policy.Key]] = {kind: [] for kind in _KINDS}
    for step in steps:
        by_kind[step.kind].append(step.key)
    rows = {**found.rows, **_add(data, lists, by_kind["add"])}
    _reword(data, [(rows[key], data.specs()[key]) for key in by_kind["rename"]], at)
    for key in by_kind["retire"]:
        rows[key].valid_to, rows[key].is_retired_here = policy.end_of(rows[key].valid_from, at), False
    for key in by_kind["reinstate"]:
        rows[key].valid_to = None
    ended = [rows[key] for key in (*by_kind["retire"], *by_kind["reinstate"])]
    Code.objects.bulk_update(ended, ["valid_to", "is_retired_here"])
    _place(data, rows, found.extensions, [*by_kind["add"], *by_kind["change"]])


def _write_lists(data: CodeListsPreset, found: _Found) -> dict[str, CodeList]:
    written = {spec.code: found.lists.get(spec.code) or CodeList(code=spec.code) for spec in data.lists}
    for spec in data.lists:
        row = written[spec.code]
        row.source = row.source or data.preset
        for name in _LIST_FIELDS:
            setattr(row, name, getattr(spec, name))
    CodeList.objects.bulk_create([row for row in written.values() if row.pk is None])
    kept = [row for row in written.values() if row.code in found.lists]
    CodeList.objects.bulk_update(kept, [*_LIST_FIELDS, "source"])
    return written


def _add(data: CodeListsPreset, lists: Mapping[str, CodeList], keys: Iterable[policy.Key]) -> dict[policy.Key, Code]:
    specs = data.specs()
    new = {
        key: Code(
            list=lists[key[0]],
            code=key[1],
            name_zh=specs[key].zh,
            name_en=specs[key].en,
            valid_from=specs[key].valid_from or data.valid_from,
            source=data.preset,
        )
        for key in keys
    }
    Code.objects.bulk_create(new.values())
    return new


def _reword(data: CodeListsPreset, pairs: Iterable[tuple[Code, CodeSpec]], at: datetime.date) -> None:
    CodeWording.objects.bulk_create(
        [
            CodeWording(
                code=row,
                name_zh=spec.zh,
                name_en=spec.en,
                valid_from=max(at, row.valid_from),
                source=data.preset,
            )
            for row, spec in pairs
        ],
        update_conflicts=True,
        unique_fields=["code", "valid_from"],
        update_fields=["name_zh", "name_en", "source"],
    )


def _place(
    data: CodeListsPreset,
    rows: Mapping[policy.Key, Code],
    extensions: Iterable[Code],
    keys: Iterable[policy.Key],
) -> None:
    """Set attributes, positions and parents, then the levels of everything in the lists concerned."""
    wanted = data.wanted()
    touched: dict[int, Code] = {}
    for key in keys:
        row, want = rows[key], wanted[key]
        row.attributes = dict(want.attributes)
        if not row.is_placed_here:
            row.position = want.position
            row.parent = rows[key[0], want.parent] if want.parent else None
        touched[row.pk] = row
    for row in (*rows.values(), *extensions):
        level = _level(row)
        if level != row.level:
            row.level = level
            touched[row.pk] = row
    Code.objects.bulk_update(touched.values(), ["attributes", "position", "parent", "level"])


def _level(row: Code) -> int:
    level, above = 1, row.parent
    while above is not None:
        level, above = level + 1, above.parent
    return level
