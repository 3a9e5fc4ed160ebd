"""Reads of knowledge: articles, questions and demands; what has to be read and confirmed."""
