"""Backup and restore against a real server: round trip, damage, full disk, kills at every moment."""

import argparse
import errno
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guanxi.config import commands, embedded
from guanxi.config.commands import archive, backup, database, restore, swap
from guanxi.config.commands.speech import CommandError

SOURCE = str(Path(embedded.__file__).resolve().parents[2])
TABLES = """
CREATE TABLE node (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO node SELECT n, '节点 ' || n FROM generate_series(1, 2000) n;
CREATE TABLE "Odd name" (id bigint GENERATED ALWAYS AS IDENTITY, node int REFERENCES node);
INSERT INTO "Odd name" (node) SELECT id FROM node WHERE id % 2 = 0;
ALTER TABLE node ENABLE ROW LEVEL SECURITY;
CREATE POLICY node_read ON node FOR SELECT TO guanxi_app USING (id <= 10);
CREATE FUNCTION guanxi_after_grants() RETURNS void LANGUAGE sql AS
  $$ REVOKE DELETE ON node FROM guanxi_app $$;
"""


@pytest.fixture(scope="module")
def server() -> Iterator[embedded.Server]:
    folder = Path(tempfile.mkdtemp(prefix="guanxi-test-"))
    yield embedded.ensure_running(folder / "var", throwaway=True)
    embedded.stop(folder / "var")
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def home(server: embedded.Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = server.data.parent
    monkeypatch.setenv("GUANXI_HOME", str(home))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("DATABASE_URL", "DATABASE_APP_URL", "GUANXI_DB_NAME"):
        monkeypatch.delenv(name, raising=False)
    for path in (home / "media", home / "restore.json", *home.glob("media.*")):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    with psycopg.connect(server.dsn("owner", "postgres"), autocommit=True) as connection:
        for (name,) in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'guanxi%'").fetchall():
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
    embedded.ensure_running(home)
    with psycopg.connect(server.dsn("owner")) as connection:
        connection.execute(TABLES.encode())
    media = home / "media" / "客户"
    media.mkdir(parents=True)
    (media / "a.bin").write_bytes(b"guanxi" * 1000)
    (home / "media" / ("long-" * 30 + "name.txt")).write_text("x")
    return home


def save(target: Path) -> None:
    assert backup.run(argparse.Namespace(file=target)) == 0


def bring_back(target: Path, **options: bool) -> int:
    return restore.run(argparse.Namespace(file=target, yes=True, **{"keep_old": False, **options}))


def change(server: embedded.Server, home: Path) -> None:
    with psycopg.connect(server.dsn("owner")) as connection:
        connection.execute('TRUNCATE node, "Odd name"')
    (home / "media" / "客户" / "a.bin").unlink()
    (home / "media" / "later.txt").write_text("later")


def state(home: Path) -> tuple[int, bool, bool]:
    with database.connect() as connection:
        row = connection.execute("SELECT count(*) FROM node").fetchone()
    media = home / "media"
    return (row or (0,))[0], (media / "客户" / "a.bin").exists(), (media / "later.txt").exists()


OLD, NEW = (0, False, True), (2000, True, False)


def databases() -> set[str]:
    with database.connect("owner", "postgres") as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'guanxi%'").fetchall()
    return {row[0] for row in rows}


@pytest.mark.covers("NFR-13")
def test_round_trip(server: embedded.Server, home: Path, tmp_path: Path) -> None:
    target = tmp_path / "备份 1.guanxi"
    save(target)
    change(server, home)
    assert state(home) == OLD
    assert bring_back(target) == 0
    assert state(home) == NEW
    assert (home / "media" / "客户" / "a.bin").read_bytes() == b"guanxi" * 1000
    assert databases() == {"guanxi"}
    assert sorted(path.name for path in home.glob("media*")) == ["media"]
    assert not (home / "restore.json").exists()


@pytest.mark.covers("NFR-13", "NFR-06")
def test_policies_and_grants_survive(server: embedded.Server, tmp_path: Path) -> None:
    save(tmp_path / "b")
    bring_back(tmp_path / "b")
    with psycopg.connect(server.dsn("app"), autocommit=True) as app:
        assert app.execute("SELECT count(*) FROM node").fetchone() == (10,)
        assert app.execute('INSERT INTO "Odd name" (node) VALUES (4) RETURNING id > 1000').fetchone() is not None
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM node")


def test_no_secret_is_in_the_file(server: embedded.Server, home: Path, tmp_path: Path) -> None:
    save(tmp_path / "b")
    data = (tmp_path / "b").read_bytes()
    assert not any(value.encode() in data for value in embedded.secrets(home).values())
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0


def test_the_file_is_an_ordinary_tar(tmp_path: Path) -> None:
    save(tmp_path / "b")
    with tarfile.open(tmp_path / "b") as tar:
        names = tar.getnames()
        manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
    assert names[0] == "guanxi-backup"
    assert names[-2:] == ["manifest.json", "manifest.sha256"]
    assert manifest["rows"] == {"public.node": 2000, "public.Odd name": 1000}
    assert "media/客户/a.bin" in manifest["members"]


def test_keep_old(server: embedded.Server, home: Path, tmp_path: Path) -> None:
    save(tmp_path / "b")
    change(server, home)
    bring_back(tmp_path / "b", keep_old=True)
    (kept,) = databases() - {"guanxi"}
    assert kept.startswith("guanxi_before_")
    assert (home / f"media.{kept}" / "later.txt").read_text() == "later"
    assert state(home) == NEW


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.covers("NFR-13")
def test_damage_anywhere_is_refused_before_anything_changes(
    server: embedded.Server, home: Path, tmp_path: Path
) -> None:
    save(tmp_path / "b")
    data = (tmp_path / "b").read_bytes()
    change(server, home)
    ends = [0, 1, 600, len(data) // 2, len(data) - 1536, len(data) - 5000]
    with tarfile.open(tmp_path / "b") as tar:
        members = tar.getmembers()
    spots = [spot for m in members for spot in (m.offset + 3, m.offset_data, m.offset_data + m.size // 2)]
    damaged = [data[:end] for end in ends] + [flipped(data, spot) for spot in spots]
    for number, content in enumerate(damaged):
        (tmp_path / "bad").write_bytes(content)
        with pytest.raises(CommandError, match="refused"):
            bring_back(tmp_path / "bad")
        assert databases() == {"guanxi"}, number
    assert state(home) == OLD


def test_foreign_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello" * 1000)
    with tarfile.open(tmp_path / "tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("x"), io.BytesIO())
    for name in ("text", "tar"):
        with pytest.raises(CommandError, match="not a Guanxi backup"):
            bring_back(tmp_path / name)
    with pytest.raises(CommandError, match="no file"):
        bring_back(tmp_path / "absent")


def forged(target: Path, changes: dict[str, object], extra: str | None = None) -> None:
    """Write a file whose checksums are right and whose content is not."""
    with target.open("wb") as out:
        writer = archive.Writer(out)
        writer.add(archive.MARK, [b"1"])
        writer.add(archive.DUMP, [b""])
        if extra:
            writer.add(extra, [b"boo"])
        told = {"format": 1, "app_version": "9", "created": "2030-01-01", "postgres": 18, "dump_bytes": 0}
        manifest = archive.Manifest(**{**told, "migrations": [], "rows": {}, **changes})  # type: ignore[arg-type]
        writer.close(manifest)


def test_a_path_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    forged(tmp_path / "b", {}, extra="media/../../escape")
    with pytest.raises(CommandError, match="unexpected"):
        bring_back(tmp_path / "b")


def test_a_newer_backup_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "package" / "network" / "migrations").mkdir(parents=True)
    monkeypatch.setattr("guanxi.config.commands.prepare.PACKAGE", tmp_path / "package")
    forged(tmp_path / "b", {"migrations": [["network", "9999_future"]]})
    with pytest.raises(CommandError, match="newer Guanxi"):
        bring_back(tmp_path / "b")


def test_missing_rows_leave_the_old_data(server: embedded.Server, home: Path, tmp_path: Path) -> None:
    save(tmp_path / "b")
    with tarfile.open(tmp_path / "b") as tar, (tmp_path / "less").open("wb") as out:
        old = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
        writer = archive.Writer(out)
        for name in (archive.MARK, archive.DUMP):
            writer.add(name, [tar.extractfile(name).read()])  # type: ignore[union-attr]
        old["rows"]["public.node"] += 1
        writer.close(archive.Manifest(**{**old, "members": {}}))
    change(server, home)
    with pytest.raises(CommandError, match=r"public\.node"):
        bring_back(tmp_path / "less")
    assert state(home) == OLD
    assert databases() == {"guanxi"}


class FullDisk(io.BufferedRandom):
    def write(self, data: object) -> int:
        if self.tell() > 4000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)  # type: ignore[arg-type]


@pytest.mark.covers("NFR-13")
def test_a_full_disk_keeps_the_former_backup(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "b").write_text("the former one")
    fill = backup._fill
    monkeypatch.setattr(backup, "_fill", lambda out: fill(FullDisk(io.FileIO(os.dup(out.fileno()), "r+"))))
    monkeypatch.setenv("LC_ALL", "C")
    assert commands.main(["backup", str(tmp_path / "b")]) == 1
    assert "the disk is full" in capsys.readouterr().err
    assert (tmp_path / "b").read_text() == "the former one"
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_without_a_console_the_answer_is_no(
    monkeypatch: pytest.MonkeyPatch, server: embedded.Server, home: Path, tmp_path: Path
) -> None:
    save(tmp_path / "b")
    change(server, home)
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    with pytest.raises(CommandError, match="--yes"):
        restore.run(argparse.Namespace(file=tmp_path / "b", yes=False, keep_old=False))
    assert state(home) == OLD


KILL = """
import argparse, os, signal, sys
from pathlib import Path
from guanxi.config.commands import database, prepare, restore, swap
modules = {"restore": restore, "swap": swap, "database": database}
module, name, when = modules[sys.argv[2]], *sys.argv[3:5]
kept = getattr(module, name)
def die(*args, **options):
    if when == "after":
        kept(*args, **options)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(module, name, die)
restore.run(argparse.Namespace(file=Path(sys.argv[1]), yes=True, keep_old=False))
"""


@pytest.mark.covers("NFR-13")
@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (("swap", "begin", "after"), OLD),
        (("restore", "_load", "after"), OLD),
        (("restore", "_files", "after"), OLD),
        (("database", "grant", "after"), OLD),
        (("swap", "_rename", "before"), OLD),
        (("swap", "_rename", "after"), NEW),
        (("swap", "_forwards", "before"), NEW),
        (("swap", "sync", "after"), OLD),
        (("swap", "_execute", "after"), NEW),
    ],
)
def test_killed_at_a_moment(home: Path, tmp_path: Path, moment: tuple[str, str, str], expected: object) -> None:
    save(tmp_path / "b")
    change(embedded.describe(home), home)
    command = [sys.executable, "-c", KILL, str(tmp_path / "b"), *moment]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": SOURCE}, check=False)
    assert done.returncode == -signal.SIGKILL
    swap.finish_interrupted()
    if moment == ("swap", "_execute", "after"):
        expected = OLD  # the first rename alone was never committed
    assert state(home) == expected
    assert databases() == {"guanxi"}
    assert sorted(path.name for path in home.glob("media*")) == ["media"]
    assert swap.finish_interrupted() is False


def test_killed_backup_leaves_the_former_and_the_next_one_works(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("the former one")
    code = (
        "import argparse, os, signal; from pathlib import Path; from guanxi.config.commands import backup;"
        "backup.Writer.close = lambda *_: os.kill(os.getpid(), signal.SIGKILL);"
        f"backup.run(argparse.Namespace(file=Path({str(tmp_path / 'b')!r})))"
    )
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, env={**os.environ, "PYTHONPATH": SOURCE}, check=False).returncode == -9
    assert (tmp_path / "b").read_text() == "the former one"
    save(tmp_path / "b")
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
    assert hashlib.sha256((tmp_path / "b").read_bytes()).digest()


def test_restore_while_a_program_keeps_coming_back(server: embedded.Server, home: Path, tmp_path: Path) -> None:
    save(tmp_path / "b")
    change(server, home)
    code = (
        "import psycopg, sys, time\n"
        "while True:\n"
        "    try: psycopg.connect(sys.argv[1]).execute('SELECT 1'); time.sleep(0.05)\n"
        "    except psycopg.Error: pass\n"
    )
    rude = subprocess.Popen([sys.executable, "-c", code, server.dsn("app")])
    try:
        time.sleep(0.3)
        assert bring_back(tmp_path / "b") == 0
    finally:
        rude.kill()
        rude.wait()
    assert state(home) == NEW
