"""Kills with SIGKILL while the nightly pass is at work, on a durable cluster; two passes at once; increments.

Killed are the command and the database, at random but seeded moments (FAULT_SEED). Afterwards the states are as before
or as after, never between, and the next pass brings them to the end.
"""

import datetime
import time

import pytest

from guanxi.foundation import clock
from tests.journeys import faults

pytestmark = pytest.mark.journey
TODAY = clock.today()
NEXT = (TODAY + datetime.timedelta(days=1)).isoformat()
NAME = "nights"
SHOTS = ["command", "database", "command", "database", "command", "command"]
DIGEST = """
SELECT (SELECT md5(string_agg(concat_ws('|', customer_id, outlet_id, state, since, before, visits, last_visit, kpi_lost), ','
    ORDER BY customer_id, outlet_id)) FROM care_ownerstate),
  (SELECT md5(string_agg(c::text, ',' ORDER BY vehicle_id)) FROM care_carstate c),
  (SELECT md5(string_agg(concat_ws('|', customer_id, outlet_id, was, became, "on"), ',' ORDER BY customer_id, outlet_id, was, became, "on"))
   FROM care_statechange),
  (SELECT md5(string_agg(concat_ws('|', outlet_id, day, kind, code, count), ',' ORDER BY outlet_id, day, kind, code)) FROM care_statecount),
  (SELECT max(day) FROM insight_night)
"""
# What a day brings: visits added, corrected and taken back, a reading, a relation ended. New rows are not chosen by
# their keys: after a crash a sequence goes on elsewhere.
CHANGES = (
    """INSERT INTO workshop_visit (outlet_id, vehicle_id, customer_id, order_no, category, counts, entered_on, currency,
       advisor_name, brought_by, brought_by_phone, words, remark, touched_at)
       SELECT outlet_id, vehicle_id, customer_id, order_no || 'Z', 'MINOR_REPAIR', true, %s, 'CNY', '', '', '', '', '', now()
       FROM workshop_visit WHERE hashtext(order_no) %% 40 = 0""",
    "UPDATE workshop_visit SET counts = false WHERE hashtext(order_no) %% 50 = 1 AND %s IS NOT NULL",
    """DELETE FROM workshop_visit v WHERE hashtext(order_no) %% 60 = 2 AND %s IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM workshop_visitline l WHERE l.visit_id = v.id)""",
    "UPDATE vehicles_reading SET is_plausible = false WHERE id %% 70 = 3 AND %s IS NOT NULL",
    "UPDATE customers_relation SET ended_on = %s WHERE id %% 80 = 4 AND ended_on IS NULL",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = faults.Home(tmp_path_factory.mktemp("nights"))
    home.create(NAME)
    home.run(NAME, "-m", "guanxi", "prepare")
    home.run(NAME, "-m", "guanxi", "demo", "--customers", "600")
    yield home
    faults.embedded.stop(home.folder)


def ready(home, name):
    """Make a copy of the installation whose datasets are of today, and let a day's changes happen."""
    home.create(name, NAME)
    home.run(name, "-m", "guanxi", "nightly")
    for statement in CHANGES:
        home.rows(name, statement, TODAY)
    return digest(home, name)


def states(home, name):
    columns = "customer_id, outlet_id, state, since, before, visits, last_visit, kpi_lost"
    return set(home.rows(name, f"SELECT {columns} FROM care_ownerstate"))


def digest(home, name):
    return home.rows(name, DIGEST)[0]


@pytest.fixture(scope="module")
def undisturbed(home):
    """What a pass makes of that day when nobody shoots, how long it takes, and how many rows it reads."""
    before = ready(home, "calm")
    began = time.monotonic()
    told = home.run("calm", "-m", "guanxi", "nightly", "--day", NEXT)
    return before, digest(home, "calm"), time.monotonic() - began, told


@pytest.mark.parametrize(("number", "victim"), list(enumerate(SHOTS)))
def test_a_killed_pass_leaves_all_or_nothing_and_the_next_comes_to_the_end(home, undisturbed, number, victim):
    before, after, length, _told = undisturbed
    name = f"shot{number}"
    assert ready(home, name) == before
    moment = faults.moments("night", len(SHOTS), 1.05 * length)[number]
    process = home.start(name, "-m", "guanxi", "nightly", "--day", NEXT)
    time.sleep(moment)
    if victim == "database":
        home.kill_postmaster()
        faults.kill_group(process)
        home.revive()
    else:
        faults.kill_group(process)
    home.calm(name)
    assert digest(home, name) in {before, after}
    home.run(name, "-m", "guanxi", "nightly", "--day", NEXT)
    assert states(home, name) ^ states(home, "calm") == set()
    assert digest(home, name) == after


def test_a_pass_reads_what_changed_and_comes_to_what_a_fresh_one_comes_to(home, undisturbed):
    _before, after, _length, told = undisturbed
    everything = home.one(
        "calm", "SELECT (SELECT count(*) FROM workshop_visit) + (SELECT count(*) FROM vehicles_reading)"
    )
    read = int(told.split(": ")[1].split(" rows")[0].replace(",", "")) if "rows" in told else None
    home.run("calm", "-m", "guanxi", "nightly", "--day", NEXT)
    assert digest(home, "calm") == after
    for path in (home.folder / "work" / "insight" / "calm").iterdir():
        path.unlink()
    home.run("calm", "-m", "guanxi", "nightly", "--day", NEXT)
    assert digest(home, "calm") == after
    assert read is None or read < 3 * everything


def test_two_passes_at_once_queue_up(home, undisturbed):
    _before, after, _length, _told = undisturbed
    ready(home, "pair")
    both = [home.start("pair", "-m", "guanxi", "nightly", "--day", NEXT) for _turn in range(2)]
    told = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert digest(home, "pair") == after
