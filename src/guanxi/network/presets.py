"""The services an outlet may offer, from presets (``presets/<carmaker>/network.toml``)."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.network.models import OfferedService
from guanxi.network.permissions import Verb
from guanxi.records import services as records

KEY = "network"


class ServiceEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=r"^[A-Z][A-Z0-9_]{1,22}$")
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)


class NetworkPreset(BaseModel):
    model_config = ConfigDict(extra="forbid")
    services: list[ServiceEntry] = []


def compare(data: NetworkPreset) -> Sequence[Change]:
    """Return what applying would change; services that a preset does not name are left alone."""
    stored = {row.code: row for row in OfferedService.objects.filter(is_current=True)}
    changes = []
    for entry in data.services:
        row = stored.get(entry.code)
        if row is None:
            changes.append(Change("add", entry.code, entry.name_zh))
        elif (row.name_zh, row.name_en) != (entry.name_zh, entry.name_en):
            changes.append(Change("change", entry.code, f"{row.name_zh} → {entry.name_zh}"))
    return changes


def apply(*, actor: Actor, data: NetworkPreset, source: str) -> Sequence[Change]:
    """Write the services of a preset: checks, writes set-based, audits each change."""
    check_everywhere(actor, Verb.CHANGE_SERVICES)
    with db.atomic():
        db.serialise("network.services")
        changes = compare(data)
        named = {change.subject for change in changes}
        OfferedService.objects.bulk_create(
            [
                OfferedService(position=i, is_current=True, **entry.model_dump())
                for i, entry in enumerate(data.services)
                if entry.code in named
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name_zh", "name_en", "position", "is_current"],
        )
        for change in changes:
            records.audit(
                actor=actor, verb=Verb.CHANGE_SERVICES, subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return changes


LOADER = Loader(
    key=KEY,
    label=_("Services of outlets"),
    verb=Verb.CHANGE_SERVICES,
    schema=NetworkPreset,
    compare=compare,
    apply=apply,
    order=20,
)
