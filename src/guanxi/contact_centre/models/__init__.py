"""The tables of customer contact: scripts and terms, calls, enquiries with their categories."""

from guanxi.contact_centre.models.calls import Call, Script, Terms
from guanxi.contact_centre.models.enquiries import Enquiry, EnquiryCategory

__all__ = ["Call", "Enquiry", "EnquiryCategory", "Script", "Terms"]
