"""The interface of analysis for programs."""
