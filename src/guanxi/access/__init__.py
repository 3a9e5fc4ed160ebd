"""Access (人员与权限): people, roles, memberships, tokens; builds the Actor. See docs/capabilities/access.md."""
