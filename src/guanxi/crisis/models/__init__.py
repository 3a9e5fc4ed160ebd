"""Crises with their complaints, log, statements and care list; alarms, and by which terms they are given."""

from guanxi.crisis.models.alarms import Alarm, Terms
from guanxi.crisis.models.lists import Affected
from guanxi.crisis.models.rooms import Crisis, Entry, Link, Statement

__all__ = ["Affected", "Alarm", "Crisis", "Entry", "Link", "Statement", "Terms"]
