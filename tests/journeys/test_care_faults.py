"""Kills with SIGKILL while the night makes tasks, on a durable cluster: worker or database, at random but seeded
moments (FAULT_SEED). Afterwards the night is whole or not there, and the next worker brings it to its end.
"""

import time

import pytest

from tests.journeys import faults

pytestmark = pytest.mark.journey

NAME = "care"
SHOTS = ["worker", "database", "worker", "worker", "database", "worker"]
ASK = """
from guanxi.config.commands import start
start.start()
from guanxi.foundation import db, jobs
from guanxi.foundation.actor import SYSTEM
with db.scoped(SYSTEM):
    jobs.enqueue("care.make_tasks")
"""
DECIDED = "SELECT result, count(*) FROM care_decision GROUP BY 1 ORDER BY 1"
TASKS = "SELECT count(*) FROM worklist_task WHERE kind LIKE 'care.%'"
WITHOUT = """
SELECT count(*) FROM care_decision d WHERE d.result = 'TASK' AND NOT EXISTS (
  SELECT 1 FROM worklist_task t
  WHERE t.key = concat('care:', d.code, ':', d.customer_id, ':', coalesce(d.vehicle_id, 0), ':', d.reason_on))
"""
DOING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'care.make_tasks' AND status = 'doing'"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = faults.Home(tmp_path_factory.mktemp("care"))
    home.create(NAME)
    home.run(NAME, "-m", "guanxi", "prepare")
    home.run(NAME, "-m", "guanxi", "demo", "--customers", "10000")
    yield home
    faults.embedded.stop(home.folder)


def forget(home):
    """Take back what the night wrote, so that it can be watched again; messages too, which count in its budgets."""
    home.rows(NAME, "DELETE FROM messaging_message")
    home.rows(NAME, "DELETE FROM worklist_escalation")
    home.rows(NAME, "DELETE FROM worklist_task")
    home.rows(NAME, "DELETE FROM care_decision")
    home.rows(NAME, "DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    assert home.one(NAME, TASKS) == 0


def work(home):
    home.rows(NAME, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    home.run(NAME, "-m", "guanxi", "worker", "--once")


def begun(home):
    process = home.start(NAME, "-m", "guanxi", "worker")
    faults.wait_until(lambda: home.one(NAME, DOING) > 0 or home.one(NAME, TASKS) > 0, 60)
    return process


@pytest.fixture(scope="module")
def undisturbed(home):
    """What a night comes to, and how long it takes, when nobody shoots."""
    forget(home)
    home.run(NAME, "-c", ASK)
    process = begun(home)
    began = time.monotonic()
    faults.wait_until(lambda: home.one(NAME, TASKS) > 0, 60)
    length = time.monotonic() - began
    faults.kill_group(process)
    return home.rows(NAME, DECIDED), home.one(NAME, TASKS), length


@pytest.mark.covers("CARE-33")
@pytest.mark.parametrize(("number", "victim"), list(enumerate(SHOTS)))
def test_a_killed_night_is_whole_or_not_there_and_comes_to_its_end(home, undisturbed, number, victim):
    decided, tasks, length = undisturbed
    assert dict(decided)["TASK"] == tasks > 100
    forget(home)
    home.run(NAME, "-c", ASK)
    process = begun(home)
    time.sleep(faults.moments("night", len(SHOTS), 1.1 * length)[number])
    if victim == "database":
        home.kill_postmaster()
        faults.kill_group(process)
        home.revive()
    else:
        faults.kill_group(process)
    home.calm(NAME)
    assert (home.rows(NAME, DECIDED), home.one(NAME, TASKS)) in [([], 0), (decided, tasks)]
    work(home)
    assert (home.rows(NAME, DECIDED), home.one(NAME, TASKS)) == (decided, tasks)
    assert home.one(NAME, WITHOUT) == 0
