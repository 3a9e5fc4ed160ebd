"""Who may call customers, see calls, and bring scripts."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "contact_centre.view"
    CALL = "contact_centre.call"
    VIEW_TEAM = "contact_centre.view_team"
    EXPORT = "contact_centre.export"
    CHANGE_SCRIPTS = "contact_centre.change_scripts"
