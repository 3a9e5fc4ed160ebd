"""Customer care (客户关怀): what an owner is to an outlet today, where a car stands in its life, what is due next, and
contact rules as data with the tasks that they make every night.

See docs/capabilities/care.md.
"""
