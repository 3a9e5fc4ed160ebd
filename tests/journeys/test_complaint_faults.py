"""Kills with SIGKILL while deadlines of complaints are swept, on a durable cluster: worker, then database. Afterwards every
deadline is still there, each rung was reached once, and the next worker brings them all to their end.
"""

import time

import pytest

from tests.journeys import faults

pytestmark = pytest.mark.journey

NAME, COUNT = "complaints", 60
SHOTS = ["worker", "database"]
OPEN = """
import datetime, sys
from guanxi.config.commands import start
start.start()
from guanxi.complaints.services import intake
from guanxi.complaints.services.intake import NewComplaint
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.network.models import Node
at = clock.now() - datetime.timedelta(days=6)
with db.scoped(SYSTEM):
    outlet = Node.objects.get(code="YLHD001").pk
    for number in range(int(sys.argv[1])):
        new = NewComplaint(outlet, "SERVICE", "空调不凉", f"fault-{number}", caller_name="某人", is_another=True)
        intake.open_complaint(actor=SYSTEM, new=new, at=at)
"""
ASK = """
from guanxi.config.commands import start
start.start()
from guanxi.foundation import db, jobs
from guanxi.foundation.actor import SYSTEM
with db.scoped(SYSTEM):
    jobs.enqueue("worklist.escalate")
"""
MINE = "kind IN ('complaints.contact', 'complaints.solve')"
LEVELS = f"SELECT level, count(*) FROM worklist_task WHERE {MINE} GROUP BY 1 ORDER BY 1"
LOST = f"SELECT count(*) FROM worklist_task WHERE {MINE} AND next_rung_at IS NULL AND level < 7"
TOLD = f"""
SELECT count(*) FROM worklist_task t WHERE {MINE} AND t.level <> (
  SELECT count(*) FROM worklist_escalation e WHERE e.task_id = t.id)
"""
WAITING = f"SELECT count(*) FROM worklist_task WHERE {MINE} AND next_rung_at <= now()"
DOING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'worklist.escalate' AND status = 'doing'"
DONE = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'worklist.escalate' AND status = 'succeeded'"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = faults.Home(tmp_path_factory.mktemp("complaints"))
    home.create(NAME)
    home.run(NAME, "-m", "guanxi", "prepare")
    home.run(NAME, "-m", "guanxi", "demo", "--customers", "20")
    home.rows(NAME, "DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    home.run(NAME, "-c", OPEN, str(COUNT))
    yield home
    faults.embedded.stop(home.folder)


def work(home):
    home.rows(NAME, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    home.run(NAME, "-m", "guanxi", "worker", "--once")


@pytest.mark.covers("CMP-42")
def test_a_killed_sweep_loses_no_deadline_and_tells_nobody_twice(home):
    assert home.rows(NAME, LEVELS) == [(0, 2 * COUNT)]
    for victim, moment in zip(SHOTS, faults.moments("deadlines", len(SHOTS), 0.5), strict=True):
        home.run(NAME, "-c", ASK)
        before = home.one(NAME, DONE)
        process = home.start(NAME, "-m", "guanxi", "worker")
        faults.wait_until(lambda: home.one(NAME, DOING) > 0 or home.one(NAME, DONE) > before, 60)  # noqa: B023 -- asked at once
        time.sleep(moment)
        if victim == "database":
            home.kill_postmaster()
            faults.kill_group(process)
            home.revive()
        else:
            faults.kill_group(process)
        home.calm(NAME)
        assert (home.one(NAME, LOST), home.one(NAME, TOLD)) == (0, 0)
        assert sum(count for _level, count in home.rows(NAME, LEVELS)) == 2 * COUNT
    for _sweep in range(9):
        if home.one(NAME, WAITING) == 0:
            break
        home.run(NAME, "-c", ASK)
        work(home)
    assert (home.one(NAME, WAITING), home.one(NAME, TOLD), home.one(NAME, LOST)) == (0, 0, 0)
    assert {level for level, _count in home.rows(NAME, LEVELS)} == {7}  # six days late: headquarters know of all
