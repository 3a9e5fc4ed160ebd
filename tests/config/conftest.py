"""What the tests of the demonstration share."""

import pytest
from django.db import connection


@pytest.fixture
def ask(db):
    """A function that returns the rows of a statement, in the scope that sees everything."""
    from guanxi.foundation import db as scopes
    from guanxi.foundation.actor import SYSTEM

    scopes.set_scope(SYSTEM)

    def run(statement, *values):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    return run
