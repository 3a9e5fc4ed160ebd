"""Analysis (洞察): what the facts of all capabilities say together, worked out every night and after each change.

See docs/capabilities/insight.md.
"""
