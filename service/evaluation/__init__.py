"""Translations and summaries measured against references."""
