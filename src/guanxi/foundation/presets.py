"""Presets: what a carmaker brings as data. Capabilities register a loader; a difference is shown first."""

import hashlib
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ValidationError

from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid, NotFound, Problem, Text

_NAME = re.compile(r"^[a-z][a-z0-9_]{1,30}$")


@dataclass(frozen=True)
class Change:
    """One line of the difference between a preset and what is stored."""

    kind: str  # add, change, retire
    subject: str
    detail: Text = ""


@dataclass(frozen=True)
class Loader:
    """How one capability reads its part of a preset (``presets/<carmaker>/<key>.toml``)."""

    key: str
    label: Text
    verb: str
    schema: type[BaseModel]
    compare: Callable[[Any], Sequence[Change]]
    apply: Callable[..., Sequence[Change]]
    order: int = 50


@dataclass(frozen=True)
class Part:
    """One validated file of a preset."""

    carmaker: str
    loader: Loader
    data: BaseModel
    digest: str


_loaders: dict[str, Loader] = {}


def register(loader: Loader) -> None:
    _loaders[loader.key] = loader


def loaders() -> list[Loader]:
    return sorted(_loaders.values(), key=lambda loader: loader.order)


def root() -> Path:
    return Path(settings.PRESETS_DIR)


def names() -> list[str]:
    """Return the presets that are there, by folder name."""
    return sorted(path.name for path in root().iterdir() if path.is_dir() and _NAME.match(path.name))


def title(carmaker: str) -> dict[str, str]:
    """Return the preset's own titles: ``{"zh": …, "en": …, "note_zh": …, "note_en": …}``."""
    with (_folder(carmaker) / "preset.toml").open("rb") as file:
        return {key: str(value) for key, value in tomllib.load(file).items()}


def _folder(carmaker: str) -> Path:
    if not _NAME.match(carmaker) or not (root() / carmaker).is_dir():
        raise NotFound(_("There is no preset of this name."))
    return root() / carmaker


def read(carmaker: str) -> list[Part]:
    """Validate every file of a preset.

    :raises NotFound: no such preset.
    :raises Invalid: one problem for each value that does not fit, with its place in the file.
    """
    folder = _folder(carmaker)
    parts, problems = [], []
    for loader in loaders():
        path = folder / f"{loader.key}.toml"
        if not path.exists():
            continue
        raw = path.read_bytes()
        try:
            data = loader.schema.model_validate(tomllib.loads(raw.decode("utf-8")))
        except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems += _problems(path.name, error)
            continue
        parts.append(Part(carmaker, loader, data, hashlib.sha256(raw).hexdigest()))
    if problems:
        raise Invalid(_("The preset has errors."), problems=problems)
    return parts


def _problems(name: str, error: Exception) -> list[Problem]:
    if isinstance(error, ValidationError):
        return [
            Problem(f"{name}: {'.'.join(str(step) for step in item['loc'])}: {item['msg']}", field=name)
            for item in error.errors()
        ]
    return [Problem(f"{name}: {error}", field=name)]


def compare(part: Part) -> Sequence[Change]:
    """Return what applying the part would change, and change nothing."""
    return part.loader.compare(part.data)


def apply(actor: Actor, part: Part) -> Sequence[Change]:
    """Apply one part through its capability's service, which checks and audits."""
    return part.loader.apply(actor=actor, data=part.data, source=f"{part.carmaker}/{part.loader.key}")
