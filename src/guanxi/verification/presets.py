"""What is verified, when, and who corrects it (``presets/<carmaker>/verification.toml``).

Tables: ``[[field]]``, ``[[occasion]]``. What a preset does not name is left alone; nothing is deleted.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.access.models import Role
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records
from guanxi.verification import models
from guanxi.verification.permissions import Verb
from guanxi.verification.states import About, Klass, Source, Truth

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,23}$")]
Days = Annotated[int, Field(ge=1, le=60)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Code
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    is_active: bool = True


class FieldEntry(_Entry):
    """A field: its class of information, where the record holds it, how it is asked, what follows if it is wrong."""

    klass: Klass = Field(alias="class")
    source: Source = Source.NOTHING
    ask_zh: str = Field("", max_length=200)
    ask_en: str = Field("", max_length=200)
    is_basic: bool = False
    is_corrected: bool = True
    truth: Truth | None = None
    position: int = Field(0, ge=0, le=999)

    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude={"code", "truth"}) | {"truth": self.truth or ""}


class OccasionEntry(_Entry):
    """An occasion: in which calls, which fields of which sales or visits, who corrects and who verifies."""

    about: About
    fits: list[str] = []
    of: list[str] = []
    within_days: int = Field(90, ge=1, le=730)
    compares: list[Code] = Field([], alias="fields")
    role: str
    correct_days: Days
    verifier: str
    verify_days: Days

    def values(self) -> dict[str, Any]:
        found = self.model_dump(exclude={"code", "role", "verifier", "compares"}) | {"fields": self.compares}
        return found | {"role_id": self.role, "verifier_id": self.verifier}


class VerificationPreset(BaseModel):
    model_config = ConfigDict(extra="forbid")

    named_fields: list[FieldEntry] = Field([], alias="field")
    occasions: list[OccasionEntry] = Field([], alias="occasion")

    @model_validator(mode="after")
    def once(self) -> "VerificationPreset":
        """Refuse what stands here twice."""
        for entries in (self.named_fields, self.occasions):
            if len({entry.code for entry in entries}) < len(entries):
                raise ValueError(_("A field or an occasion stands here twice"))
        return self


def _differing(data: VerificationPreset) -> Iterator[tuple[Any, FieldEntry | OccasionEntry, bool]]:
    """Yield each entry that says something else than what is stored, with its table and whether it is new."""
    for model, entries in ((models.Field, data.named_fields), (models.Occasion, data.occasions)):
        held: dict[str, Any] = {row.pk: row for row in model.objects.all()}
        for entry in entries:
            row = held.get(entry.code)
            if row is None or any(getattr(row, name) != value for name, value in entry.values().items()):
                yield model, entry, row is None


def compare(data: VerificationPreset) -> Sequence[Change]:
    """Return what applying would change."""
    found = _differing(data)
    return [Change("add" if is_new else "change", entry.code, entry.name_zh) for _model, entry, is_new in found]


def apply(*, actor: Actor, data: VerificationPreset, source: str) -> Sequence[Change]:
    """Write fields and occasions of a preset: checks, writes, audits each change. An occasion whose roles are not there
    yet waits for them: ``compare`` goes on showing it.
    """
    check_everywhere(actor, Verb.APPLY_PRESET)
    with db.atomic():
        db.serialise("verification.preset")
        changes = compare(data)
        roles = set(Role.objects.values_list("pk", flat=True))
        for model, entry, _new in list(_differing(data)):
            if isinstance(entry, OccasionEntry) and not {entry.role, entry.verifier} <= roles:
                continue
            values = entry.values() | {"preset": source.partition("/")[0]}
            model.objects.update_or_create(code=entry.code, defaults=values)
        for change in changes:
            records.audit(
                actor=actor, verb=Verb.APPLY_PRESET, subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return changes


LOADER = Loader(
    key="verification", label=_("What is verified, and when"), verb=Verb.APPLY_PRESET,
    schema=VerificationPreset, compare=compare, apply=apply, order=46,
)  # fmt: skip
