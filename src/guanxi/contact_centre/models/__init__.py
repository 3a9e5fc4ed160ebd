"""The tables of customer contact: scripts, their drafts and terms, calls, enquiries, intentions to buy, what
answers say of people, listening samples.
"""

from guanxi.contact_centre.models.calls import Call, Script, Terms
from guanxi.contact_centre.models.enquiries import Enquiry, EnquiryCategory
from guanxi.contact_centre.models.intentions import PurchaseIntention
from guanxi.contact_centre.models.ratings import Rated, Rating
from guanxi.contact_centre.models.reviews import Review, ScoreSheet
from guanxi.contact_centre.models.scripts import ScriptDraft

__all__ = [
    "Call", "Enquiry", "EnquiryCategory", "PurchaseIntention", "Rated", "Rating", "Review", "ScoreSheet", "Script",
    "ScriptDraft", "Terms",
]  # fmt: skip
