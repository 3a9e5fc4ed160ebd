"""Reads of customer contact, by what is asked about."""
