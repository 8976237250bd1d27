"""Engines: loaded checkpoints that turn sources into hypotheses. Only they hold state, only they import torch."""
