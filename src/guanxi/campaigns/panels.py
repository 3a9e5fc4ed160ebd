"""What campaigns contribute elsewhere: the kinds of their tasks."""

from django.utils.translation import gettext_lazy as _

from guanxi.worklist.states import Kind

KINDS = (
    Kind("campaigns.call", _("Campaign call"), "phone-outgoing", weight=2, by_phone=True),
    Kind("campaigns.letter", _("Campaign letter"), "mail"),
    Kind("campaigns.recall_call", _("Recall: call the owner"), "phone-outgoing", weight=2, by_phone=True),
    Kind("campaigns.recall_letter", _("Recall: write to the owner"), "mail"),
    Kind("campaigns.chase", _("Recall: find another way to the owner"), "search", weight=3),
)
