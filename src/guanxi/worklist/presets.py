"""The holidays, the network's own week and the ladders of escalation (``presets/<carmaker>/worklist.toml``)."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, field_validator

from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records
from guanxi.worklist.models import HolidayYear, PublicHoliday, Rung, WorkingWeek
from guanxi.worklist.permissions import Verb
from guanxi.worklist.policy import hours

KEY = "worklist"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WeekEntry(_Entry):
    """The week of the whole network, until a place writes its own."""

    since: datetime.date
    keeps_holidays: bool = True
    hours: list[str] = Field(min_length=7, max_length=7)

    @field_validator("hours")
    @classmethod
    def readable(cls, value: list[str]) -> list[str]:
        week = tuple(hours.read_day(day) for day in value)
        if hours.clashes(week):
            msg = "a shift runs into the next day's first"
            raise ValueError(msg)
        return [hours.write_day(day) for day in week]


class HolidayEntry(_Entry):
    """One holiday: days off (a day, or the first and the last of a run) and the days worked in exchange."""

    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    off: list[str]
    worked: list[datetime.date] = []

    @field_validator("off")
    @classmethod
    def runs(cls, value: list[str]) -> list[str]:
        for text in value:
            first, _slash, last = text.partition("/")
            if last and datetime.date.fromisoformat(last) < datetime.date.fromisoformat(first):
                raise ValueError(text)
            datetime.date.fromisoformat(first)
        return value

    def days(self) -> Iterator[tuple[datetime.date, bool]]:
        for text in self.off:
            first, _slash, last = text.partition("/")
            day, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last or first)
            while day <= end:
                yield day, True
                day += datetime.timedelta(days=1)
        yield from ((day, False) for day in self.worked)


class YearEntry(_Entry):
    year: int = Field(ge=1949, le=2200)
    sources: list[str] = []
    holidays: list[HolidayEntry] = Field(min_length=1)


class RungEntry(_Entry):
    kind: str = Field("", max_length=40)
    level: int = Field(ge=1, le=9)
    minutes: int = Field(0, ge=-100_000, le=100_000)
    percent: int | None = Field(None, ge=1, le=100)
    to: Literal["OWNER", "OUTLET", "BRANCH", "GROUP"]
    roles: list[str] = []

    def is_later(self, other: "RungEntry") -> bool:
        """Say whether this rung is reached at the same time as another or after it, whatever the term."""
        if self.percent is not None:
            return other.percent is not None and self.percent > other.percent
        return self.minutes >= other.minutes  # a share of the term counts as none: at the deadline or after it


class WorklistPreset(_Entry):
    week: WeekEntry | None = None
    years: list[YearEntry] = []
    rungs: list[RungEntry] = []

    @field_validator("rungs")
    @classmethod
    def climbing(cls, value: list[RungEntry]) -> list[RungEntry]:
        """Refuse a ladder whose higher rung is not reached later: shares of the term first, then minutes after it."""
        ladders: dict[str, list[RungEntry]] = {}
        for entry in sorted(value, key=lambda item: item.level):
            below = ladders.setdefault(entry.kind, [])
            if below and (entry.level == below[-1].level or not entry.is_later(below[-1])):
                msg = f"level {entry.level} of {entry.kind!r} is not above the one before"
                raise ValueError(msg)
            below.append(entry)
        return value


@dataclass(frozen=True)
class _Differing:
    """What a preset would change, by kind of row."""

    week: WeekEntry | None
    years: list[YearEntry]
    rungs: list[RungEntry]
    changes: list[Change]


def _differing(data: WorklistPreset) -> _Differing:
    stored = _stored_years()
    years = [entry for entry in data.years if _plain(entry) != stored.get(entry.year)]
    changes = [
        Change("change" if entry.year in stored else "add", str(entry.year), _("Public holidays")) for entry in years
    ]
    week = data.week if data.week and _week() != data.week else None
    if week:
        changes.append(Change("change" if _week() else "add", "week", "|".join(week.hours)))
    ladder = {(row.kind, row.level): row for row in Rung.objects.all()}
    rungs = [entry for entry in data.rungs if _rung(ladder.get((entry.kind, entry.level))) != entry.model_dump()]
    changes += [
        Change("change" if (entry.kind, entry.level) in ladder else "add", f"{entry.kind or '*'} {entry.level}")
        for entry in rungs
    ]
    return _Differing(week, years, rungs, changes)


def _plain(entry: YearEntry) -> dict[datetime.date, tuple[str, str, bool]]:
    return {day: (item.name_zh, item.name_en, off) for item in entry.holidays for day, off in item.days()}


def _stored_years() -> dict[int, dict[datetime.date, tuple[str, str, bool]]]:
    found: dict[int, dict[datetime.date, tuple[str, str, bool]]] = {year: {} for year in _years()}
    for row in PublicHoliday.objects.all():
        found[row.year_id][row.day] = (row.name_zh, row.name_en, row.is_off)
    return found


def _years() -> list[int]:
    return list(HolidayYear.objects.values_list("pk", flat=True))


def _week() -> WeekEntry | None:
    row = WorkingWeek.objects.filter(node=None).exclude(hours="").order_by("since").first()
    if row is None:
        return None
    return WeekEntry(since=row.since, keeps_holidays=row.keeps_holidays, hours=row.hours.split("|"))


def _rung(row: Rung | None) -> dict[str, Any] | None:
    return None if row is None else {name: getattr(row, name) for name in RungEntry.model_fields}


def compare(data: WorklistPreset) -> Sequence[Change]:
    """Return what applying would change; years and rungs that the preset does not name are left alone."""
    return _differing(data).changes


def apply(*, actor: Actor, data: WorklistPreset, source: str) -> Sequence[Change]:
    """Write holidays, week and ladders of a preset: checks, writes set-based, audits each change."""
    check_everywhere(actor, Verb.CHANGE_RULES)
    with db.atomic():
        db.serialise("worklist.rules")
        found = _differing(data)
        _write_years(found.years)
        if found.week:
            _write_week(found.week)
        Rung.objects.bulk_create(
            [Rung(**entry.model_dump()) for entry in found.rungs], update_conflicts=True,
            unique_fields=["kind", "level"], update_fields=["minutes", "percent", "to", "roles"],
        )  # fmt: skip
        for change in found.changes:
            records.audit(
                actor=actor, verb=Verb.CHANGE_RULES, subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return found.changes


def _write_years(years: list[YearEntry]) -> None:
    HolidayYear.objects.bulk_create(
        [HolidayYear(year=entry.year, sources=entry.sources) for entry in years], update_conflicts=True,
        unique_fields=["year"], update_fields=["sources"],
    )  # fmt: skip
    PublicHoliday.objects.filter(year__in=[entry.year for entry in years]).delete()
    PublicHoliday.objects.bulk_create(
        [
            PublicHoliday(day=day, year_id=entry.year, name_zh=zh, name_en=en, is_off=off)
            for entry in years
            for day, (zh, en, off) in _plain(entry).items()
        ],
        update_conflicts=True, unique_fields=["day"], update_fields=["year", "name_zh", "name_en", "is_off"],
    )  # fmt: skip


def _write_week(entry: WeekEntry) -> None:
    WorkingWeek.objects.update_or_create(
        node=None, since=entry.since,
        defaults={
            "hours": "|".join(entry.hours), "keeps_holidays": entry.keeps_holidays, "made_at": clock.now(),
        },
    )  # fmt: skip


LOADER = Loader(
    key=KEY,
    label=_("Working calendar and escalation"),
    verb=Verb.CHANGE_RULES,
    schema=WorklistPreset,
    compare=compare,
    apply=apply,
    order=40,
)
