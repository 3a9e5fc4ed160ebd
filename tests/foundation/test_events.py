"""A reaction exists exactly if the fact does."""

import json
from dataclasses import dataclass

import pytest
from django.db import connection, transaction

from guanxi.foundation import db, events, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.events import Event, Reaction, on

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class BellRung(Event):
    times: int


@dataclass(frozen=True)
class NothingHeard(Event):
    times: int


HEARD = []


def hear(*, times):
    HEARD.append(times)


def hear_too(*, times):
    HEARD.append(-times)


@pytest.fixture(autouse=True)
def wired():
    """Two listeners to one event; the house's own table is put back."""
    before = tuple(events._reactions.values())
    HEARD.clear()
    events.wire((on(BellRung, hear), on(BellRung, hear_too)))
    yield
    events.wire(before)


def waiting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'events.react' ORDER BY id")
        rows = [json.loads(row[0]) for row in cursor.fetchall()]
    return [row["values"] for row in rows if "BellRung" in row["reaction"]]


@pytest.mark.covers("SYS-19")
def test_each_listener_gets_its_own_job():
    events.publish(BellRung(3))
    assert waiting() == [{"times": 3}, {"times": 3}]


@pytest.mark.covers("SYS-19")
def test_no_reaction_is_left_of_a_change_that_was_rolled_back():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.publish(BellRung(1))
        assert len(waiting()) == 2
        raise ZeroDivisionError
    assert waiting() == []


@pytest.mark.covers("SYS-19")
def test_another_connection_does_not_see_it_before_the_commit():
    sql = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'events.react' AND args::text LIKE '%%BellRung%%'"
    other = connection.copy()
    try:
        events.publish(BellRung(1))
        with other.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.fetchone() == (0,)
    finally:
        other.close()
    assert len(waiting()) == 2


def test_what_nobody_listens_to_stores_nothing():
    events.publish(NothingHeard(1))
    assert waiting() == []


def test_a_job_runs_the_reaction_it_names():
    name = Reaction(BellRung, hear_too).name
    events.react(reaction=name, values={"times": 4})
    assert HEARD == [-4]


def test_the_house_wires_every_reaction_under_its_own_name():
    from guanxi.config.wiring import REACTIONS

    names = [reaction.name for reaction in REACTIONS]
    assert len(set(names)) == len(names)
    assert "access.RoleGranted->guanxi.workbench.services.tell_role_granted" in names


def test_an_unknown_job_is_refused_at_once():
    with pytest.raises(LookupError):
        jobs.enqueue("nothing.of_this_name")
    with pytest.raises(LookupError):
        jobs.every("* * * * *", "nothing.of_this_name")


def test_a_sweep_that_waits_already_is_not_stored_twice(acting):
    db.set_scope(SYSTEM)
    assert jobs.enqueue("records.forget_replies", queueing_lock="t_sweep") > 0
    assert jobs.enqueue("records.forget_replies", queueing_lock="t_sweep") == -1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock = 't_sweep'")
        assert cursor.fetchone() == (1,)
