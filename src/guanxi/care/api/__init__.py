"""The interface of customer care for programs."""
