"""``guanxi translations``: gathers message ids and says which have no Chinese."""

import argparse
import io
from pathlib import Path
from typing import Any

from guanxi.config import env
from guanxi.config.commands.speech import CommandError, say, tell

NAME = "translations"
HELP = "gather message ids into the catalogue; --check only says what is missing"
PACKAGE = env.CHECKOUT / "src" / "guanxi"
CATALOGUE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
HEADER = "# Chinese texts of Guanxi. Gathered by “guanxi translations”; write the Chinese here."
METHODS = [
    ("**.py", "python"),
    ("**/signin_templates/**.html", "guanxi.config.extract:django_template"),
    ("**/templates/**.html", "jinja2"),
]
KEYWORDS = [
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext:1,2",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "pgettext_lazy:1c,2",
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing; fail when something is missing")


def run(args: argparse.Namespace) -> int:
    """Gather the ids of code and templates, keep their Chinese, drop what is gone; or only check.

    Raises CommandError when an id has no Chinese, or the catalogue is out of date.
    """
    from babel.messages import pofile

    held = _read(CATALOGUE)
    catalogue = _gather()
    missing = []
    for message in catalogue:
        if not message.id:
            continue
        text = held.get(_key(message.id), "")
        message.string = (text,) if message.pluralizable else text
        if not text:
            missing.append(_key(message.id))
    file = io.BytesIO()
    pofile.write_po(file, catalogue, width=110, sort_output=True, omit_header=False, no_location=True)
    if args.check:
        _check(missing, file.getvalue())
        return 0
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(file.getvalue())
    tell(
        say(
            f"{len(list(catalogue))} texts, {len(missing)} without Chinese",
            f"共 {len(list(catalogue))} 条，{len(missing)} 条缺少中文",
        )
    )
    for key in missing:
        tell(f"  {key}")
    return 1 if missing else 0


def _check(missing: list[str], content: bytes) -> None:
    if missing:
        raise CommandError(
            say(
                f"{len(missing)} texts have no Chinese, such as “{missing[0]}”",
                f"{len(missing)} 条文本缺少中文，例如“{missing[0]}”",
            )
        )
    if not CATALOGUE.is_file() or CATALOGUE.read_bytes() != content:
        raise CommandError(
            say(
                "the catalogue is out of date: run “guanxi translations”",
                "翻译目录已过期：请运行“guanxi translations”",
            )
        )


def _key(message: Any) -> str:
    """Chinese has one form for all numbers: the first id, or text, stands for all."""
    return str(message if isinstance(message, str) else message[0])


def _read(path: Path) -> dict[str, str]:
    from babel.messages import pofile

    if not path.is_file():
        return {}
    with path.open("rb") as file:
        found = pofile.read_po(file, locale="zh_Hans")
    return {_key(message.id): _key(message.string) for message in found if message.id and message.string}


def _gather() -> Any:
    import datetime

    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir
    from babel.messages.frontend import parse_keywords

    still = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    catalogue = Catalog(
        locale="zh_Hans", project="Guanxi", version="1", fuzzy=False, creation_date=still, revision_date=still,
        header_comment=HEADER, msgid_bugs_address="none", last_translator="Guanxi", language_team="zh_Hans",
    )  # fmt: skip
    keywords = parse_keywords(KEYWORDS)
    options = {"**/templates/**.html": {"extensions": "jinja2.ext.do", "silent": "false", "newstyle_gettext": "true"}}
    found = extract_from_dir(
        str(PACKAGE), METHODS, options_map=options, keywords=keywords, comment_tags=(),
        directory_filter=lambda folder: Path(folder).name not in {"migrations", "locale", "static", "__pycache__"},
    )  # fmt: skip
    for _file, _line, message, _comments, context in found:
        catalogue.add(message, None, context=context)
    return catalogue
