import json
import os
import pathlib

import pytest
from django.utils import translation

from guanxi.foundation import columnar
from guanxi.foundation.columnar import run
from guanxi.intake.services import dealer_files, kinds, reading

ROOT = pathlib.Path(__file__).parents[2]
SHARED = pathlib.Path(os.environ.get("GUANXI_SHARED", ROOT.parent / "shared"))


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def known_kinds(monkeypatch):
    """Owners and visits are known, whatever else other tests register."""
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.register(dealer_files.OWNERS)
    kinds.register(dealer_files.VISITS)


@pytest.fixture
def shared():
    """A function that returns a path of the shared material."""

    def find(name):
        path = SHARED / "data" / name
        if not path.exists():
            pytest.skip("the shared material is not here")
        return path

    return find


@pytest.fixture
def truth(shared):
    return json.loads(shared("import/truth.json").read_text())


@pytest.fixture
def workplace(tmp_path):
    path = tmp_path / "workplace"
    path.mkdir()
    return path


@pytest.fixture
def connection(workplace):
    with columnar.connected(workplace) as opened:
        yield opened


class Read:
    """A file that was inspected and whose first sheet was loaded."""

    def __init__(self, connection, path, name=""):
        self.connection = connection
        self.book = reading.inspect(path, name or path.name)
        self.sheet = self.book.sheets[0]
        reading.load(connection, path, self.sheet)

    @property
    def rows(self):
        return [row[1:] for row in self.numbered]

    @property
    def numbered(self):
        return run(self.connection, "SELECT * FROM raw ORDER BY row")


@pytest.fixture
def read(connection, tmp_path):
    """A function that writes bytes to a file, inspects it and loads its first sheet."""

    def write_and_read(content, name="file.csv"):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return Read(connection, path, name)

    return write_and_read


def rows_of(connection, table):
    """Return a table as dictionaries, in the order of the sheet."""
    names = [name for (name,) in run(connection, f"SELECT column_name FROM (DESCRIBE {table})")]
    return [dict(zip(names, row, strict=True)) for row in run(connection, f"SELECT * FROM {table} ORDER BY row")]
