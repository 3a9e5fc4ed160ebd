"""The door to DuckDB is shut off from everything but what it was given."""

import pathlib

import pytest

from guanxi.foundation import columnar
from guanxi.foundation.columnar import literal, run, statement

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def workplace(tmp_path):
    path = tmp_path / "workplace"
    path.mkdir()
    return path


def test_it_reads_the_given_file_and_works_in_its_workplace(tmp_path, workplace):
    given = tmp_path / "given.csv"
    given.write_text("a,b\n1,2\n")
    inside = workplace / "copy.csv"
    with columnar.connected(workplace, files=[given]) as connection:
        assert run(connection, statement("SELECT * FROM read_csv({file})", file=literal(given))) == [(1, 2)]
        run(connection, statement("COPY (SELECT 1 AS x) TO {file}", file=literal(inside)))
        assert columnar.workplace(connection) == workplace
    assert inside.read_text().split() == ["x", "1"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('{other}')", "SELECT * FROM read_csv('{other}')", "SELECT * FROM glob('{folder}/*')", "COPY (SELECT 1) TO '{other}.csv'",
        "ATTACH '{other}.db'", "INSTALL httpfs", "SELECT * FROM read_csv('https://example.org/x.csv')", "SET memory_limit = '64GB'",
        "SET enable_external_access = true", "SELECT * FROM read_text('{folder}/workplace/../other.csv')", "EXPORT DATABASE '{folder}/out'",
    ],
)  # fmt: skip
def test_it_reaches_nothing_else(tmp_path, workplace, query):
    other = tmp_path / "other.csv"
    other.write_text("secret")
    with columnar.connected(workplace) as connection, pytest.raises(columnar.Error):
        run(connection, query.format(other=other, folder=tmp_path))
    assert set(tmp_path.iterdir()) == {other, workplace}


def test_it_does_not_see_variables_of_the_program(workplace):
    secret = [{"a": 1}]
    with columnar.connected(workplace) as connection, pytest.raises(columnar.Error, match="secret"):
        run(connection, "SELECT * FROM secret")
    assert secret


def test_what_does_not_fit_is_put_into_the_workplace_and_cleared_away(workplace):
    with columnar.connected(workplace, memory_mb=40) as connection:
        run(connection, "CREATE TABLE t AS SELECT i, repeat('x', 50) || i AS s FROM range(1500000) r(i)")
        assert list(workplace.iterdir())
        assert run(connection, "SELECT count(*), max(length(s)) FROM t") == [(1_500_000, 57)]
    assert list(workplace.iterdir()) == []


def test_texts_are_quoted(workplace):
    text = "it's \\ \" 中"
    with columnar.connected(workplace) as connection:
        assert run(connection, f"SELECT {literal(text)}") == [(text,)]


def test_the_order_of_rows_is_kept(workplace):
    with columnar.connected(workplace) as connection:
        run(connection, "CREATE TABLE t AS SELECT i FROM range(300000) r(i) WHERE i % 3 = 0")
        assert run(
            connection, "SELECT bool_and(i = (n - 1) * 3) FROM (SELECT i, row_number() OVER () AS n FROM t)"
        ) == [(True,)]


def test_only_this_module_imports_duckdb():
    importers = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "src").rglob("*.py")
        if any(line.split()[:2] in (["import", "duckdb"], ["from", "duckdb"]) for line in path.read_text().splitlines())
    ]
    assert importers == ["src/guanxi/foundation/columnar.py"]
