"""A durable installation that may be shot at: its processes, its state in SQL, the moments of the shots."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psycopg

from guanxi.config import cluster, embedded
from tests import database
from tests.journeys import servers

SEED = int(os.environ.get("FAULT_SEED", "20261122"))
PLACES = 800
# Everything above everything, by period, from the placements alone: written apart from the database's own function.
DERIVED = """
WITH RECURSIVE way (top, leaf, during) AS (
  SELECT parent_id, child_id, during FROM network_placement
  UNION ALL
  SELECT p.parent_id, way.leaf, way.during * p.during
  FROM way JOIN network_placement p ON p.child_id = way.top WHERE NOT isempty(way.during * p.during)
), wanted AS (
  SELECT top, leaf, range_agg(during) AS days FROM way GROUP BY top, leaf
  UNION ALL SELECT id, id, datemultirange(daterange(valid_from, valid_to)) FROM network_node
), stored AS (
  SELECT ancestor_id AS top, descendant_id AS leaf, range_agg(during) AS days FROM network_ancestry GROUP BY 1, 2
)
SELECT count(*) FROM wanted FULL JOIN stored USING (top, leaf) WHERE wanted.days IS DISTINCT FROM stored.days
"""
SHAPE = """
SELECT 'column', table_name, column_name, data_type || is_nullable FROM information_schema.columns
  WHERE table_schema = 'public'
UNION ALL SELECT 'policy', tablename, policyname, coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies
UNION ALL SELECT 'index', tablename, indexname, '' FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, contype::text FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'function', proname, md5(prosrc), '' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'right', relname, coalesce(relacl::text, ''), '' FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S')
UNION ALL SELECT 'migration', app, name, '' FROM django_migrations
ORDER BY 1, 2, 3, 4
"""
PREPARE_IMPORT = """
import sys
from guanxi.config.commands import start
start.start()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from guanxi.access import queries
from guanxi.access.models import User
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Origin
from guanxi.network.services import importing
from tests.journeys.steps import workbook
runs = []
with db.scoped(SYSTEM):
    user = User.objects.get(username="hq")
    actor = queries.actor_for(user, day=clock.today(), origin=Origin(channel="test"))
    for number in range(int(sys.argv[1])):
        lines = [[f"F{number}-{i}", "网点", f"故障店{i}", "", "YL-HD-31", "2020-01-01", "是", "是", "31", "上海"]
                 for i in range(int(sys.argv[2]))]
        run = importing.check_file(actor=actor, name=f"fault-{number}.xlsx", content=workbook(*lines), at=clock.now())
        assert run.state == "CHECKED", run.problems[:3]
        runs.append(run.pk)
    session = SessionStore()
    session.update({SESSION_KEY: str(user.pk), HASH_SESSION_KEY: user.get_session_auth_hash(),
                    BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend"})
    session.save()
import json
print(json.dumps({"runs": runs, "session": session.session_key}))
"""
APPLY = """
import sys
from guanxi.config.commands import start
start.start()
from guanxi.access import queries
from guanxi.access.models import User
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Origin
from guanxi.network.services import importing
with db.scoped(SYSTEM):
    actor = queries.actor_for(User.objects.get(username="hq"), day=clock.today(), origin=Origin(channel="test"))
print("begins", flush=True)
with db.scoped(actor):
    importing.apply_run(actor=actor, run_id=int(sys.argv[1]), at=clock.now())
"""


class Home:
    """A data folder with a durable cluster of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in ("static", "stamps"):
            if (database.HOME / name).is_dir():
                shutil.copytree(database.HOME / name, folder / name, ignore=shutil.ignore_patterns("migrations"))
        self.server = embedded.ensure_running(folder, throwaway=False)

    def variables(self, name: str) -> dict[str, str]:
        return servers.environment(self.folder, name)

    def start(self, name: str, *words: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, *words], cwd=database.ROOT, env=self.variables(name), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip

    def run(self, name: str, *words: str) -> str:
        process = self.start(name, *words)
        told, _ = process.communicate(timeout=300)
        assert process.returncode == 0, told
        return told

    def rows(self, name: str, query: str, *values) -> list[tuple]:
        with psycopg.connect(self.server.dsn("owner", name), autocommit=True) as connection:
            done = connection.execute(query, values or None)
            return done.fetchall() if done.description else []

    def one(self, name: str, query: str, *values):
        return self.rows(name, query, *values)[0][0]

    def create(self, name: str, template: str = "template0") -> str:
        self.rows("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def kill_postmaster(self) -> None:
        os.kill(cluster.living_pid(self.server.data), signal.SIGKILL)
        wait_until(lambda: cluster.living_pid(self.server.data) is None)

    def revive(self) -> None:
        """Start the database again, as the next start of Guanxi would."""
        self.server = embedded.ensure_running(self.folder, throwaway=False)

    def calm(self, name: str) -> None:
        """Wait until what the dead left behind in the database has ended."""
        busy = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename = 'guanxi_app' AND xact_start < now()"
        )
        wait_until(lambda: self.one("postgres", busy, name) == 0)


def wait_until(holds, limit=30.0):
    end = time.monotonic() + limit
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def moments(name: str, count: int, duration: float) -> list[float]:
    """Random moments, one in each of ``count`` equal parts of a duration."""
    chance = random.Random(f"{SEED} {name}")
    return [(part + chance.random()) / count * duration for part in range(count)]


def kill_group(process: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):  # it was quicker
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def post(url: str, session: str) -> int | None:
    """Send an empty form as a signed-in person; None when the connection broke."""
    word = "a" * 32
    request = urllib.request.Request(url, data=b"", method="POST")
    request.add_header("Cookie", f"sessionid={session}; csrftoken={word}")
    request.add_header("X-CSRFToken", word)
    opener = urllib.request.build_opener(_Stay)
    try:
        with opener.open(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except (urllib.error.URLError, OSError):
        return None


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


def prepared_import(home: Home, name: str, runs: int) -> dict:
    told = home.run(name, "-c", PREPARE_IMPORT, str(runs), str(PLACES))
    return json.loads(told.strip().splitlines()[-1])
