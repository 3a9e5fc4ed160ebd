"""Who may call customers, take what they ask, answer it for a department, see both, and bring scripts."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "contact_centre.view"
    CALL = "contact_centre.call"
    VIEW_TEAM = "contact_centre.view_team"
    EXPORT = "contact_centre.export"
    CHANGE_SCRIPTS = "contact_centre.change_scripts"
    WRITE_SCRIPT = "contact_centre.write_script"
    APPROVE_SCRIPT = "contact_centre.approve_script"
    REVIEW_CALLS = "contact_centre.review_calls"
    VIEW_ENQUIRIES = "contact_centre.view_enquiries"
    TAKE_ENQUIRY = "contact_centre.take_enquiry"
    ANSWER_ENQUIRY = "contact_centre.answer_enquiry"
