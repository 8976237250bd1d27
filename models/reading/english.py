"""English text into sentences: the German splitter's, joined again where an English abbreviation ended one."""

from models.reading.sentences import split_sentences

# Abbreviations that do not end an English sentence.
ENGLISH_ABBREVIATIONS = frozenset(
    [
        "mr.",
        "mrs.",
        "ms.",
        "st.",
        "jr.",
        "sr.",
        "gen.",
        "gov.",
        "sen.",
        "rep.",
        "sgt.",
        "capt.",
        "col.",
        "lt.",
        "inc.",
        "ltd.",
        "corp.",
        "vs.",
        "u.s.",
        "u.k.",
        "u.n.",
        "e.g.",
        "i.e.",
        "a.m.",
        "p.m.",
        "jan.",
        "feb.",
        "aug.",
        "sept.",
        "oct.",
        "nov.",
        "dec.",
        "no.",
    ]
)


def english_sentences(text: str) -> list[str]:
    """The sentences of an English text."""
    sentences: list[str] = []
    for start, end in split_sentences(text):
        part = text[start:end]
        if sentences and sentences[-1].split()[-1].lower().lstrip("(\"'“‘") in ENGLISH_ABBREVIATIONS:
            sentences[-1] += " " + part
        else:
            sentences.append(part)
    return sentences
