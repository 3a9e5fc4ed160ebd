"""Who may manage people, roles and rights."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW_PEOPLE = "access.view_people"
    INVITE = "access.invite"
    CHANGE_PERSON = "access.change_person"
    GRANT_ROLE = "access.grant_role"
    END_MEMBERSHIP = "access.end_membership"
    RESET_SIGN_IN = "access.reset_sign_in"
    VIEW_ROLES = "access.view_roles"
    CHANGE_ROLES = "access.change_roles"
    ISSUE_TOKEN = "access.issue_token"  # noqa: S105 -- the name of a verb
    MANAGE_INTEGRATIONS = "access.manage_integrations"
    VIEW_RESPONSIBILITIES = "access.view_responsibilities"
    CHANGE_RESPONSIBILITIES = "access.change_responsibilities"
    EXPORT = "access.export"
