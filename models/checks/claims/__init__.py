"""Hedges, modality and antonyms: claims whose certainty or direction changed."""
