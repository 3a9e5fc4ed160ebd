"""``guanxi preset``: the presets that are there, what one would change, and its application."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from guanxi.config.commands import database
from guanxi.config.commands.speech import CommandError, Steps, chinese, say, tell

if TYPE_CHECKING:
    from guanxi.foundation.actor import Actor
    from guanxi.foundation.presets import Change, Part

NAME = "preset"
HELP = "list presets, show what one would change, apply one"
SIGNS = {"add": "+", "change": "~", "retire": "-"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", default="", help="the preset; without it, all presets are listed")
    parser.add_argument("--apply", action="store_true", help="apply the preset, after showing what it changes")
    parser.add_argument("--yes", action="store_true", help="apply without asking")


def run(args: argparse.Namespace) -> int:
    """List presets, or show the difference of one; with ``--apply`` apply it, a transaction for each part.

    Raises CommandError when there is no such preset, it has errors, or one of its parts is refused.
    """
    database.ensure()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    import django
    from django.utils import translation

    django.setup()
    with translation.override("zh-hans" if chinese() else "en"):
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    from django.db import IntegrityError

    from guanxi.foundation.errors import DomainError

    try:
        if not args.name:
            return _list()
        return _apply(args.name, ask=not args.yes) if args.apply else _show(args.name)
    except DomainError as error:
        lines = [str(problem.message) for problem in error.problems]
        raise CommandError("\n  ".join(lines)) from error
    except IntegrityError as error:
        raise CommandError(
            say(
                "the preset names something that is not there yet; apply base first",
                "该预设引用了尚不存在的内容；请先应用 base",
            )
        ) from error


def _actor() -> Actor:
    from guanxi.foundation.actor import SYSTEM, Origin

    return replace(SYSTEM, origin=Origin(channel="console"))


def _scope() -> AbstractContextManager[None]:
    from guanxi.foundation import db

    return db.scoped(_actor())


def _list() -> int:
    from guanxi.foundation import presets
    from guanxi.records import queries as records

    names = presets.names()
    with _scope():
        applied = records.preset_versions(names)
    for name in names:
        about = presets.title(name)
        text = say(about["title_en"], about["title_zh"])
        tell(f"{name:<12} {about.get('version', ''):<9} {text}")
        for part in presets.read(name):
            row = applied.get((name, part.loader.key))
            tell(f"  {part.loader.key:<12} {_version(part, row)}")
    return 0


def _version(part: Part, row: Any) -> str:
    if row is None:
        return say("not applied", "未应用")
    day = f"{row.at:%Y-%m-%d}"
    if row.digest == part.digest:
        return say(f"applied on {day}", f"已于 {day} 应用")
    return say(f"applied on {day}, the file has changed since", f"已于 {day} 应用，此后文件有变化")


def _show(name: str) -> int:
    found = _differences(name)
    for part, changes in found:
        tell(f"{part.loader.label}:")
        for change in changes:
            tell(f"  {SIGNS.get(change.kind, '?')} {change.subject}  {change.detail}")
        if not changes:
            tell(say("  nothing to change", "  无变化"))
    return 0


def _differences(name: str) -> list[tuple[Part, Sequence[Change]]]:
    from guanxi.foundation import presets

    with _scope():
        return [(part, presets.compare(part)) for part in presets.read(name)]


def _apply(name: str, *, ask: bool) -> int:
    from guanxi.foundation import presets

    if ask and not _confirmed(name):
        tell(say("nothing was changed", "没有做任何修改"))
        return 1
    parts = presets.read(name)
    steps = Steps(len(parts))
    for part in parts:
        steps.do(f"{name}/{part.loader.key}", lambda part=part: _apply_part(part))  # type: ignore[misc]
    return 0


def _confirmed(name: str) -> bool:
    _show(name)
    if not sys.stdin.isatty():
        raise CommandError(say("say --yes to apply without being asked", "无法询问时请加 --yes 直接应用"))
    answer = input(say(f"Apply {name}? [y/N] ", f"应用预设 {name}？[y/N] "))
    return answer.strip().lower() in {"y", "yes", "是"}


def _apply_part(part: Part) -> bool:
    """Apply one part and note its version, both or neither; False when everything was as it should be."""
    from guanxi.foundation import presets
    from guanxi.records import queries, services

    key = (part.carmaker, part.loader.key)
    with _scope():
        known = queries.preset_versions([part.carmaker]).get(key)
        if known is not None and known.digest == part.digest and not presets.compare(part):
            return False
        services.apply_preset_part(actor=_actor(), carmaker=key[0], key=key[1], digest=part.digest)
    return True
