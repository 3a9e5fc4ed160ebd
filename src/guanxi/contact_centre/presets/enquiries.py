"""Categories of enquiries of a preset (``presets/<carmaker>/enquiries.toml``): ``[[category]]``.

What a preset does not name is left alone; nothing is deleted.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.contact_centre.models import EnquiryCategory
from guanxi.contact_centre.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records
from guanxi.rectification.models import Department

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,23}$")]


class CategoryEntry(BaseModel):
    """A category, whose matter it is, the department that usually answers, and its working days."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    angle: Literal["SALES", "SERVICE", "PRODUCT"]
    department: Code
    answer_days: int = Field(ge=1, le=60)
    is_active: bool = True

    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude={"code", "department"}) | {"department_id": self.department}


class EnquiriesPreset(BaseModel):
    model_config = ConfigDict(extra="forbid")

    categories: list[CategoryEntry] = Field([], alias="category")

    @model_validator(mode="after")
    def once(self) -> "EnquiriesPreset":
        """Refuse what stands here twice."""
        if len({entry.code for entry in self.categories}) < len(self.categories):
            raise ValueError(_("A category stands here twice"))
        return self


def _differing(data: EnquiriesPreset) -> list[tuple[CategoryEntry, bool]]:
    """Return each entry that says something else than what is stored, and whether it is new; one query."""
    held = {row.pk: row for row in EnquiryCategory.objects.all()}
    return [
        (entry, entry.code not in held)
        for entry in data.categories
        if entry.code not in held
        or any(getattr(held[entry.code], name) != value for name, value in entry.values().items())
    ]


def compare(data: EnquiriesPreset) -> Sequence[Change]:
    """Return what applying would change."""
    return [Change("add" if is_new else "change", entry.code, entry.name_zh) for entry, is_new in _differing(data)]


def apply(*, actor: Actor, data: EnquiriesPreset, source: str) -> Sequence[Change]:
    """Write the categories of a preset: checks, writes, audits each change. One whose department is not there yet
    waits for it: ``compare`` goes on showing it.
    """
    check_everywhere(actor, Verb.CHANGE_SCRIPTS)
    with db.atomic():
        db.serialise("contact_centre.enquiries")
        changes = compare(data)
        departments = set(Department.objects.values_list("pk", flat=True))
        for entry, _is_new in _differing(data):
            if entry.department in departments:
                values = entry.values() | {"source": source.partition("/")[0]}
                EnquiryCategory.objects.update_or_create(code=entry.code, defaults=values)
        for change in changes:
            records.audit(
                actor=actor, verb=Verb.CHANGE_SCRIPTS, subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return changes


LOADER = Loader(
    key="enquiries", label=_("Categories of enquiries"), verb=Verb.CHANGE_SCRIPTS, schema=EnquiriesPreset,
    compare=compare, apply=apply, order=63,
)  # fmt: skip
