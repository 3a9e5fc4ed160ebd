"""Twenty-one kills with SIGKILL, twenty of them at random moments: nothing is lost, nothing is half done.

Killed are the process that migrates or loads, the web server, the worker and the database itself, on a durable
cluster. The moments are random but seeded (FAULT_SEED), spread over the length of what they interrupt.
"""

import signal
import threading
import time

import pytest

from tests.journeys import faults, servers

pytestmark = pytest.mark.journey

PARTS = {
    "codelists": ("codelists_codelist", "codelists_code", "codelists_codewording"),
    "access": ("access_role", "access_responsibility"),
    "network": ("network_offeredservice",),
}
MIGRATING, LOADING, IMPORTING = 4, 6, 7


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = faults.Home(tmp_path_factory.mktemp("faults"))
    yield home
    faults.embedded.stop(home.folder)


@pytest.fixture(scope="module")
def migrated(home):
    """An undisturbed migration: its database and how long it took."""
    home.create("migrated")
    began = time.monotonic()
    home.run("migrated", "-m", "guanxi", "prepare")
    return "migrated", time.monotonic() - began


@pytest.fixture(scope="module")
def loaded(home, migrated):
    """An undisturbed preset: its database and how long it took."""
    home.create("loaded", migrated[0])
    began = time.monotonic()
    home.run("loaded", "-m", "guanxi", "preset", "base", "--apply", "--yes")
    return "loaded", time.monotonic() - began


@pytest.fixture(scope="module")
def network(home, migrated):
    """The demonstration with checked imports that wait to be applied, and a session of headquarters."""
    home.create("network", migrated[0])
    home.run("network", "-m", "guanxi", "demo")
    return faults.prepared_import(home, "network", IMPORTING + 3)


def shoot(home, process, victim):
    if victim == "database":
        home.kill_postmaster()
        process.wait(60)
        home.revive()
    elif victim == "parent":  # its own child lives on, as after an out-of-memory kill
        process.kill()
        process.wait()
    else:
        faults.kill_group(process)


# --- migrations --------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "victim"), list(enumerate(["process", "database", "parent", "database"])))
def test_migrations_come_to_their_end(home, migrated, number, victim):
    whole, duration = migrated
    name = home.create(f"migrating_{number}")
    process = home.start(name, "-m", "guanxi", "prepare")
    time.sleep(faults.moments("migrations", MIGRATING, duration)[number])
    shoot(home, process, victim)
    home.run(name, "-m", "guanxi", "prepare")
    assert home.rows(name, faults.SHAPE) == home.rows(whole, faults.SHAPE)


# --- presets -----------------------------------------------------------------------------------


def written(home, name):
    """What each part of a preset has written: rows by table, versions noted, audit lines."""
    state = {}
    for part, tables in PARTS.items():
        rows = tuple(home.one(name, f"SELECT count(*) FROM {table}") for table in tables)
        noted = home.one(name, "SELECT count(*) FROM records_presetversion WHERE part = %s", part)
        lines = home.one(
            name,
            "SELECT count(*) FROM records_auditentry WHERE starts_with(verb, %s)"
            " OR (verb = 'records.apply_presets' AND subject_id = %s)",
            f"{part}.", f"base/{part}",
        )  # fmt: skip
        state[part] = (rows, noted, lines)
    return state


@pytest.mark.parametrize(("number", "victim"), list(enumerate(["process", "database"] * 3)))
def test_each_part_of_a_preset_is_there_or_not(home, migrated, loaded, number, victim):
    empty, whole = written(home, migrated[0]), written(home, loaded[0])
    name = home.create(f"loading_{number}", migrated[0])
    process = home.start(name, "-m", "guanxi", "preset", "base", "--apply", "--yes")
    time.sleep(faults.moments("presets", LOADING, loaded[1])[number])
    shoot(home, process, victim)
    home.calm(name)
    found = written(home, name)
    assert [part for part in PARTS if found[part] not in (empty[part], whole[part])] == [], found
    home.run(name, "-m", "guanxi", "preset", "base", "--apply", "--yes")
    assert written(home, name) == whole


# --- imports -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(home, network, tmp_path_factory):
    site = servers.Site(home.folder, "network", home.variables("network"), tmp_path_factory.mktemp("site"))
    site.start_web()
    yield site
    site.stop()


def apply_over_http(site, network, number):
    answers = []
    address = f"{site.url}/network/import/{network['runs'][number]}/apply/"
    thread = threading.Thread(target=lambda: answers.append(faults.post(address, network["session"])))
    thread.start()
    return thread, answers


@pytest.fixture(scope="module")
def undisturbed(site, network):
    """How long an import takes when nobody shoots; the first request warms the server up."""
    times = []
    for number in (IMPORTING, IMPORTING + 1):
        began = time.monotonic()
        thread, answers = apply_over_http(site, network, number)
        thread.join()
        assert answers == [302]
        times.append(time.monotonic() - began)
    return times[-1]


