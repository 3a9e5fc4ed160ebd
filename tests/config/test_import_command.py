"""``guanxi import``: a file from the console into the database."""

import pytest
from django.utils import translation
from tests.intake import arriving
from tests.intake.arriving import csv_of, owners, vin

from guanxi.config import commands
from guanxi.config.commands import database
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.intake.models import Run
from guanxi.vehicles.models import Vehicle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_world")]


@pytest.fixture
def console(cast, monkeypatch, capsys, tmp_path):
    """A function that runs the command on some content; returns exit code, output and complaints."""
    monkeypatch.setattr(database, "ensure", lambda: True)
    monkeypatch.setenv("LANG", "C.UTF-8")

    def run(content, *words):
        path = tmp_path / "file.csv"
        path.write_bytes(content)
        with translation.override("en"):
            code = commands.main(["import", str(path), "--outlet", "YLHD001", "--source", "DMS", *words])
        told = capsys.readouterr()
        return code, told.out, told.err

    db.set_scope(SYSTEM)
    return run


def test_a_file_is_checked_and_written(console):
    code, out, _err = console(owners(("C1", "王小明", "13800000001", vin(1))))
    assert code == 0
    assert "rows 1" in out
    assert "added vehicles_vehicle: 1" in out
    assert Vehicle.objects.get().vin == vin(1)


def test_rejected_rows_are_told_and_kept(console, tmp_path):
    target = tmp_path / "back.csv"
    code, out, _err = console(owners(("C1", "王小明", "1", "LVB1")), "--check-only", "--rejects", str(target))
    assert code == 2
    assert "rejected 1" in out
    assert "LVB1" in target.read_text(encoding="utf-8-sig")
    assert not Vehicle.objects.exists()
    assert Run.objects.get().state == "CHECKED"


def test_columns_can_be_named_or_numbered(console):
    content = csv_of(("甲", "乙", "丙"), ("王小明", vin(1), "月光白"))
    code, _out, _err = console(content, "--kind", "owners", "--map", "name=甲", "--map", "vin=2", "--map", "colour=丙")
    assert code == 0
    assert Vehicle.objects.get().colour == "月光白"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--outlet", "NOWHERE"), "no place has the code"), (("--sheet", "7"), "no such sheet"),
        (("--map", "name=missing"), "no column is called"),
    ],
)  # fmt: skip
def test_what_is_refused_is_one_sentence(console, words, sentence):
    code, _out, err = console(owners(("C1", "王小明", "1", vin(1))), *words)
    assert code == 1
    assert sentence in err


def test_a_hostile_file_is_one_sentence(console):
    code, _out, err = console(b"%PDF-1.4")
    assert code == 1
    assert "neither an Excel workbook nor a table" in err
    assert arriving.checksums()["vehicles_vehicle"][0] == 0
