"""Loads the demonstration through the same services that people use."""

import io
from dataclasses import replace

from django.contrib.auth.hashers import make_password
from openpyxl import Workbook

from guanxi.access.models import User
from guanxi.access.services import enrolment
from guanxi.config.demo import people as cast
from guanxi.config.demo import places
from guanxi.foundation import clock, db, presets
from guanxi.foundation.actor import SYSTEM, Actor, Origin
from guanxi.network.models import Node
from guanxi.network.services import importing, rows, structure
from guanxi.network.states import Kind
from guanxi.records import services as records

ACTOR: Actor = replace(SYSTEM, name="演示 Demo", origin=Origin(channel="console"))


def is_empty() -> bool:
    with db.scoped(ACTOR):
        return not User.objects.exists() and not Node.objects.exists()


def load() -> None:
    """Write presets, network and people in one transaction: all of it, or nothing."""
    with db.scoped(ACTOR):
        apply_preset("base")
        _network()
        _people()


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
        password=make_password(cast.PASSWORD), at=clock.now(),
    )  # fmt: skip
