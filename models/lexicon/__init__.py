"""German words and the English that a dictionary gives them: look-up, and whether a translation used it."""
