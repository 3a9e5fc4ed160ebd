"""Terms, helps, tariff and discounts of a preset (``presets/<carmaker>/rescue.toml``): dated, never rewritten."""

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.access.models import Role
from guanxi.customers.states import Category
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records
from guanxi.rescue.models import Discount, Help, Tariff, Terms
from guanxi.rescue.permissions import Verb

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,23}$")]
Money = Annotated[Decimal, Field(ge=0, le=100000, decimal_places=2)]
ROLES = ("dispatcher", "answerer", "receiver", "caller")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TermsEntry(_Entry):
    """Clocks in minutes, cover of the house, and the roles that work on rescues."""

    dispatch_minutes: int = Field(ge=1, le=240)
    accept_minutes: int = Field(ge=1, le=240)
    ready_minutes: int = Field(ge=0, le=240)
    speed_kmh: int = Field(ge=5, le=150)
    call_back_days: int = Field(ge=1, le=30)
    cover_months: int = Field(ge=0, le=240)
    cover_km: int | None = Field(None, ge=0)
    cover_times: int = Field(ge=0, le=99)
    cover_share: int = Field(ge=0, le=100)
    night_from: datetime.time
    night_until: datetime.time
    call_help: Code = "TOW"
    dispatcher: str
    answerer: str
    receiver: str
    caller: str

    def values(self) -> dict[str, Any]:
        roles = {f"{name}_id": getattr(self, name) for name in ROLES}
        return self.model_dump(exclude=set(ROLES)) | roles


class HelpEntry(_Entry):
    """A kind of help and what it costs."""

    code: Code
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    position: int = 0
    is_active: bool = True
    base: Money
    per_km: Money
    included_km: int = Field(ge=0, le=1000)
    night_percent: int = Field(ge=0, le=300)
    currency: str = Field("CNY", pattern=r"^[A-Z]{3}$")

    def named(self) -> dict[str, Any]:
        return self.model_dump(include={"name_zh", "name_en", "position", "is_active"})

    def costs(self) -> dict[str, Any]:
        return self.model_dump(include={"base", "per_km", "included_km", "night_percent", "currency"})


class DiscountEntry(_Entry):
    """What members pay less: those with a tag, or of a class, from a day to a day."""

    code: Code
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    valid_from: datetime.date
    valid_until: datetime.date | None = None
    tag: str = Field("", max_length=24)
    category: Category | Literal[""] = ""
    helps: list[Code] = []
    percent: int = Field(0, ge=0, le=100)
    free_km: int = Field(0, ge=0, le=1000)

    @model_validator(mode="after")
    def possible(self) -> "DiscountEntry":
        """Refuse one of nobody or of two kinds of people, one that takes nothing off, and one that ends before."""
        if bool(self.tag.strip()) == bool(self.category):
            raise ValueError(_("A discount is for a tag or for a class: name one of them"))
        if not self.percent and not self.free_km:
            raise ValueError(_("A discount takes something off"))
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError(_("A discount does not end before it begins"))
        return self

    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude={"code", "valid_from"}) | {"tag": self.tag.strip()}


class RescuePreset(_Entry):
    preset: str
    valid_from: datetime.date
    terms: TermsEntry | None = None
    helps: list[HelpEntry] = Field([], alias="help")
    discounts: list[DiscountEntry] = Field([], alias="discount")

    @model_validator(mode="after")
    def once(self) -> "RescuePreset":
        """Refuse a kind of help that stands here twice."""
        if len({entry.code for entry in self.helps}) < len(self.helps):
            raise ValueError(_("A kind of help stands here twice"))
        if len({entry.code for entry in self.discounts}) < len(self.discounts):
            raise ValueError(_("A discount stands here twice"))
        return self


def _differs(row: Any, values: dict[str, Any]) -> bool:
    return row is None or any(getattr(row, name) != value for name, value in values.items())


def _held_terms(day: datetime.date) -> Terms | None:
    return Terms.objects.filter(valid_from__lte=day).order_by("-valid_from").first()


def _new_helps(data: RescuePreset) -> Iterator[HelpEntry]:
    held = {row.pk: row for row in Help.objects.all()}
    yield from (entry for entry in data.helps if _differs(held.get(entry.code), entry.named()))


