"""Loaded before Django: where tests keep their database. Started once, shared by all test processes.

The schema and the demonstration are built once into a template database, named after what they are made
from; every test process works in its own copy, as the application role, under row-level security.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("GUANXI_HOME", str(ROOT / "var" / "test"))
os.environ["DATABASE_POOL"] = "no"
os.environ["DEMO"] = "yes"
os.environ.pop("GUANXI_DB_ROLE", None)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
HOME = Path(os.environ["GUANXI_HOME"])
CUSTOMERS = 600  # a small world; some 70 of them at the outlet of the cast


def fingerprint() -> str:
    """Return a name for the state of everything the template is made from."""
    digest = hashlib.sha256()
    made_from = [
        *ROOT.glob("src/guanxi/*/migrations/*.py"),
        ROOT / "src" / "guanxi" / "foundation" / "rls.py",
        ROOT / "src" / "guanxi" / "foundation" / "bulk.py",
        *(path for path in ROOT.glob("src/guanxi/config/demo/**/*") if path.suffix in {".py", ".sql", ".toml"}),
        *ROOT.glob("presets/base/*.toml"),
        ROOT / "requirements" / "run.txt",
    ]
    for path in sorted(made_from):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _run(words: list[str], **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")


def template() -> str:
    """Return the name of the template database, building it if it is not there yet."""
    import psycopg

    from guanxi.config import embedded
    from guanxi.config.commands import database

    HOME.mkdir(parents=True, exist_ok=True)
    name = f"template_{fingerprint()}"
    with (HOME / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = embedded.ensure_running(HOME, throwaway=True)
        with psycopg.connect(server.dsn("owner", "postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return name
            _drop_old(connection)
            connection.execute(f'CREATE DATABASE "{name}_new"')
        _run(["django", "migrate", "--noinput"], GUANXI_DB_ROLE="owner", GUANXI_DB_NAME=f"{name}_new")
        database.grant(f"{name}_new")
        _run(["guanxi", "demo", "--customers", str(CUSTOMERS)], GUANXI_DB_NAME=f"{name}_new")
        with psycopg.connect(server.dsn("owner", "postgres"), autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    return name


def _drop_old(connection) -> None:
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%' OR datname LIKE 'test\\_%'"
    ).fetchall()
    for (old,) in rows:
        connection.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')


def copy(name: str) -> str:
    """Make a fresh copy of the template under ``name`` and return that name."""
    import psycopg

    from guanxi.config import embedded

    source = template()
    server = embedded.describe(HOME)
    with (HOME / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(server.dsn("owner", "postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return name
