"""A backup of the real tables comes back identical on another machine (NFR-13, issue 2 section 7)."""

import os
import subprocess
import sys

import psycopg
import pytest
from tests import database

from guanxi.config import embedded


def _guanxi(home, *words, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "guanxi", *words],
        cwd=database.ROOT,
        env={**os.environ, "GUANXI_HOME": str(home), "PYTHONPATH": str(database.ROOT / "src"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _content(server, name):
    """Return a digest of every table's rows, whatever their order."""
    with psycopg.connect(server.dsn("owner", name), autocommit=True) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        return {
            table: connection.execute(
                f'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t'
            ).fetchone()
            for (table,) in tables
        }


def _policies(server, name):
    with psycopg.connect(server.dsn("owner", name), autocommit=True) as connection:
        return connection.execute(
            "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"
        ).fetchall()


@pytest.mark.covers("NFR-13")
def test_what_was_backed_up_comes_back_identical_elsewhere(tmp_path):
    source = database.template()
    file, other = tmp_path / "a.guanxi", tmp_path / "other"
    _guanxi(database.HOME, "backup", str(file), GUANXI_DB_NAME=source)
    try:
        _guanxi(other, "restore", str(file), "--yes")
        here, there = embedded.describe(database.HOME), embedded.ensure_running(other)
        before, after = _content(here, source), _content(there, "guanxi")
        assert before["access_user"][0] > 900
        assert after == before
        assert _policies(there, "guanxi") == _policies(here, source)
        with psycopg.connect(there.dsn("app")) as connection:
            assert connection.execute("SELECT count(*) FROM network_node").fetchone() == (0,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DELETE FROM records_auditentry")
    finally:
        embedded.stop(other)
