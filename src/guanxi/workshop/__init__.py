"""Workshop (维修服务): the visits of a car as facts: what, when, how much, and the customer's words.

See docs/capabilities/workshop.md.
"""
