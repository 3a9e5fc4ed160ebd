"""The one file of a backup: a tar of checked members, written in one pass and read in one pass.

Members in order: ``guanxi-backup`` (format number), ``database.dump.gz``, ``media/…``,
``manifest.json`` (sizes and SHA-256 of all before it), ``manifest.sha256``.
"""

import hashlib
import json
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from guanxi.config.commands.speech import CommandError, say

FORMAT = 1
MARK, DUMP, MEDIA, MANIFEST, SEAL = (
    "guanxi-backup",
    "database.dump.gz",
    "media/",
    "manifest.json",
    "manifest.sha256",
)
CHUNK = 1024 * 1024
LARGEST_MANIFEST = 64 * 1024 * 1024
Advance = Callable[[int], None]


@dataclass
class Manifest:
    """What a backup says about itself."""

    format: int
    app_version: str
    created: str
    postgres: int
    dump_bytes: int
    migrations: list[list[str]]
    rows: dict[str, int]
    members: dict[str, list[Any]] = field(default_factory=dict)


class Writer:
    """Writes members whose size is known only at their end."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.members: dict[str, list[Any]] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Append one member; its header is written after its content."""
        info = tarfile.TarInfo(name)
        info.mode = 0o600
        begin = self._out.tell()
        room = len(info.tobuf(tarfile.GNU_FORMAT))
        self._out.seek(begin + room)
        total = hashlib.sha256()
        for chunk in chunks:
            self._out.write(chunk)
            total.update(chunk)
            info.size += len(chunk)
        self._out.write(bytes(-info.size % tarfile.BLOCKSIZE))
        end = self._out.tell()
        self._out.seek(begin)
        self._out.write(info.tobuf(tarfile.GNU_FORMAT))
        self._out.seek(end)
        self.members[name] = [info.size, total.hexdigest()]

    def close(self, manifest: Manifest) -> None:
        """Write the manifest, its seal and the end of the tar, and make it durable."""
        manifest.members = dict(self.members)
        data = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        self.add(MANIFEST, [data])
        self.add(SEAL, [hashlib.sha256(data).hexdigest().encode()])
        self._out.write(bytes(2 * tarfile.BLOCKSIZE))
        self._out.flush()
        os.fsync(self._out.fileno())


def pieces(source: IO[bytes], advance: Advance) -> Iterator[bytes]:
    """Read a file piece by piece."""
    while chunk := source.read(CHUNK):
        advance(len(chunk))
        yield chunk


def refuse(english: str, mandarin: str) -> CommandError:
    """Say why a file is not taken."""
    return CommandError(say(f"this backup is refused: {english}", f"拒绝使用此备份：{mandarin}"))


def verify(path: Path, advance: Advance) -> Manifest:
    """Read the whole file and compare every checksum; touches nothing.

    Raises CommandError for a file that is foreign, cut off, changed or from a newer Guanxi.
    """
    try:
        with tarfile.open(path, "r:") as tar:
            return _verify(tar, advance)
    except (tarfile.TarError, EOFError) as error:
        if path.stat().st_size and _has_mark(path):
            raise refuse("it is cut off or damaged", "文件不完整或已损坏") from error
        raise refuse("it is not a Guanxi backup", "不是关系的备份文件") from error


def _has_mark(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MARK)) == MARK.encode()


def _verify(tar: tarfile.TarFile, advance: Advance) -> Manifest:
    found: dict[str, list[Any]] = {}
    texts: dict[str, bytes] = {}
    for number, member in enumerate(tar):
        if number == 0 and member.name != MARK:
            raise refuse("it is not a Guanxi backup", "不是关系的备份文件")
        _check_name(member, found)
        keep = member.name in {MARK, MANIFEST, SEAL} and member.size <= LARGEST_MANIFEST
        found[member.name], texts[member.name] = _digest(tar, member, advance, keep=keep)
    if texts.get(MARK, b"") != str(FORMAT).encode():
        raise refuse("its format is unknown to this version", "本版本不认识其格式")
    if MANIFEST not in found or SEAL not in found:
        raise refuse("it is cut off", "文件不完整")
    if found[MANIFEST][1].encode() != texts[SEAL]:
        raise refuse("its manifest was changed", "清单已被改动")
    return _compare(texts[MANIFEST], found)


def _check_name(member: tarfile.TarInfo, found: dict[str, list[Any]]) -> None:
    parts = PurePosixPath(member.name).parts
    plain = member.name in {MARK, DUMP, MANIFEST, SEAL}
    media = member.name.startswith(MEDIA) and ".." not in parts
    if not member.isfile() or member.name in found or not (plain or media):
        raise refuse(f"it holds the unexpected {member.name!r}", f"含有意外内容 {member.name!r}")


def _digest(tar: tarfile.TarFile, member: tarfile.TarInfo, advance: Advance, *, keep: bool) -> tuple[list[Any], bytes]:
    source = tar.extractfile(member)
    assert source is not None
    total, size, kept = hashlib.sha256(), 0, bytearray()
    for chunk in pieces(source, advance):
        total.update(chunk)
        size += len(chunk)
        kept += chunk if keep else b""
    return [size, total.hexdigest()], bytes(kept)


def _compare(text: bytes, found: dict[str, list[Any]]) -> Manifest:
    manifest = Manifest(**json.loads(text))
    told = {name: value for name, value in found.items() if name not in {MANIFEST, SEAL}}
    for name in sorted({*told, *manifest.members}):
        if told.get(name) != manifest.members.get(name):
            raise refuse(f"{name} is missing or damaged", f"{name} 缺失或已损坏")
    if DUMP not in told:
        raise refuse("it holds no database", "其中没有数据库")
    return manifest
