"""Processes, categories, causes and signs of a crisis as data; complaints, rounds, the sample, cautions."""

from guanxi.complaints.models.cases import Complaint, Deed, Round
from guanxi.complaints.models.cautions import Caution, CautionStep
from guanxi.complaints.models.rechecks import Recheck
from guanxi.complaints.models.rules import Category, Cause, Process, Sign

__all__ = [
    "Category", "Cause", "Caution", "CautionStep", "Complaint", "Deed", "Process", "Recheck", "Round", "Sign",
]  # fmt: skip
