"""Departments and kinds of problems of a preset (``presets/<carmaker>/rectification.toml``).

Tables: ``[[department]]``, ``[[problem]]``. What a preset does not name is left alone; nothing is deleted.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.access.models import Role
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records
from guanxi.rectification.models import Department, Problem
from guanxi.rectification.permissions import Verb

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,23}$")]
Days = Annotated[int, Field(ge=1, le=60)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Code
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    is_active: bool = True


class DepartmentEntry(_Entry):
    """A department, the role that answers for it, and the one that verifies what a program issued."""

    role: str
    verifier: str

    def values(self) -> dict[str, Any]:
        roles = {"role_id": self.role, "verifier_id": self.verifier}
        return self.model_dump(exclude={"code", "role", "verifier"}) | roles


class ProblemEntry(_Entry):
    """A kind of problem, the department whose it usually is, and the working days of its answer and verification."""

    department: Code
    answer_days: Days
    verify_days: Days

    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude={"code", "department"}) | {"department_id": self.department}


class RectificationPreset(BaseModel):
    model_config = ConfigDict(extra="forbid")

    departments: list[DepartmentEntry] = Field([], alias="department")
    problems: list[ProblemEntry] = Field([], alias="problem")

    @model_validator(mode="after")
    def once(self) -> "RectificationPreset":
        """Refuse what stands here twice."""
        for entries in (self.departments, self.problems):
            if len({entry.code for entry in entries}) < len(entries):
                raise ValueError(_("A department or problem stands here twice"))
        return self


def _differing(data: RectificationPreset) -> Iterator[tuple[Any, DepartmentEntry | ProblemEntry, bool]]:
    """Yield each entry that says something else than what is stored, with its table and whether it is new."""
    for model, entries in ((Department, data.departments), (Problem, data.problems)):
        held = {row.pk: row for row in model.objects.all()}
        for entry in entries:
            row = held.get(entry.code)
            if row is None or any(getattr(row, name) != value for name, value in entry.values().items()):
                yield model, entry, row is None


def compare(data: RectificationPreset) -> Sequence[Change]:
    """Return what applying would change."""
    found = _differing(data)
    return [Change("add" if is_new else "change", entry.code, entry.name_zh) for _model, entry, is_new in found]


def apply(*, actor: Actor, data: RectificationPreset, source: str) -> Sequence[Change]:
    """Write departments and problems of a preset: checks, writes, audits each change. An entry whose role or department
    is not there yet waits for it: ``compare`` goes on showing it.
    """
    check_everywhere(actor, Verb.APPLY_PRESET)
    with db.atomic():
        db.serialise("rectification.preset")
        changes = compare(data)
        roles = set(Role.objects.values_list("pk", flat=True))
        for model, entry, _new in list(_differing(data)):
            if isinstance(entry, DepartmentEntry) and not {entry.role, entry.verifier} <= roles:
                continue
            if isinstance(entry, ProblemEntry) and not Department.objects.filter(pk=entry.department).exists():
                continue
            values = entry.values() | {"source": source.partition("/")[0]}
            model.objects.update_or_create(code=entry.code, defaults=values)
        for change in changes:
            records.audit(
                actor=actor, verb=Verb.APPLY_PRESET, subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return changes


LOADER = Loader(
    key="rectification", label=_("Departments and kinds of problems"), verb=Verb.APPLY_PRESET,
    schema=RectificationPreset, compare=compare, apply=apply, order=45,
)  # fmt: skip
