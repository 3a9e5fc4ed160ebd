"""What goes over the wire about tasks, absences and calendars."""

import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from guanxi.foundation.rest import Input, Moment, Plain

Key = Annotated[int, Field(ge=1, lt=2**63)]
NodeKey = Annotated[int, Field(ge=0, lt=2**31, description="A place; 0 is the whole network")]
Words = Annotated[str, Field(max_length=2000, pattern=Plain)]
Short = Annotated[str, Field(max_length=300, pattern=Plain)]
Line = Annotated[str, Field(max_length=100, pattern=Plain, description="Like 09:00-12:00,13:30-18:00; empty: closed")]


class TaskOut(Schema):
    """A task as lists show it."""

    id: int
    kind: str
    key: str
    node_id: int
    role: str | None = Field(None, alias="role_id")
    owner_id: int | None
    subject_type: str
    subject_id: int | None
    subject_label: str
    reason: str
    values: dict[str, Any]
    note: str
    opens_at: datetime.datetime
    due_at: datetime.datetime
    first_due_at: datetime.datetime
    expires_at: datetime.datetime | None
    wake_at: datetime.datetime | None
    is_assumed: bool = Field(description="The deadline crosses a year whose holidays have not been announced")
    priority: int
    weight: int
    state: str
    tries: int
    postponed: int
    level: int
    outcome: str
    outcome_note: str
    next_step: str
    parent_id: int | None
    finished_at: datetime.datetime | None


class TaskPage(Schema):
    items: list[TaskOut]
    next: str | None = Field(description="The cursor of the next page; null on the last")


class AttemptOut(Schema):
    at: datetime.datetime
    person_id: int | None
    outcome: str
    note: str
    next_try_at: datetime.datetime | None


class EscalationOut(Schema):
    level: int
    at: datetime.datetime
    to: str
    told: list[int]


class TaskDetail(TaskOut):
    attempts: list[AttemptOut]
    escalations: list[EscalationOut]


class SubjectIn(Input):
    type: str = Field(max_length=40, pattern=r"^[a-z_]+$")
    id: Key


class TaskIn(Input):
    """A task by hand for a person."""

    node_id: int = Field(ge=1, lt=2**31)
    owner_id: Key
    note: str = Field(min_length=1, max_length=2000, pattern=Plain)
    due_at: Moment
    subject: SubjectIn | None = None


class AttemptIn(Input):
    outcome: str = Field(max_length=16)
    note: Words = ""
    next_try_at: Moment | None = None


class PostponeIn(Input):
    to: Moment
    reason: Words


class FinishIn(Input):
    outcome: str = Field(max_length=40)
    note: Words = ""
    next_step: Short = ""
    next_due_at: Moment | None = None


class SkipIn(Input):
    reason: Words


class AssigneeIn(Input):
    person_id: Key


class ShareIn(Input):
    person_ids: list[Key] = Field(min_length=1, max_length=200)
    task_ids: list[Key] = Field(default_factory=list, max_length=1000, description="Empty: all that nobody has yet")


class HandOverIn(Input):
    from_id: Key
    to_id: Key
    until: datetime.date | None = None


class Count(Schema):
    count: int


class AskedTasks(Schema):
    state: Literal["LIVE", "OPEN", "CLAIMED", "DONE", "SKIPPED", "EXPIRED"] | None = None
    kind: str | None = Field(None, max_length=40, pattern=Plain)
    owner_id: int | None = Field(None, ge=1, lt=2**63)
    node_id: int | None = Field(None, ge=1, lt=2**31)
    subject_type: str | None = Field(None, max_length=40, pattern=Plain)
    subject_id: int | None = Field(None, ge=1, lt=2**63)
    due_before: Moment | None = None
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


class AbsenceOut(Schema):
    id: int
    person_id: int
    first_day: datetime.date
    last_day: datetime.date
    deputy_id: int | None
    note: str


class AbsenceIn(Input):
    person_id: Key
    first_day: datetime.date
    last_day: datetime.date
    deputy_id: Key | None = None
    note: str = Field("", max_length=200, pattern=Plain)


class DayOut(Schema):
    """What holds on one day: hours, what decided, whose word it is."""

    day: datetime.date
    hours: str
    source: str
    node_id: int | None = Field(description="Whose word it is; null: the whole network, or nobody's")
    name: str
    is_assumed: bool


class CalendarOut(Schema):
    node_id: int | None
    zone: str
    announced_years: list[int]
    days: list[DayOut]


class AskedDays(Schema):
    """A run of days; without them, the next thirty."""

    first: datetime.date | None = None
    last: datetime.date | None = None


class AskedDeadline(Schema):
    """A term from a moment on (now, if it is not said): working minutes, or working days."""

    start: Moment | None = None
    minutes: int | None = Field(None, ge=0, le=1_000_000)
    days: int | None = Field(None, ge=0, le=2000)


class DeadlineOut(Schema):
    due_at: datetime.datetime | None = Field(description="Null: no term was asked, or the place never opens again")
    is_assumed: bool
    is_open: bool = Field(description="Whether working time runs at the start")
    next_opening: datetime.datetime | None


class WeekIn(Input):
    since: datetime.date
    days: list[Line] = Field(min_length=7, max_length=7)
    keeps_holidays: bool = True


class SinceIn(Input):
    since: datetime.date


class DaysIn(Input):
    first: datetime.date
    last: datetime.date
    hours: Line = ""
    reason: str = Field(min_length=1, max_length=120, pattern=Plain)
