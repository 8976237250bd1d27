"""Checks of numbers, dates, units and amounts of money that one text states and the other does not support."""
