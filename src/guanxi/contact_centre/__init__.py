"""Customer contact (客户联络): calls to customers by script with what they led to, and what customers ask.

See docs/capabilities/contact_centre.md.
"""
