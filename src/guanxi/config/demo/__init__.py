"""The demonstration: an invented carmaker with network, people, cars and customers. Cities and positions are real."""
