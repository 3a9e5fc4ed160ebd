"""The demonstration: an invented carmaker with its network and people. Cities and positions are real."""
