"""What all tests share: the database as the application sees it, the cast, and signed-in clients."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import clocks, database

# A machine that is busy with something else is no fault of what is tested.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_blocker):
    """Give this test process its own copy of the template database."""
    from django.conf import settings
    from django.db import connections

    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    name = database.copy(f"test_{worker}")
    settings.DATABASES["default"]["NAME"] = name
    for place in (Path(settings.MEDIA_ROOT), Path(settings.MEDIA_ROOT).parent / "work"):
        shutil.rmtree(place / "intake" / name, ignore_errors=True)  # of an earlier copy: its numbers come again
    connections["default"].settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True)
def one_day(request, monkeypatch):
    """Keep the clock within the day on which the tests began: a run over midnight sees the same day to its end.

    Journeys live beside a server whose clock goes on.
    """
    if "journey" not in request.keywords:
        monkeypatch.setattr("django.utils.timezone.now", clocks.within_the_day)


@pytest.fixture
def cast(db):
    """The cast of the demonstration; the transaction is in the scope of SYSTEM."""
    from tests import cast as people

    return people.build()


@pytest.fixture
def acting(cast):
    """A function that narrows the transaction to an actor, as a request does, and returns it."""
    from guanxi.foundation import db as scopes
    from guanxi.foundation.actor import SYSTEM

    def become(actor):
        scopes.set_scope(actor)
        return actor

    become(SYSTEM)
    return become


@pytest.fixture
def signed_in(cast):
    """A function that returns a test client signed in as one of the cast, speaking a language."""
    from django.test import Client

    from guanxi.access.models import User

    def sign_in(name, language="en"):
        from guanxi.foundation import db as scopes
        from guanxi.foundation.actor import SYSTEM

        scopes.set_scope(SYSTEM)
        username = cast.stranger.name if name == "stranger" else name
        key = {"name": username} if name == "stranger" else {"username": username}
        client = Client()
        client.force_login(
            User.objects.filter(**key).first(), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        client.cookies["django_language"] = language
        return client

    return sign_in


@pytest.fixture
def empty_world(cast):
    """The network and its people, without the customers of the demonstration; in the scope of SYSTEM."""
    from django.db import connection

    from guanxi.config.demo.world import removing
    from guanxi.foundation import clock

    removing.remove(day=clock.today(), done=lambda _count: None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
