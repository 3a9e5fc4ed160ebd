"""Customer care (客户关怀): what an owner is to an outlet today, where a car stands in its life, what is due next.

See docs/capabilities/care.md.
"""
