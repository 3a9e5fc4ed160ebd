"""``guanxi run``: prepare everything, then keep the web server and the job worker going."""

import argparse
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

from guanxi.config import embedded, env
from guanxi.config.cluster import ClusterError
from guanxi.config.commands import children, database, prepare, swap
from guanxi.config.commands.children import Child
from guanxi.config.commands.speech import CommandError, Steps, say, tell

NAME = "run"
HELP = "start Guanxi: database, web server and job worker"
DEFAULT_PORT = 8000
HOPELESS = 3
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only compared with


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=env.number("PORT", DEFAULT_PORT), help="port (8000, or PORT)")


def run(args: argparse.Namespace) -> int:
    """Start everything and stay until SIGTERM, SIGINT or SIGHUP.

    In this order: lock, orphans of a killed run, port, the seven steps, addresses, supervision; at
    the end children first, embedded database last. Raises CommandError. (NFR-13)
    """
    stopping = Event()
    with alone(args.port):
        children.end_orphans()
        check_port(args.host, args.port)
        _on_signals(stopping)
        crew = [_web(args.host, args.port), Child("worker", [sys.executable, "-m", "guanxi", "worker"])]
        try:
            logins = _prepare(crew, args)
            _keep_signals(stopping)
            _announce(args, logins)
            children.watch(crew, stopping, tend_database)
        finally:
            _stop(crew)
    return 0


# --- what must be true before anything long happens ------------------------------------------


@contextmanager
def alone(port: int) -> Iterator[None]:
    """Let one ``run`` per data folder live; the lock dies with its process. Raises CommandError."""
    path = env.home() / "run.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            told = file.read().strip()
            raise CommandError(
                say(f"Guanxi runs already in this folder ({told})", f"此目录中的关系已在运行（{told}）")
            ) from error
        file.truncate(0)
        file.write(f"pid {os.getpid()}, port {port}")
        file.flush()
        yield


def is_running() -> bool:
    """Tell whether a ``run`` holds the lock of this data folder."""
    path = env.home() / "run.lock"
    if not path.is_file():
        return False
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def check_port(host: str, port: int) -> None:
    """Raise CommandError, naming --port, when the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(_port_problem(host, port, error)) from error


def _port_problem(host: str, port: int, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return say(
            f"port {port} is in use; choose another one with --port",
            f"端口 {port} 已被占用；请用 --port 另选端口",
        )
    return say(
        f"cannot listen on {host}:{port} ({error}); choose with --host and --port",
        f"无法监听 {host}:{port}（{error}）；请用 --host 和 --port 选择",
    )


# --- the seven steps -------------------------------------------------------------------------


def _prepare(crew: list[Child], args: argparse.Namespace) -> subprocess.Popen[str] | None:
    """Do the steps; returns the child that writes the table of sign-ins meanwhile."""
    steps = Steps(7)
    steps.do(say("Database", "数据库"), start_database)
    steps.do(say("Database tables", "数据表"), prepare.migrate)
    steps.do(say("Translations", "翻译"), prepare.translate)
    steps.do(say("Static files", "静态文件"), prepare.collect_static)
    steps.do(say("Demonstration data", "演示数据"), load_demo)
    for child in crew:
        child.start()
    children.remember(crew)
    logins = _ask_logins()
    steps.do(say("Web server", "网页服务"), lambda: wait_for_answer(crew[0], args.host, args.port))
    steps.do(say("Job worker", "后台任务"), crew[1].alive)
    return logins


def _announce(args: argparse.Namespace, logins: subprocess.Popen[str] | None) -> None:
    address = f"http://{args.host}:{args.port}/"
    tell(say(f"Guanxi is ready: {address}", f"关系已就绪：{address}"))
    if logins is not None:
        tell(logins.communicate()[0].rstrip())
    tell(say("Stop with Ctrl+C.", "按 Ctrl+C 停止。"))


def start_database() -> bool:
    """Make the database usable and finish a restore that was interrupted."""
    database.ensure()
    swap.finish_interrupted()
    return True


def tend_database() -> None:
    """Start the embedded database again when it died under the running system."""
    if not database.is_embedded() or embedded.running(env.home()) is not None:
        return
    tell(say("the database ended; starting it again", "数据库已退出，正在重新启动"), sys.stderr)
    try:
        database.ensure()
    except ClusterError as error:
        tell(str(error), sys.stderr)
        time.sleep(2)


def load_demo() -> bool:
    """Load the demonstration when it is wanted and nobody can sign in yet."""
    if not env.flag("DEMO", default=True) or database.has_users():
        return False
    prepare.child(["guanxi", "demo", "--if-empty"])
    return True


def _ask_logins() -> subprocess.Popen[str] | None:
    """Let a child write the table of demonstration sign-ins while the web server starts."""
    if not env.flag("DEMO", default=True):
        return None
    command = [sys.executable, "-m", "guanxi", "demo", "--logins"]
    return subprocess.Popen(command, cwd=env.CHECKOUT, stdout=subprocess.PIPE, text=True)


def _web(host: str, port: int) -> Child:
    workers = max(1, min(2, os.cpu_count() or 1))
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--workers-kill-timeout", "10", "--respawn-failed-workers"]
    command += ["--no-ws", "guanxi.config.asgi:application"]
    return Child("web", command, {"DJANGO_SETTINGS_MODULE": "guanxi.config.settings"})


def wait_for_answer(child: Child, host: str, port: int) -> bool:
    """Wait until the first request is answered; raises CommandError when the server keeps dying."""
    deaths = 0
    while not answers(ANYWHERE.get(host, host), port):
        if not child.alive():
            deaths += 1
            if deaths >= HOPELESS:
                told = child.last_line()
                raise CommandError(
                    say(
                        f"the web server does not start: {told} (see {child.log})",
                        f"网页服务无法启动：{told}（见 {child.log}）",
                    )
                )
            child.start()
        time.sleep(0.05)
    return True


def answers(host: str, port: int) -> bool:
    """Tell whether anything answers a request there, whatever it answers."""
    try:
        with socket.create_connection((host, port), timeout=20) as connection:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.recv(12).startswith(b"HTTP/")
    except OSError:
        return False


# --- the end ---------------------------------------------------------------------------------


def _on_signals(stopping: Event) -> None:
    """Let a signal during the preparation end it like Ctrl+C."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        stopping.set()
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, interrupt)


def _keep_signals(stopping: Event) -> None:
    """Let a signal after the preparation only say that it is time to stop."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: stopping.set())


def _stop(crew: list[Child]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    tell(say("Stopping …", "正在停止……"))
    children.stop(crew)
    if database.is_embedded():
        embedded.stop(env.home())
