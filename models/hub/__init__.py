"""Checkpoints from the Hugging Face hub: fetched, verified, refused where unsafe."""
