"""The rules of ``foundation.values`` for whole columns, as expressions of DuckDB; a test compares the answers.

Expressions are made from constants of the code and the keys of fields, never from what a file says.
"""
