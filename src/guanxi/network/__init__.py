"""Network (网络/组织): group, brands, headquarters, branches, market offices, outlets and partners, with history.

See docs/capabilities/network.md.
"""
