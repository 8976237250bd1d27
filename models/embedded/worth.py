"""How good a hypothesis is beside what the human wrote: of 1, and cheap enough for hundreds of thousands.

A translation is worth the mean of sentence BLEU and chrF. A summary is worth the mean of the F-measures of its words
and pairs of words (as ROUGE-1 and -2 without stems), less what its article does not bear out: `UNFOUNDED` times the
share of its numbers and names that do not stand there.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

UNFOUNDED = 0.5
_WORD = re.compile(r"\w+")
# A number, or a word with a capital that does not begin a sentence.
_FACT = re.compile(r"\d+|(?<=[\w,;:] )[A-ZÄÖÜ]\w+")


def of_translations(texts: Sequence[str], target: str) -> tuple[float, ...]:
    """Each text's worth as a translation whose human version is `target`."""
    bleu, chrf = _metrics()
    return tuple(
        (bleu.sentence_score(text, [target]).score + chrf.sentence_score(text, [target]).score) / 200 for text in texts
    )


def of_summaries(texts: Sequence[str], target: str, article: str, names: bool = True) -> tuple[float, ...]:
    """Each text's worth as a summary of the article; names are not asked for where that is in another language."""
    wanted = [_grams(target, size) for size in (1, 2)]
    plain = article.replace(",", "").replace(".", "")
    known = set(_WORD.findall(article.lower())) | set(re.findall(r"\d+", plain))
    found = []
    for text in texts:
        facts = [fact for fact in _FACT.findall(re.sub(r"(?<=\d)[.,](?=\d)", "", text)) if names or fact.isdigit()]
        unfounded = sum(fact.lower() not in known for fact in facts) / max(1, len(facts))
        near = sum(_f_measure(_grams(text, size), other) for size, other in zip((1, 2), wanted, strict=True)) / 2
        found.append(near - UNFOUNDED * unfounded)
    return tuple(found)


@cache
def _metrics() -> tuple[Any, Any]:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    return BLEU(effective_order=True), CHRF()


def _grams(text: str, size: int) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return Counter(pairwise(words) if size == 2 else ((word,) for word in words))


def _f_measure(one: Counter[tuple[str, ...]], other: Counter[tuple[str, ...]]) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())
