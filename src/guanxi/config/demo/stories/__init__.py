"""What happened lately in the demonstration: complaints, rescues, corrections, campaigns, told as stories in TOML and
carried out through the same services, by the same people and rights, as at an outlet.
"""
