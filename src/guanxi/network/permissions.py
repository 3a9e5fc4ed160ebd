"""Who may see and change the network."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "network.view"
    ADD_NODE = "network.add_node"
    CHANGE_NODE = "network.change_node"
    MOVE_NODE = "network.move_node"
    CLOSE_NODE = "network.close_node"
    IMPORT_NETWORK = "network.import_network"
    EXPORT = "network.export"
    CHANGE_SERVICES = "network.change_services"
