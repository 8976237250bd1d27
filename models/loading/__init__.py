"""Preset to Pipeline: finds, builds and loads the engines that a preset names."""
