"""The schema of ``codelists.toml``: what it holds, and what is refused in it."""

import datetime

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.codelists import policy


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class CodeSpec(Strict):
    """One code: ``zh`` and ``en`` are what it says, ``under`` the code above it."""

    code: str = Field(pattern=r"^[A-Z0-9][A-Z0-9_]{0,39}$")
    zh: str = Field(min_length=1, max_length=120)
    en: str = Field(min_length=1, max_length=160)
    under: str = ""
    attributes: dict[str, str] = {}
    valid_from: datetime.date | None = None


class Block(Strict):
    """Some codes of one list, in the order of reading; a code stands after the one above it."""

    codes: list[CodeSpec]

    @model_validator(mode="after")
    def check_codes(self) -> "Block":
        """Refuse a code given twice, one kept for outlets, and one that stands before the code above it."""
        seen: set[str] = set()
        for spec in self.codes:
            if spec.code in seen:
                raise ValueError(_("%(code)s is given twice") % {"code": spec.code})
            if spec.code.startswith(policy.LOCAL):
                raise ValueError(_("%(code)s: X_ is kept for outlets and branches") % {"code": spec.code})
            if spec.under and spec.under not in seen:
                raise ValueError(_("%(code)s stands before the code above it") % {"code": spec.code})
            seen.add(spec.code)
        return self


class ListSpec(Block):
    """A list that this preset brings."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,49}$")
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    description_zh: str = ""
    description_en: str = ""
    is_extensible: bool = False
    is_hierarchical: bool = False
    expected_levels: list[int] | None = None

    @model_validator(mode="after")
    def check_levels(self) -> "ListSpec":
        """Refuse levels in a list that has none."""
        if not self.is_hierarchical and (self.expected_levels or any(spec.under for spec in self.codes)):
            raise ValueError(_("%(code)s has no levels") % {"code": self.code})
        return self


class Addition(Block):
    """Codes that this preset adds to a list of another preset."""

    list: str


class CodeListsPreset(Strict):
    """The whole file. ``preset`` repeats the folder's name, ``valid_from`` is the first day of its codes."""

    preset: str
    valid_from: datetime.date
    lists: list[ListSpec] = []
    additions: list[Addition] = []

    @property
    def blocks(self) -> list[tuple[str, Block]]:
        own = [(spec.code, spec) for spec in self.lists]
        return [*own, *((spec.list, spec) for spec in self.additions)]

    def specs(self) -> dict[policy.Key, CodeSpec]:
        return {(name, spec.code): spec for name, block in self.blocks for spec in block.codes}

    def wanted(self) -> dict[policy.Key, policy.Wanted]:
        """Return the codes with their positions: the order of the file in steps of ten."""
        return {
            (name, spec.code): policy.Wanted(spec.zh, spec.en, spec.under, number * 10, spec.attributes)
            for name, block in self.blocks
            for number, spec in enumerate(block.codes, start=1)
        }