def _new_tariffs(data: RescuePreset, day: datetime.date) -> Iterator[tuple[HelpEntry, Tariff | None]]:
    rows = Tariff.objects.filter(valid_from__lte=day).order_by("help_id", "-valid_from").distinct("help_id")
    held = {row.help_id: row for row in rows}
    for entry in data.helps:
        if _differs(held.get(entry.code), entry.costs()):
            yield entry, held.get(entry.code)


def _new_discounts(data: RescuePreset, today: datetime.date) -> Iterator[tuple[DiscountEntry, Discount | None]]:
    """Yield the discounts that differ from what is held; of one that is over it does not matter when it ended."""
    held = {row.code: row for row in Discount.objects.order_by("code", "-valid_from").distinct("code")}
    for entry in data.discounts:
        row = held.get(entry.code)
        ends = {entry.valid_until, row.valid_until} if row else {None}
        is_over = all(day is not None and day <= today for day in ends)
        if _differs(row, entry.values()) and not is_over:
            yield entry, row


def _less(entry: DiscountEntry) -> str:
    return f"{entry.name_zh} -{entry.percent}% -{entry.free_km} km"


def _write_discounts(data: RescuePreset, today: datetime.date) -> None:
    """Write discounts that are new: from their day, or from today if they held otherwise since that day."""
    for entry, row in list(_new_discounts(data, today)):
        begins = entry.valid_from if row is None or entry.valid_from > row.valid_from else max(today, entry.valid_from)
        ends = entry.valid_until
        values = entry.values() | {"source": data.preset, "valid_until": ends and max(ends, begins)}
        Discount.objects.update_or_create(code=entry.code, valid_from=begins, defaults=values)


def _accepted(terms: TermsEntry) -> str:
    return str(_("Accepted within %(number)s minutes") % {"number": terms.accept_minutes})


def compare(data: RescuePreset) -> Sequence[Change]:
    """Return what applying would change."""
    today = clock.today()
    changes = [Change("change", entry.code, entry.name_zh) for entry in _new_helps(data)]
    changes += [
        Change("change", entry.code, f"{entry.base} {entry.currency}") for entry, _row in _new_tariffs(data, today)
    ]
    changes += [Change("change", entry.code, _less(entry)) for entry, _row in _new_discounts(data, today)]
    if data.terms is not None and _differs(_held_terms(today), data.terms.values()):
        changes.insert(0, Change("change", data.preset, _accepted(data.terms)))
    return changes


def apply(*, actor: Actor, data: RescuePreset, source: str) -> Sequence[Change]:
    """Write terms, kinds of help, tariffs and discounts that are new: checks, writes, audits once. What was in
    force before stays; the new holds from the day of the preset, or from today if other was in force since. Terms wait
    for their roles.
    """
    check_everywhere(actor, Verb.APPLY_TERMS)
    with db.atomic():
        db.serialise("rescue.preset")
        changes, today = compare(data), clock.today()
        for entry in list(_new_helps(data)):
            Help.objects.update_or_create(code=entry.code, defaults=entry.named() | {"source": data.preset})
        for entry, row in list(_new_tariffs(data, today)):
            begins = today if row else data.valid_from
            values = entry.costs() | {"source": data.preset}
            Tariff.objects.update_or_create(help_id=entry.code, valid_from=begins, defaults=values)
        _write_discounts(data, today)
        _write_terms(data, today)
        if changes:
            after = {"changes": [f"{change.subject}: {change.detail}" for change in changes]}
            records.audit(
                actor=actor, verb=Verb.APPLY_TERMS, subject_type="preset", subject_id=source, after=after
            )  # fmt: skip
    return changes


def _write_terms(data: RescuePreset, today: datetime.date) -> None:
    if data.terms is None:
        return
    held, values = _held_terms(today), data.terms.values()
    named = {getattr(data.terms, name) for name in ROLES}
    if not _differs(held, values) or Role.objects.filter(pk__in=named).count() < len(named):
        return
    begins = data.valid_from if held is None or data.valid_from > held.valid_from else today
    Terms.objects.update_or_create(valid_from=begins, defaults=values | {"source": data.preset})


LOADER = Loader(
    key="rescue", label=_("Terms and tariff of rescues"), verb=Verb.APPLY_TERMS, schema=RescuePreset, compare=compare,
    apply=apply, order=48,
)  # fmt: skip
