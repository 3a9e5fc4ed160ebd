"""Campaigns (营销活动): whom we address with what offer, in which waves, at what cost, and what came of it.

See docs/capabilities/campaigns.md.
"""
