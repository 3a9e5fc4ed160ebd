"""The fixed numbers of the rules of care: ``policy`` and the measures of analysis take them from here, both."""

YEAR = 12  # months in which the visits of an owner are counted for display
NEWEST = 13  # so many readings say how a car is used now
FEWEST_DAYS = 14  # between two readings that say something of a pace
PRIOR_SPREAD, PRIOR_WEIGHT, WIDEST = 250, 2, 800  # thousandths of the pace; the weight is that of so many slopes
UNSURE_DAYS = 7  # nobody comes on the day; a forecast for tomorrow may be off by so much too
FARTHEST = 3650  # days ahead that a forecast looks
