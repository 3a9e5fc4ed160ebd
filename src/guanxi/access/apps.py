from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "guanxi.access"
    label = "access"

    def ready(self) -> None:
        from guanxi.access import panels, privacy
        from guanxi.access.permissions import Verb
        from guanxi.access.presets import LOADER
        from guanxi.foundation import presets, slots, verbs

        privacy.register()
        presets.register(LOADER)
        verbs.declare(
            _("People and rights"),
            {
                Verb.VIEW_PEOPLE: _("See people"),
                Verb.INVITE: _("Invite people"),
                Verb.CHANGE_PERSON: _("Change people"),
                Verb.GRANT_ROLE: _("Give roles"),
                Verb.END_MEMBERSHIP: _("Take roles back"),
                Verb.RESET_SIGN_IN: _("Reset a sign-in"),
                Verb.VIEW_ROLES: _("See roles"),
                Verb.CHANGE_ROLES: _("Change roles"),
                Verb.ISSUE_TOKEN: _("Issue own API tokens"),
                Verb.MANAGE_INTEGRATIONS: _("Manage integrations"),
                Verb.VIEW_RESPONSIBILITIES: _("See responsibilities"),
                Verb.CHANGE_RESPONSIBILITIES: _("Change responsibilities"),
                Verb.EXPORT: _("Export people lists"),
            },
        )
        verbs.name_acts({
            "access.end_session": _("End a session"), "access.revoke_token": _("Revoke a token"),
            "access.revoke_link": _("Withdraw an invitation"), "access.recover": _("Recover a sign-in"),
            "access.set_preferences": _("Change one's settings"),
        })  # fmt: skip
        people = _("People and rights")
        slots.add_nav(
            slots.NavItem(people, _("People"), "users", "access:people", Verb.VIEW_PEOPLE, 30, keys="p"),
            slots.NavItem(people, _("Invitations"), "mail-plus", "access:invitations", Verb.INVITE, 31),
            slots.NavItem(people, _("Roles and rights"), "shield-check", "access:roles", Verb.VIEW_ROLES, 32),
            slots.NavItem(
                people, _("Responsibilities"), "clipboard-list", "access:responsibilities",
                Verb.VIEW_RESPONSIBILITIES, 33,
            ),
            slots.NavItem(
                people, _("Integrations"), "plug", "access:integrations", Verb.MANAGE_INTEGRATIONS, 34, everywhere=True
            ),
        )  # fmt: skip
        slots.add_panel(slots.Panel("node.page", "access:node-people", Verb.VIEW_PEOPLE, _("People"), 10))
        slots.add_finder(slots.Finder("people", _("People"), Verb.VIEW_PEOPLE, panels.find, 30))
