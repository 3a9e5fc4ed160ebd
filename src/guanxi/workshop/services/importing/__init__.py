"""Files of workshop visits on their way in: which car, whose it was on that day, what its odometer said."""
