"""Terms and templates of a preset (``presets/<carmaker>/messaging.toml``): versioned and dated, never rewritten.

A template of a preset was approved by whoever applies it; what people have written since is left alone.
"""

import datetime
from collections.abc import Sequence
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.messaging import policy
from guanxi.messaging.models import Template, Terms
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import templates as queries
from guanxi.messaging.states import VARIABLES, Draft
from guanxi.records import services as records

PurposeName = Literal["SERVICE", "CARE", "MARKETING", "SURVEY", "SHARING"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TermsEntry(_Entry):
    """Quiet hours by the clock of the business, days between two messages of a purpose, words that stop a channel."""

    quiet_from: datetime.time
    quiet_until: datetime.time
    stops: list[str] = Field(min_length=1)
    budgets: dict[PurposeName, int] = {}


class TemplateEntry(_Entry):
    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    channel: Literal["SMS", "WECHAT", "EMAIL", "LETTER"]
    purpose: PurposeName
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    subject_zh: str = Field("", max_length=120)
    subject_en: str = Field("", max_length=160)
    carrier_code: str = Field("", max_length=64)
    at_any_hour: bool = False
    body_zh: str = Field(min_length=1, max_length=4000)
    body_en: str = Field(min_length=1, max_length=4000)

    @model_validator(mode="after")
    def check_words(self) -> "TemplateEntry":
        """Refuse words that a person could not save either."""
        for text in (self.subject_zh, self.subject_en, self.body_zh, self.body_en):
            if policy.unknown(text, VARIABLES) or not policy.is_balanced(text):
                raise ValueError(_("The words name something unknown"))
        if self.channel == "EMAIL" and not (self.subject_zh and self.subject_en):
            raise ValueError(_("A mail needs a subject in both languages"))
        if self.channel == "WECHAT" and not (
            self.carrier_code and policy.is_named(self.body_zh) and policy.is_named(self.body_en)
        ):
            raise ValueError(_("A template of WeChat needs its number there, and a field in each line"))
        return self


class MessagingPreset(_Entry):
    preset: str
    valid_from: datetime.date
    terms: TermsEntry | None = None
    template: list[TemplateEntry] = []

    @model_validator(mode="after")
    def check_once(self) -> "MessagingPreset":
        """Refuse a template that stands here twice."""
        codes = [entry.code for entry in self.template]
        if len(codes) != len(set(codes)):
            raise ValueError(_("A template stands here twice"))
        return self


def _held(day: datetime.date) -> Terms | None:
    return Terms.objects.filter(valid_from__lte=day).order_by("-valid_from").first()


def _newer(data: MessagingPreset) -> list[TemplateEntry]:
    """Return the templates that differ from the newest version, unless a person wrote that."""
    newest = queries.newest(entry.code for entry in data.template)
    return [entry for entry in data.template if _differs(newest.get(entry.code), entry)]


def _differs(row: Template | None, entry: TemplateEntry) -> bool:
    if row is None:
        return True
    return row.written_by_id is None and any(getattr(row, name) != value for name, value in entry.model_dump().items())


def _has_new_terms(data: MessagingPreset, day: datetime.date) -> bool:
    if data.terms is None:
        return False
    held = _held(day)
    return held is None or any(getattr(held, name) != value for name, value in data.terms.model_dump().items())


def compare(data: MessagingPreset) -> Sequence[Change]:
    """Return what applying would change."""
    changes = [Change("add", f"{entry.code} ({entry.channel})", entry.body_zh) for entry in _newer(data)]
    if data.terms is not None and _has_new_terms(data, clock.today()):
        words = f"{data.terms.quiet_from:%H:%M}–{data.terms.quiet_until:%H:%M}"
        changes.insert(0, Change("change", data.preset, words))
    return changes


def apply(*, actor: Actor, data: MessagingPreset, source: str) -> Sequence[Change]:
    """Write terms and templates that are new: checks, waits for others, writes, audits once. They hold from the day of
    the preset, or from today if others were in force since. Whoever applies a preset approves its templates.
    """
    check_everywhere(actor, Verb.APPLY_TERMS)
    with db.atomic():
        db.serialise("messaging.terms")
        changes, today, at = compare(data), clock.today(), clock.now()
        if data.terms is not None and _has_new_terms(data, today):
            held = _held(today)
            begins = data.valid_from if held is None or data.valid_from > held.valid_from else today
            values = {"source": data.preset, **data.terms.model_dump()}
            Terms.objects.update_or_create(valid_from=begins, defaults=values)
        newer = _newer(data)
        newest = queries.newest(entry.code for entry in newer)
        for entry in newer:
            held_row = newest.get(entry.code)
            Template.objects.create(
                **entry.model_dump(), version=held_row.version + 1 if held_row else 1, state=Draft.APPROVED,
                valid_from=today if held_row else data.valid_from, written_by=source, written_at=at,
                approved_by_id=actor.user_id, approved_by=actor.name[:160], approved_at=at,
            )  # fmt: skip
        if changes:
            after = {"changes": [f"{change.subject}: {change.detail}" for change in changes]}
            records.audit(
                actor=actor, verb=Verb.APPLY_TERMS, subject_type="preset", subject_id=source, after=after
            )  # fmt: skip
    return changes


LOADER = Loader(
    key="messaging", label=_("Terms and templates of messages"), verb=Verb.APPLY_TERMS, schema=MessagingPreset,
    compare=compare, apply=apply, order=65,
)  # fmt: skip
