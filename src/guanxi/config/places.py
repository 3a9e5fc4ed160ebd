"""What must hold on any disk: locks that die with their process, whole files, secrets made once."""

import fcntl
import json
import os
import secrets as random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECRET_NAMES = ("owner_password", "app_password", "secret_key", "data_key")
LATER_NAMES = {"data_key"}  # what older installations get on their next start


class PlaceError(RuntimeError):
    """Something about the data folder is wrong; the text is one sentence for people."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock that dies with the process; waits for the one who has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_atomically(path: Path, data: str | bytes, mode: int = 0o644) -> None:
    """Replace ``path`` as a whole or not at all: temporary file, fsync, rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def secrets(home: Path) -> dict[str, str]:
    """The passwords of the two database roles, Django's key and the key of sealed data, made once.

    Makes ``<home>/secrets.json`` (mode 0600) when it is missing, and adds what a newer version needs; two
    processes at once get the same values. Raises PlaceError when the file is damaged. (NFR-13)
    """
    path = home / "secrets.json"
    if not path.exists() or LATER_NAMES - set(_read_secrets(path)):
        with locked(home / "secrets.lock"):
            held = _read_secrets(path) if path.exists() else {}
            if set(SECRET_NAMES) - set(held):
                fresh = {name: held.get(name) or random.token_urlsafe(48) for name in SECRET_NAMES}
                write_atomically(path, json.dumps(fresh, indent=1), mode=0o600)
    return _read_secrets(path)


def _read_secrets(path: Path) -> dict[str, str]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise PlaceError(f"{path} cannot be read ({error}); put back the copy you kept of it") from error
    needed = set(SECRET_NAMES) - LATER_NAMES
    if not isinstance(values, dict) or any(not isinstance(values.get(name), str) for name in needed):
        raise PlaceError(f"{path} is not complete; put back the copy you kept of it")
    return {name: values[name] for name in SECRET_NAMES if isinstance(values.get(name), str)}
