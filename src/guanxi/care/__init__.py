"""Customer care (客户关怀): contact rules as data, and the tasks that they make every night.

See docs/capabilities/care.md.
"""
