"""Roles and responsibilities from presets (``presets/<carmaker>/access.toml``)."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from guanxi.access.models import Responsibility, Role
from guanxi.access.permissions import Verb
from guanxi.access.states import Reach
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.foundation.verbs import known_verbs
from guanxi.network.states import Kind
from guanxi.records import services as records

KEY = "access"


class RoleEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,38}$")
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    description_zh: str = Field(default="", max_length=300)
    description_en: str = Field(default="", max_length=400)
    kinds: list[Kind] = Field(min_length=1)
    reach: Reach
    verbs: list[str]

    @field_validator("verbs")
    @classmethod
    def verbs_exist(cls, verbs: list[str]) -> list[str]:
        unknown = sorted(set(verbs) - known_verbs())
        if unknown:
            raise ValueError(f"unknown verb {unknown[0]}")
        return sorted(set(verbs))


class ResponsibilityEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    process: str = Field(pattern=r"^[a-z][a-z0-9_.]{1,58}$")
    name_zh: str
    name_en: str
    responsible: str
    accountable: str
    consulted: list[str] = []
    informed: list[str] = []
    deadline_hours: int = Field(gt=0)
    escalation_role: str


class AccessPreset(BaseModel):
    model_config = ConfigDict(extra="forbid")
    roles: list[RoleEntry] = []
    responsibilities: list[ResponsibilityEntry] = []

    @model_validator(mode="after")
    def codes_once(self) -> "AccessPreset":
        codes = [role.code for role in self.roles]
        twice = {code for code in codes if codes.count(code) > 1}
        if twice:
            raise ValueError(f"role {min(twice)} stands twice")
        return self


def _role_values(entry: RoleEntry) -> dict[str, Any]:
    return entry.model_dump(exclude={"code"}) | {
        "kinds": [str(kind) for kind in entry.kinds],
        "reach": str(entry.reach),
    }


def _wanted(entry: RoleEntry, role: Role | None) -> dict[str, Any]:
    """Return what a role shall be after the preset: rights that people here decided stay theirs."""
    values = _role_values(entry)
    return values | {"verbs": sorted(role.verbs)} if role is not None and role.is_changed_here else values


def _role_changes(data: AccessPreset) -> list[Change]:
    stored = {role.pk: role for role in Role.objects.all()}
    changes = []
    for entry in data.roles:
        role = stored.get(entry.code)
        if role is None or not role.is_current:
            changes.append(Change("add", entry.code, entry.name_zh))
            continue
        differing = [name for name, value in _wanted(entry, role).items() if _held(role, name) != value]
        if differing:
            changes.append(Change("change", entry.code, ", ".join(differing)))
    return changes


def _held(role: Role, name: str) -> Any:
    value = getattr(role, name)
    return sorted(value) if name == "verbs" else value


def _responsibility_values(entry: ResponsibilityEntry) -> dict[str, Any]:
    return {
        "name_zh": entry.name_zh, "name_en": entry.name_en, "responsible_id": entry.responsible,
        "accountable_id": entry.accountable, "deadline_hours": entry.deadline_hours,
        "escalation_role_id": entry.escalation_role,
    }  # fmt: skip


def _responsibility_changes(data: AccessPreset) -> list[Change]:
    rows = Responsibility.objects.prefetch_related("consulted", "informed")
    stored = {row.pk: row for row in rows}
    changes = []
    for entry in data.responsibilities:
        row = stored.get(entry.process)
        if row is None:
            changes.append(Change("add", entry.process, entry.name_zh))
            continue
        if row.is_changed_here:
            continue
        differing = [n for n, value in _responsibility_values(entry).items() if getattr(row, n) != value]
        differing += [
            n for n in ("consulted", "informed") if {r.pk for r in getattr(row, n).all()} != set(getattr(entry, n))
        ]
        if differing:
            changes.append(Change("change", entry.process, ", ".join(differing)))
    return changes


def compare(data: AccessPreset) -> Sequence[Change]:
    """Return what applying would change. Left alone are roles that the preset does not name, rights of roles and
    responsibilities that were changed by hand.
    """
    return [*_role_changes(data), *_responsibility_changes(data)]


def apply(*, actor: Actor, data: AccessPreset, source: str) -> Sequence[Change]:
    """Write roles and responsibilities of a preset: checks, writes set-based, audits each change."""
    check_everywhere(actor, Verb.CHANGE_ROLES)
    with db.atomic():
        db.serialise("access.roles")
        changes = compare(data)
        named = {change.subject for change in changes}
        _write_roles([(i, e) for i, e in enumerate(data.roles) if e.code in named], source)
        for position, entry in enumerate(data.responsibilities):
            if entry.process in named:
                _write_responsibility(entry, source, position)
        for change in changes:
            records.audit(
                actor=actor, verb=Verb.CHANGE_ROLES, subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return changes


def _write_roles(entries: list[tuple[int, RoleEntry]], source: str) -> None:
    stored = Role.objects.in_bulk([entry.code for _position, entry in entries])
    Role.objects.bulk_create(
        [
            Role(
                code=entry.code, source=source, position=position, is_current=True,
                **_wanted(entry, stored.get(entry.code)),
            )
            for position, entry in entries
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[
            "name_zh", "name_en", "description_zh", "description_en", "kinds", "reach", "verbs", "source",
            "is_current", "position",
        ],
    )  # fmt: skip


def _write_responsibility(entry: ResponsibilityEntry, source: str, position: int) -> None:
    row, _created = Responsibility.objects.update_or_create(
        process=entry.process,
        defaults=_responsibility_values(entry) | {"source": source, "position": position},
    )
    row.consulted.set(Role.objects.filter(pk__in=entry.consulted))
    row.informed.set(Role.objects.filter(pk__in=entry.informed))


LOADER = Loader(
    key=KEY,
    label=_("Roles and responsibilities"),
    verb=Verb.CHANGE_ROLES,
    schema=AccessPreset,
    compare=compare,
    apply=apply,
    order=30,
)
