"""Privacy (隐私): the ledger of consent, who may be told what and by which channel.

See docs/capabilities/privacy.md.
"""
