"""Scripts of a preset (``presets/<carmaker>/scripts.toml``): ``[[script]]`` with its ``[[script.question]]``, and
``[terms]``: how somebody is tried again, and who does what calls bring to light.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.access.models import Role
from guanxi.contact_centre.models import Call, Script, Terms
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy import scripts
from guanxi.contact_centre.queries import calls as queries
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records

KEY = "scripts"
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Fit = Annotated[str, Field(pattern=r"^(\*|[a-z][a-z0-9_.]{1,59})$")]
ONE_DAY = datetime.timedelta(days=1)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OptionEntry(_Entry):
    """One answer to choose."""

    code: Code
    zh: str = Field(min_length=1, max_length=80)
    en: str = Field(min_length=1, max_length=120)


class ConditionEntry(_Entry):
    """Asked only if an earlier question has one of these answers."""

    question: Code
    answers: list[str] = Field(min_length=1, max_length=20)


class QuestionEntry(_Entry):
    """One thing to ask or to say."""

    key: Code
    kind: Literal["YES_NO", "CHOICE", "SCALE", "TEXT", "NOTICE"]
    text_zh: str = Field(min_length=1, max_length=300)
    text_en: str = Field(min_length=1, max_length=400)
    hint_zh: str = Field("", max_length=300)
    hint_en: str = Field("", max_length=400)
    mandatory: bool = False
    options: list[OptionEntry] = Field([], max_length=20)
    when: ConditionEntry | None = None
    judges: Literal["", "CONSULTANT", "ADVISOR"] = ""
    points: dict[str, Annotated[int, Field(ge=0, le=100)]] = Field({}, max_length=20)

    @model_validator(mode="after")
    def fits(self) -> "QuestionEntry":
        """Refuse what contradicts itself."""
        if (self.kind == "CHOICE") != bool(self.options):
            raise ValueError(_("A choice has options, and nothing else has"))
        if len({option.code for option in self.options}) < len(self.options):
            raise ValueError(_("An option stands there twice"))
        if self.kind == "NOTICE" and self.mandatory:
            raise ValueError(_("A notice takes no answer"))
        return self


class ScriptEntry(_Entry):
    """A script as a preset writes it."""

    code: Code
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    fits: list[Fit] = Field(min_length=1, max_length=40)
    question: list[QuestionEntry] = Field(min_length=1, max_length=40)

    @model_validator(mode="after")
    def branches(self) -> "ScriptEntry":
        """Refuse a question that stands there twice, and a branch from what is not asked before it."""
        earlier: dict[str, scripts.Question] = {}
        for entry, row in zip(self.question, scripts.read(self.questions()), strict=True):
            if entry.key in earlier:
                raise ValueError(_("A question stands in the script twice"))
            if not row.is_judged_rightly:
                raise ValueError(_("Points are for answers that a question takes, and only where it judges somebody"))
            if row.when is not None:
                asked = earlier.get(row.when.question)
                if asked is None or not set(row.when.answers) <= set(asked.answers):
                    raise ValueError(_("A branch follows on an answer that an earlier question takes"))
            earlier[entry.key] = row
        return self

    def questions(self) -> list[dict[str, Any]]:
        """Return the questions as they are stored: only what is said of each."""
        return [entry.model_dump(exclude_defaults=True) for entry in self.question]

    def values(self) -> dict[str, Any]:
        return {
            "name_zh": self.name_zh, "name_en": self.name_en, "fits": self.fits, "questions": self.questions(),
        }  # fmt: skip


class TermsEntry(_Entry):
    """How somebody is tried again, and who does what calls bring to light."""

    most_tries: int = Field(ge=1, le=20)
    hours: list[Annotated[int, Field(ge=0, le=23)]] = Field(min_length=2, max_length=12)
    busy_minutes: int = Field(ge=5, le=240)
    correction_role: str
    correction_days: int = Field(ge=1, le=60)
    purchase_role: str
    purchase_days: int = Field(ge=1, le=60)

    def values(self) -> dict[str, Any]:
        found = self.model_dump(exclude={"correction_role", "purchase_role"})
        return found | {"correction_role_id": self.correction_role, "purchase_role_id": self.purchase_role}


class ScriptsPreset(_Entry):
    preset: str = Field(min_length=1, max_length=40)
    terms: TermsEntry | None = None
    scripts: list[ScriptEntry] = Field([], alias="script")

    @model_validator(mode="after")
    def once(self) -> "ScriptsPreset":
        """Refuse a script that stands here twice, and two that are for the same."""
        if len({entry.code for entry in self.scripts}) < len(self.scripts):
            raise ValueError(_("A script stands here twice"))
        fits = [fit for entry in self.scripts for fit in entry.fits]
        if len(set(fits)) < len(fits):
            raise ValueError(_("Two scripts are for the same"))
        return self


def _differing(data: ScriptsPreset, current: Mapping[str, Script]) -> list[ScriptEntry]:
    """Return the scripts that say something else than their last version, unless a person wrote that."""
    held = [(entry, current.get(entry.code)) for entry in data.scripts]
    return [
        entry for entry, row in held if (row is None or row.written_by_id is None) and _differs(row, entry.values())
    ]


def _differs(row: Script | Terms | None, values: Mapping[str, Any]) -> bool:
    return row is None or any(getattr(row, name) != value for name, value in values.items())


def _new_terms(data: ScriptsPreset) -> bool:
    return data.terms is not None and _differs(queries.newest_terms(data.preset), data.terms.values())


def compare(data: ScriptsPreset) -> Sequence[Change]:
    """Return what applying would change; scripts that the preset does not name are left alone, and those
    whose last version a person wrote.
    """
    current = queries.current()
    changes = [
        Change("change" if entry.code in current else "add", entry.code, f"{entry.name_zh} ({len(entry.question)})")
        for entry in _differing(data, current)
    ]
    if _new_terms(data):
        changes.append(Change("change", f"{data.preset} terms", _("Attempts and roles")))
    return changes


def apply(*, actor: Actor, data: ScriptsPreset, source: str) -> Sequence[Change]:
    """Write the scripts and terms of a preset: checks, waits for others, writes, audits each change. A script that
    says something else gets a new version from today on, or from tomorrow on if today's version was used.
    """
    check_everywhere(actor, Verb.CHANGE_SCRIPTS)
    today = clock.today()
    with db.atomic():
        db.serialise("contact_centre.scripts")
        changes, current = compare(data), queries.current()
        for entry in _differing(data, current):
            _write(current.get(entry.code), entry, data.preset, today)
        if data.terms is not None and _new_terms(data) and _known_roles(data.terms):
            Terms.objects.update_or_create(source=data.preset, since=today, defaults=data.terms.values())
        for change in changes:
            records.audit(
                actor=actor, verb=Verb.CHANGE_SCRIPTS, subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return changes


def _known_roles(terms: TermsEntry) -> bool:
    """Say whether the roles are there: those of the base come first, ``compare`` goes on showing what waits."""
    return Role.objects.filter(pk__in={terms.correction_role, terms.purchase_role}).count() == len(
        {terms.correction_role, terms.purchase_role}
    )


def _write(earlier: Script | None, entry: ScriptEntry, source: str, today: datetime.date) -> None:
    """Write a version and end the earlier one; one of today that nobody used yet is replaced."""
    since = today
    if earlier is not None and earlier.since >= today and not Call.objects.filter(script=earlier).exists():
        since = earlier.since
        earlier.delete()
    elif earlier is not None:
        since = max(today, earlier.since + ONE_DAY)
        Script.objects.filter(pk=earlier.pk).update(until=since)
    Script.objects.create(code=entry.code, since=since, source=source, made_at=clock.now(), **entry.values())


LOADER = Loader(
    key=KEY, label=_("Call scripts"), verb=Verb.CHANGE_SCRIPTS, schema=ScriptsPreset, compare=compare, apply=apply,
    order=62,
)  # fmt: skip
