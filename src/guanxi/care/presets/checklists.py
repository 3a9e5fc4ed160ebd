"""Check lists of a preset (``presets/<carmaker>/checklists.toml``): ``[[list]]`` with its ``[[list.item]]``, and
``off``: lists of an earlier preset that this one switches off.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.access.models import Role
from guanxi.care.models import CheckItem, CheckList
from guanxi.care.permissions import Verb
from guanxi.care.policy.checklists import MOST_EVERY, ON_CALL
from guanxi.care.queries import checklists as queries
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records

KEY = "checklists"
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ItemEntry(_Entry):
    """One thing that a list looks at."""

    code: Code
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)


class ListEntry(_Entry):
    """A check list as a preset writes it."""

    code: Code
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    is_on: bool = True
    outlets: Literal["ALL", "SALES", "SERVICE", "KEY"] = "ALL"
    weekdays: list[Annotated[int, Field(ge=1, le=7)]] = []
    every: int = Field(1, ge=ON_CALL, le=MOST_EVERY)
    by: datetime.time
    role: str
    fixer: str
    within: int = Field(ge=1, le=200)
    unit: Literal["WORKING_HOURS", "WORKING_DAYS"]
    assumed_zh: str = Field("", max_length=200)
    assumed_en: str = Field("", max_length=300)
    item: list[ItemEntry] = Field(min_length=1, max_length=40)

    @model_validator(mode="after")
    def fits(self) -> "ListEntry":
        """Refuse what contradicts itself."""
        if self.weekdays and self.every != 1:
            raise ValueError(_("Either days of the week, or every so many working days"))
        if len({item.code for item in self.item}) < len(self.item):
            raise ValueError(_("An item stands in the list twice"))
        return self

    def values(self) -> dict[str, Any]:
        """Return the values of a version."""
        found = self.model_dump(exclude={"code", "role", "fixer", "item"})
        return found | {"role_id": self.role, "fixer_id": self.fixer, "is_assumed": bool(self.assumed_zh)}

    def items(self) -> list[tuple[str, str, str]]:
        return [(item.code, item.name_zh, item.name_en) for item in self.item]


class ChecklistsPreset(_Entry):
    lists: list[ListEntry] = Field([], alias="list")
    off: list[str] = []

    @model_validator(mode="after")
    def once(self) -> "ChecklistsPreset":
        """Refuse a list that stands here twice."""
        if len({entry.code for entry in self.lists}) < len(self.lists):
            raise ValueError(_("A check list stands here twice"))
        return self


@dataclass(frozen=True)
class _Differing:
    """What a preset would change."""

    written: Sequence[ListEntry]
    off: Sequence[CheckList]
    changes: Sequence[Change]


def _differing(data: ChecklistsPreset, current: Mapping[str, CheckList]) -> _Differing:
    written = [entry for entry in data.lists if _differs(current.get(entry.code), entry)]
    off = [current[code] for code in data.off if code in current and current[code].is_on]
    changes = [
        Change("change" if entry.code in current else "add", entry.code, f"{entry.name_zh} ({len(entry.item)})")
        for entry in written
    ]
    return _Differing(written, off, [*changes, *(Change("retire", row.code, row.name_zh) for row in off)])


def _differs(row: CheckList | None, entry: ListEntry) -> bool:
    if row is None or any(getattr(row, name) != value for name, value in entry.values().items()):
        return True
    return [(item.code, item.name_zh, item.name_en) for item in row.items.all()] != entry.items()


def compare(data: ChecklistsPreset) -> Sequence[Change]:
    """Return what applying would change; lists that the preset does not name are left alone."""
    return _differing(data, queries.current()).changes


def apply(*, actor: Actor, data: ChecklistsPreset, source: str) -> Sequence[Change]:
    """Write the lists of a preset: checks, writes, audits each change. A list that says something else gets a new
    version from today on, or from tomorrow on if today's rounds are asked for; what was found stays with the earlier.
    """
    check_everywhere(actor, Verb.CHANGE_RULES)
    today = clock.today()
    with db.atomic():
        db.serialise("care.checklists")
        current = queries.current()
        found = _differing(data, current)
        roles = set(Role.objects.values_list("pk", flat=True))
        for entry in found.written:
            if {entry.role, entry.fixer} <= roles:  # the roles of the base come first; ``compare`` goes on showing it
                values = entry.values() | {"source": source.partition("/")[0]}
                _write(current.get(entry.code), entry.code, values, entry.items(), today)
        for row in found.off:
            items = [(item.code, item.name_zh, item.name_en) for item in row.items.all()]
            _write(row, row.code, queries.said(row) | {"is_on": False}, items, today)
        for change in found.changes:
            records.audit(
                actor=actor, verb="care.apply_checklists", subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return found.changes


def _write(
    earlier: CheckList | None, code: str, values: Mapping[str, Any], items: Sequence[tuple[str, str, str]],
    today: datetime.date,
) -> None:  # fmt: skip
    """Write a version with its items, and end the earlier one; a version that nobody used yet is put right."""
    since = today
    if earlier is not None:
        found = queries.successor_since(earlier, today)
        since = found or earlier.since
        if found is None:
            earlier.delete()
        else:
            CheckList.objects.filter(pk=earlier.pk).update(until=found)
    row = CheckList.objects.create(code=code, since=since, made_at=clock.now(), **values)
    CheckItem.objects.bulk_create(
        CheckItem(list=row, code=item, position=number, name_zh=zh, name_en=en)
        for number, (item, zh, en) in enumerate(items, 1)
    )


LOADER = Loader(
    key=KEY,
    label=_("Check lists"),
    verb=Verb.CHANGE_RULES,
    schema=ChecklistsPreset,
    compare=compare,
    apply=apply,
    order=61,
)
