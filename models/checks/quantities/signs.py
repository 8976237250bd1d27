"""What stands right beside a value and turns what it means: its sign, "by" or "to", "a month" or "a year".

Only what both languages say in as many words is compared. A minus that English tells by a verb ("fell 0.3 percent") is
none lost, and "um" is turned into "to" only where "to" stands in its place.
"""

import re
from collections.abc import Iterator, Sequence

from models.checks.quantities.lookup import QuantityIndex
from models.checks.quantities.parser import quantities
from models.checks.quantities.tokens import Quantity
from models.checks.texts import LangText, SourceSentence
from models.values import Flag

Side = tuple[LangText | SourceSentence, Quantity]

_SIGN = r"(?:(?<!plus/)(?<!plus or )(?<!oder )\b(?:minus|negative)\s(?:of\s)?|(?<![^\s(])[-−–])(?:[$€£]|US\$)?"
SIGN_BEFORE = re.compile(_SIGN + r"\Z", re.IGNORECASE)
# One word of these and the minus was told, or may have been meant.
NEGATIVE_WORDS = re.compile(
    r"""minus | negativ | below | under | f[ae]ll | drop | declin | decreas | lower | down | loss | los[et]\b | less
    | s[aiu]nk | shr[aiu]nk | contract | reduc | cut | slip | plung | plummet | deficit | cold | cool | freez | frost
    | wors | red\b | weak | behind | slump | retreat | off\b | debt | recession | retrench | short
    | gefallen | fiel | rückgang | rückläufig | gesunken | einbu | einbr | verlust | verlor | unter | weniger | schrumpf
    | niedriger | geringer | abwärts | defizit | abgegeben | gab\b | nachgeg | nachlass | büßte | kält | frost | schwäch
    | miese | miss | schulden | rück | kürz | [-−–]\s?\d""",
    re.IGNORECASE | re.VERBOSE,
)
_ABOUT = r"""(?:(?:rund|etwa|fast|knapp|gut|über|mehr als|weitere|ganze|satte|about|around|nearly|almost|over|roughly
    |more than)\s)?""".replace("\n    ", "")
# "Es geht um 139 Kunden" is about them.
GERMAN_STEP = re.compile(
    rf"(?<!geht )(?<!ging )(?<!geht nur )(?<!ging nur )(?<!handelt sich )\bum\s{_ABOUT}\Z", re.IGNORECASE
)
GERMAN_LEVEL = re.compile(rf"\bauf\s{_ABOUT}\Z", re.IGNORECASE)
ENGLISH_STEP = re.compile(rf"\bby\s{_ABOUT}[$€£]?\Z", re.IGNORECASE)
# "Up to", "close to", "due to 5 percent" are no levels that something comes to.
_NO_LEVEL = "".join(
    f"(?<!{word} )" for word in ("up", "close", "due", "amounts", "amounted", "equal", "compared", "thanks")
)
ENGLISH_LEVEL = re.compile(rf"{_NO_LEVEL}\bto\s{_ABOUT}[$€£]?\Z", re.IGNORECASE)
PERIODS = {
    "second": "sekunde", "minute": "minute", "hour": "stunde", "day": "tag", "night": "nacht", "week": "woche",
    "month": "monat", "quarter": "quartal", "year": "jahr",
}  # fmt: skip
RATE_EN = re.compile(
    rf"\W{{0,2}}(?:[\w€$%-]+ ){{0,2}}?(?:per|an?|each|every) ({'|'.join(PERIODS)})\b(?! (?:ago|later|earlier|before))"
)
RATE_DE = re.compile(
    rf"\W{{0,2}}(?:[\w€$%-]+ ){{0,2}}?(?:pro|je|im|in der|am) ({'|'.join(PERIODS.values())})\b(?! \d| darauf| zuvor)",
    re.IGNORECASE,
)


def sign_flags(sources: Sequence[SourceSentence], target: LangText) -> tuple[Flag, ...]:
    """Values that the English and the source share, but with another sign, step or rate."""
    if target.lang != "en" or not sources or any(source.lang != "de" for source in sources):
        return ()
    there: list[Side] = [(source, q) for source in sources for q in quantities(source.text, "de")]
    index = QuantityIndex(q for _, q in there)
    return tuple(dict.fromkeys(f for q in quantities(target.text, "en") for f in _changes((target, q), there, index)))


def _changes(here: Side, there: Sequence[Side], index: QuantityIndex) -> Iterator[Flag]:
    """The doubts about one value of the English."""
    text, value = here
    if not value.claim or value.kind != "number":
        return
    equal = [there[place] for place, other in index.equal_values(value) if other.kind == "number"]
    if not equal:
        return
    other = equal[0][1]
    if all(_has_sign(side) for side in equal) and not _has_sign(here) and not NEGATIVE_WORDS.search(text.text):
        yield Flag("number", value.text, f"the source says minus {other.text}", "changed")
    if _has_sign(here) and not any(NEGATIVE_WORDS.search(side.text) for side, _ in equal):
        yield Flag("number", f"-{value.text}", f"the source says {other.text}", "changed")
    for theirs, ours, said in ((GERMAN_STEP, ENGLISH_LEVEL, "um"), (GERMAN_LEVEL, ENGLISH_STEP, "auf")):
        if all(_stands_before(theirs, side) for side in equal) and _stands_before(ours, here):
            yield Flag("number", value.text, f"the source says {said} {other.text}", "changed")
    rate, rates = RATE_EN.match(text.text, value.end), [RATE_DE.match(side.text, o.end) for side, o in equal]
    if rate and all(rates):
        periods = {match.group(1).lower() for match in rates if match}
        if PERIODS[rate.group(1)] not in periods:
            said = " or ".join(sorted(periods)).capitalize()
            yield Flag("unit", rate.group().strip(), f"the source says {said}", "changed")


def _has_sign(side: Side) -> bool:
    return _stands_before(SIGN_BEFORE, side)


def _stands_before(pattern: re.Pattern[str], side: Side) -> bool:
    """Whether this stands right before the value."""
    text, value = side
    return pattern.search(text.text, max(0, value.start - 30), value.start) is not None
