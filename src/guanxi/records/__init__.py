"""Records (记录): the audit trail, applied presets and API replies. Ids and text only, so it needs nobody.

See docs/capabilities/records.md.
"""
