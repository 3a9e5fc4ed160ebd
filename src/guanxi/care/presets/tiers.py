"""What a tier takes, from presets (``[[tier]]`` in ``presets/<carmaker>/care.toml``): versioned and dated."""

import datetime
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.care.models import Terms, TierBound, TierTerms
from guanxi.care.queries import tiers as queries
from guanxi.care.states.tiers import ABOVE
from guanxi.foundation import clock
from guanxi.foundation.presets import Change

LIMITS = ("percent", "amount")
Dated = Terms | TierTerms


class TierEntry(BaseModel):
    """From what on a customer belongs to a tier: a share of those who paid anything, or an amount in yuan."""

    model_config = ConfigDict(extra="forbid")
    tier: Literal["SILVER", "GOLD", "DIAMOND", "VIP"]
    percent: int | None = Field(None, ge=1, le=99)
    amount: int | None = Field(None, ge=1, le=1_000_000_000)

    @model_validator(mode="after")
    def check_one_way(self) -> "TierEntry":
        """Refuse a tier without a limit, or with two."""
        if (self.percent is None) is (self.amount is None):
            raise ValueError(_("A tier takes a share or an amount"))
        return self


def refuse_disorder(entries: Sequence[TierEntry]) -> None:
    """Refuse a tier named twice, and a higher one that takes less than a lower one.

    :raises ValueError: with the reason.
    """
    by_tier = {entry.tier: entry for entry in entries}
    if len(by_tier) < len(entries):
        raise ValueError(_("A tier is named twice"))
    ordered = [by_tier[code.value] for code in ABOVE if code.value in by_tier]
    shares = [entry.percent for entry in ordered if entry.percent is not None]
    amounts = [-entry.amount for entry in ordered if entry.amount is not None]
    if any(later <= earlier for held in (shares, amounts) for earlier, later in pairwise(held)):
        raise ValueError(_("A higher tier takes more than a lower one"))


def compare(source: str, entries: Sequence[TierEntry]) -> Sequence[Change]:
    """Return what applying would change: each tier whose limit is another than that last written."""
    newest = queries.newest_terms(source)
    return [
        Change("change" if entry.tier in newest else "add", f"{source} {entry.tier}", _words(entry))
        for entry in entries
        if _differs(newest.get(entry.tier), entry)
    ]


def begins_on(wanted: datetime.date, held: Dated | None) -> datetime.date:
    """Return from when limits hold that differ from those last written: as wanted, or from today if others were in
    force since then.
    """
    return wanted if held is None or wanted > held.valid_from else clock.today()


def write(source: str, valid_from: datetime.date, entries: Sequence[TierEntry]) -> None:
    """Write limits that are new, from their day on or from today if others were in force since; what was bounded by
    those of today is worked out again.
    """
    newest = queries.newest_terms(source)
    for entry in entries:
        if _differs(newest.get(entry.tier), entry):
            begins = begins_on(valid_from, newest.get(entry.tier))
            values = {name: getattr(entry, name) for name in LIMITS}
            row, is_new = TierTerms.objects.update_or_create(
                source=source, tier=entry.tier, valid_from=begins, defaults=values
            )
            if not is_new:
                TierBound.objects.filter(terms=row).delete()


def _differs(row: TierTerms | None, entry: TierEntry) -> bool:
    return row is None or any(getattr(row, name) != getattr(entry, name) for name in LIMITS)


def _words(entry: TierEntry) -> str:
    return ", ".join(f"{name} {value}" for name in LIMITS if (value := getattr(entry, name)) is not None)
