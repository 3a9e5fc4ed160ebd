"""Decisions of customer care from plain values."""
