"""Decisions of analysis from plain values."""
