"""``guanxi backup FILE``: database, media and a checked manifest in one file."""

import argparse
import fcntl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import psycopg

import guanxi
from guanxi.config import env
from guanxi.config.commands import database, dump, progress, swap
from guanxi.config.commands.archive import DUMP, FORMAT, MARK, MEDIA, Advance, Manifest, Writer, pieces
from guanxi.config.commands.speech import CommandError, say, tell

NAME = "backup"
HELP = "write database and files into one checked file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the file to write; one of this name is replaced at the end")


def run(args: argparse.Namespace) -> int:
    """Write the backup under a temporary name, make it durable, give it its name. (NFR-13)

    Side effects in this order: embedded database started if it stood still, temporary file, rename,
    database stopped again. Raises CommandError; then the file of the former backup is untouched.
    """
    target: Path = args.file.resolve()
    if not target.parent.is_dir():
        raise CommandError(say(f"there is no folder {target.parent}", f"没有文件夹 {target.parent}"))
    with database.available():
        swap.finish_interrupted()
        manifest = write(target)
    rows = sum(manifest.rows.values())
    size = target.stat().st_size
    tell(
        say(
            f"{target}: {len(manifest.rows)} tables, {rows} rows, {size} bytes. Secrets are not in it: "
            f"keep a copy of {env.home() / 'secrets.json'} in a safe place.",
            f"{target}：{len(manifest.rows)} 张表，{rows} 行，{size} 字节。其中不含密钥："
            f"请另行妥善保存 {env.home() / 'secrets.json'}。",
        )
    )
    return 0


def write(target: Path) -> Manifest:
    """Write one backup file; raises CommandError or OSError and leaves no temporary file then."""
    temporary = target.with_name(f".{target.name}.part")
    with temporary.open("a+b") as out:
        temporary.chmod(0o600)
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(say(f"{target} is being written", f"{target} 正在写入")) from error
    with temporary.open("r+b") as out:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        out.truncate(0)
        try:
            manifest = _fill(out)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return manifest


def _fill(out: IO[bytes]) -> Manifest:
    media = env.home() / "media"
    files = dump.media_files(media)
    with dump.snapshot() as connection:
        total = dump.expected_size(connection) + sum(path.stat().st_size for path in files)
        with progress.bar(say("Backup", "备份"), total) as advance:
            writer = Writer(out)
            writer.add(MARK, [str(FORMAT).encode()])
            manifest = _dump(writer, connection, advance)
            for path in files:
                writer.add(MEDIA + path.relative_to(media).as_posix(), _content(path, advance))
            writer.close(manifest)
    return manifest


def _dump(writer: Writer, connection: psycopg.Connection, advance: Advance) -> Manifest:
    major = database.check_version(connection)
    read = 0

    def count(amount: int) -> None:
        nonlocal read
        read += amount
        advance(amount)

    writer.add(DUMP, dump.dumped(str(dump.scalar(connection, "SELECT pg_export_snapshot()")), major, count))
    return Manifest(
        format=FORMAT,
        app_version=guanxi.__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        postgres=major,
        dump_bytes=read,
        migrations=dump.applied_migrations(connection),
        rows=dump.row_counts(connection),
    )


def _content(path: Path, advance: Advance) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from pieces(file, advance)
