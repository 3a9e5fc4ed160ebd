"""Customer care (客户关怀): what an owner is to an outlet today, where a car stands in its life, what is due next,
contact rules as data with the tasks that they make every night, and lectures (爱车讲堂) that propose themselves.

See docs/capabilities/care.md.
"""
