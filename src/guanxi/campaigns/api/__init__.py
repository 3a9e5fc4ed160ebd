"""Campaigns and recalls over the API."""
