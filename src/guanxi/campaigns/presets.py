"""Ready-made kinds of campaigns (``presets/<carmaker>/campaigns.toml``): ``[[kind]]``. What a preset does not name is
left alone; nothing is deleted.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.access.models import Role
from guanxi.campaigns.models import Kind
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.states import Channel, Group
from guanxi.care.queries import audiences
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.privacy.states import Purpose
from guanxi.records import services as records

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,23}$")]


class ConditionEntry(BaseModel):
    """One condition of an audience."""

    model_config = ConfigDict(extra="forbid")

    fact: str
    op: str
    values: list[str] = []


class KindEntry(BaseModel):
    """A kind of campaign, with what a new one of it begins."""

    model_config = ConfigDict(extra="forbid", use_enum_values=True)

    code: Code
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    group: Group
    aim_zh: str = Field(min_length=1, max_length=200)
    aim_en: str = Field(min_length=1, max_length=300)
    audience: list[ConditionEntry] = Field([], max_length=audiences.MOST)
    channel: Channel
    purpose: Purpose
    role: str
    control: int = Field(0, ge=0, le=50)
    visit_days: int = Field(30, ge=1, le=366)
    sale_days: int = Field(90, ge=1, le=731)
    every_months: int = Field(0, ge=0, le=24)
    position: int = Field(50, ge=1, le=999)
    is_active: bool = True

    @model_validator(mode="after")
    def readable(self) -> "KindEntry":
        """Refuse an audience that cannot be asked for."""
        if audiences.faulty([item.model_dump() for item in self.audience]) is not None:
            raise ValueError(_("A condition cannot be read"))
        return self

    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude={"code", "role"}) | {"role_id": self.role}


class CampaignsPreset(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kinds: list[KindEntry] = Field([], alias="kind")

    @model_validator(mode="after")
    def once(self) -> "CampaignsPreset":
        """Refuse what stands here twice."""
        if len({entry.code for entry in self.kinds}) < len(self.kinds):
            raise ValueError(_("A kind stands here twice"))
        return self


def _differing(data: CampaignsPreset) -> Iterator[tuple[KindEntry, bool]]:
    """Yield each entry that says something else than what is stored, and whether it is new."""
    held = {row.pk: row for row in Kind.objects.all()}
    for entry in data.kinds:
        row = held.get(entry.code)
        if row is None or any(getattr(row, name) != value for name, value in entry.values().items()):
            yield entry, row is None


def compare(data: CampaignsPreset) -> Sequence[Change]:
    """Return what applying would change."""
    return [Change("add" if is_new else "change", entry.code, entry.name_zh) for entry, is_new in _differing(data)]


def apply(*, actor: Actor, data: CampaignsPreset, source: str) -> Sequence[Change]:
    """Write the kinds of a preset: checks, writes, audits each change. A kind whose role is not there yet waits for it:
    ``compare`` goes on showing it.
    """
    check_everywhere(actor, Verb.APPLY_PRESET)
    with db.atomic():
        db.serialise("campaigns.preset")
        changes = compare(data)
        roles = set(Role.objects.values_list("pk", flat=True))
        for entry, _new in list(_differing(data)):
            if entry.role in roles:
                values = entry.values() | {"source": source.partition("/")[0]}
                Kind.objects.update_or_create(code=entry.code, defaults=values)
        for change in changes:
            records.audit(
                actor=actor, verb=Verb.APPLY_PRESET, subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return changes


LOADER = Loader(
    key="campaigns", label=_("Kinds of campaigns"), verb=Verb.APPLY_PRESET, schema=CampaignsPreset, compare=compare,
    apply=apply, order=60,
)  # fmt: skip
