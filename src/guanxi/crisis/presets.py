"""The terms of the watch over complaints of a preset (``presets/<carmaker>/crisis.toml``): dated, never rewritten."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from guanxi.crisis.models import Terms
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import alarms
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records


class WatchEntry(BaseModel):
    """How the watch counts, and how often it may be wrong."""

    model_config = ConfigDict(extra="forbid")

    window_days: int = Field(ge=1, le=90)
    base_days: int = Field(ge=7, le=730)
    per_month: Annotated[Decimal, Field(gt=0, le=100, decimal_places=2)]
    least: int = Field(ge=1, le=1000)
    said_again: int = Field(ge=1, le=100)
    rejected: int = Field(ge=1, le=100)
    media_least: int = Field(ge=1, le=1000)


class CrisisPreset(BaseModel):
    model_config = ConfigDict(extra="forbid")

    preset: str
    valid_from: datetime.date
    watch: WatchEntry


def _differs(data: CrisisPreset, held: Terms | None) -> bool:
    values: dict[str, Any] = data.watch.model_dump()
    return held is None or any(getattr(held, name) != value for name, value in values.items())


def compare(data: CrisisPreset) -> Sequence[Change]:
    """Return what applying would change."""
    if not _differs(data, alarms.terms(clock.today())):
        return []
    return [Change("change", data.preset, f"{data.watch.window_days} / {data.watch.base_days} d")]


def apply(*, actor: Actor, data: CrisisPreset, source: str) -> Sequence[Change]:
    """Write the terms if they are new: checks, writes, audits. What held before stays; the new hold from the day of the
    preset, or from today if others held since.
    """
    check_everywhere(actor, Verb.APPLY_PRESET)
    with db.atomic():
        db.serialise("crisis.preset")
        changes, today = compare(data), clock.today()
        if changes:
            held = alarms.terms(today)
            begins = data.valid_from if held is None or data.valid_from > held.valid_from else today
            values = data.watch.model_dump() | {"source": data.preset}
            Terms.objects.update_or_create(valid_from=begins, defaults=values)
            records.audit(
                actor=actor, verb=Verb.APPLY_PRESET, subject_type="preset", subject_id=source,
                after={"changes": [f"{change.subject}: {change.detail}" for change in changes]},
            )  # fmt: skip
    return changes


LOADER = Loader(
    key="crisis", label=_("Watch over complaints"), verb=Verb.APPLY_PRESET, schema=CrisisPreset, compare=compare,
    apply=apply, order=56,
)  # fmt: skip
