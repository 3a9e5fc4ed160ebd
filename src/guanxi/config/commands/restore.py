"""``guanxi restore FILE``: check everything, load it aside, swap it in at the end."""

import argparse
import os
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from guanxi.config import embedded
from guanxi.config.commands import database, dump, prepare, progress, swap
from guanxi.config.commands.archive import DUMP, MEDIA, Advance, Manifest, pieces, refuse, verify
from guanxi.config.commands.run import is_running
from guanxi.config.commands.speech import CommandError, say, tell

NAME = "restore"
HELP = "replace database and files by those of a backup"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a file written by 'guanxi backup'")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--keep-old", action="store_true", help="keep the former database under another name")


def run(args: argparse.Namespace) -> int:
    """Restore a backup; killed at any moment it leaves the old data or the new, never half. (NFR-13)

    In this order: checks of the whole file, question, new database, rows compared, migrations,
    grants, files aside, swap, old data dropped. Raises CommandError and leaves the old data then.
    """
    path: Path = args.file
    if not path.is_file():
        raise CommandError(say(f"there is no file {path}", f"没有文件 {path}"))
    if is_running():
        raise CommandError(say("stop 'guanxi run' first", "请先停止 guanxi run"))
    manifest = check(path)
    if not (args.yes or agreed(manifest)):
        tell(say("nothing was changed", "未做任何改动"))
        return 1
    with database.available():
        swap.finish_interrupted()
        plan = restore(path, manifest, keep_old=args.keep_old)
    _report(manifest, plan)
    return 0


def check(path: Path) -> Manifest:
    """Verify the file and that this version knows its migrations; touches nothing."""
    with progress.bar(say("Checking", "校验"), path.stat().st_size) as advance:
        manifest = verify(path, advance)
    package = prepare.PACKAGE
    for label, name in manifest.migrations:
        folder = package / label / "migrations"
        if folder.is_dir() and not (folder / f"{name}.py").is_file():
            raise refuse(
                f"it is from a newer Guanxi ({manifest.app_version}); update first",
                f"它来自更新版本的关系（{manifest.app_version}）；请先升级",
            )
    return manifest


def agreed(manifest: Manifest) -> bool:
    """Ask at the console; without a console the answer is an error that names --yes."""
    if not sys.stdin.isatty():
        raise CommandError(say("add --yes to replace all data without a question", "无人应答；如确认替换请加 --yes"))
    question = say(
        f"Replace all data by those of {manifest.created}? Type yes: ",
        f"用 {manifest.created} 的备份替换全部数据？请输入 yes：",
    )
    return input(question).strip().lower() == "yes"


def restore(path: Path, manifest: Manifest, *, keep_old: bool) -> swap.Plan:
    """Load a verified backup aside and swap it in; raises CommandError and cleans up then."""
    name, stamp = database.name(), datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    plan = swap.Plan(name, f"{name}_new_{stamp}", f"{name}_before_{stamp}", keep_old)
    swap.begin(plan)
    try:
        total = manifest.dump_bytes + sum(size for part, (size, _) in manifest.members.items() if part != DUMP)
        with progress.bar(say("Restoring", "恢复"), total) as advance, tarfile.open(path, "r:") as tar:
            _load(tar, manifest, plan, advance)
            _files(tar, plan.fresh_media, advance)
        if manifest.migrations:
            prepare.child(["django", "migrate", "--noinput"], database.child_environment(plan.fresh))
        database.grant(plan.fresh)
    except BaseException:
        swap.finish_interrupted()
        raise
    swap.commit(plan)
    return plan


def _load(tar: tarfile.TarFile, manifest: Manifest, plan: swap.Plan, advance: Advance) -> None:
    with database.connect("owner", "postgres") as connection:
        major = database.check_version(connection)
        embedded.create_database(connection, plan.fresh, str(connection.info.user))
    source = tar.extractfile(DUMP)
    assert source is not None
    dump.load(plan.fresh, source, major, advance)
    with dump.snapshot(plan.fresh) as connection:
        counts = dump.row_counts(connection)
    wrong = [table for table in sorted({*counts, *manifest.rows}) if counts.get(table) != manifest.rows.get(table)]
    if wrong:
        raise refuse(f"rows are missing after loading: {', '.join(wrong)}", f"载入后行数不符：{', '.join(wrong)}")


def _files(tar: tarfile.TarFile, folder: Path, advance: Advance) -> None:
    folder.mkdir(parents=True)
    for member in tar:
        source = tar.extractfile(member) if member.name.startswith(MEDIA) else None
        if source is None:
            continue
        target = folder / member.name.removeprefix(MEDIA)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.writelines(pieces(source, advance))
            file.flush()
            os.fsync(file.fileno())
        swap.sync(target.parent)
    swap.sync(folder)


def _report(manifest: Manifest, plan: swap.Plan) -> None:
    rows = sum(manifest.rows.values())
    tell(say(f"restored: {rows} rows of {manifest.created}", f"已恢复：{manifest.created} 的 {rows} 行"))
    if plan.keep_old:
        tell(
            say(
                f"the former data are kept: database {plan.before}, files {plan.old_media}",
                f"原数据已保留：数据库 {plan.before}，文件 {plan.old_media}",
            )
        )
