"""Rescue (紧急救援): a customer at the roadside, the nearest who can help, and what he says of it.

See docs/capabilities/rescue.md.
"""
