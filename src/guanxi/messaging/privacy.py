"""Where personal data lives in messaging: whom what was written to, and what they answered."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from guanxi.foundation.personal_data import Holding, Sensitivity, declare
from guanxi.messaging.models import Follower, Message, Reply

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL


def _holding(model: str, none: str, staff: str = "", personal: str = "") -> Holding:
    """Return the holding of a model from its fields by sensitivity."""
    kinds = ((none, N), (staff, S), (personal, P))
    return Holding(model, {name: kind for names, kind in kinds for name in names.split()})


def _given(rows: QuerySet[Any], names: str) -> list[dict[str, Any]]:
    return [dict(row) for row in rows.order_by("pk").values(*names.split())]


def export_messages(customer_id: int) -> list[dict[str, Any]]:
    """Return what a customer was written, and what he was not written and why; what waits too."""
    names = "queued_at sent_at channel purpose address language subject body state reason"
    return _given(Message.objects.filter(customer_id=customer_id), names)


def erase_messages(customer_id: int) -> int:
    """Remove what a customer was written with whatever waits for him; the log of batches keeps its numbers."""
    return Message.objects.filter(customer_id=customer_id).delete()[0]


def export_replies(customer_id: int) -> list[dict[str, Any]]:
    """Return what a customer answered."""
    return _given(Reply.objects.filter(customer_id=customer_id), "received_at channel address words is_stop")


def erase_replies(customer_id: int) -> int:
    """Remove what a customer answered; that he wants no more stands in the ledger of consent."""
    return Reply.objects.filter(customer_id=customer_id).delete()[0]


def export_follower(customer_id: int) -> list[dict[str, Any]]:
    """Return since when a customer follows the official account."""
    return _given(Follower.objects.filter(customer_id=customer_id), "openid followed_at left_at")


def erase_follower(customer_id: int) -> int:
    """Remove that a customer follows the official account."""
    return Follower.objects.filter(customer_id=customer_id).delete()[0]


HOLDINGS = (
    _holding("messaging.Terms", "id source valid_from quiet_from quiet_until stops budgets"),
    _holding(
        "messaging.Template",
        "id code version name_zh name_en channel purpose carrier_code subject_zh subject_en body_zh body_en state"
        " valid_from written_at approved_at at_any_hour",
        "written_by_id written_by approved_by_id approved_by",
    ),
    replace(
        _holding("messaging.Follower", "id followed_at left_at", "", "openid customer"),
        export=export_follower,
        erase=erase_follower,
    ),
    _holding(
        "messaging.PrintBatch",
        "id node letters printed_at posted_at",
        "printed_by_id printed_by posted_by_id posted_by",
    ),
    replace(
        _holding(
            "messaging.Message",
            "id node template batch channel language queued_at not_before sent_at carrier",
            "written_by_id written_by",
            "customer vehicle purpose address subject body key state reason reference parts arrived error",
        ),
        export=export_messages,
        erase=erase_messages,
    ),
    replace(
        _holding(
            "messaging.Reply", "id channel received_at kept_at", "", "customer address words is_stop missing reference"
        ),
        export=export_replies,
        erase=erase_replies,
    ),
    _holding("messaging.AnswerPart", "id series number total coding came_at joined_at", "", "address octets reference"),
    _holding("messaging.StrayMail", "id reference why kept_at", "", "address subject"),
)


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
