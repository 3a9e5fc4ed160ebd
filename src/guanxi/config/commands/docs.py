"""``guanxi docs``: writes the reference documents from the source, or says which of them is stale."""

import argparse
from pathlib import Path

from guanxi.config import env
from guanxi.config.commands import start
from guanxi.config.commands.speech import CommandError, say, tell
from guanxi.config.places import write_atomically

NAME = "docs"
HELP = "write the reference documents; --check only says which is stale"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing; fail when a document is stale")


def run(args: argparse.Namespace) -> int:
    """Write the documents that differ from the source, or only compare. Needs no running database.

    Raises CommandError when a test names an unknown requirement, or with ``--check`` when a document is stale.
    """
    start.start()
    stale = changed(documents())
    if args.check:
        _refuse(sorted(stale))
        return 0
    for path, text in stale.items():
        write_atomically(path, text)
        tell(str(path.relative_to(env.CHECKOUT)))
    if not stale:
        tell(say("nothing to change", "无变化"))
    return 0


def documents() -> dict[Path, str]:
    """Return every generated document with its text, made in memory. Django must be set up."""
    from guanxi.config.commands import docs_capabilities, docs_reference, docs_requirements

    folder = env.CHECKOUT / "docs"
    catalogue = docs_requirements.read(folder / "requirements.toml")
    marks = docs_requirements.marks(env.CHECKOUT / "tests")
    docs_requirements.refuse_unknown(catalogue, marks)
    return {
        folder / "map.md": docs_reference.the_map(),
        folder / "requirements.md": docs_requirements.render(catalogue, marks),
        folder / "permissions.md": docs_reference.permissions(),
        folder / "openapi.json": docs_reference.openapi(),
        **docs_capabilities.pages(folder / "capabilities"),
    }


def changed(found: dict[Path, str]) -> dict[Path, str]:
    """Return those of the documents whose file is missing or says something else."""
    return {
        path: text for path, text in found.items() if not path.is_file() or path.read_text(encoding="utf-8") != text
    }


def _refuse(stale: list[Path]) -> None:
    if stale:
        name = stale[0].relative_to(env.CHECKOUT)
        raise CommandError(say(f"{name} is out of date: run “guanxi docs”", f"{name} 已过期：请运行“guanxi docs”"))
