"""By what the effect of contact rules is judged, from presets (``presets/<carmaker>/effects.toml``)."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from guanxi.foundation import db, jobs
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.insight.models import EffectTerms, Night
from guanxi.insight.permissions import Verb
from guanxi.records import services as records


class EffectsPreset(BaseModel):
    model_config = ConfigDict(extra="forbid")
    preset: str = Field(max_length=40)
    came_days: int = Field(ge=1, le=365)
    bought_days: int = Field(ge=1, le=730)
    fewest: int = Field(ge=2, le=10_000)

    def values(self) -> dict[str, Any]:
        """Return what is stored for this preset."""
        return self.model_dump(exclude={"preset"})


def compare(data: EffectsPreset) -> Sequence[Change]:
    """Return what applying would change: nothing if the same is stored already."""
    held = EffectTerms.objects.filter(source=data.preset).values(*data.values()).first()
    if held == data.values():
        return []
    words = ", ".join(f"{name} {value}" for name, value in data.values().items())
    return [Change("change" if held else "add", data.preset, words)]


def apply(*, actor: Actor, data: EffectsPreset, source: str) -> Sequence[Change]:
    """Write the limits if they are new: checks, waits for others, writes, audits, and stores the job that works all
    effects out anew, once there has been a first pass.
    """
    check_everywhere(actor, Verb.APPLY_TERMS)
    with db.atomic():
        db.serialise("insight.terms")
        changes = compare(data)
        if changes:
            EffectTerms.objects.update_or_create(source=data.preset, defaults=data.values())
            records.audit(
                actor=actor, verb=Verb.APPLY_TERMS, subject_type="preset", subject_id=source, after=data.values()
            )  # fmt: skip
            if Night.objects.exists():
                jobs.enqueue("insight.night", queueing_lock="insight.night", lock="insight")
    return changes


LOADER = Loader(
    key="effects", label=_("Effect of contact rules"), verb=Verb.APPLY_TERMS, schema=EffectsPreset, compare=compare,
    apply=apply, order=65,
)  # fmt: skip
