"""Vehicles (车辆): the catalogue, the car by its VIN, plates, owners and drivers, sale, warranty, mileage.

See docs/capabilities/vehicles.md.
"""
