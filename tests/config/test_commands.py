"""``guanxi run`` and ``guanxi doctor`` on a small checkout: the real commands, a tiny Django project."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from guanxi.config import cluster, embedded
from guanxi.config.commands import run

REAL = Path(embedded.__file__).resolve().parent
FILES = {
    "src/guanxi/__init__.py": '__version__ = "0"\n',
    "src/guanxi/config/__init__.py": "",
    "src/guanxi/config/settings.py": """
from guanxi.config import env
DATABASES = {"default": env.database(env.text("GUANXI_DB_ROLE", "app"))}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.staticfiles", "guanxi.access"]
SECRET_KEY = "only for this test"
USE_TZ = True
ALLOWED_HOSTS = ["*"]
STATIC_URL, STATIC_ROOT = "/static/", env.home() / "static"
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
""",
    "src/guanxi/config/vendor.py": "",
    "src/guanxi/config/asgi.py": """
async def application(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})
""",
    "src/guanxi/access/__init__.py": "",
    "src/guanxi/access/static/access/look.css": "body {}",
    "src/guanxi/access/migrations/__init__.py": "",
    "src/guanxi/access/migrations/0001_user.py": """
from django.db import migrations
class Migration(migrations.Migration):
    operations = [migrations.RunSQL("CREATE TABLE access_user (id int); CREATE TABLE access_note (id int);"
        " ALTER TABLE access_note ENABLE ROW LEVEL SECURITY;"
        " CREATE POLICY p ON access_note USING (true)")]
""",
    "src/guanxi/locale/zh_Hans/LC_MESSAGES/django.po": """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8"

msgid "Dealer"
msgstr "经销商"
""",
    "src/guanxi/config/commands/demo.py": """
from guanxi.config.commands import database
HELP = "demo"
def add_arguments(parser):
    parser.add_argument("--if-empty", action="store_true")
    parser.add_argument("--logins", action="store_true")
def run(args):
    if args.logins:
        print("login: li / secret"); return 0
    with database.connect() as connection:
        connection.execute("INSERT INTO access_user VALUES (1)")
    return 0
""",
    "src/guanxi/config/commands/worker.py": """
