"""Rectification notices (问题整改通知单): a problem is put before the responsible department, answered, and verified.

See docs/capabilities/rectification.md.
"""
