"""Two runs of migrations queue: one migrates, the other waits and finds nothing left to do; no model is rendered twice
for nothing.
"""

import os
import subprocess
import sys
import time

import psycopg
import pytest
from django.db import models
from django.db.migrations.state import ModelState
from tests import database

from guanxi.config import embedded
from guanxi.config.management.commands.migrate import LOCK, LeanState

PATIENCE = 300


@pytest.fixture
def server():
    database.template()
    return embedded.describe(database.HOME)


@pytest.fixture
def make(server):
    """A function that makes a database, empty or as the template is, for the length of a test."""
    made = []

    def with_name(name, source="template0"):
        name = f"test_migrate_{name}_{os.getpid()}"
        with psycopg.connect(server.dsn("owner", "postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        made.append(name)
        return name

    yield with_name
    with psycopg.connect(server.dsn("owner", "postgres"), autocommit=True) as connection:
        for name in made:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def start(name, *words):
    """Start ``django migrate`` on a database, as ``guanxi prepare`` does."""
    variables = os.environ | {
        "PYTHONPATH": str(database.ROOT / "src"), "GUANXI_DB_ROLE": "owner", "GUANXI_DB_NAME": name,
        "DATABASE_POOL": "no", "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "django", "migrate", "--noinput", *words], cwd=database.ROOT,
        env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def end(process):
    output, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, output


HERE = "locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"


def wait_for_waiters(connection, number):
    """Wait until so many wait for the lock of migrations in this database."""
    limit = time.monotonic() + PATIENCE
    while connection.execute(f"SELECT count(*) FROM pg_locks WHERE NOT granted AND {HERE}").fetchone()[0] < number:
        assert time.monotonic() < limit, "nobody waits"
        time.sleep(0.05)


@pytest.mark.covers("NFR-13")
def test_two_runs_on_an_empty_database_both_succeed_and_migrate_it_once(server, make):
    name = make("both")
    with psycopg.connect(server.dsn("owner", name), autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(hashtext(%s))", [LOCK])
        runs = start(name), start(name)
        wait_for_waiters(holder, 2)
    (one, said), (two, told) = map(end, runs)
    assert (one, two) == (0, 0), said + told
    assert sorted("No migrations to apply" in text for text in (said, told)) == [False, True]
    with psycopg.connect(server.dsn("owner", name)) as connection:
        rows = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    assert len(rows) == len(set(rows)) > 20


@pytest.mark.covers("NFR-13")
def test_a_run_waits_for_the_holder_even_when_he_dies(server, make):
    name = make("late", database.template())
    holder = psycopg.connect(server.dsn("owner", name), autocommit=True)
    holder.execute("SELECT pg_advisory_lock(hashtext(%s))", [LOCK])
    process = start(name)
    with psycopg.connect(server.dsn("owner", name), autocommit=True) as watch:
        wait_for_waiters(watch, 1)
        assert process.poll() is None
        watch.execute("SELECT pg_terminate_backend(%s)", [holder.info.backend_pid])
        status, output = end(process)
        held = watch.execute(f"SELECT count(*) FROM pg_locks WHERE {HERE}").fetchone()[0]
    holder.close()
    assert (status, held) == (0, 0), output
    assert "Waiting for another run" in output


def test_what_only_looks_does_not_wait(server, make):
    name = make("look", database.template())
    with psycopg.connect(server.dsn("owner", name), autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(hashtext(%s))", [LOCK])
        for word in ("--check", "--plan"):
            status, output = end(start(name, word))
            assert status == 0, output
            assert "Waiting" not in output


def test_a_run_that_fails_gives_the_lock_back(server, make):
    name = make("fails", database.template())
    status, output = end(start(name, "no_such_app"))
    assert status != 0
    assert "no_such_app" in output
    assert end(start(name))[0] == 0


def _author() -> ModelState:
    fields = [("id", models.AutoField(primary_key=True)), ("born", models.DateField())]
    return ModelState("lean", "Author", fields, {"indexes": [], "constraints": []})


def test_an_index_or_constraint_renders_no_model_anew_and_is_kept():
    state = LeanState(real_apps=set())
    state.add_model(_author())
    before = state.apps.get_model("lean", "author")
    state.add_index("lean", "author", models.Index(fields=["born"], name="lean_born"))
    old = state.clone()
    state.add_constraint("lean", "author", models.UniqueConstraint(fields=["born"], name="lean_once"))
    assert state.apps.get_model("lean", "author") is before
    assert [[row.name for row in rows] for rows in (before._meta.indexes, before._meta.constraints)] == [
        ["lean_born"], ["lean_once"],
    ]  # fmt: skip
    assert [row.name for row in state.models["lean", "author"].options["constraints"]] == ["lean_once"]
    assert (type(old), old.models["lean", "author"].options["constraints"]) == (LeanState, [])


def test_a_new_model_is_rendered_alone_and_known_to_what_it_refers_to():
    state = LeanState(real_apps=set())
    state.add_model(_author())
    before = state.apps.get_model("lean", "author")
    key = ("author", models.ForeignKey("lean.Author", models.CASCADE, related_name="books"))
    state.add_model(ModelState("lean", "Book", [("id", models.AutoField(primary_key=True)), key]))
    book = state.apps.get_model("lean", "book")
    assert state.apps.get_model("lean", "author") is before is book._meta.get_field("author").remote_field.model
    assert before._meta.get_field("books").related_model is book
    state.add_field("lean", "author", "name", models.TextField(default=""), preserve_default=True)
    again = state.apps.get_model("lean", "author")
    assert again._meta.get_field("name")
    assert state.apps.get_model("lean", "book")._meta.get_field("author").remote_field.model is again
