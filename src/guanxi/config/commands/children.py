"""Long-running child processes: started together, started again when they die, stopped together."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import IO

from guanxi.config import env
from guanxi.config.commands.speech import say, tell
from guanxi.config.places import write_atomically

LOUD = re.compile(rb"\b(ERROR|CRITICAL|Traceback|panicked)\b")
NEW_ENTRY = re.compile(rb"^(\[|\d{4}-\d\d-\d\d)")
FIRST_PAUSE, LONGEST_PAUSE, SETTLED = 1.0, 30.0, 60.0
PATIENCE = 15.0
LARGEST_LOG = 20_000_000


@dataclass
class Child:
    """One program: its command, its log, and when it may be started again."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    deaths: int = 0
    pause: float = FIRST_PAUSE
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return env.home() / "log" / f"{self.name}.log"

    def start(self) -> None:
        """Start it in a process group of its own, its output copied by a thread."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        self.process = subprocess.Popen(
            self.command,
            cwd=env.CHECKOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.started = time.monotonic()
        if self.process.stdout is not None:
            Thread(target=_copy, args=(self.process.stdout, self.log, self.name), daemon=True).start()

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to all that it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):  # gone already: nothing left to tell
                os.killpg(self.process.pid, number)

    def last_line(self) -> str:
        """The last thing it said."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n") if self.log.exists() else []
        return next((line.strip() for line in reversed(lines) if line.strip()), "-")


def _copy(source: IO[bytes], log: Path, name: str) -> None:
    """Copy lines to the log, and errors with their tracebacks also to the console."""
    loud = False
    with log.open("ab") as file:
        for line in source:
            file.write(line)
            file.flush()
            loud = bool(LOUD.search(line)) or (loud and not NEW_ENTRY.match(line))
            if loud:
                tell(f"{name}: {line.decode(errors='replace').rstrip()}", sys.stderr)


def watch(children: Sequence[Child], stopping: Event, tend: Callable[[], None]) -> None:
    """Start dead children again, each time after a longer pause, until ``stopping`` is set.

    ``tend`` is called before each look at them: it keeps alive what is no child.
    """
    while not stopping.wait(0.2):
        tend()
        for child in children:
            if not child.alive():
                _revive(child, children)


def _revive(child: Child, children: Sequence[Child]) -> None:
    now = time.monotonic()
    if not child.due:
        child.deaths += 1
        child.pause = FIRST_PAUSE if now - child.started > SETTLED else min(child.pause * 2, LONGEST_PAUSE)
        child.due = now + child.pause
        child.signal(signal.SIGKILL)
        code = child.process.returncode if child.process else None
        told = child.last_line()
        tell(
            say(
                f"{child.name} ended ({code}): {told}; again in {child.pause:.0f} s",
                f"{child.name} 已退出（{code}）：{told}；{child.pause:.0f} 秒后重启",
            ),
            sys.stderr,
        )
    elif now >= child.due:
        child.due = 0.0
        child.start()
        remember(children)


def stop(children: Sequence[Child]) -> None:
    """Ask all to end, wait a while, then end them with everything they started."""
    for child in children:
        if child.process is not None and child.alive():
            child.process.terminate()  # it tells its own children; the group is only for the rest
    limit = time.monotonic() + PATIENCE
    while any(child.alive() for child in children) and time.monotonic() < limit:
        time.sleep(0.05)
    for child in children:
        child.signal(signal.SIGKILL)
        if child.process is not None:
            child.process.wait()
    _record().unlink(missing_ok=True)


# --- children whose parent was killed --------------------------------------------------------


def _record() -> Path:
    return env.home() / "children.json"


def remember(children: Sequence[Child]) -> None:
    """Write down the process groups, for the next start after a kill of this process."""
    groups = {str(child.process.pid): list(child.command) for child in children if child.process}
    write_atomically(_record(), json.dumps(groups))


def end_orphans() -> None:
    """End what a killed ``run`` left behind; a stranger with the same number is left alone."""
    path = _record()
    if not path.is_file():
        return
    for group, command in json.loads(path.read_text(encoding="utf-8")).items():
        if any(part == command for part in _commands_of_group(int(group))):
            with suppress(ProcessLookupError):  # it ended in this very moment
                os.killpg(int(group), signal.SIGKILL)
            _wait_for(int(group))
    path.unlink()


def _wait_for(group: int) -> None:
    """Wait until nothing of the group holds a port any more."""
    limit = time.monotonic() + PATIENCE
    while any(words != [""] for words in _commands_of_group(group)) and time.monotonic() < limit:
        time.sleep(0.02)


def _commands_of_group(group: int) -> Iterator[list[str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            words = (folder / "cmdline").read_text(encoding="utf-8").rstrip("\0").split("\0")
        except OSError:
            continue
        if int(fields[2]) == group:
            yield words
