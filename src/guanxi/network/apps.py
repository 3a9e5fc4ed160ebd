from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "guanxi.network"
    label = "network"

    def ready(self) -> None:
        from guanxi.foundation import presets, slots, verbs
        from guanxi.network import panels, privacy, queries
        from guanxi.network.permissions import Verb
        from guanxi.network.presets import LOADER

        privacy.register()
        presets.register(LOADER)
        verbs.declare(
            _("Network"),
            {
                Verb.VIEW: _("See the network"),
                Verb.ADD_NODE: _("Add places"),
                Verb.CHANGE_NODE: _("Change places"),
                Verb.MOVE_NODE: _("Move places"),
                Verb.CLOSE_NODE: _("Close places"),
                Verb.IMPORT_NETWORK: _("Import a network"),
                Verb.EXPORT: _("Export network lists"),
                Verb.CHANGE_SERVICES: _("Change the services offered"),
            },
        )
        verbs.name_acts({"network.drop_import": _("Drop an import")})
        slots.provide("node_names", queries.names)
        slots.add_nav(
            slots.NavItem(_("Network"), _("Outlets"), "store", "network:outlets", Verb.VIEW, 20, keys="o"),
            slots.NavItem(_("Network"), _("Network tree"), "network", "network:tree", Verb.VIEW, 21, keys="t"),
        )
        slots.add_panel(slots.Panel("home", "network:home-panel", Verb.VIEW, _("Your network"), 20))
        slots.add_finder(slots.Finder("network", _("Network"), Verb.VIEW, panels.find, 20))
