"""Customers (客户): person and company, contact points, relations to outlets, data quality, duplicates and merging.

See docs/capabilities/customers.md.
"""
