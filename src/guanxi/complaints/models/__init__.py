"""Processes, categories, causes and signs of a crisis as data; complaints, their rounds, and all that was said."""

from guanxi.complaints.models.cases import Complaint, Deed, Round
from guanxi.complaints.models.rules import Category, Cause, Process, Sign

__all__ = ["Category", "Cause", "Complaint", "Deed", "Process", "Round", "Sign"]
