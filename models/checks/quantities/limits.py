"""Limits that only the English sets: "more than six billion" for "weitere sechs", "nearly 100" for "gut 100".

A value may be right and what is said of it wrong. English sets a limit before the value, German there or elsewhere in
the sentence, by a great many words; so a limit counts as added only where the source has no word of its kind at all.
What that catches and how often it is wrong is measured in `tests/benchmarks/quantities.py`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.checks.texts import LangText, SourceSentence
from models.values import Flag

DETAIL = "the source sets no such limit"


@dataclass(frozen=True, slots=True)
class Limit:
    """A kind of limit: how English sets one on a value, and by what a source in German or in English sets it."""

    set_on: re.Pattern[str]
    german: re.Pattern[str]
    english: re.Pattern[str]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


_SCALE = r"(?:\s(?:hundred|thousand|million|billion|trillion|dozen|percent|per\scent)\b)*"
_DIGITS = rf"(?:[$€£]\s?)?\d[\d.,]*(?<=\d)\b{_SCALE}"
_WORDS = r"""(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|dozen|hundred|thousand|million
    |billion|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b"""
_VALUE = rf"(?:the\s|an?\s)?(?:{_DIGITS}|{_WORDS}{_SCALE})"
_GERMAN_VALUE = r"""(?:[$€£]?\s?\d|ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig
    |vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|hundert|tausend|million|milliarde|anderthalb|dutzend)"""
# "Over two years" may be as long as that and no longer.
_TIME = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|seasons?|years?|decades?|centur)"

MORE = Limit(
    _pattern(
        rf"""(?<!\bno\s)(?<!\bnot\s)\b(?:more\sthan|at\sleast|in\sexcess\sof|exceed(?:s|ed|ing)?)\s{_VALUE}
        | (?<!fight\s)(?<!turned\s)\b(?:over|above)\s{_DIGITS}(?!\W{_TIME})"""
    ),
    _pattern(
        rf"""(?<!nicht\s)\bmehr\b | mehrere | \büber(?:\s\w+)?\s{_GERMAN_VALUE} | überst[ie]+g | überschr
        | \b(?!(?:weniger|geringer|kleiner|kürzer)\s)\w+er\sals\b
        | \b(?:gute?[nrms]?|mindestens|wenigstens|zumindest|jedenfalls|oberhalb|jenseits|plus|ab|hinaus|darüber)\b
        | nicht\sunter\b | [>+]"""
    ),
    _pattern(r"\b(?:more|over|above|least|excess|exceed\w*|beyond|plus|up\w*|\w+er\sthan)\b | [>+]"),
)
LESS = Limit(
    _pattern(
        rf"""(?<!\bno\s)(?<!\bnot\s)\b(?:less\sthan|fewer\sthan|at\smost|under|below)\s{_VALUE}
        | \bno\smore\sthan\s{_VALUE}"""
    ),
    _pattern(
        r"""weniger | unter | minder | knapp | fast\b | \wer\sals\b | nicht\s(?:mal|einmal|mehr|über)\b | [<]
        | \b(?:bis|höchstens|maximal\w*|kein\w*|kaum|nur)\b"""
    ),
    _pattern(r"\b(?:less|fewer|almost|nearly|most|under|below|not?|hardly|\w+er\sthan)\b | [<]"),
)
NEARLY = Limit(
    _pattern(rf"\b(?:almost|nearly)\s{_VALUE}"),
    _pattern(
        r"""knapp | fast\b | beinah | weniger | unter | an\sdie\b | nicht\sganz\b
        | \b(?:nahezu|annähernd|bis|rund|etwa|ungefähr|circa|zirka|ca|kaum|nahe\w*|bald)\b"""
    ),
    _pattern(r"\b(?:almost|nearly|near|close|around|about|some|less|under)\b"),
)


def limit_flags(sources: Sequence[SourceSentence], target: LangText) -> tuple[Flag, ...]:
    """Limits on values of the English target that no text of the source sets."""
    return tuple(_added(sources, target.text)) if target.lang == "en" and sources else ()


def _added(sources: Sequence[SourceSentence], target: str) -> Iterator[Flag]:
    for limit in (MORE, LESS, NEARLY):
        found = limit.set_on.search(target)
        if found and not any((limit.german if s.lang == "de" else limit.english).search(s.text) for s in sources):
            yield Flag("number", found.group(), DETAIL, "added")
