"""Crises with their complaints, their log and what is said about them."""

from guanxi.crisis.models.rooms import Crisis, Entry, Link, Statement

__all__ = ["Crisis", "Entry", "Link", "Statement"]
