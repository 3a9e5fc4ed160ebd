"""Calls of the API, as an integration makes them."""

import datetime

from django.test import Client

from guanxi.access.services import tokens
from guanxi.foundation import clock, db


def caller(actor, verbs=None):
    """Return a client that carries a fresh token of ``actor``, narrowed to ``verbs`` if given."""
    db.set_scope(actor)
    held = sorted(actor.verbs if verbs is None else verbs)
    lasts = datetime.timedelta(days=1)
    _token, secret = tokens.issue_token(actor=actor, name="test", verbs=held, lasts=lasts, at=clock.now())
    return Client(headers={"Authorization": f"Bearer {secret}"})
