"""Loads the demonstration through the same services that people use."""

import datetime
import io
from collections.abc import Callable
from dataclasses import replace

from django.contrib.auth.hashers import make_password
from openpyxl import Workbook

from guanxi.access.models import User
from guanxi.access.services import enrolment
from guanxi.care.models import Rule
from guanxi.config.demo import catalogue, messages, places, rounds
from guanxi.config.demo import people as cast
from guanxi.config.demo.stories import playing
from guanxi.config.demo.world import lists, loading, removing
from guanxi.config.demo.world.loading import HOME, RUN
from guanxi.foundation import clock, db, jobs, presets
from guanxi.foundation.actor import SYSTEM, Actor, Origin
from guanxi.insight.services import night
from guanxi.network.models import Node
from guanxi.network.services import importing, rows, structure
from guanxi.network.states import Kind
from guanxi.privacy.models import ConsentText
from guanxi.records import services as records
from guanxi.vehicles.models import Series

IN_USE = datetime.timedelta(days=7)  # how long the contact rules have been in use when the demonstration begins
ACTOR: Actor = replace(SYSTEM, name="演示 Demo", origin=Origin(channel="console"))


def is_empty() -> bool:
    with db.scoped(ACTOR):
        return not User.objects.exists() and not Node.objects.exists()


def lacks_customers() -> bool:
    """Tell whether the demonstration is there without its customers."""
    with db.scoped(ACTOR):
        return Series.objects.exists() and Node.objects.filter(code=HOME).exists() and not removing.is_loaded()


def load(*, customers: int, seed: int, done: Callable[[int], None]) -> None:
    """Write presets, network, people, catalogue and customers, and work out what they are today, in one transaction:
    all of it, or nothing.
    """
    with db.scoped(ACTOR):
        if not Node.objects.exists():
            apply_preset("base")
            Rule.objects.update(since=clock.today() - IN_USE)
            _network()
            _people()
            _articles()
            rounds.write(actor=ACTOR, day=clock.today())
            catalogue.write()
            _consent_texts()
        loading.load(customers=customers, seed=seed, at=clock.now(), day=clock.today(), done=done)
        night.pass_night(actor=ACTOR, day=clock.today(), at=clock.now())
        db.analyse("care_ownerstate", "care_carstate", "care_statechange")
        messages.write(actor=ACTOR, at=clock.now())
        later = ("care.make_tasks", "care.gather", "care.make_rounds", playing.NAME)
        for name in later:  # in the background: nobody waits for them
            jobs.enqueue(name, queueing_lock=name)
        records.audit(
            actor=ACTOR, verb="demo.load", subject_type="demonstration", subject_id=RUN,
            after={"customers": customers, "seed": seed},
        )  # fmt: skip


def remove(*, done: Callable[[int], None]) -> dict[str, int]:
    """Remove the customers and all that hangs on them in one transaction; return how many rows each table lost."""
    with db.scoped(ACTOR):
        lost = removing.remove(day=clock.today(), done=done)
        before = {table: rows for table, rows in lost.items() if rows}
        records.audit(actor=ACTOR, verb="demo.remove", subject_type="demonstration", subject_id=RUN, before=before)
    return lost


def apply_preset(name: str) -> None:
    """Apply every part of a preset and note its version."""
    for part in presets.read(name):
        changes = presets.apply(ACTOR, part)
        records.record_preset(
            actor=ACTOR, carmaker=name, part=part.loader.key, digest=part.digest, changes=len(changes)
        )


def _network() -> None:
    code, zh, en = places.GROUP
    structure.add_node(
        actor=ACTOR, parent_id=None, kind=Kind.GROUP, code=code, name_zh=zh, name_en=en,
        valid_from=clock.today().replace(year=2012, month=1, day=1),
    )  # fmt: skip
    run = importing.check_file(actor=ACTOR, name="demo.xlsx", content=_workbook(), at=clock.now())
    if run.problems:
        raise RuntimeError(run.problems[0])
    importing.apply_run(actor=ACTOR, run_id=run.pk, at=clock.now())


def _articles() -> None:
    """Apply the articles of the preset again: when it was applied there was no place yet that could keep them."""
    for part in presets.read("base"):
        if part.loader.key == "knowledge":
            presets.apply(ACTOR, part)


def _workbook() -> bytes:
    names = [name for name in rows.SYNONYMS if name != "hotline"]
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([rows.SYNONYMS[name][0] for name in names])
    for line in places.lines():
        sheet.append([line.get(name, "") for name in names])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _people() -> None:
    outlets = list(Node.objects.filter(kind=Kind.OUTLET).order_by("code").values_list("code", flat=True))
    members = [*cast.CAST, *cast.staff([code for code in outlets if code != "YLHD001"])]
    enrolment.enrol(
        actor=ACTOR, newcomers=[enrolment.Newcomer(m.username, m.name, m.role, m.node) for m in members],
        password=make_password(cast.PASSWORD), at=clock.now(), since=clock.today() - IN_USE * 6,
    )  # fmt: skip


def _consent_texts() -> None:
    ConsentText.objects.bulk_create(
        ConsentText(
            purpose=text["purpose"], version=text["version"], text_zh=text["zh"], text_en=text["en"],
            valid_from=f"{text['version']}-01",
        )
        for text in lists.read("words")["consent"]
    )  # fmt: skip
