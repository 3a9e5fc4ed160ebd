"""Customer contact (客户联络): calls to customers by script, what came of them, and what they led to.

See docs/capabilities/contact_centre.md.
"""
