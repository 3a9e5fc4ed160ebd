"""Where a run keeps its file and what came of it, readable by nobody else."""

import datetime
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection

ORIGINAL, STAGE, RAW, FINDINGS, STORE_FINDINGS = (
    "original",
    "stage.parquet",
    "raw.parquet",
    "findings.parquet",
    "store.csv",
)
BLOCK = 1024 * 1024


def root() -> Path:
    """Return the folder of all runs of this database: two databases may share the folder of media."""
    return Path(settings.MEDIA_ROOT) / "intake" / str(connection.settings_dict["NAME"])


def workroom() -> Path:
    """Return the folder of what is under way: apart from the media, which backups read."""
    return Path(settings.MEDIA_ROOT).parent / "work" / "intake" / str(connection.settings_dict["NAME"])


def folder(run_id: int) -> Path:
    """Return the folder of a run, which may not be there yet."""
    return root() / str(run_id)


def receive(content: BinaryIO, most: int) -> tuple[Path, int]:
    """Write what comes into a file of its own, up to one byte more than ``most``, and return path and size."""
    incoming = workroom() / "incoming"
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = incoming / os.urandom(12).hex()
    size = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while size <= most and (block := content.read(BLOCK)):
            size += file.write(block)
    return path, size


def adopt(path: Path, run_id: int) -> Path:
    """Move a received file into the folder of its run and return where it is."""
    target = folder(run_id)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path.rename(target / ORIGINAL)


def workplace(run_id: int) -> Path:
    """Return an empty folder for work; what a killed predecessor left there is removed."""
    path = workroom() / str(run_id)
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True, mode=0o700)
    return path


@contextmanager
def scratch(run_id: int) -> Iterator[Path]:
    """Yield an empty folder for a look at a run's files, beside whatever works at them."""
    workroom().mkdir(parents=True, exist_ok=True, mode=0o700)
    path = Path(tempfile.mkdtemp(prefix=f"look-{run_id}-", dir=workroom()))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def keep(run_id: int, *names: str) -> None:
    """Move finished files from the workplace into the run's folder, over those of an earlier check."""
    for name in names:
        path = workroom() / str(run_id) / name
        path.chmod(0o600)
        path.replace(folder(run_id) / name)


def remove(run_id: int) -> None:
    """Delete everything of a run."""
    for path in (folder(run_id), workroom() / str(run_id)):
        shutil.rmtree(path, ignore_errors=True)


def remove_strangers(known: set[int], at: datetime.datetime) -> None:
    """Delete what belongs to no run and is older than a day: uploads and looks that were broken off."""
    oldest = (at - datetime.timedelta(days=1)).timestamp()
    incoming = workroom() / "incoming"
    places = [path for place in (root(), workroom(), incoming) if place.is_dir() for path in place.iterdir()]
    for path in places:
        is_known = path == incoming or (path.name.isdecimal() and int(path.name) in known)
        if not is_known and path.stat().st_mtime < oldest:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
