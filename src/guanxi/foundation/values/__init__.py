"""Values as people and other systems write them: one rule each for one value, pure, after its national standard.

Every module has ``clean(text)`` that returns a :class:`~guanxi.foundation.values.texts.Cleaned`: the value in its one
form, or ``None``, and a :class:`~guanxi.foundation.values.flaws.Flaw` where something is to be said about it.
"""
