"""Kills with SIGKILL while files are checked, written and undone, and two imports at once, on a durable cluster.

Killed are the worker, the command and the database, at random but seeded moments (FAULT_SEED). Afterwards all tables
are as before or as after, never between, and the next worker brings the import to its end.
"""

import json
import time

import pytest

from tests.intake import arriving
from tests.journeys import faults

pytestmark = pytest.mark.journey

ROWS = 2500
PREPARE = """
import io, json, sys
from guanxi.config.commands import start
start.start()
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.intake.services import receiving
from guanxi.network.models import Node
with db.scoped(SYSTEM):
    run = receiving.add_run(actor=SYSTEM, place_id=Node.objects.get(code="YLHD001").pk, source="DMS", name="owners.csv",
                            content=open(sys.argv[1], "rb"), at=clock.now(), day=clock.today())
    receiving.choose_columns(actor=SYSTEM, run_id=run.pk, sheet=run.sheet, header_row=run.header_row, kind=run.kind,
                             mapping=run.mapping, at=clock.now())
print(json.dumps({"run": run.pk}))
"""
ASK = """
import sys
from guanxi.config.commands import start
start.start()
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.intake.services import merging, undoing
with db.scoped(SYSTEM):
    {"merge": merging.start_merge, "undo": undoing.start_undo}[sys.argv[2]](actor=SYSTEM, run_id=int(sys.argv[1]))
"""
REFERENCES = """
SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, b.attname
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
  AND c.conrelid::regclass::text ~ '^(customers|vehicles|workshop|intake)_'
"""
NAME = "imports"
SHOTS = [
    ("check", "worker"), ("check", "database"), ("check", "worker"), ("merge", "worker"), ("merge", "database"),
    ("merge", "worker"), ("merge", "database"), ("merge", "command"), ("merge", "command"), ("undo", "worker"),
    ("undo", "database"), ("undo", "worker"), ("undo", "database"),
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = faults.Home(tmp_path_factory.mktemp("imports"))
    home.create(NAME)
    home.run(NAME, "-m", "guanxi", "prepare")
    home.run(NAME, "-m", "guanxi", "demo", "--customers", "600")
    home.run(NAME, "-m", "guanxi", "worker", "--once")  # what the demonstration left to do
    yield home
    faults.embedded.stop(home.folder)


def write_file(folder, number, rows=ROWS, first=0):
    """Write a file of owners that no other has; every third owner has two cars."""
    path = folder / f"owners-{number}-{first}.csv"
    base = number * 100_000 + first
    lines = [
        (f"C{base + at - at % 3 // 2}", f"王{chr(0x4E00 + (base + at - at % 3 // 2) % 5000)}", f"138{base + at - at % 3 // 2:08d}",
         arriving.vin(base + at), "", "2024-05-06", "99800")
        for at in range(rows)
    ]  # fmt: skip
    path.write_bytes(arriving.owners(*lines))
    return path


def counts(home):
    """How many rows there are of everything that an import writes, derives or remembers, but its own findings."""
    tables = (*arriving.TABLES, *arriving.DERIVED, "intake_before")
    return {table: home.one(NAME, f"SELECT count(*) FROM {table}") for table in tables}


def hold_together(home):
    """Hold that every row points at something: the database did not ask while they were written."""
    for table, column, other, key in home.rows(NAME, REFERENCES):
        lost = f"SELECT count(*) FROM {table} t WHERE {column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {other} o WHERE o.{key} = t.{column})"
        assert home.one(NAME, lost) == 0, (table, column)
    words = "SELECT count(*) FROM customers_token t WHERE NOT EXISTS (SELECT 1 FROM customers_customer c WHERE c.id = t.customer_id)"
    assert home.one(NAME, words) == 0


def state(home, run):
    return home.one(NAME, "SELECT state FROM intake_run WHERE id = %s", run)


def work(home):
    """Let the next worker do what is left, the jobs of the dead included."""
    home.rows(NAME, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    home.run(NAME, "-m", "guanxi", "worker", "--once")


def prepare(home, path):
    return json.loads(home.run(NAME, "-c", PREPARE, str(path)).strip().splitlines()[-1])["run"]


def ready(home, tmp_path, number, phase):
    """Bring a fresh file to where a phase begins: the job is stored, nobody has taken it."""
    run = prepare(home, write_file(tmp_path, number))
    if phase != "check":
        work(home)
        home.run(NAME, "-c", ASK, str(run), "merge")
    if phase == "undo":
        work(home)
        home.run(NAME, "-c", ASK, str(run), "undo")
    return run


ENDS = {"check": "CHECKED", "merge": "DONE", "undo": "UNDONE"}
BUSY = {"check": "CHECKING", "merge": "MERGING", "undo": "UNDOING"}


def begun(home, run, process):
    """Wait until a run is at work; what has ended already counts as begun."""
    said = "SELECT count(*) FROM intake_progress WHERE run_id = %s"
    faults.wait_until(lambda: home.one(NAME, said, run) or process.poll() is not None, 60)


@pytest.fixture(scope="module")
def undisturbed(home, tmp_path_factory):
    """What each phase makes of the counts, and how long it works, when nobody shoots."""
    folder, seen, lengths = tmp_path_factory.mktemp("calm"), [counts(home)], {}
    run = prepare(home, write_file(folder, 900))
    for phase in ("check", "merge", "undo"):
        if phase != "check":
            home.run(NAME, "-c", ASK, str(run), phase)
        process = home.start(NAME, "-m", "guanxi", "worker", "--once")
        begun(home, run, process)
        began = time.monotonic()
        faults.wait_until(lambda phase=phase: state(home, run) == ENDS[phase], 60)
        lengths[phase] = time.monotonic() - began
        process.communicate(timeout=60)
        seen.append(counts(home))
    added = {table: seen[2][table] - seen[1][table] for table in seen[0]}
    assert added["vehicles_vehicle"] == ROWS
    assert seen[1] == seen[0]
    assert seen[3] == seen[0]
    return added, lengths


def shoot(home, process, victim):
    if victim == "database":
        home.kill_postmaster()
        faults.kill_group(process)
        home.revive()
    else:
        faults.kill_group(process)
    home.calm(NAME)


@pytest.mark.parametrize(("number", "phase", "victim"), [(at, *shot) for at, shot in enumerate(SHOTS)])
def test_a_killed_import_is_whole_or_not_there_and_comes_to_its_end(home, undisturbed, tmp_path, number, phase, victim):
    added, lengths = undisturbed
    moment = faults.moments(f"import {phase}", len(SHOTS), 1.1 * lengths[phase])[number]
    if victim == "command":
        before = counts(home)
        path = write_file(tmp_path, number)
        words = ("import", str(path), "--outlet", "YLHD001", "--source", "DMS")
        process = home.start(NAME, "-m", "guanxi", *words)
        merging = "SELECT coalesce(max(id), 0) FROM intake_run WHERE state IN ('MERGING', 'DONE') AND file_name = %s"
        faults.wait_until(lambda: home.one(NAME, merging, path.name), 60)
        run = home.one(NAME, merging, path.name)
    else:
        run = ready(home, tmp_path, number, phase)
        before = counts(home)
        process = home.start(NAME, "-m", "guanxi", "worker")
        begun(home, run, process)
    time.sleep(moment)
    shoot(home, process, victim)
    change = {"check": 0, "merge": 1, "undo": -1}[phase]
    after = {table: before[table] + change * added[table] for table in before}
    found, where = counts(home), state(home, run)
    assert where in {BUSY[phase], ENDS[phase]}
    assert found == (after if where == ENDS[phase] else before)
    work(home)
    assert (state(home, run), counts(home)) == (ENDS[phase], after)
    hold_together(home)


def test_a_worker_that_runs_once_also_takes_what_waits_for_another_job(home, tmp_path):
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND lock = %s"
    home.run(NAME, "-m", "guanxi", "import", str(write_file(tmp_path, 60)), "--outlet", "YLHD001", "--source", "DMS")
    lock = f"intake.{home.one(NAME, 'SELECT max(id) FROM intake_run')}"
    assert home.one(NAME, waiting, lock) == 2
    work(home)
    assert home.one(NAME, waiting, lock) == 0


def test_two_imports_of_the_same_people_at_once_end_well(home, tmp_path):
    """Both bring the same people with the same cars, one from each end of the list: none is doubled."""
    paths = [write_file(tmp_path, 70, 2000), tmp_path / "turned.csv"]
    head, *lines = paths[0].read_text().splitlines()
    paths[1].write_text("\n".join([head, *reversed(lines)]) + "\n")
    before = counts(home)
    both = [
        home.start(NAME, "-m", "guanxi", "import", str(path), "--outlet", outlet, "--source", "DMS")
        for path, outlet in zip(paths, ("YLHD001", "YLHN001"), strict=True)
    ]
    told = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    found = counts(home)
    assert found["vehicles_vehicle"] - before["vehicles_vehicle"] == 2000
    people = len({line.split(",")[2] for line in lines})
    assert found["customers_customer"] - before["customers_customer"] == people
    assert found["customers_relation"] - before["customers_relation"] == 2 * people
    hold_together(home)
