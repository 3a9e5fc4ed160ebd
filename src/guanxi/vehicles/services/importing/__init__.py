"""Files of owners with their cars on their way in: who is the same person, whose car it is, what is new."""
