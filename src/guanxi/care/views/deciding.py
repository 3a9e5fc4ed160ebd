"""Pages and buttons that decide about a proposal of a lecture, and about somebody on its list."""

import datetime

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.care.forms.gatherings import AcceptForm, DeclineForm, ExcludeForm
from guanxi.care.models import Proposal
from guanxi.care.permissions import Verb
from guanxi.care.queries import gatherings as queries
from guanxi.care.services import proposals
from guanxi.customers import queries as customers
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request

AHEAD = datetime.timedelta(days=14)


def _address(row: Proposal) -> str:
    return reverse("care:gathering", args=[row.pk])


def _crumbs(row: Proposal) -> list[tuple[Text, str]]:
    return [(_("Car-care lectures"), reverse("care:gatherings")), (row.gathering.name, _address(row))]


def _decidable(request: Request, pk: int) -> Proposal:
    """Return a visible proposal about which the actor may decide, before a form is shown."""
    row = queries.proposal(request.actor, pk)
    check(request.actor, Verb.DECIDE_GATHERINGS, row.outlet_id)
    return row


def accept(request: Request, pk: int) -> HttpResponseBase:
    """Take a proposal on, with the planned day."""
    row = _decidable(request, pk)
    form = AcceptForm(request.POST or None, initial={"planned_on": clock.today() + AHEAD})
    found = queries.standing(row)
    note = _("%(outlet)s: %(invited)s people are invited, %(excluded)s are not.") % {
        "outlet": row.outlet.name, "invited": found.invited, "excluded": found.excluded,
    }  # fmt: skip
    page = FormPage(form, _("Take the lecture on"), _("Take on"), _address(row), note, _crumbs(row))

    def act() -> None:
        planned_on = form.cleaned_data["planned_on"]
        proposals.accept_proposal(actor=request.actor, proposal_id=pk, planned_on=planned_on, at=clock.now())

    return answer(request, page, act, message=_("Taken on; the task is done."))


def decline(request: Request, pk: int) -> HttpResponseBase:
    """Decline a proposal with a reason."""
    row = _decidable(request, pk)
    form = DeclineForm(request.POST or None)
    note = _("%(outlet)s: the kind may be proposed again after %(days)s days.") % {
        "outlet": row.outlet.name, "days": row.gathering.pause,
    }  # fmt: skip
    page = FormPage(form, _("Decline the lecture"), _("Decline"), _address(row), note, _crumbs(row))

    def act() -> None:
        reason = form.cleaned_data["reason"]
        proposals.decline_proposal(actor=request.actor, proposal_id=pk, reason=reason, at=clock.now())

    return answer(request, page, act, message=_("Declined; the task is done."))


def exclude(request: Request, pk: int) -> HttpResponseBase:
    """Take somebody off the list, with a reason."""
    member = queries.member(request.actor, pk)
    row = _decidable(request, member.proposal_id)
    named = customers.visible_to(request.actor).filter(pk=member.customer_id).values_list("name", flat=True)
    form = ExcludeForm(request.POST or None)
    page = FormPage(form, _("Do not invite"), _("Take off the list"), _address(row), named.first() or "", _crumbs(row))

    def act() -> None:
        values = form.cleaned_data
        proposals.exclude_member(
            actor=request.actor, member_id=pk, reason=values["reason"], note=values["note"], at=clock.now()
        )

    return answer(request, page, act, message=_("Taken off the list."))


@require_POST
def include(request: Request, pk: int) -> HttpResponseBase:
    """Put somebody back on the list."""
    row = proposals.include_member(actor=request.actor, member_id=pk, at=clock.now())
    said = (
        _("Put back on the list.") if row.is_invited else _("Taken back, but not invited: %(why)s.") % {"why": row.why}
    )
    return pages.done(request, _address(row.proposal), said)
