"""Intake (数据接入): files of other systems become clean, typed rows with findings, before anything is stored.

See docs/capabilities/intake.md.
"""
