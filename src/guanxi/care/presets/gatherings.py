"""Kinds of lectures of a preset (``presets/<carmaker>/gatherings.toml``): versioned and dated, never rewritten.

Tables: ``[[gathering]]``, and ``off``: kinds of an earlier preset that this one ends.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from guanxi.access.models import Role
from guanxi.care.models import Gathering, Proposal
from guanxi.care.permissions import Verb
from guanxi.care.policy import audience
from guanxi.care.policy.rules import succession
from guanxi.care.queries import facts
from guanxi.care.queries import gatherings as queries
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConditionEntry(_Entry):
    fact: str
    op: str
    values: list[str] = []


class GatheringEntry(_Entry):
    """A kind of lecture as a preset writes it."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    whom_zh: str = Field(min_length=1, max_length=60)
    whom_en: str = Field(min_length=1, max_length=80)
    aim_zh: str = Field(min_length=1, max_length=200)
    aim_en: str = Field(min_length=1, max_length=300)
    audience: list[ConditionEntry] = Field(min_length=1, max_length=audience.MOST)
    threshold: int = Field(ge=1, le=10_000)
    pause: int = Field(ge=0, le=1000)
    due: int = Field(ge=1, le=60)
    role: str
    purpose: Literal["SERVICE", "CARE", "MARKETING", "SURVEY"]
    channel: Literal["PHONE", "SMS", "WECHAT", "EMAIL", "LETTER", "VISIT"]
    assumed_zh: str = Field("", max_length=200)
    assumed_en: str = Field("", max_length=300)

    @field_validator("audience")
    @classmethod
    def check_audience(cls, found: list[ConditionEntry]) -> list[ConditionEntry]:
        """Refuse a condition that cannot be compiled."""
        if any(audience.fault(item, facts.KINDS) for item in audience.read(entry.model_dump() for entry in found)):
            raise ValueError(_("This condition cannot be read."))
        return found

    @model_validator(mode="after")
    def check_assumed(self) -> "GatheringEntry":
        """Refuse an assumption that is said in one language only."""
        if bool(self.assumed_zh) != bool(self.assumed_en):
            raise ValueError(_("Say in both languages why it is assumed"))
        return self

    def values(self) -> dict[str, Any]:
        """Return the values of a version."""
        found = self.model_dump(exclude={"code", "role", "audience"})
        found |= {"role_id": self.role, "is_assumed": bool(self.assumed_zh)}
        rows = [item.model_dump() for item in self.audience]
        return found | {"audience": audience.write(audience.read(rows))}


class GatheringsPreset(_Entry):
    gathering: list[GatheringEntry] = []
    off: list[str] = []

    @model_validator(mode="after")
    def check_once(self) -> "GatheringsPreset":
        """Refuse a kind that stands here twice, or is both written and ended."""
        codes = [*(entry.code for entry in self.gathering), *self.off]
        if len(codes) != len(set(codes)):
            raise ValueError(_("A kind of lecture stands here twice"))
        return self


@dataclass(frozen=True)
class _Differing:
    """What a preset would change: kinds to write, and kinds to end."""

    written: list[GatheringEntry]
    ended: list[Gathering]
    changes: list[Change]


def _differing(data: GatheringsPreset) -> _Differing:
    newest = queries.newest()
    written = [entry for entry in data.gathering if _differs(newest.get(entry.code), entry)]
    ended = [newest[code] for code in data.off if code in newest]
    changes = [
        Change("change" if entry.code in newest else "add", entry.code, f"{entry.name_zh} ≥ {entry.threshold}")
        for entry in written
    ]
    changes += [Change("retire", row.code, row.name_zh) for row in ended]
    return _Differing(written, ended, changes)


def _differs(row: Gathering | None, entry: GatheringEntry) -> bool:
    return row is None or any(getattr(row, name) != value for name, value in entry.values().items())


def compare(data: GatheringsPreset) -> Sequence[Change]:
    """Return what applying would change; kinds that the preset does not name are left alone."""
    return _differing(data).changes


def apply(*, actor: Actor, data: GatheringsPreset, source: str) -> Sequence[Change]:
    """Write kinds of lectures: checks, writes a version from today on where something else is said, ends those that
    are off, audits each change. Proposals stay with the version that made them.
    """
    check_everywhere(actor, Verb.APPLY_TERMS)
    at = clock.now()
    with db.atomic():
        db.serialise("care.gatherings")
        found = _differing(data)
        newest, roles = queries.newest(), set(Role.objects.values_list("pk", flat=True))
        for entry in found.written:
            if entry.role in roles:  # else the roles of the base come first; ``compare`` goes on showing the kind
                values = entry.values() | {"source": source.partition("/")[0]}
                _write(newest.get(entry.code), entry.code, values, at)
        for row in found.ended:
            _end(row, clock.day_of(at))
        for change in found.changes:
            records.audit(
                actor=actor, verb="care.apply_gatherings", subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return found.changes


def _write(earlier: Gathering | None, code: str, values: dict[str, Any], at: datetime.datetime) -> None:
    """Write a version; on its first day, while it has made no proposal, it is put right in place."""
    today = clock.day_of(at)
    if earlier is None:
        Gathering.objects.create(code=code, since=today, made_at=at, **values)
        return
    since = succession(earlier.since, today, has_decided=Proposal.objects.filter(gathering=earlier).exists())
    if since is None:
        Gathering.objects.filter(pk=earlier.pk).update(made_at=at, **values)
        return
    Gathering.objects.filter(pk=earlier.pk).update(until=since)
    Gathering.objects.create(code=code, since=since, made_at=at, **values)


def _end(row: Gathering, today: datetime.date) -> None:
    Gathering.objects.filter(pk=row.pk).update(until=max(today, row.since + datetime.timedelta(days=1)))


LOADER = Loader(
    key="gatherings", label=_("Kinds of lectures"), verb=Verb.APPLY_TERMS, schema=GatheringsPreset, compare=compare,
    apply=apply, order=62,
)  # fmt: skip
