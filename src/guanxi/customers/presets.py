"""The standard of customer information as a preset brings it (``presets/<carmaker>/customers.toml``)."""

import datetime
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from guanxi.customers import policy
from guanxi.foundation.errors import Invalid

KEY = "customers"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Weights(Strict):
    """What each mark of a record weighs in its quality; together a hundred."""

    complete: int
    valid: int
    fresh: int
    unique: int
    proven: int


class FieldSpec(Strict):
    """What is said of one field; fields that are not named are optional."""

    field: str
    binding: Literal["REQUIRED", "EXPECTED", "OPTIONAL"] = "EXPECTED"
    weight: int = 0
    applies_from: Literal["POTENTIAL", "BASE", "OWNER"] = "POTENTIAL"


class CustomersPreset(Strict):
    """The whole file. ``preset`` repeats the folder's name, ``valid_from`` is the day of the first version; a changed
    file begins on the next day.
    """

    preset: str
    valid_from: datetime.date
    fresh_days: int
    stale_days: int
    weights: Weights
    person: list[FieldSpec] = Field(default_factory=list)
    company: list[FieldSpec] = Field(default_factory=list)

    def rules(self, source: str = "") -> policy.Rules:
        """Return what the file says as a version of the standard says it.

        :raises Invalid: it was read from the folder of another preset.
        """
        if source and source.split("/", maxsplit=1)[0] != self.preset:
            raise Invalid(_("The file says that it belongs to another preset."), field="preset")
        numbers = {**self.weights.model_dump(), "fresh_days": self.fresh_days, "stale_days": self.stale_days}
        asks = [
            policy.Ask(kind, spec.field, spec.binding, spec.weight, spec.applies_from)
            for kind, specs in (("PERSON", self.person), ("COMPANY", self.company))
            for spec in specs
        ]
        return policy.Rules(numbers, tuple(asks))
