"""The lists of complaints, of the week, of the sample, and of cautions."""

from guanxi.complaints.tables.cases import (
    COMPLAINTS,
    RECHECKS,
    WEEK,
    add_lateness,
    add_names,
    below,
    mine,
    monday,
    places,
    weeks,
)
from guanxi.complaints.tables.cautions import CAUTIONS

__all__ = [
    "CAUTIONS", "COMPLAINTS", "RECHECKS", "WEEK", "add_lateness", "add_names", "below", "mine", "monday", "places",
    "weeks",
]  # fmt: skip