import signal, sys, time
HELP = "worker"
def add_arguments(parser): pass
def run(args):
    print("ERROR a loud line"); print("a quiet line", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while True: time.sleep(0.1)
""",
    "package-lock.json": "{}",
    "requirements/run.txt": f"psycopg=={psycopg.__version__}\n",
}

FOREIGN = {"DATABASE_URL", "DATABASE_APP_URL", "GUANXI_DB_NAME"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Checkout:
    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "var"

    def start(self, *words: str, lang: str = "C.UTF-8") -> "subprocess.Popen[str]":
        kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DATABASE_APP_URL", "GUANXI_DB_NAME"}}
        kept |= {"PYTHONPATH": str(self.folder / "src"), "GUANXI_HOME": str(self.home), "LC_ALL": lang}
        kept |= {"PYTHONUTF8": "1", "GUANXI_STEPS_DONE": "4"}
        return subprocess.Popen(
            [sys.executable, "-m", "guanxi", *words],
            cwd=self.folder,
            env=kept,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def call(self, *words: str) -> tuple[int, str]:
        process = self.start(*words)
        output, _ = process.communicate(timeout=60)
        return process.returncode, output


@pytest.fixture(scope="module")
def checkout() -> Iterator[Checkout]:
    folder = Path(tempfile.mkdtemp(prefix="guanxi small 关系 "))
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for module in ("places", "cluster", "initdb", "embedded", "env"):
        shutil.copy(REAL / f"{module}.py", folder / "src/guanxi/config")
    for path in (REAL / "commands").glob("*.py"):
        if path.name not in {"demo.py", "worker.py"}:
            shutil.copy(path, folder / "src/guanxi/config/commands")
    package = folder / "src/guanxi/config/commands/__init__.py"
    package.write_text(package.read_text() + '\nCOMMANDS = (*COMMANDS, "demo", "worker")\n')
    shutil.copy(REAL.parent / "__main__.py", folder / "src/guanxi")
    embedded.ensure_running(folder / "var", throwaway=True)
    yield Checkout(folder)
    embedded.stop(folder / "var")
    shutil.rmtree(embedded.describe(folder / "var").socket_dir, ignore_errors=True)
    shutil.rmtree(folder)


def until(process: "subprocess.Popen[str]", word: str) -> str:
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if word in line:
            return told
    pytest.fail(f"{word!r} was never said: {told}")


def end(process: "subprocess.Popen[str]") -> str:
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output
    return output


@pytest.mark.covers("NFR-13")
def test_run_starts_everything_and_stops_everything(checkout: Checkout) -> None:
    port = free_port()
    process = checkout.start("run", "--port", str(port))
    told = until(process, "Ctrl+C")
    assert "[5/11] Database" in told
    assert "[11/11] Job worker" in told
    assert f"http://127.0.0.1:{port}/" in told
    assert "login: li / secret" in told
    assert run.answers("127.0.0.1", port)
    code, second = checkout.call("run", "--port", str(free_port()))
    assert (code, second.count("\n")) == (1, 1)
    assert "runs already" in second
    end(process)
    assert not run.answers("127.0.0.1", port)
    assert embedded.running(checkout.home) is None
    assert not (checkout.home / "children.json").exists()
    assert "a quiet line" in (checkout.home / "log" / "worker.log").read_text()


@pytest.mark.covers("NFR-13")
def test_run_again_skips_what_is_done_and_speaks_chinese(checkout: Checkout) -> None:
    end_first = checkout.start("run", "--port", str(free_port()))
    until(end_first, "Ctrl+C")
    end(end_first)
    start = time.monotonic()
    process = checkout.start("run", "--port", str(free_port()), lang="zh_CN.UTF-8")
    told = until(process, "Ctrl+C")
    spent = time.monotonic() - start
    end(process)
    assert told.count("无变化") == 4
    assert spent < 10
    assert (checkout.folder / "src/guanxi/locale/zh_Hans/LC_MESSAGES/django.mo").is_file()
    assert list((checkout.home / "static/access").glob("look.*.css"))


@pytest.mark.covers("NFR-13")
def test_a_killed_run_leaves_no_obstacle(checkout: Checkout) -> None:
    port = free_port()
    process = checkout.start("run", "--port", str(port))
    until(process, "Ctrl+C")
    process.kill()
    process.communicate(timeout=30)
    again = checkout.start("run", "--port", str(port))
    until(again, "Ctrl+C")
    assert run.answers("127.0.0.1", port)
    end(again)


@pytest.mark.covers("NFR-13")
def test_a_dead_worker_comes_back_and_errors_are_shown(checkout: Checkout) -> None:
    process = checkout.start("run", "--port", str(free_port()))
    until(process, "Ctrl+C")
    groups = json.loads((checkout.home / "children.json").read_text())
    (worker,) = [int(group) for group, command in groups.items() if "worker" in command]
    os.kill(worker, signal.SIGKILL)
    until(process, "worker ended (-9)")
    told = until(process, "worker: ERROR a loud line")
    assert "quiet" not in told
    end(process)


def test_a_port_in_use_is_said_at_once(checkout: Checkout) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        start = time.monotonic()
        code, told = checkout.call("run", "--port", str(port))
    assert (code, told.strip()) == (1, f"guanxi run: port {port} is in use; choose another one with --port")
    assert time.monotonic() - start < 5


@pytest.mark.covers("NFR-13")
def test_a_web_server_that_cannot_start_is_explained(checkout: Checkout) -> None:
    path = checkout.folder / "src/guanxi/config/asgi.py"
    kept = path.read_text()
    path.write_text("raise SystemExit('no such luck')")
    try:
        code, told = checkout.call("run", "--port", str(free_port()))
    finally:
        path.write_text(kept)
    assert code == 1
    assert "the web server does not start" in told
    assert embedded.running(checkout.home) is None


@pytest.mark.covers("NFR-13")
def test_prepare_then_doctor(checkout: Checkout) -> None:
    embedded.ensure_running(checkout.home, throwaway=True)
    code, told = checkout.call("prepare")
    assert code == 0, told
    port = str(free_port())
    code, told = checkout.call("doctor", "--json", "--port", port)
    levels = {finding["check"]: finding["level"] for finding in json.loads(told)}
    assert (code, set(levels.values())) == (0, {"ok", "warning"}), told
    assert levels["worker"] == "warning"
    assert all(finding["remedy"] for finding in json.loads(told) if finding["level"] != "ok")


@pytest.mark.covers("NFR-13", "NFR-06")
@pytest.mark.parametrize(
    ("harm", "repair", "word"),
    [
        (
            "ALTER TABLE access_note DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE access_note ENABLE ROW LEVEL SECURITY",
            "row security is off for: access_note",
        ),
        ("ALTER ROLE guanxi_app BYPASSRLS", "ALTER ROLE guanxi_app NOBYPASSRLS", "passes over row security"),
        ("DELETE FROM django_migrations WHERE app = 'access'", "", "migrations are pending"),
    ],
)
def test_doctor_names_the_problem(checkout: Checkout, harm: str, repair: str, word: str) -> None:
    server = embedded.ensure_running(checkout.home, throwaway=True)
    code, told = checkout.call("prepare")
    assert code == 0, told
    with psycopg.connect(server.dsn("owner"), autocommit=True) as connection:
        connection.execute(harm.encode())
        try:
            code, told = checkout.call("doctor", "--port", str(free_port()))
        finally:
            connection.execute((repair or "INSERT INTO django_migrations (app, name, applied)"
                                " VALUES ('access', '0001_user', now())").encode())  # fmt: skip
    assert code == 1
    assert [line for line in told.splitlines() if line.startswith("problem: ") and word in line and " — " in line]


def test_doctor_without_a_server_starts_nothing(checkout: Checkout) -> None:
    embedded.stop(checkout.home)
    code, told = checkout.call("doctor", "--port", str(free_port()))
    assert code == 0
    assert "the embedded database is not running" in told
    assert cluster.living_pid(checkout.home / "postgres") is None


def test_migrations_run_again_in_an_exchanged_database(checkout: Checkout) -> None:
    server = embedded.ensure_running(checkout.home, throwaway=True)
    assert checkout.call("prepare")[0] == 0
    with psycopg.connect(server.dsn("owner", "postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE guanxi WITH (FORCE)")
    code, told = checkout.call("prepare")
    assert code == 0, told
    with psycopg.connect(server.dsn("app")) as connection:
        assert connection.execute("SELECT count(*) FROM access_user").fetchone() == (0,)


def test_a_failing_step_is_one_sentence(checkout: Checkout) -> None:
    path = checkout.folder / "src/guanxi/access/migrations/0002_bad.py"
    path.write_text("syntax error")
    try:
        code, told = checkout.call("prepare")
    finally:
        path.unlink()
    assert code == 1
    assert "Traceback" not in told
    assert told.splitlines()[-1].startswith("guanxi prepare: django migrate failed: SyntaxError")


def test_an_own_server(checkout: Checkout) -> None:
    server = embedded.ensure_running(checkout.home, throwaway=True)
    with psycopg.connect(server.dsn("owner", "postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS other WITH (FORCE)")
        connection.execute("CREATE DATABASE other")
    command = [sys.executable, "-m", "guanxi", "prepare"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(checkout.folder / "src"),
        "GUANXI_HOME": str(checkout.home),
    }
    environment |= {"DATABASE_URL": server.dsn("owner", "other"), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=checkout.folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(server.dsn("app", "other")) as connection:
        assert connection.execute("SELECT count(*) FROM access_user").fetchone() == (0,)


def test_unreachable_server_is_one_sentence_without_the_password(checkout: Checkout) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(checkout.folder / "src"),
        "GUANXI_HOME": str(checkout.home),
    }
    environment |= {"DATABASE_URL": f"postgresql://me:hidden@127.0.0.1:{free_port()}/x", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "guanxi", "prepare"]
    done = subprocess.run(command, cwd=checkout.folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert "hidden" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
