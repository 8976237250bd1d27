"""Checks that compare two texts without a model: values, names and claims that only one of them has."""
