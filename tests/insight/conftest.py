"""What the tests of analysis borrow from those of customer care: a quiet world, rules, buyers and the night."""

from tests.care.conftest import buyer, night, quiet, rule

__all__ = ["buyer", "night", "quiet", "rule"]
