"""Contact rules, budgets and named days of a preset (``presets/<carmaker>/playbooks.toml``).

Tables: ``[[rule]]``, ``[[cap]]``, ``[[day]]``, and ``off``: rules of an earlier preset that this one switches off.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.access.models import Role
from guanxi.care.models import CapGroup, NamedDay, Rule
from guanxi.care.permissions import Verb
from guanxi.care.policy import audience, sampling
from guanxi.care.queries import checks
from guanxi.care.queries import rules as queries
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Invalid, Text
from guanxi.foundation.presets import Change, Loader
from guanxi.records import services as records

KEY = "playbooks"
ChannelCode = Literal["PHONE", "SMS", "WECHAT", "EMAIL", "LETTER", "VISIT"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CapEntry(_Entry):
    """A budget: at most one contact of this group in so many days."""

    code: str = Field(pattern=r"^[a-z_]{2,20}$")
    name_zh: str
    name_en: str
    days: int = Field(ge=1, le=365)


class DayEntry(_Entry):
    """A festival or a solar term, with the days on which it falls."""

    kind: Literal["FESTIVAL", "SOLAR_TERM"]
    code: str = Field(max_length=30)
    name_zh: str
    name_en: str
    days: list[datetime.date]


class ConditionEntry(_Entry):
    fact: str
    op: str
    values: list[str] = []


class ItemEntry(_Entry):
    """One thing to say or do."""

    zh: str
    en: str


class RuleEntry(_Entry):
    """A contact rule as a preset writes it."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    name_zh: str
    name_en: str
    is_on: bool = True
    anchor: str
    of: list[str] = []
    phase: str = ""
    months: int = 0
    opens: int = 0
    due: int = 1
    unit: Literal["DAYS", "HOURS", "WORKING_DAYS"] = "DAYS"
    every: int | None = None
    first_month: int | None = None
    last_month: int | None = None
    audience: list[ConditionEntry] = []
    coverage: int = Field(100, ge=1, le=100)
    margin: int | None = Field(None, ge=sampling.MARGINS[0], le=sampling.MARGINS[-1])
    replaces: bool = False
    control: int = Field(0, ge=0, le=50)
    seed: str = "1"
    channel: ChannelCode
    fallback: ChannelCode | Literal[""] = ""
    purpose: Literal["SERVICE", "CARE", "MARKETING", "SURVEY"] = "CARE"
    is_exempt: bool = False
    template: str = Field("", max_length=40)
    script: list[ItemEntry] = []
    where: Literal["OUTLET", "CALL_CENTRE"] = "OUTLET"
    role: str
    is_consultants: bool = False
    priority: int = Field(3, ge=1, le=4)
    cap: str
    assumed_zh: str = ""
    assumed_en: str = ""

    def values(self) -> dict[str, Any]:
        """Return the values of a version."""
        found = self.model_dump(exclude={"code", "role", "cap", "audience"})
        found |= {"role_id": self.role, "cap_id": self.cap, "is_assumed": bool(self.assumed_zh)}
        rows = [item.model_dump() for item in self.audience]
        return found | {"audience": audience.write(audience.read(rows))}


class PlaybooksPreset(_Entry):
    cap: list[CapEntry] = []
    day: list[DayEntry] = []
    rule: list[RuleEntry] = []
    off: list[str] = []

    @model_validator(mode="after")
    def once(self) -> "PlaybooksPreset":
        codes = [entry.code for entry in self.rule]
        if len(codes) != len(set(codes)):
            msg = "a rule stands here twice"
            raise ValueError(msg)
        return self


@dataclass(frozen=True)
class _Differing:
    """What a preset would change, by kind of row."""

    caps: list[CapEntry]
    days: list[tuple[DayEntry, datetime.date]]
    rules: list[RuleEntry]
    off: list[Rule]
    changes: list[Change]


