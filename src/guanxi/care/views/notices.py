"""Weather notices: the list with who gave each, and the form to give one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.care.forms.notices import NoticeForm
from guanxi.care.models import Notice
from guanxi.care.permissions import Verb
from guanxi.care.queries import notices as queries
from guanxi.care.queries import rules
from guanxi.care.services import notices as services
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request


@dataclass(frozen=True)
class Line:
    """A notice, whether it holds today, whether any rule counts from such weather, and whether it can be withdrawn."""

    notice: Notice
    holds: bool
    is_heard: bool
    can_withdraw: bool


@dataclass(frozen=True)
class NoticesPage:
    lines: Sequence[Line]
    can_give: bool


def notices(request: Request) -> HttpResponseBase:
    """The newest notices."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW_RULES)
    heard = queries.heard(today)
    lines = [
        Line(
            row, row.withdrawn_at is None and row.starts_on <= today <= row.ends_on, row.kind in heard,
            queries.may_withdraw(actor, row),
        )
        for row in queries.newest(actor)
    ]  # fmt: skip
    return pages.render(request, "care/notices.html", NoticesPage(lines, actor.can(Verb.GIVE_NOTICE)))


def give_notice(request: Request) -> HttpResponseBase:
    """Give a notice, for all customers or for those of a place."""
    actor, today, back = request.actor, clock.today(), reverse("care:notices")
    check(actor, Verb.GIVE_NOTICE)
    everywhere, places = actor.can_everywhere(Verb.GIVE_NOTICE), rules.places(actor, Verb.GIVE_NOTICE)
    initial = {"starts_on": today, "ends_on": today, "node": None if everywhere else actor.home_id}
    form = NoticeForm(
        request.POST or None, initial=initial, everywhere=everywhere, places=places, regions=queries.regions()
    )  # fmt: skip

    def act() -> None:
        values = dict(form.cleaned_data)
        node = values.pop("node")
        services.give_notice(
            actor=actor, node_id=node.pk if node else None, notice=services.NewNotice(**values), at=clock.now()
        )

    note = _("The rules on weather make their tasks at once. A notice is not changed, only withdrawn.")
    page = FormPage(form, _("New weather notice"), _("Give notice"), back, note, [(_("Weather notices"), back)])
    return answer(request, page, act, message=_("The notice is given."))


@require_POST
def withdraw_notice(request: Request, pk: int) -> HttpResponseBase:
    """Withdraw a notice."""
    services.withdraw_notice(actor=request.actor, notice_id=pk, at=clock.now())
    return pages.done(request, reverse("care:notices"), _("Withdrawn; what it alone asked for is left undone."))
