"""Topics, articles in versions, what they were good for, who has to read them; questions to experts; demands."""

from guanxi.knowledge.models.articles import Answer, Article, Question, Topic, Use, Version
from guanxi.knowledge.models.demands import Demand
from guanxi.knowledge.models.readings import Confirmation, Reading

__all__ = ["Answer", "Article", "Confirmation", "Demand", "Question", "Reading", "Topic", "Use", "Version"]
