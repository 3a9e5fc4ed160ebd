"""Publishes an explicit list of files out of node_modules, each under a short name."""

import builtins
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage


class _Aliases(FileSystemStorage):
    def path(self, name: str) -> str:
        return str(Path(self.location) / settings.VENDOR_FILES[name])


class VendorFinder(BaseFinder):
    """Find the files of the setting ``VENDOR_FILES``."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        self.storage = _Aliases(location=settings.NODE_MODULES)

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        found = self.storage.path(path) if path in settings.VENDOR_FILES else None
        if find_all:
            return [found] if found else []
        return found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        for name in settings.VENDOR_FILES:
            if not matches_patterns(name, list(ignore_patterns or [])):
                yield name, self.storage

    def check(self, **_kwargs: Any) -> "builtins.list[CheckMessage]":
        return []
