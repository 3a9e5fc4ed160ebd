"""Decisions about calls from plain values: which script, which questions, what it counts as, what follows."""
