"""Verification of information (信息核实): what customers say of their records, what is put right, what was false.

See docs/capabilities/verification.md.
"""
