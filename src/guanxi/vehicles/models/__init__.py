"""The tables of the vehicle file: what can be bought, and the cars that were."""

from guanxi.vehicles.models.cars import (
    Cover,
    OwnerDoubt,
    Participant,
    Plate,
    Reading,
    Sale,
    Vehicle,
)
from guanxi.vehicles.models.catalogue import CarModel, Feature, MaintenanceStep, Series, Trim, WarrantyTerm

__all__ = [
    "CarModel", "Cover", "Feature", "MaintenanceStep", "OwnerDoubt", "Participant", "Plate", "Reading", "Sale",
    "Series", "Trim", "Vehicle", "WarrantyTerm",
]  # fmt: skip