def _differing(data: PlaybooksPreset) -> _Differing:
    held = {row.code: row for row in CapGroup.objects.all()}
    caps = [entry for entry in data.cap if _plain(held.get(entry.code)) != entry.model_dump()]
    known = set(NamedDay.objects.values_list("kind", "code", "day"))
    days = [(entry, day) for entry in data.day for day in entry.days if (entry.kind, entry.code, day) not in known]
    current = {row.code: row for row in Rule.objects.filter(until=None)}
    written = [entry for entry in data.rule if _differs(current.get(entry.code), entry)]
    off = [current[code] for code in data.off if code in current and current[code].is_on]
    changes = [_change(entry.code in held, entry.code, _("Budget of contacts")) for entry in caps]
    changes += [_change(False, code, _("Named days")) for code in dict.fromkeys(entry.code for entry, _day in days)]
    changes += [_change(entry.code in current, entry.code, entry.name_zh) for entry in written]
    changes += [Change("retire", row.code, row.name_zh) for row in off]
    return _Differing(caps, days, written, off, changes)


def _change(is_known: bool, code: str, detail: Text) -> Change:
    return Change("change" if is_known else "add", code, detail)


def _plain(row: CapGroup | None) -> dict[str, Any] | None:
    return None if row is None else {name: getattr(row, name) for name in CapEntry.model_fields}


def _differs(row: Rule | None, entry: RuleEntry) -> bool:
    return row is None or any(getattr(row, name) != value for name, value in entry.values().items())


def compare(data: PlaybooksPreset) -> Sequence[Change]:
    """Return what applying would change; rules that the preset does not name are left alone."""
    return _differing(data).changes


def apply(*, actor: Actor, data: PlaybooksPreset, source: str) -> Sequence[Change]:
    """Write budgets, days and rules of a preset: checks, writes, audits each change. A rule that says something else
    gets a new version from today on; what its earlier version decided stays.
    """
    check_everywhere(actor, Verb.CHANGE_RULES)
    at = clock.now()
    with db.atomic():
        db.serialise("care.rules")
        found = _differing(data)
        CapGroup.objects.bulk_create(
            [CapGroup(**entry.model_dump()) for entry in found.caps], update_conflicts=True, unique_fields=["code"],
            update_fields=["name_zh", "name_en", "days"],
        )  # fmt: skip
        NamedDay.objects.bulk_create(
            NamedDay(kind=entry.kind, code=entry.code, day=day, name_zh=entry.name_zh, name_en=entry.name_en)
            for entry, day in found.days
        )
        _write(found, source.partition("/")[0], at)
        for change in found.changes:
            records.audit(
                actor=actor, verb="care.apply_preset", subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return found.changes


def _write(found: _Differing, carmaker: str, at: datetime.datetime) -> None:
    current = {row.code: row for row in Rule.objects.filter(until=None)}
    roles = set(Role.objects.values_list("pk", flat=True))
    for entry in found.rules:
        values = entry.values() | {"source": carmaker}
        if entry.role not in roles:
            continue  # the roles of the base come first; ``compare`` goes on showing the rule as missing
        earlier = current.get(entry.code)
        new = Rule(code=entry.code, since=clock.day_of(at), made_at=at, **values)
        _put(earlier, new if earlier is None else queries.successor(earlier, values, at))
    for row in found.off:
        _put(row, queries.successor(row, {"is_on": False}, at))


def _put(earlier: Rule | None, new: Rule) -> None:
    """Write a version, and end the earlier one.

    :raises Invalid: it could not be carried out.
    """
    wrong = checks.unfit(new)
    if wrong is not None:
        raise Invalid(f"{new.code}: {wrong.message}")
    if earlier is not None and earlier is not new:
        Rule.objects.filter(pk=earlier.pk).update(until=new.since)
    new.save()


LOADER = Loader(
    key=KEY,
    label=_("Contact rules"),
    verb=Verb.CHANGE_RULES,
    schema=PlaybooksPreset,
    compare=compare,
    apply=apply,
    order=60,
)
