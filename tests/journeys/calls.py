"""Calls to be made, written into a running site; and what came of them, in SQL."""

import json
import subprocess
import sys

from tests.database import ROOT

BEGIN = """
import datetime, json, sys, django
django.setup()
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
at, given = clock.now(), json.loads(sys.argv[1])
"""
# People of the outlet whom nothing waits for, each with one number only; the calls of others at the place sleep.
WRITE = """
from django.db.models import Count, Exists, OuterRef, Q
from guanxi.access.models import User
from guanxi.customers.models import ContactPoint, Customer, Relation
from guanxi.network.models import Node
from guanxi.worklist.models import Task
from guanxi.worklist.services import adding
with db.scoped(SYSTEM):
    place, person = Node.objects.get(code="YLHD001").pk, User.objects.get(username="callback").pk
    live = Task.objects.filter(state__in=("OPEN", "CLAIMED"))
    live.filter(node_id=place, kind__startswith="care").update(wake_at=at + datetime.timedelta(days=300))
    live.filter(owner_id=person).update(wake_at=at + datetime.timedelta(days=300))
    numbers = Count("points", filter=Q(points__channel__in=("MOBILE", "LANDLINE")))
    good = ContactPoint.objects.filter(customer=OuterRef("pk"), channel="MOBILE", is_primary=True, state="VALID")
    mine = Relation.objects.filter(customer=OuterRef("pk"), outlet_id=place, ended_on=None)
    free = Customer.objects.filter(Exists(good), Exists(mine), merged_into=None, kind="PERSON").annotate(n=numbers)
    taken = Task.objects.filter(key__startswith="calls:").values("subject_id")
    whom = list(free.filter(n=1).exclude(pk__in=taken).order_by("pk").values_list("pk", "name")[:len(given)])
    made = [
        adding.add_task(actor=SYSTEM, at=at, task=adding.NewTask(
            kind="care.call", key=f"calls:{key}", node_id=place, reason="Story", role="follow_up_agent",
            owner_id=person, due=at + datetime.timedelta(minutes=30 + number), subject_type="customer", subject_id=pk,
            subject_label=name, values={"rules": ["manager_call"], "words": "感谢客户"},
        )).pk
        for number, (key, (pk, name)) in enumerate(zip(given, whom, strict=True))
    ]
print(json.dumps(made))
"""
FULL = {"feeling": "9", "unclear": "no", "store": "8", "discontent": "no", "plate": "done"}


def inside(site, code, given=None):
    """Run a few lines in a process of the site; return what they print last, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code, json.dumps(given)], cwd=ROOT, text=True, capture_output=True, check=False,
        env=site.variables | {"DJANGO_SETTINGS_MODULE": "guanxi.config.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = done.stdout.strip().splitlines()
    return json.loads(told[-1]) if told else None


def to_make(site, *keys):
    """Write calls for the follow-up agent of the outlet, the first one due first; return their tasks."""
    return inside(site, WRITE, keys)


def calls_of(site, task):
    return site.rows("SELECT outcome, disposition, note FROM contact_centre_call WHERE task_id = %s ORDER BY id", task)


def task_of(site, task):
    return site.rows("SELECT state, outcome, tries FROM worklist_task WHERE id = %s", task)[0]


def customer_of(site, task):
    return site.one("SELECT subject_id FROM worklist_task WHERE id = %s", task)
