"""The embedded PostgreSQL: first start, every way to crash, two at once, strange folders."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from guanxi.config import cluster, embedded
from guanxi.config.places import PlaceError, secrets

START = "import sys; from pathlib import Path; from guanxi.config import embedded;"
SOURCE = str(Path(embedded.__file__).resolve().parents[2])


def _folder(prefix: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    yield folder / "var"
    embedded.stop(folder / "var")
    shutil.rmtree(embedded.describe(folder / "var").socket_dir, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)  # an initdb whose caller was killed may still write


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    yield from _folder("guanxi-test-")


@pytest.fixture
def fresh() -> Iterator[Path]:
    yield from _folder("guanxi test 关系 ")


@pytest.fixture
def server(home: Path) -> embedded.Server:
    return embedded.ensure_running(home, throwaway=True)


def ask(server: embedded.Server, role: str, query: str) -> object:
    with psycopg.connect(server.dsn("owner" if role == "owner" else "app"), autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchone()[0] if cursor.description else None  # type: ignore[index]


def pid_of(server: embedded.Server) -> int:
    pid = cluster.living_pid(server.data)
    assert pid is not None
    return pid


def wait_gone(pid: int) -> None:
    for _ in range(500):
        if not cluster._alive(pid):
            return
        time.sleep(0.01)
    pytest.fail("the postmaster survived SIGKILL")


def in_process(code: str, home: Path) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    command = [sys.executable, "-c", START + code, str(home)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.covers("NFR-13", "NFR-06")
def test_the_application_role_is_bound_by_row_security(server: embedded.Server) -> None:
    mighty = "rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb"
    query = f"SELECT {mighty} FROM pg_roles WHERE rolname = current_user"
    assert ask(server, "app", query) is False
    assert ask(server, "owner", query) is True


def test_database_is_utf8_on_a_socket_only(server: embedded.Server) -> None:
    assert ask(server, "app", "SHOW server_encoding") == "UTF8"
    assert ask(server, "app", "SHOW listen_addresses") == ""
    assert ask(server, "app", "SELECT lower('ÄÖ') || '关系'") == "äö关系"
    assert ask(server, "app", "SHOW timezone") == "Asia/Shanghai"


def test_a_wrong_password_is_refused(server: embedded.Server) -> None:
    wrong = server.dsn("owner").replace(server.passwords["owner"], "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_passwords_stay_out_of_texts(server: embedded.Server) -> None:
    assert server.passwords["owner"] not in repr(server)


def test_attaches_to_a_running_server(home: Path, server: embedded.Server) -> None:
    before = pid_of(server)
    assert embedded.ensure_running(home, throwaway=True) == server
    assert pid_of(server) == before


@pytest.mark.covers("NFR-13")
def test_killed_server_starts_again_with_its_data(home: Path, server: embedded.Server) -> None:
    ask(server, "owner", "CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS n")
    ask(server, "owner", "CHECKPOINT")
    pid = pid_of(server)
    os.kill(pid, signal.SIGKILL)
    wait_gone(pid)
    assert embedded.running(home) is None
    assert (server.data / "postmaster.pid").exists()
    again = embedded.ensure_running(home, throwaway=True)
    assert ask(again, "owner", "SELECT n FROM kept") == 7


def test_a_stranger_with_the_old_number_is_no_obstacle(home: Path, server: embedded.Server) -> None:
    embedded.stop(home)
    lines = [str(os.getpid()), str(server.data), "1", "5432", str(server.socket_dir), "", "  1 1", "ready"]
    (server.data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    shutil.chown(server.data / "postmaster.pid", server.data.stat().st_uid)
    assert embedded.running(home) is None
    assert ask(embedded.ensure_running(home, throwaway=True), "app", "SELECT 1") == 1


def test_stop_twice_and_start(home: Path, server: embedded.Server) -> None:
    embedded.stop(home)
    embedded.stop(home)
    assert embedded.running(home) is None
    assert ask(embedded.ensure_running(home, throwaway=True), "app", "SELECT 1") == 1
    assert pid_of(server)


def test_missing_role_and_database_come_back(home: Path, server: embedded.Server) -> None:
    with psycopg.connect(server.dsn("owner", "postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE guanxi WITH (FORCE)")
        connection.execute("DROP ROLE guanxi_app")
    embedded.ensure_running(home, throwaway=True)
    assert ask(server, "app", "SELECT current_database()") == "guanxi"


def test_foreign_secrets_are_named_as_the_cause(home: Path, server: embedded.Server) -> None:
    path = home / "secrets.json"
    kept = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(cluster.ClusterError, match=r"secrets\.json does not belong"):
            embedded.ensure_running(home)
    finally:
        path.write_bytes(kept)
    assert ask(server, "app", "SELECT 1") == 1


@pytest.mark.covers("NFR-13")
def test_half_finished_initdb_in_an_odd_folder(fresh: Path) -> None:
    leftover = fresh / ".postgres-new-dead"
    (leftover / "data").mkdir(parents=True)
    server = embedded.ensure_running(fresh, throwaway=True)
    assert not leftover.exists()
    assert ask(server, "app", "SELECT 1") == 1
    assert server.socket_dir.stat().st_mode & 0o077 == 0


def test_initdb_killed_in_the_middle(fresh: Path) -> None:
    process = in_process("embedded.ensure_running(Path(sys.argv[1]), throwaway=True)", fresh)
    for _ in range(2000):
        if list(fresh.glob(".postgres-new-*/data/base")):
            break
        time.sleep(0.005)
    process.kill()
    process.communicate()
    assert not (fresh / "postgres").exists()
    assert ask(embedded.ensure_running(fresh, throwaway=True), "app", "SELECT 1") == 1


def test_two_processes_at_once(fresh: Path) -> None:
    code = "print(embedded.ensure_running(Path(sys.argv[1]), throwaway=True).dsn('app'))"
    processes = [in_process(code, fresh) for _ in range(2)]
    told = {process.communicate()[0].strip() for process in processes}
    assert [process.returncode for process in processes] == [0, 0]
    assert told == {embedded.describe(fresh).dsn("app")}
    assert embedded.running(fresh) is not None


def test_a_deep_folder_gets_a_short_socket(fresh: Path) -> None:
    deep = fresh / ("d" * 100) / ("e" * 60)
    folder = embedded.describe(deep).socket_dir
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) < 108
    assert folder == embedded.describe(deep).socket_dir
    assert not (deep / "postgres").exists()


def test_a_strangers_socket_folder_is_refused(fresh: Path) -> None:
    fresh.mkdir()
    link = fresh / "link"
    link.symlink_to(fresh)
    with pytest.raises(cluster.ClusterError, match="somebody else"):
        embedded._make_socket_folder(link, cluster.Identity())


def test_secrets_are_made_once_by_many(fresh: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(secrets, [fresh] * 8))
    assert all(values == made[0] for values in made)
    assert len(set(made[0].values())) == 4
    assert (fresh / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_an_older_installation_gets_the_newer_secret_and_keeps_the_rest(tmp_path: Path) -> None:
    old = {"owner_password": "a", "app_password": "b", "secret_key": "c"}
    (tmp_path / "secrets.json").write_text(json.dumps(old))
    first = secrets(tmp_path)
    assert first == secrets(tmp_path) == {**old, "data_key": first["data_key"]}
    assert len(first["data_key"]) > 40


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"owner_password": 1}'])
def test_damaged_secrets_are_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "secrets.json").write_text(text)
    with pytest.raises(PlaceError, match=r"secrets\.json"):
        secrets(tmp_path)


def test_a_server_that_cannot_start_says_why(fresh: Path) -> None:
    server = embedded.ensure_running(fresh, throwaway=True)
    embedded.stop(fresh)
    with (server.data / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = nonsense\n")
    with pytest.raises(cluster.ClusterError, match=r"did not start.*FATAL"):
        embedded.ensure_running(fresh)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must not be the server's user")
def test_root_gives_the_server_to_another_user(server: embedded.Server) -> None:
    assert Path(f"/proc/{pid_of(server)}").stat().st_uid != 0
    assert server.data.stat().st_uid != 0
