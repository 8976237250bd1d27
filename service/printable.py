"""Text that a terminal shows as it is: no control characters, and no bytes that are no text."""


def printable(text: object) -> str:
    """The text, such as a file's name, with `?` for each character that a terminal would obey or could not show."""
    return "".join(c if c.isprintable() else "?" for c in str(text))


def one_line(text: str) -> str:
    """The text on one line, printable."""
    return printable(" ".join(text.split()))
