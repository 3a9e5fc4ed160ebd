"""Who may see and change cars and the catalogue."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "vehicles.view"
    ADD = "vehicles.add_vehicle"
    CHANGE = "vehicles.change_vehicle"
    CHANGE_OWNER = "vehicles.change_owner"
    EXPORT = "vehicles.export"
    VIEW_CATALOGUE = "vehicles.view_catalogue"
    CHANGE_CATALOGUE = "vehicles.change_catalogue"
