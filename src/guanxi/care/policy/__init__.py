"""The rules of care, from plain values: what an owner is, how far a car goes a day, what is due."""
