"""The form of a sentence in a summary: on one line, with a capital and a stop, whole, and able to stand alone.

The rules hold for English and for German; they look at the outside of a sentence only.
"""

import re
from collections.abc import Iterable

from models.reading.boilerplate import find_boilerplate

BULLET = re.compile(r"^(?:[-–—•*·▪►>]+\s+|\d{1,2}\)\s+(?=\D))+")
NUMBERED_POINT = re.compile(r"^(\d{1,2})\.\s+(?=\D)")
END_MARKS = frozenset(".!?…")
CLOSING_MARKS = "\"'”’“‘»«›‹)]"
MIN_WORDS = 5
# Words that point back to the sentence before.
BACK_REFERENCES = frozenset(
    [
        *("he", "she", "it", "they", "him", "his", "its", "their", "them", "this", "that", "these", "those", "such"),
        *("both", "there", "then", "but", "and", "or", "so", "also", "however", "therefore", "thus", "moreover"),
        *(
            "meanwhile",
            "instead",
            "otherwise",
            "er",
            "sie",
            "es",
            "ihn",
            "ihm",
            "ihr",
            "ihre",
            "ihrer",
            "sein",
            "seine",
        ),
        *("seiner", "dieser", "diese", "dieses", "diesem", "diesen", "das", "dies", "solche", "beide", "dort", "dann"),
        *(
            "aber",
            "und",
            "oder",
            "doch",
            "denn",
            "auch",
            "dabei",
            "dazu",
            "damit",
            "dafür",
            "dagegen",
            "davon",
            "darin",
        ),
        *("darauf", "daran", "dadurch", "deshalb", "daher", "deswegen", "trotzdem", "dennoch", "allerdings", "zudem"),
        *(
            "außerdem",
            "jedoch",
            "hingegen",
            "stattdessen",
            "ebenso",
            "danach",
            "davor",
            "hier",
            "nun",
            "otherwise",
            "darin",
        ),
    ]
)


def numbers_points(sentences: Iterable[str]) -> bool:
    """Whether an article numbers its points: else a number at the head is an ordinal ("3. Oktober", "1. FC Köln")."""
    return {"1", "2"} <= {found[1] for sentence in sentences if (found := NUMBERED_POINT.match(sentence.lstrip()))}


def tidied(text: str, *, numbered: bool = False) -> str:
    """The sentence on one line, without a bullet before it, with a capital and a stop; nothing else is changed.

    The number of a point is a bullet where the article's points are `numbered`.
    """
    text = BULLET.sub("", " ".join(text.split()))
    text = NUMBERED_POINT.sub("", text) if numbered else text
    bare = text.rstrip(CLOSING_MARKS + " ")
    if bare[-1:] in {",", ";", ":", "-", "–", "—"}:
        text = bare.rstrip(",;:-–— ") + "."
    elif bare and bare[-1] not in END_MARKS:
        text += "."
    # "xAI" and "eBay" are spelled so.
    if text[:1].islower() and not text[1:2].isupper():
        text = text[0].upper() + text[1:]
    return text


def stands_alone(text: str) -> bool:
    """Whether a reader who knows no other sentence knows what is meant, as far as the first word tells."""
    first = re.match(r"\W*(\w+)", text)
    return first is None or first.group(1).lower() not in BACK_REFERENCES


def is_headline(text: str) -> bool:
    """Whether a line of the source has no stop and nothing that leads on, as headlines and bylines have none."""
    return text.rstrip(CLOSING_MARKS + " ")[-1:] not in {*END_MARKS, ":", ";", ","}


def breaks_off(text: str) -> bool:
    """Whether it ends in dots: half a headline, or a thought that the next sentence ends."""
    return text.rstrip(CLOSING_MARKS + " ").endswith(("…", "..."))


def is_whole(text: str) -> bool:
    """Whether this is a statement of some words with its stop: no headline, question, half quotation or button."""
    bare = text.rstrip(CLOSING_MARKS + " ")
    return (
        len(text.split()) >= MIN_WORDS
        and bare[-1:] in {".", "!"}
        and not breaks_off(text)
        and not (text[:1].islower() and not text[1:2].isupper())
        and text.count('"') % 2 == 0
        and text.count("(") == text.count(")")
        and text.count("„") <= text.count("“") + text.count("”")
        and find_boilerplate([text]) == [None]
    )
