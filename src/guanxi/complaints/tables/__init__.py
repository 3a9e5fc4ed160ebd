"""The lists of complaints, of the week, of the sample, of cautions, of weekly meetings."""

from guanxi.complaints.tables.cases import (
    COMPLAINTS,
    RECHECKS,
    WEEK,
    add_lateness,
    add_names,
    below,
    mine,
    places,
    weeks,
)
from guanxi.complaints.tables.cautions import CAUTIONS
from guanxi.complaints.tables.meetings import BREACHES, MEETINGS, QUESTIONS

__all__ = [
    "BREACHES", "CAUTIONS", "COMPLAINTS", "MEETINGS", "QUESTIONS", "RECHECKS", "WEEK", "add_lateness", "add_names",
    "below", "mine", "places", "weeks",
]  # fmt: skip
