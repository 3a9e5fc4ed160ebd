"""Crises over the API: rooms, and what the watch and the care lists bring."""
