"""Code lists (代码表): the coded words of the business, with the days on which they hold (CLASS-50, SYS-20).

Headquarters keeps the central lists, presets bring them, an outlet or a branch may extend the lists that
allow it. A code is never deleted: it is retired from a day on, and its wording has versions, so that
"what did this code say on that day" always has an answer. See docs/glossary.md.
"""
