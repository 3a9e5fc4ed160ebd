"""Terms, tariff and discounts of rescues, who helps where; rescues, and each sending of a provider."""

from guanxi.rescue.models.rescues import Dispatch, Rescue
from guanxi.rescue.models.terms import Discount, Help, Provider, Tariff, Terms

__all__ = ["Discount", "Dispatch", "Help", "Provider", "Rescue", "Tariff", "Terms"]
