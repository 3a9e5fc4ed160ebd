"""Topics, articles in versions, what they were good for; questions to experts; demands on this software."""

from guanxi.knowledge.models.articles import Answer, Article, Question, Topic, Use, Version
from guanxi.knowledge.models.demands import Demand

__all__ = ["Answer", "Article", "Demand", "Question", "Topic", "Use", "Version"]
