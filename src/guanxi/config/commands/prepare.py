"""What must be true before anything starts: database, migrations, translations, static files."""

import argparse
import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from guanxi.config import env
from guanxi.config.commands import database
from guanxi.config.commands.speech import CommandError, Steps, say
from guanxi.config.places import write_atomically

NAME = "prepare"
HELP = "prepare the database, translations and static files without starting anything"
PACKAGE = Path(__file__).resolve().parents[2]
LOCK = env.CHECKOUT / "requirements" / "run.txt"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-database", action="store_true", help="only translations and static files")


def run(args: argparse.Namespace) -> int:
    """Do the shared steps in order and stop at the first that fails."""
    steps = Steps(2 if args.no_database else 4)
    if not args.no_database:
        steps.do(say("Database", "数据库"), database.ensure)
        steps.do(say("Database tables", "数据表"), migrate)
    steps.do(say("Translations", "翻译"), translate)
    steps.do(say("Static files", "静态文件"), collect_static)
    return 0


# --- stamps ----------------------------------------------------------------------------------


def fingerprint(files: Iterable[Path], *words: str) -> str:
    """Hash names and contents of files and some words."""
    total = hashlib.sha256("\0".join(words).encode())
    for path in sorted(files):
        total.update(str(path.relative_to(env.CHECKOUT)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _stamp(name: str) -> Path:
    return env.home() / "stamps" / name


def stamped(name: str, value: str) -> bool:
    """Tell whether the step was finished with this value."""
    path = _stamp(name)
    return path.is_file() and path.read_text(encoding="utf-8") == value


def stamp(name: str, value: str) -> None:
    """Record the step as finished."""
    write_atomically(_stamp(name), value)


def existing(*paths: Path) -> list[Path]:
    """Those of the paths that are files."""
    return [path for path in paths if path.is_file()]


# --- the steps: each returns False when there was nothing to do -------------------------------


def child(words: list[str], environment: Mapping[str, str] | None = None) -> None:
    """Run ``python -m words…`` quietly; raises CommandError with its last line when it fails.

    The whole output goes to ``log/prepare.log``.
    """
    log = env.home() / "log" / "prepare.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=env.CHECKOUT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "guanxi.config.settings", **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    with log.open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(words)}\n{done.stdout}\n")
    if done.returncode:
        last = ([line.strip() for line in done.stdout.splitlines() if line.strip()] or ["-"])[-1]
        what = " ".join(words[:2])
        raise CommandError(say(f"{what} failed: {last} (see {log})", f"{what} 失败：{last}（见 {log}）"))


def migration_print() -> str:
    """Hash of everything that decides which migrations there are, and of whose database it is."""
    target = env.database("owner")
    files = [*PACKAGE.glob("*/migrations/*.py"), *existing(LOCK)]
    return fingerprint(files, str(target["HOST"]), str(target["PORT"]), str(target["NAME"]))


def migrate() -> bool:
    """Migrate as the owner, then give the application role its rights; skipped when nothing changed."""
    value = migration_print()
    if stamped("migrations", f"{value} {database.migration_count()}"):
        return False
    child(["django", "migrate", "--noinput"], database.child_environment())
    database.grant()
    stamp("migrations", f"{value} {database.migration_count()}")
    return True


def translate() -> bool:
    """Compile every ``.po`` into the ``.mo`` beside it; the fuzzy ones are left out."""
    sources = sorted(PACKAGE.glob("locale/*/LC_MESSAGES/*.po"))
    value = fingerprint(sources)
    if stamped("translations", value) and all(path.with_suffix(".mo").is_file() for path in sources):
        return False
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for path in sources:
        out = io.BytesIO()
        with path.open("rb") as file:
            write_mo(out, read_po(file))
        write_atomically(path.with_suffix(".mo"), out.getvalue())
    stamp("translations", value)
    return bool(sources)


def static_print() -> str:
    """Hash of everything that decides which static files there are."""
    files = [path for path in PACKAGE.glob("*/static/**/*") if path.is_file()]
    config = PACKAGE / "config"
    lock = env.CHECKOUT / "package-lock.json"
    return fingerprint([*files, *existing(LOCK, lock, config / "settings.py", config / "vendor.py")])


def collect_static() -> bool:
    """Collect static files into ``static`` of the data folder; skipped when nothing changed."""
    value = static_print()
    if stamped("static", value) and (env.home() / "static" / "staticfiles.json").is_file():
        return False
    child(["django", "collectstatic", "--noinput"])
    stamp("static", value)
    return True
