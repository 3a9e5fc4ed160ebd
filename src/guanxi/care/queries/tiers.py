"""Reads of what a tier takes: the limits in force, and the bounds worked out from them."""

import datetime

from guanxi.care.models import TierBound, TierTerms
from guanxi.care.queries.states import BASE
from guanxi.care.states.tiers import ABOVE


def terms_on(day: datetime.date) -> dict[str, TierTerms]:
    """Return the limits of each tier in force on a day; a carmaker's own go before those that all share. One query."""
    rows = sorted(TierTerms.objects.filter(valid_from__lte=day), key=lambda row: (row.source != BASE, row.valid_from))
    return {row.tier: row for row in rows}


def newest_terms(source: str) -> dict[str, TierTerms]:
    """Return the limits that a preset wrote last, by tier; one query."""
    return {row.tier: row for row in TierTerms.objects.filter(source=source).order_by("valid_from", "pk")}


def without_bound(day: datetime.date) -> list[TierTerms]:
    """Return the limits in force on a day that are not bounded in its month yet; two queries."""
    held = terms_on(day)
    done = set(
        TierBound.objects.filter(terms__in=held.values(), month=day.replace(day=1)).values_list("terms", flat=True)
    )
    return [row for row in held.values() if row.pk not in done]


def bounds_on(day: datetime.date) -> dict[str, TierBound]:
    """Return what each tier takes on a day, the highest first: as bounded in the newest month up to it. Two queries."""
    rows = TierBound.objects.filter(terms__in=terms_on(day).values(), month__lte=day)
    found = {row.terms.tier: row for row in rows.select_related("terms").order_by("month")}
    return {code.value: found[code] for code in ABOVE if code in found}
