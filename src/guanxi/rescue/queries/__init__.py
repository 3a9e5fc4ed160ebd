"""Reads of rescues, of those who help, and of how well they do."""
