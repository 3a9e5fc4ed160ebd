"""Kills the web server with SIGKILL while a program sends a file or lets it be written, on a durable cluster.

The program does what programs do: it sends the same again, with the same idempotency key, until it is answered.
Afterwards there is one import, its file is whole, and its rows are there once.
"""

import base64
import hashlib
import json
import threading
import time
import urllib.error
import urllib.request

import pytest

from tests.journeys import faults, servers
from tests.journeys.test_import_faults import NAME, ROWS, counts, work, write_file

pytestmark = pytest.mark.journey

SHOTS = 7
TOKEN = """
import datetime
from guanxi.config.commands import start
start.start()
from guanxi.access import queries
from guanxi.access.models import User
from guanxi.access.services import tokens
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Origin
from guanxi.intake.permissions import Verb
from guanxi.network.models import Node
with db.scoped(SYSTEM):
    person = User.objects.get(username="hq")
    actor = queries.actor_for(person, day=clock.today(), origin=Origin(channel="test"))
    token, secret = tokens.issue_token(actor=actor, name="loader", verbs=[Verb.VIEW, Verb.IMPORT_FILE],
                                       lasts=datetime.timedelta(days=1), at=clock.now())
    print(secret, Node.objects.get(code="YLHD001").pk)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = faults.Home(tmp_path_factory.mktemp("uploads"))
    home.create(NAME)
    home.run(NAME, "-m", "guanxi", "prepare")
    home.run(NAME, "-m", "guanxi", "demo", "--customers", "600")
    home.run(NAME, "-m", "guanxi", "worker", "--once")  # what the demonstration left to do
    yield home
    faults.embedded.stop(home.folder)


@pytest.fixture(scope="module")
def site(home, tmp_path_factory):
    site = servers.Site(home.folder, NAME, home.variables(NAME), tmp_path_factory.mktemp("site"))
    site.start_web()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def program(home):
    secret, place = home.run(NAME, "-c", TOKEN).split()[-2:]
    return secret, int(place)


def send(site, program, path, values, key):
    """Send until answered; return what was said. A conflict says that the first try still runs."""
    request = urllib.request.Request(f"{site.url}/api/v1/intake{path}", data=json.dumps(values).encode(), method="POST")
    for name, value in (
        ("Authorization", f"Bearer {program[0]}"),
        ("Content-Type", "application/json"),
        ("Idempotency-Key", key),
    ):
        request.add_header(name, value)
    end = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            assert error.code in {409, 429, 500, 503}, error.read()
        except (urllib.error.URLError, OSError):
            pass
        assert time.monotonic() < end
        time.sleep(0.2)


def shot(site, act, moment):
    """Let a program do something, kill the server in the middle, start it again; return what the program got."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(act()))
    thread.start()
    if moment is not None:
        time.sleep(moment)
        faults.kill_group(site.processes["web"])
        site.start_web()
    thread.join()
    return answers[0]


def upload(site, program, path, moment=None):
    values = {
        "place_id": program[1],
        "source": "DMS",
        "name": path.name,
        "content": base64.b64encode(path.read_bytes()).decode(),
    }
    return shot(site, lambda: send(site, program, "/runs", values, f"send {path.name}"), moment)


def merge(site, program, run, moment=None):
    return shot(site, lambda: send(site, program, f"/runs/{run}/merge", {}, f"write {run}"), moment)


@pytest.fixture(scope="module")
def undisturbed(home, site, program, tmp_path_factory):
    """What one file adds, and how long its sending and its order to be written take."""
    folder = tmp_path_factory.mktemp("calm")
    upload(site, program, write_file(folder, 800))
    began = time.monotonic()
    run = upload(site, program, write_file(folder, 801))
    sent = time.monotonic()
    work(home)
    before, ordered = counts(home), time.monotonic()
    merge(site, program, run["id"])
    lengths = sent - began, time.monotonic() - ordered
    work(home)
    after = counts(home)
    assert after["vehicles_vehicle"] - before["vehicles_vehicle"] == ROWS
    return {table: after[table] - before[table] for table in before}, lengths


@pytest.mark.parametrize("number", range(SHOTS))
def test_a_file_is_there_once_whatever_became_of_the_server(home, site, program, undisturbed, tmp_path, number):
    added, (sending, ordering) = undisturbed
    path = write_file(tmp_path, number)
    before = counts(home)
    run = upload(site, program, path, faults.moments("sending", SHOTS, 1.2 * sending)[number])
    stored = "SELECT count(*), max(id), max(digest) FROM intake_run WHERE file_name = %s"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert home.rows(NAME, stored, path.name) == [(1, run["id"], digest)]
    (kept,) = home.folder.glob(f"**/intake/{NAME}/{run['id']}/original")
    assert kept.read_bytes() == path.read_bytes()
    work(home)
    merge(site, program, run["id"], faults.moments("ordering", SHOTS, 1.5 * ordering)[number])
    assert counts(home) == before
    work(home)
    assert home.one(NAME, "SELECT state FROM intake_run WHERE id = %s", run["id"]) == "DONE"
    assert counts(home) == {table: before[table] + added[table] for table in before}