def hold_whole_or_nothing(home, network, number):
    """Return the state of a run, after holding that all of it is there, or none."""
    code = f"F{number}-%"
    run = network["runs"][number]
    state = home.one("network", "SELECT state FROM network_importrun WHERE id = %s", run)
    expected = {"APPLIED": faults.PLACES, "CHECKED": 0}[state]
    nodes = "(SELECT id FROM network_node WHERE code LIKE %s)"
    counts = {
        "nodes": f"SELECT count(*) FROM {nodes} n",
        "profiles": f"SELECT count(*) FROM network_outletprofile WHERE node_id IN {nodes}",
        "placements": f"SELECT count(*) FROM network_placement WHERE child_id IN {nodes}",
        "lines": "SELECT count(*) FROM records_auditentry WHERE verb = 'network.add_node' AND after->>'code' LIKE %s",
    }
    found = {key: home.one("network", query, code) for key, query in counts.items()}
    assert found == dict.fromkeys(counts, expected), state
    told = "SELECT count(*) FROM procrastinate_jobs WHERE args->'values'->>'name' = %s"
    assert home.one("network", told, f"fault-{number}.xlsx") == (1 if state == "APPLIED" else 0)
    assert home.one("network", faults.DERIVED) == 0
    return state


@pytest.mark.parametrize(
    ("number", "victim"),
    list(enumerate(["server", "database", "server", "database", "server", "process", "process"])),
)
def test_an_import_is_whole_or_not_there(home, site, network, undisturbed, number, victim):
    moment = faults.moments("imports", IMPORTING, 1.4 * undisturbed)[number]  # some shots come too late
    if victim == "process":
        process = home.start("network", "-c", faults.APPLY, str(network["runs"][number]))
        assert process.stdout.readline().strip() == "begins"
        time.sleep(moment)
        faults.kill_group(process)
    else:
        thread, answers = apply_over_http(site, network, number)
        time.sleep(moment)
        if victim == "server":
            faults.kill_group(site.processes["web"])
            site.start_web()
        else:
            home.kill_postmaster()
            home.revive()
        thread.join()
        assert answers[0] in {None, 302, 500, 503}
    home.calm("network")
    state = hold_whole_or_nothing(home, network, number)
    if victim == "database":  # the server that lost its database finds it again by itself
        faults.wait_until(lambda: faults.post(f"{site.url}/language/", network["session"]) == 302)
    if state == "CHECKED":
        thread, answers = apply_over_http(site, network, number)
        thread.join()
        assert answers == [302]
    assert hold_whole_or_nothing(home, network, number) == "APPLIED"


# --- jobs --------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(3))
def test_no_job_is_lost_with_its_worker(home, network, number):
    """Jobs of a killed worker are taken up by the next one."""
    asked = 60
    home.rows("network", "DELETE FROM procrastinate_jobs WHERE status = 'todo'")  # what the demonstration left to do
    first = home.one("network", "SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
    values = '{"reaction": "network.NetworkImported->guanxi.workbench.services.tell_network_imported", "values": %s}'
    told = f'{{"person_id": 1, "added": 1, "changed": 0, "name": "job-{number}.xlsx"}}'
    home.rows(
        "network",
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
        " SELECT 'default', 'events.react', %s::jsonb FROM generate_series(1, %s)",
        values % told, asked,
    )  # fmt: skip
    left = (  # of these jobs: the demonstration may still be at work
        "SELECT count(*) FROM procrastinate_jobs WHERE id > %s AND status <> 'succeeded'"
        f" AND args->'values'->>'name' = 'job-{number}.xlsx'"
    )
    worker = home.start("network", "-m", "guanxi", "worker")
    faults.wait_until(lambda: home.one("network", left, first) < asked)
    time.sleep(faults.moments("jobs", 3, 0.4)[number])
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    home.rows("network", "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    home.run("network", "-m", "guanxi", "worker", "--once")
    assert home.one("network", left, first) == 0
    found = home.one("network", "SELECT count(*) FROM workbench_notification WHERE text_en LIKE %s", f"%job-{number}.%")
    assert asked <= found <= asked + 2  # a job whose end could not be noted may run twice, never more are open


# --- everything together -----------------------------------------------------------------------


def test_run_brings_back_a_database_that_died(home, network):
    """Under ``guanxi run`` nobody has to start anything again."""
    port = servers.free_port()
    process = home.start("network", "-m", "guanxi", "run", "--port", str(port))
    address = f"http://127.0.0.1:{port}/language/"
    try:
        faults.wait_until(lambda: faults.post(address, network["session"]) == 302, 60)
        home.kill_postmaster()
        faults.wait_until(lambda: faults.post(address, network["session"]) == 302, 60)
    finally:
        process.terminate()
        process.communicate(timeout=60)
    home.revive()
    assert home.one("network", faults.DERIVED) == 0
