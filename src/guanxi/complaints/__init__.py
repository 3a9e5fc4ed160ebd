"""Complaint handling (抱怨/投诉处理): from the first word to a customer who says that he is satisfied.

See docs/capabilities/complaints.md.
"""
