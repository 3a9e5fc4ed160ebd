"""Real processes for the journeys: a web server and a job worker on a database of their own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from guanxi.config import embedded
from tests import database

PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(home: Path, name: str, **more: str) -> dict[str, str]:
    """The variables of a Guanxi process on database ``name`` of a data folder, as in a real installation."""
    dropped = {"DATABASE_URL", "DATABASE_APP_URL", "GUANXI_DB_ROLE", "PYTHONWARNINGS"}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    own = {
        "GUANXI_HOME": str(home), "GUANXI_DB_NAME": name, "DATABASE_POOL": "yes", "DEMO": "yes",
        "PYTHONPATH": str(database.ROOT / "src"), "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8",
    }  # fmt: skip
    return kept | own | more


@dataclass
class Site:
    """A running Guanxi: its address, its database, its processes."""

    home: Path
    name: str
    variables: dict[str, str]
    folder: Path
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)
    cookies: dict[str, list] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, key: str, *words: str) -> subprocess.Popen:
        log = (self.folder / f"{key}-{self.port}.log").open("ab")
        with log:
            self.processes[key] = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=database.ROOT, env=self.variables, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        return self.processes[key]

    def start_web(self) -> None:
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        self.start(
            "web", "granian", "--interface", "asgi", *address, "--workers", "1", "--workers-kill-timeout", "3",
            "--no-ws", "guanxi.config.asgi:application",
        )  # fmt: skip
        self.wait_for_answer()

    def start_worker(self) -> None:
        self.start("worker", "guanxi", "worker")

    def wait_for_answer(self) -> None:
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            if self.processes["web"].poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/accounts/login/", timeout=10).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"the web server does not answer:\n{self.log('web')}")

    def log(self, key: str) -> str:
        return (self.folder / f"{key}-{self.port}.log").read_text(errors="replace")[-4000:]

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def rows(self, query: str, *values) -> list[tuple]:
        """Run one statement as the owner, past row security, and commit it."""
        dsn = embedded.describe(self.home).dsn("owner", self.name)
        with psycopg.connect(dsn, autocommit=True) as connection:
            done = connection.execute(query, values)
            return done.fetchall() if done.description else []

    def one(self, query: str, *values):
        return self.rows(query, *values)[0][0]


@contextmanager
def running(name: str, folder: Path, *, worker: bool = False, **more: str):
    """A site on database ``name`` of the tests' data folder, for the length of a block."""
    site = Site(database.HOME, name, environment(database.HOME, name, **more), folder)
    try:
        site.start_web()
        if worker:
            site.start_worker()
        yield site
    finally:
        site.stop()
