"""The tables of customer contact: scripts and terms, calls, enquiries with their categories, listening samples."""

from guanxi.contact_centre.models.calls import Call, Script, Terms
from guanxi.contact_centre.models.enquiries import Enquiry, EnquiryCategory
from guanxi.contact_centre.models.reviews import Review, ScoreSheet

__all__ = ["Call", "Enquiry", "EnquiryCategory", "Review", "ScoreSheet", "Script", "Terms"]
