"""Messaging (消息): what customers are written, only with consent, each skip with its reason, and what they answer.

See docs/capabilities/messaging.md.
"""
