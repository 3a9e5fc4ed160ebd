"""What campaigns contribute elsewhere: the kinds of their tasks, and the supports that some are about."""

from django.utils.translation import gettext_lazy as _

from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns, recalls, repeats, supports
from guanxi.campaigns.services.planning import SUBJECT
from guanxi.campaigns.services.supporting import GIVE, JUDGE
from guanxi.foundation.actor import Actor
from guanxi.foundation.numbers import Numbered
from guanxi.worklist.states import Kind, Subject

KINDS = (
    Kind("campaigns.call", _("Campaign call"), "phone-outgoing", weight=2, by_phone=True),
    Kind("campaigns.visit", _("Campaign visit"), "footprints", weight=4, in_person=True),
    Kind("campaigns.letter", _("Campaign letter"), "mail"),
    Kind("campaigns.recall_call", _("Recall: call the owner"), "phone-outgoing", weight=2, by_phone=True),
    Kind("campaigns.recall_visit", _("Recall: visit the owner"), "footprints", weight=4, in_person=True),
    Kind("campaigns.recall_letter", _("Recall: write to the owner"), "mail"),
    Kind("campaigns.chase", _("Recall: find another way to the owner"), "search", weight=3),
    Kind(
        repeats.NEXT, _("Campaign that comes again"), "repeat", weight=2, page="campaigns:campaign",
        act=_("Look at it and submit it"),
    ),
    Kind(GIVE, _("Support to give"), "handshake", weight=3, page="campaigns:support", act=_("Give it or decline it")),
    Kind(JUDGE, _("Support to judge"), "scale", page="campaigns:support", act=_("Say whether it helped")),
)  # fmt: skip


def asked_for(actor: Actor, pk: int) -> str | None:
    """Return the number of a support that an actor sees."""
    found = supports.visible_to(actor).filter(pk=pk).first()
    return found.number if found else None


def campaign(actor: Actor, pk: int) -> str | None:
    """Return the number of a campaign that an actor sees."""
    found = campaigns.visible_to(actor).filter(pk=pk).first()
    return found.number if found else None


CAMPAIGN = Subject(SUBJECT, _("Campaign"), "campaigns:campaign", campaign)
SUPPORT = Subject(supports.SUBJECT, _("Support"), "campaigns:support", asked_for)


NUMBERS = (
    Numbered("HD", _("Campaign"), "megaphone", "campaigns:campaign", Verb.VIEW, campaigns.visible_to),
    Numbered("ZH", _("Recall"), "siren", "campaigns:recall", Verb.VIEW, recalls.visible_to),
    Numbered("ZY", _("Support"), "handshake", "campaigns:support", Verb.VIEW, supports.visible_to),
)
