"""Processes, categories, causes and signs of a crisis of a preset (``presets/<carmaker>/complaints.toml``).

Tables: ``[[process]]``, ``[[category]]``, ``[[cause]]``, ``[[sign]]``, ``[[limit]]``. What a preset does not name is
left alone; nothing is deleted.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db import models
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.access.models import Role
from guanxi.complaints.models import Category, Cause, Limit, Process, Sign
from guanxi.complaints.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,23}$")]
Term = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,3}[md]$")]
AngleCode = Literal["SALES", "SERVICE", "PRODUCT"]
Money = Annotated[Decimal, Field(ge=0, le=10_000_000, decimal_places=2)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Code
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    is_active: bool = True

    @property
    def roles(self) -> set[str]:
        """The roles that have to be there first."""
        return set()

    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude={"code"})


class ProcessEntry(_Entry):
    """How complaints of a kind go."""

    priority: int = Field(0, ge=0, le=99)
    angles: list[AngleCode] = []
    channels: list[Code] = []
    signs: list[Code] = []
    first_contact: Term
    solution: Term
    revisit: Term
    handlers: dict[AngleCode, list[str]]
    revisit_by: Literal["OWNER", "AGENT"]
    revisit_roles: list[str] = []
    asks_validity: bool = False
    asks_inside: bool = False
    outside_roles: list[str] = []
    head_roles: list[str]
    crisis_roles: list[str] = []
    limits: dict[str, int] = {}
    judges: dict[AngleCode, list[str]] = {}
    recheck_share: int = Field(10, ge=0, le=100)
    recheck_role: str = "call_centre_agent"
    caution_after: int = Field(0, ge=0, le=99)
    caution_days: int = Field(0, ge=0, le=3650)
    caution_signs: list[Code] = []
    fine_least: Money | None = None
    fine_most: Money | None = None
    fine_late: Money | None = None

    @model_validator(mode="after")
    def whole(self) -> "ProcessEntry":
        """Refuse a process that leaves an angle to nobody, or nobody to ask the customer."""
        if set(self.handlers) != {"SALES", "SERVICE", "PRODUCT"} or not all(self.handlers.values()):
            raise ValueError(_("Name who handles complaints of each angle"))
        if self.revisit_by == "AGENT" and not self.revisit_roles:
            raise ValueError(_("Name who asks the customer"))
        if bool(self.caution_after) != bool(self.caution_days) or self.caution_after == 1:
            raise ValueError(_("A caution is proposed after two complaints or more, within a number of days"))
        return self

    @property
    def roles(self) -> set[str]:
        listed = [*self.handlers.values(), *self.judges.values(), self.revisit_roles, self.outside_roles,
                  self.head_roles, self.crisis_roles, self.limits]  # fmt: skip
        return {role for roles in listed for role in roles} | ({self.recheck_role} if self.recheck_share else set())


class CategoryEntry(_Entry):
    """What a complaint is about; ``under`` stands before it."""

    under: Code | None = None
    angle: Literal["", "SALES", "SERVICE", "PRODUCT"] = ""

    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude={"code", "under"}) | {"under_id": self.under}


class CauseEntry(_Entry):
    """A cause of one of the three kinds, and the policy that is followed at it (CMP-13)."""

    kind: Literal["SERVICE", "USER", "PRODUCT"]
    policy_zh: str = Field("", max_length=400)
    policy_en: str = Field("", max_length=400)


class SignEntry(_Entry):
    """By what a crisis is known."""

    words: list[Annotated[str, Field(min_length=1, max_length=40)]] = []
    parties: list[Literal["MEDIA", "LAWYER", "POLICE", "CONSUMERS", "AUTHORITY"]] = []
    amount: Money | None = None


class LimitEntry(_Entry):
    """How often the same problem may come up at an outlet."""

    period: Literal["MONTH", "QUARTER"]
    most: int = Field(ge=1, le=10_000)
    role: str

    @property
    def roles(self) -> set[str]:
        return {self.role}


class ComplaintsPreset(BaseModel):
    model_config = ConfigDict(extra="forbid")

    processes: list[ProcessEntry] = Field([], alias="process")
    categories: list[CategoryEntry] = Field([], alias="category")
    causes: list[CauseEntry] = Field([], alias="cause")
    signs: list[SignEntry] = Field([], alias="sign")
    limits: list[LimitEntry] = Field([], alias="limit")

    @model_validator(mode="after")
    def once(self) -> "ComplaintsPreset":
        """Refuse what stands here twice."""
        for _model, entries in self.tables:
            if len({entry.code for entry in entries}) < len(entries):
                raise ValueError(_("A code stands here twice"))
        return self

    @property
    def tables(self) -> Sequence[tuple[type[models.Model], Sequence[_Entry]]]:
        return (
            (Process, self.processes), (Category, self.categories), (Cause, self.causes), (Sign, self.signs),
            (Limit, self.limits),
        )  # fmt: skip


def _values(entry: _Entry, number: int) -> dict[str, Any]:
    """Return what an entry says; categories and causes keep the order in which they are written."""
    values = entry.values()
    return values | {"position": number} if isinstance(entry, CategoryEntry | CauseEntry) else values


def _differing(data: ComplaintsPreset) -> Iterator[tuple[type[models.Model], _Entry, dict[str, Any], bool]]:
    """Yield each entry that says something else than what is stored, with its table, values and whether it is new."""
    for model, entries in data.tables:
        held = {row.pk: row for row in model._default_manager.all()}  # noqa: SLF001 -- Django's documented name
        for number, entry in enumerate(entries):
            values, row = _values(entry, number), held.get(entry.code)
            if row is None or any(getattr(row, name) != value for name, value in values.items()):
                yield model, entry, values, row is None


def compare(data: ComplaintsPreset) -> Sequence[Change]:
    """Return what applying would change."""
    return [
        Change("add" if is_new else "change", entry.code, entry.name_zh)
        for _model, entry, _values, is_new in _differing(data)
    ]


def apply(*, actor: Actor, data: ComplaintsPreset, source: str) -> Sequence[Change]:
    """Write what a preset says about complaints: checks, writes, audits each change. A process whose roles are not all
    there yet waits for them: ``compare`` goes on showing it.
    """
    check_everywhere(actor, Verb.APPLY_PRESET)
    with db.atomic():
        db.serialise("complaints.preset")
        changes = compare(data)
        known = set(Role.objects.values_list("pk", flat=True))
        for model, entry, values, _new in list(_differing(data)):
            if entry.roles <= known:
                told = values | {"source": source.partition("/")[0]}
                model._default_manager.update_or_create(code=entry.code, defaults=told)  # noqa: SLF001 -- as above
        for change in changes:
            records.audit(
                actor=actor, verb=Verb.APPLY_PRESET, subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return changes


LOADER = Loader(
    key="complaints", label=_("Processes, categories and causes of complaints"), verb=Verb.APPLY_PRESET,
    schema=ComplaintsPreset, compare=compare, apply=apply, order=55,
)  # fmt: skip
