"""The score sheet of a preset (``presets/<carmaker>/reviews.toml``): ``draws`` and ``[[item]]``."""

from collections.abc import Sequence
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.contact_centre.models import Review, ScoreSheet
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import reviews as queries
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records


class ItemEntry(BaseModel):
    """One thing that a call is judged by."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    zh: str = Field(min_length=1, max_length=200)
    en: str = Field(min_length=1, max_length=300)
    points: int = Field(ge=1, le=100)


class ReviewsPreset(BaseModel):
    model_config = ConfigDict(extra="forbid")

    preset: str = Field(min_length=1, max_length=40)
    draws: int = Field(ge=1, le=50)
    items: list[ItemEntry] = Field(min_length=1, max_length=30, alias="item")

    @model_validator(mode="after")
    def once(self) -> "ReviewsPreset":
        """Refuse an item that stands there twice."""
        if len({entry.code for entry in self.items}) < len(self.items):
            raise ValueError(_("An item stands there twice"))
        return self

    def values(self) -> dict[str, Any]:
        return {"draws": self.draws, "items": [entry.model_dump() for entry in self.items]}


def compare(data: ReviewsPreset) -> Sequence[Change]:
    """Return what applying would change."""
    row, values = queries.newest_sheet(data.preset), data.values()
    if row is not None and (row.draws, row.items) == (values["draws"], values["items"]):
        return []
    return [Change("add" if row is None else "change", data.preset, _("Score sheet"))]


def apply(*, actor: Actor, data: ReviewsPreset, source: str) -> Sequence[Change]:
    """Write the score sheet of a preset: checks, waits for others, writes, audits. It holds from today on; one of today
    by which a call was judged already stays, and the new one waits for the next day.
    """
    check_everywhere(actor, Verb.CHANGE_SCRIPTS)
    with db.atomic():
        db.serialise("contact_centre.reviews")
        changes, today = compare(data), clock.today()
        used = Review.objects.filter(sheet__source=data.preset, sheet__since=today).exists()
        if changes and not used:
            ScoreSheet.objects.update_or_create(source=data.preset, since=today, defaults=data.values())
        for change in changes:
            records.audit(
                actor=actor, verb=Verb.CHANGE_SCRIPTS, subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return changes


LOADER = Loader(
    key="reviews", label=_("Score sheet of calls"), verb=Verb.CHANGE_SCRIPTS, schema=ReviewsPreset, compare=compare,
    apply=apply, order=64,
)  # fmt: skip
