"""Which verb each address needs, and where: the test beside it walks every address with every role.

``where``: ANYWHERE (the verb at any place), EVERYWHERE (over the whole network), or a place of the cast.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from guanxi.access.permissions import Verb as Access
from guanxi.codelists.permissions import Verb as Codes
from guanxi.network.permissions import Verb as Network
from guanxi.records.permissions import Verb as Records

ANYWHERE, EVERYWHERE = "anywhere", "everywhere"
SIGNED_IN, OPEN = "signed in", "open"


@dataclass(frozen=True)
class Door:
    """One address: the verb it needs and where, how it is called, and what stands in its path."""

    verb: str
    where: str = ANYWHERE
    method: str = "get"
    args: tuple[str, ...] = ()
    data: Callable[[Any], dict[str, Any]] = field(default=lambda _things: {})
    json: bool = False
    also: str = ""  # another right that it needs, at the outlet of the cast


def post(verb: str, where: str = ANYWHERE, *args: str, data: Callable[[Any], dict[str, Any]] | None = None) -> Door:
    return Door(verb, where, "post", args, data or (lambda _things: {}))


PAGES: dict[str, Door] = {
    "workbench:home": Door(SIGNED_IN),
    "workbench:palette": Door(SIGNED_IN),
    "workbench:notifications": Door(SIGNED_IN),
    "workbench:recent": Door(SIGNED_IN),
    "workbench:read_all": post(SIGNED_IN),
    "workbench:read": post(SIGNED_IN, ANYWHERE, "notification"),
    "workbench:save_view": post(
        SIGNED_IN, data=lambda _t: {"table": "network.outlets", "name": "Mine", "query": "q=x", "next": "/network/"}
    ),
    "workbench:delete_view": post(SIGNED_IN, ANYWHERE, "view"),
    "workbench:language": post(OPEN, data=lambda _t: {"language": "en"}),
    "workbench:theme": post(OPEN, data=lambda _t: {"theme": "dark"}),
    "workbench:health": Door(OPEN),
    "workbench:push": Door(SIGNED_IN),
    "network:outlets": Door(Network.VIEW),
    "network:tiles": Door(Network.VIEW),
    "network:tree": Door(Network.VIEW),
    "network:branch": Door(Network.VIEW, args=("outlet",)),
    "network:home-panel": Door(Network.VIEW, args=("zero",)),
    "network:add-node": Door(Network.ADD_NODE),
    "network:import": Door(Network.IMPORT_NETWORK),
    "network:import-template": Door(Network.IMPORT_NETWORK),
    "network:import-run": Door(Network.IMPORT_NETWORK, args=("run",)),
    "network:apply-import": post(Network.IMPORT_NETWORK, ANYWHERE, "run"),
    "network:drop-import": post(Network.IMPORT_NETWORK, ANYWHERE, "run"),
    "network:node": Door(Network.VIEW, "outlet", args=("outlet",)),
    "network:change-node": Door(Network.CHANGE_NODE, "outlet", args=("outlet",)),
    "network:set-hours": Door(Network.CHANGE_NODE, "outlet", args=("outlet",)),
    "network:move-node": Door(Network.MOVE_NODE, "outlet", args=("outlet",)),
    "network:close-node": Door(Network.CLOSE_NODE, "outlet", args=("outlet",)),
    "network:leave-brand": post(Network.MOVE_NODE, "outlet", "outlet", data=lambda t: {"brand": str(t.brand)}),
    "codelists:lists": Door(Codes.VIEW),
    "codelists:list": Door(Codes.VIEW, args=("list",)),
    "codelists:code": Door(Codes.VIEW, args=("list", "code")),
    "codelists:add": Door(Codes.CHANGE, EVERYWHERE, args=("list",)),
    "codelists:extend": Door(Codes.EXTEND, args=("list",)),
    "codelists:rename": Door(Codes.CHANGE, EVERYWHERE, args=("list", "code")),
    "codelists:retire": Door(Codes.CHANGE, EVERYWHERE, args=("list", "code")),
    "codelists:reinstate": Door(Codes.CHANGE, EVERYWHERE, "post", ("list", "code")),
    "codelists:move": Door(Codes.CHANGE, EVERYWHERE, args=("list", "code")),
    "access:people": Door(Access.VIEW_PEOPLE),
    "access:person": Door(Access.VIEW_PEOPLE, "outlet", args=("person",)),
    "access:change-person": Door(Access.CHANGE_PERSON, "outlet", args=("person",)),
    "access:set-active": post(Access.CHANGE_PERSON, "outlet", "person", data=lambda _t: {"is_active": "yes"}),
    "access:grant-role": Door(Access.GRANT_ROLE, "outlet", args=("person",)),
    "access:recover": post(Access.RESET_SIGN_IN, "outlet", "person"),
    "access:end-membership": Door(Access.END_MEMBERSHIP, "outlet", args=("membership",)),
    "access:invitations": Door(Access.INVITE),
    "access:invite": Door(Access.INVITE),
    "access:revoke-link": post(Access.INVITE, "outlet", "link"),
    "access:node-people": Door(Access.VIEW_PEOPLE, "outlet", args=("outlet",)),
    "access:roles": Door(Access.VIEW_ROLES),
    "access:role": Door(Access.VIEW_ROLES, args=("role",)),
    "access:responsibilities": Door(Access.VIEW_RESPONSIBILITIES),
    "access:responsibility": Door(Access.CHANGE_RESPONSIBILITIES, EVERYWHERE, args=("process",)),
    "access:tokens": Door(Access.ISSUE_TOKEN),
    "access:end-session": post(SIGNED_IN, ANYWHERE, "session"),
    "access:revoke-token": post(SIGNED_IN, ANYWHERE, "token"),
    "access:integrations": Door(Access.MANAGE_INTEGRATIONS, EVERYWHERE),
    "access:add-integration": Door(Access.MANAGE_INTEGRATIONS, EVERYWHERE),
    "access:integration-tokens": Door(Access.MANAGE_INTEGRATIONS, EVERYWHERE, args=("integration",)),
    "records:audit": Door(Records.VIEW_AUDIT),
    "records:audit-entry": Door(Records.VIEW_AUDIT, "outlet", args=("entry",)),
    "records:recent": Door(Records.VIEW_AUDIT, args=("zero",)),
    "records:node-history": Door(Records.VIEW_AUDIT, "outlet", args=("outlet",)),
    "records:presets": Door(Records.APPLY_PRESETS, EVERYWHERE),
    "records:preset": Door(Records.APPLY_PRESETS, EVERYWHERE, args=("preset",)),
    "records:apply-preset": post(
        Records.APPLY_PRESETS, EVERYWHERE, "preset", "part", data=lambda t: {"digest": t.digest}
    ),
    "welcome": Door(OPEN, args=("secret",)),
}


def call(verb: str, where: str = ANYWHERE, data: Callable[[Any], dict[str, Any]] | None = None) -> Door:
    return Door(verb, where, data=data or (lambda _things: {}), json=True)


CODE = {"name_zh": "新", "name_en": "new", "valid_from": "2030-01-01"}


def _node(t: Any) -> dict[str, Any]:
    return {
        "parent_id": t.outlet, "kind": "UNIT", "code": "MATRIX-1", "name_zh": "矩阵", "function": "PARTS",
        "valid_from": "2026-01-01",
    }  # fmt: skip


OPERATIONS: dict[str, Door] = {
    "guanxi_network_api_list_nodes": call(Network.VIEW),
    "guanxi_network_api_add_node": call(Network.ADD_NODE, "outlet", _node),
    "guanxi_network_api_get_node": call(Network.VIEW, "outlet"),
    "guanxi_network_api_change_node": call(Network.CHANGE_NODE, "outlet", lambda _t: {"name_zh": "新名"}),
    "guanxi_network_api_move_node": call(
        Network.MOVE_NODE, "outlet", lambda t: {"parent_id": t.branch, "effective_on": "2026-01-01"}
    ),
    "guanxi_network_api_close_node": call(Network.CLOSE_NODE, "outlet", lambda _t: {"on": "2030-01-01"}),
    "guanxi_network_api_set_hours": call(
        Network.CHANGE_NODE, "outlet", lambda _t: {"desk": "SALES", "intervals": []}
    ),
    "guanxi_codelists_api_list_lists": call(Codes.VIEW),
    "guanxi_codelists_api_get_list": call(Codes.VIEW),
    "guanxi_codelists_api_add_code": call(
        Codes.CHANGE, EVERYWHERE, lambda _t: {**CODE, "code": "NEW_ONE"}
    ),
    "guanxi_codelists_api_extend_list": call(
        Codes.EXTEND, "outlet",
        lambda t: {**CODE, "code": "X_NEW", "node_id": t.outlet},
    ),
    "guanxi_codelists_api_rename_code": call(
        Codes.CHANGE, EVERYWHERE, lambda _t: {"name_zh": "改名", "name_en": "renamed", "on": "2030-01-01"}
    ),
    "guanxi_codelists_api_retire_code": call(Codes.CHANGE, EVERYWHERE, lambda _t: {"on": "2030-01-01"}),
    "guanxi_codelists_api_reinstate_code": call(Codes.CHANGE, EVERYWHERE),
    "guanxi_codelists_api_move_code": call(Codes.CHANGE, EVERYWHERE, lambda _t: {"position": 3}),
    "guanxi_access_api_me": call(SIGNED_IN),
    "guanxi_access_api_list_people": call(Access.VIEW_PEOPLE),
    "guanxi_access_api_get_person": call(Access.VIEW_PEOPLE, "outlet"),
    "guanxi_access_api_list_roles": call(Access.VIEW_ROLES),
    "guanxi_access_api_list_responsibilities": call(Access.VIEW_RESPONSIBILITIES),
    "guanxi_access_api_grant_role": call(
        Access.GRANT_ROLE, "outlet",
        lambda t: {"user_id": t.person, "role": "parts_clerk", "node_id": t.outlet, "valid_from": "2026-01-01"},
    ),
    "guanxi_access_api_end_membership": call(Access.END_MEMBERSHIP, "outlet", lambda _t: {"on": "2030-01-01"}),
    "guanxi_access_api_invite": call(
        Access.INVITE, "outlet", lambda t: {"name": "新人", "role": "parts_clerk", "node_id": t.outlet}
    ),
    "guanxi_records_api_audit": call(Records.VIEW_AUDIT),
    "guanxi_workbench_api_list_notifications": call(SIGNED_IN),
    "guanxi_workbench_api_read_all": call(SIGNED_IN),
    "guanxi_workbench_api_read": call(SIGNED_IN),
    "guanxi_workbench_api_list_views": call(SIGNED_IN),
    "guanxi_workbench_api_save_view": call(SIGNED_IN, data=lambda _t: {"table": "network.outlets", "name": "Walk"}),
    "guanxi_workbench_api_delete_view": call(SIGNED_IN),
    "guanxi_network_api_change_profile": call(Network.CHANGE_NODE, "outlet", lambda _t: {"phone": "021-1"}),
    "guanxi_network_api_set_position": call(
        Network.CHANGE_NODE, "outlet", lambda _t: {"latitude": 31.2, "longitude": 121.4}
    ),
    "guanxi_network_api_leave_brand": call(
        Network.MOVE_NODE, "outlet", lambda t: {"brand_id": t.brand, "on": "2026-12-01"}
    ),
    "guanxi_network_api_check_import": call(Network.IMPORT_NETWORK, data=lambda t: {"name": "x", "content": t.workbook}),
    "guanxi_network_api_get_import": call(Network.IMPORT_NETWORK),
    "guanxi_network_api_apply_import": call(Network.IMPORT_NETWORK),
    "guanxi_access_api_change_person": call(Access.CHANGE_PERSON, "outlet", lambda _t: {"phone": "1"}),
    "guanxi_access_api_set_active": call(Access.CHANGE_PERSON, "outlet", lambda _t: {"is_active": True}),
    "guanxi_access_api_recover": call(Access.RESET_SIGN_IN, "outlet"),
    "guanxi_access_api_list_invitations": call(Access.INVITE),
    "guanxi_access_api_revoke_invitation": call(Access.INVITE, "outlet"),
    "guanxi_access_api_change_role": call(Access.CHANGE_ROLES, EVERYWHERE, lambda _t: {"verbs": ["network.view"]}),
    "guanxi_access_api_change_responsibility": call(
        Access.CHANGE_RESPONSIBILITIES, EVERYWHERE,
        lambda _t: {
            "responsible": "cr_manager", "accountable": "auditor", "deadline_hours": 3, "escalation_role": "auditor",
        },
    ),
    "guanxi_access_api_get_preferences": call(SIGNED_IN),
    "guanxi_access_api_set_preferences": call(SIGNED_IN, data=lambda _t: {"theme": "dark"}),
    "guanxi_access_api_list_sessions": call(Access.ISSUE_TOKEN),
    "guanxi_access_api_end_session": call(Access.ISSUE_TOKEN),
    "guanxi_access_api_end_every_session": call(Access.ISSUE_TOKEN),
    "guanxi_access_api_list_tokens": call(Access.ISSUE_TOKEN),
    "guanxi_access_api_issue_token": call(
        Access.ISSUE_TOKEN, data=lambda _t: {"name": "walk", "verbs": ["access.issue_token"]}
    ),
    "guanxi_access_api_revoke_token": call(Access.ISSUE_TOKEN),
    "guanxi_access_api_list_integrations": call(Access.MANAGE_INTEGRATIONS, EVERYWHERE),
    "guanxi_access_api_add_integration": call(
        Access.MANAGE_INTEGRATIONS, EVERYWHERE,
        lambda t: {"username": "walk", "name": "Walk", "role": "parts_clerk", "node_id": t.outlet},
    ),
    "guanxi_access_api_list_integration_tokens": call(Access.MANAGE_INTEGRATIONS, EVERYWHERE),
    "guanxi_access_api_issue_integration_token": call(
        Access.MANAGE_INTEGRATIONS, EVERYWHERE, lambda _t: {"name": "walk", "verbs": ["network.view"]}
    ),
    "guanxi_records_api_list_presets": call(Records.APPLY_PRESETS, EVERYWHERE),
    "guanxi_records_api_compare_preset": call(Records.APPLY_PRESETS, EVERYWHERE),
    "guanxi_records_api_apply_preset": call(Records.APPLY_PRESETS, EVERYWHERE, lambda t: {"digest": t.digest}),
}  # fmt: skip
