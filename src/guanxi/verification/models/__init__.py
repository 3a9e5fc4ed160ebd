"""The tables of verification: what is verified, what was found, what is corrected, what was false."""

from guanxi.verification.models.checks import Check, Field, Line, Occasion
from guanxi.verification.models.files import FalseFile
from guanxi.verification.models.orders import Correction, Order, Round

__all__ = ["Check", "Correction", "FalseFile", "Field", "Line", "Occasion", "Order", "Round"]
