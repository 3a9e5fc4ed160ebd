"""The limits of care, from presets (``presets/<carmaker>/care.toml``): versioned and dated, never rewritten."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.care.models import Terms
from guanxi.care.permissions import Verb
from guanxi.care.presets import tiers
from guanxi.care.queries import states as queries
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records

FIELDS = (
    "window_months", "lost_months", "active_visits", "swing_visits", "observe_months", "new_months", "new_as",
    "kpi_lost_months", "new_car_months", "ending_days",
)  # fmt: skip
Months = Field(ge=1, le=60)


class TermsEntry(BaseModel):
    """The limits of one product line; an empty ``line`` holds for all that have none of their own."""

    model_config = ConfigDict(extra="forbid")
    line: Literal["", "PASSENGER", "COMMERCIAL"] = ""
    window_months: int = Months
    lost_months: int = Months
    active_visits: int = Field(ge=2, le=12)
    swing_visits: int = Field(ge=2, le=12)
    observe_months: int | None = Field(None, ge=1, le=60)
    new_months: int = Months
    new_as: Literal["NEW", "SWING", "ACTIVE"] = "NEW"
    kpi_lost_months: int = Months
    new_car_months: int = Months
    ending_days: int = Field(ge=1, le=730)

    @model_validator(mode="after")
    def check_order(self) -> "TermsEntry":
        """Refuse limits that contradict each other."""
        if self.lost_months > self.window_months:
            raise ValueError(_("Who still counts within the window cannot be lost"))
        if self.swing_visits > self.active_visits:
            raise ValueError(_("Active needs more visits than swing"))
        if self.observe_months and self.observe_months > self.lost_months:
            raise ValueError(_("Nobody is observed after he is lost"))
        return self


class CarePreset(BaseModel):
    model_config = ConfigDict(extra="forbid")
    preset: str
    valid_from: datetime.date
    terms: list[TermsEntry]
    tier: list[tiers.TierEntry] = []

    @model_validator(mode="after")
    def check_tiers(self) -> "CarePreset":
        """Refuse tiers that contradict each other."""
        tiers.refuse_disorder(self.tier)
        return self


def compare(data: CarePreset) -> Sequence[Change]:
    """Return what applying would change: each line and tier whose limits are others than those last written."""
    newest = queries.newest_terms(data.preset)
    changes = [
        Change("change" if entry.line in newest else "add", f"{data.preset} {entry.line}".strip(), _words(entry))
        for entry in data.terms
        if _differs(newest.get(entry.line), entry)
    ]
    return [*changes, *tiers.compare(data.preset, data.tier)]


def _differs(row: Terms | None, entry: TermsEntry) -> bool:
    return row is None or any(getattr(row, name) != getattr(entry, name) for name in FIELDS)


def _words(entry: TermsEntry) -> str:
    return ", ".join(f"{name} {value}" for name in FIELDS if (value := getattr(entry, name)) is not None)


def apply(*, actor: Actor, data: CarePreset, source: str) -> Sequence[Change]:
    """Write limits that are new, from their day on or from today if others were in force since: checks, waits for
    others, writes, audits once. The next nightly pass judges by them.
    """
    check_everywhere(actor, Verb.APPLY_TERMS)
    with db.atomic():
        db.serialise("care.terms")
        changes = compare(data)
        newest = queries.newest_terms(data.preset)
        for entry in data.terms:
            if _differs(newest.get(entry.line), entry):
                _write(data, entry, newest)
        tiers.write(data.preset, data.valid_from, data.tier)
        if changes:
            after = {"changes": [f"{change.subject}: {change.detail}" for change in changes]}
            records.audit(
                actor=actor, verb=Verb.APPLY_TERMS, subject_type="preset", subject_id=source, after=after
            )  # fmt: skip
    return changes


def _write(data: CarePreset, entry: TermsEntry, newest: Mapping[str, Terms]) -> None:
    begins = tiers.begins_on(data.valid_from, newest.get(entry.line))
    values: dict[str, Any] = {name: getattr(entry, name) for name in FIELDS}
    Terms.objects.update_or_create(source=data.preset, line=entry.line, valid_from=begins, defaults=values)


LOADER = Loader(
    key="care", label=_("Limits of care"), verb=Verb.APPLY_TERMS, schema=CarePreset, compare=compare, apply=apply,
    order=60,
)  # fmt: skip
