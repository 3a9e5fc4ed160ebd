"""Crises with their complaints, log, statements and care list; alarms and their terms; media reports."""

from guanxi.crisis.models.alarms import Alarm, Terms
from guanxi.crisis.models.lists import Affected
from guanxi.crisis.models.media import Report
from guanxi.crisis.models.rooms import Crisis, Entry, Link, Statement

__all__ = ["Affected", "Alarm", "Crisis", "Entry", "Link", "Report", "Statement", "Terms"]
