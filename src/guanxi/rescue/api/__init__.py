"""Rescues over the API: what people do, and what cars report by themselves."""
