"""How the data folder of the embedded PostgreSQL comes into being: as a whole or not at all. (NFR-13)"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from guanxi.config import cluster

GIGABYTE = 1024**3


def settings() -> dict[str, str]:
    """Settings for this machine; durability stays as PostgreSQL has it: on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    shared = max(64, min(2048, memory // 8 // 1024**2))
    return {
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(128, memory // 2 // 1024**2)}MB",
        "work_mem": "32MB" if memory > 8 * GIGABYTE else "8MB",
        "maintenance_work_mem": "256MB" if memory > 8 * GIGABYTE else "64MB",
        "max_connections": "60",
        "jit": "off",
        "timezone": "Asia/Shanghai",
        "log_timezone": "Asia/Shanghai",
        "max_wal_size": "2GB",
        "wal_compression": "on",
    }


def initialize(who: cluster.Identity, data: Path, owner: str, password: str, *, durable: bool) -> None:
    """Make a cluster in a temporary folder beside ``data`` and rename it into place.

    Folders that an interrupted call left behind are removed first. Raises ClusterError.
    """
    for leftover in data.parent.glob(f".{data.name}-new-*"):
        shutil.rmtree(leftover, ignore_errors=True)  # an orphan may still write there; next time it is gone
    fresh = Path(tempfile.mkdtemp(prefix=f".{data.name}-new-", dir=data.parent))
    word = fresh / "word"
    word.write_text(password, encoding="utf-8")
    word.chmod(0o600)
    who.give(fresh, word)
    output = _initdb(who, fresh / "data", word, owner, durable=durable)
    if output is not None:
        shutil.rmtree(fresh)
        raise cluster.ClusterError(f"the embedded database cannot be made: {output}")
    (fresh / "data").rename(data)
    shutil.rmtree(fresh)


def _initdb(who: cluster.Identity, target: Path, word: Path, owner: str, *, durable: bool) -> str | None:
    command = [
        str(cluster.binaries() / "initdb"),
        "--pgdata",
        str(target),
        "--username",
        owner,
        "--pwfile",
        str(word),
    ]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += [f"--set={name}={value}" for name, value in settings().items()]
    process = who.spawn([*command, *([] if durable else ["--no-sync"])], log=subprocess.STDOUT)
    output, _ = process.communicate()
    if process.returncode == 0:
        return None
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    told = [line for line in lines if "error" in line or "FATAL" in line or "No space" in line]
    return (told or lines or ["initdb said nothing"])[0]
