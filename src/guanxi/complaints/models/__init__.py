"""Processes, categories, causes, signs, limits as data; complaints, rounds, the sample, meetings, cautions."""

from guanxi.complaints.models.breaches import Breach
from guanxi.complaints.models.cases import Complaint, Deed, Round
from guanxi.complaints.models.cautions import Caution, CautionStep
from guanxi.complaints.models.meetings import Meeting, Point, Question
from guanxi.complaints.models.rechecks import Recheck
from guanxi.complaints.models.rules import Category, Cause, Limit, Process, Sign

__all__ = [
    "Breach", "Category", "Cause", "Caution", "CautionStep", "Complaint", "Deed", "Limit", "Meeting", "Point",
    "Process", "Question", "Recheck", "Round", "Sign",
]  # fmt: skip
