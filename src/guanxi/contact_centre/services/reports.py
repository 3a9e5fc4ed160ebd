"""What somebody writes down about a call or a visit, and what of it cannot be."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.models import Script
from guanxi.contact_centre.policy import calls, scripts
from guanxi.contact_centre.states import Means, Outcome
from guanxi.foundation.errors import Invalid, Problem
from guanxi.verification.states import Said
from guanxi.worklist import states as worklist
from guanxi.worklist.models import Task


@dataclass(frozen=True)
class Report:
    """What the agent writes down about a call or a visit; ``correction`` and ``purchase`` are words that become work,
    those of ``problem_words`` a notice to a department, a ``suggestion`` an enquiry about a category; ``record`` is how
    the fields of the record were found.
    """

    token: uuid.UUID
    script_id: int | None
    outcome: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    started_at: datetime.datetime | None = None
    point_id: int | None = None
    vehicle_id: int | None = None
    is_broken_off: bool = False
    note: str = ""
    promised_at: datetime.datetime | None = None
    promised_to: str = ""
    correction: str = ""
    purchase: str = ""
    problem: str = ""
    problem_words: str = ""
    record: Mapping[str, Said] = field(default_factory=dict)
    means: str = Means.PHONE
    met_at: str = ""
    purchase_kind: str = ""
    suggestion: str = ""
    suggestion_about: str = ""
    suggestion_aim: str = ""

    @property
    def is_visit(self) -> bool:
        return self.means == Means.VISIT

    def span(self, at: datetime.datetime) -> tuple[datetime.datetime, datetime.datetime]:
        """Return when it began and ended; a visit is a moment, and may be written down later."""
        if self.is_visit:
            return self.started_at or at, self.started_at or at
        return calls.began(self.started_at, at), at


def settled(script: Script | None, report: Report) -> scripts.Answers:
    """Return the answers that stand.

    :raises Invalid: an outcome or an answer that is none, or a mandatory question left open although nobody broke off.
    """
    if not calls.may_end(report.means, report.outcome):
        raise Invalid(_("There is no such outcome."), field="outcome")
    stands = scripts.settle(script.asked if script else (), report.answers)
    problems = [Problem(_("This is no answer to the question."), f"answers.{key}") for key in stands.wrong]
    if report.outcome == Outcome.REACHED and not report.is_broken_off:
        told = _("Ask this, or say that it was broken off.") if report.is_visit else _(
            "Ask this, or say that the call was broken off."
        )  # fmt: skip
        problems += [Problem(told, f"answers.{key}") for key in stands.missing]
    if problems:
        raise Invalid(problems=problems)
    return stands


def refuse_promise(report: Report, at: datetime.datetime) -> None:
    """Refuse a promise that nobody gave, or for a day that cannot be.

    :raises Invalid: to whom was said, not when; nobody asked for it; it lies too far ahead or in the past.
    """
    if report.promised_at is None:
        if report.promised_to.strip():
            raise Invalid(_("Say when you promised to call."), field="promised_at")
        return
    if not calls.may_promise(report.outcome, is_broken_off=report.is_broken_off):
        raise Invalid(_("Another call is promised to who asked for it, or broke off."), field="promised_at")
    if not at < report.promised_at <= at + calls.MOST_AHEAD:
        raise Invalid(_("The next try lies in the future, at most sixty days ahead."), field="promised_at")


def refuse_means(report: Report, task: Task | None, at: datetime.datetime) -> None:
    """Refuse a way of contact that does not fit: a visit says where and when it was and has no number, a call has no
    place, and a task that asks for a visit is not done by telephone (FUP-02).

    :raises Invalid: one of these.
    """
    if task is not None and worklist.kind(task.kind).in_person and not report.is_visit:
        raise Invalid(_("This task asks for a visit."), field="means")
    if not calls.is_placed(report.means, report.met_at):
        told = _("Say where the visit was.") if report.is_visit else _("A call has no place.")
        raise Invalid(told, field="met_at")
    if not report.is_visit:
        return
    if report.point_id is not None:
        raise Invalid(_("A visit has no number."), field="point")
    if report.started_at is not None and not calls.is_noted_in_time(report.started_at, at):
        raise Invalid(_("A visit is written down within seven days, and not before it."), field="started_at")
