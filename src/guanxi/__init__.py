"""Guanxi (关系): the open customer-relationship system for the car trade."""

__version__ = "0.1.0"
