"""Complaints among a million: list, board and one complaint against an empty page, and the sweep of deadlines
against the same rows touched bare.

COMPLAINTS rows (1,000,000) are copies without customers, spread over the outlets of the demonstration and three years;
one in fifty is open, with a task whose next rung is reached for DUE of them (2,000). What is asked for: 95 of a hundred
pages of list and board within 150 ms, the sweep within 5 s.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import measure
import psycopg
from django.db import connection
from django.test import Client
from tests import database

from guanxi.access.models import User
from guanxi.config import embedded
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.services import escalating

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
COMPLAINTS, DUE = int(os.environ.get("COMPLAINTS", "1_000_000")), 2000
TIMES = 40
FILL = """
INSERT INTO complaints_complaint (outlet_id, place_id, process_id, kind, angle, category_id, level, channel,
  caller_name, caller_phone, caller_car, words, desk, desk_number, named, parties, signs, token, state, opened_at,
  opened_by, owner_name, contact_due_at, solve_due_at, due_at, rounds, is_valid, approved_by, ending, summary, ended_at,
  liability, liable, judged_by)
SELECT o.id, o.id, 'BASE', 'COMPLAINT', (ARRAY['SERVICE', 'SALES', 'PRODUCT'])[1 + n %% 3],
  CASE n %% 3 WHEN 0 THEN 'REPEATED' END, (ARRAY['NORMAL', 'NORMAL', 'NORMAL', 'SIGNIFICANT'])[1 + n %% 4], 'PHONE',
  '来电' || n, '', '', '空调修了两次还不凉', '', '', '', '{}', '{}', 'bench:' || n,
  CASE WHEN n %% 50 = 0 THEN (ARRAY['RECEIVED', 'ANALYSING', 'RESOLVING', 'TO_REVISIT'])[1 + n / 50 %% 4]
    ELSE 'CLOSED' END,
  t.at, '', '', t.at + interval '1 hour', t.at + interval '1 day',
  CASE WHEN n %% 50 = 0 THEN t.at + interval '1 day' END, 1, CASE WHEN n %% 50 > 0 THEN false END, '',
  CASE WHEN n %% 50 > 0 THEN 'EXPLAINED' ELSE '' END, CASE WHEN n %% 50 > 0 THEN '已说明' ELSE '' END,
  CASE WHEN n %% 50 > 0 THEN t.at + interval '2 days' END, '', '', ''
FROM generate_series(1, %(size)s) n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k, count(*) OVER () AS many
      FROM network_node WHERE kind = 'OUTLET') o ON o.k = n %% o.many
CROSS JOIN LATERAL (SELECT now() - make_interval(secs => n::float8 * 94608000 / %(size)s) AS at) t
"""
ROUNDS = """
INSERT INTO complaints_round (complaint_id, number, began_at, due_at, analysis, plan, measure, resolved_by, asked_by,
  verdict, system, part, fault_code)
SELECT id, 1, opened_at, solve_due_at, '', '', '', '', '', '', '', '', ''
FROM complaints_complaint WHERE token LIKE 'bench:%'
"""
TASKS = """
INSERT INTO worklist_task SELECT r.* FROM (SELECT to_jsonb(x) AS j FROM worklist_task x LIMIT 1) t,
  (SELECT id, outlet_id FROM complaints_complaint WHERE token LIKE 'bench:%%' AND state <> 'CLOSED'
   ORDER BY id LIMIT %(due)s) c,
  jsonb_populate_record(NULL::worklist_task, t.j || jsonb_build_object('id', %(first)s + c.id, 'kind',
    'complaints.solve', 'key', 'bench:' || c.id, 'node_id', c.outlet_id, 'subject_type', 'complaints.complaint',
    'subject_id', c.id, 'level', 0, 'state', 'OPEN', 'owner_id', NULL, 'role_id', 'service_manager',
    'finished_at', NULL, 'outcome', '', 'parent_id', NULL, 'due_at', now() - interval '1 minute',
    'next_rung_at', now() - interval '1 minute')) r
"""
FIRST = 2_000_000_000


@dataclass(frozen=True)
class Share:
    """The median and the 95th percentile of a page, and those of an empty one, in milliseconds."""

    name: str
    ours: tuple[float, float]
    floor: tuple[float, float]

    def __str__(self) -> str:
        said = f"p50 {self.ours[0]:.0f} p95 {self.ours[1]:.0f} ms"
        return f"{self.name:<46} {said:>19} {self.floor[0]:>9.0f} ms {self.ours[0] / self.floor[0]:>8.2f}"


def results() -> Iterator[object]:
    """Yield the pages as an outlet, a branch and headquarters, then the sweep; the rows are taken away again."""
    with psycopg.connect(_owner(), autocommit=True) as bare:
        _fill(bare)
        try:
            yield from _pages(bare)
            yield _sweep(bare)
        finally:
            _clear(bare)


def _owner() -> str:
    return embedded.describe(database.HOME).dsn("owner", connection.settings_dict["NAME"])


def _fill(bare: psycopg.Connection) -> None:
    start = time.perf_counter()
    bare.execute(FILL, {"size": COMPLAINTS})
    bare.execute(ROUNDS)
    bare.execute("VACUUM (ANALYZE) complaints_complaint, complaints_round")  # as autovacuum does in use
    print(f"made {COMPLAINTS:,} complaints in {time.perf_counter() - start:.0f} s", flush=True)


def _clear(bare: psycopg.Connection) -> None:
    bare.execute("DELETE FROM worklist_escalation WHERE task_id > %s", [FIRST])
    bare.execute("DELETE FROM worklist_task WHERE id > %s", [FIRST])
    bare.execute("DELETE FROM complaints_round r USING complaints_complaint c WHERE c.id = r.complaint_id"
                 " AND c.token LIKE 'bench:%'")  # fmt: skip
    bare.execute("DELETE FROM complaints_complaint WHERE token LIKE 'bench:%'")


def _pages(bare: psycopg.Connection) -> Iterator[Share]:
    found = bare.execute("SELECT max(id) FROM complaints_complaint WHERE outlet_id = (SELECT id FROM network_node"
                         " WHERE code = 'YLHD001')").fetchone()  # fmt: skip
    one = found[0] if found else 0
    for who in ("crm", "branch", "hq"):
        client = Client(headers={"host": "localhost"})
        with db.scoped(SYSTEM):
            client.force_login(User.objects.get(username=who), backend=BACKEND)
        for name, path in (
            ("list", "/complaints/"), ("list, open and overdue", "/complaints/?state=open&late=yes"),
            ("board", "/complaints/board/"), ("a complaint", f"/complaints/{one}/"),
        ):  # fmt: skip
            get = partial(_get, client)
            yield Share(f"{who}: {name}", _spread(partial(get, path)), _spread(partial(get, "/palette/")))


def _get(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def _spread(act: Callable[[], None]) -> tuple[float, float]:
    for _ in range(3):
        act()
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), sorted(taken)[round(TIMES * 0.95) - 1]


def _sweep(bare: psycopg.Connection) -> measure.Result:
    bare.execute(TASKS, {"due": DUE, "first": FIRST})
    start = time.perf_counter()
    with db.scoped(SYSTEM):
        many = escalating.escalate(actor=SYSTEM, at=clock.now(), limit=DUE)
    ours = time.perf_counter() - start
    assert many == DUE, many
    start = time.perf_counter()
    bare.execute("UPDATE worklist_task SET level = level + 1, next_rung_at = now() WHERE id > %s", [FIRST])
    return measure.Result(f"sweep of {DUE:,} deadlines / the same rows touched", ours, time.perf_counter() - start)
