"""Knowledge (知识): articles that front-line staff find while they talk, and questions that experts answer.

See docs/capabilities/knowledge.md.
"""
