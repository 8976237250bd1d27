"""Rewards of hypotheses against the human text: at most 1, and cheap enough for hundreds of thousands.

The reward of a translation is the mean of sentence BLEU and chrF. The reward of a summary is the mean of the F-measures
of its words and pairs of words (as ROUGE-1 and -2 without stems), less two penalties. `UNSUPPORTED_FACT_PENALTY` times
the share of its numbers and names that are not in the article, and `OUT_OF_CONTEXT_FACT_PENALTY` times the share of
those that are, but away from what their sentence says ("Vienna grew by 115,000" where the article says Austria).
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

UNSUPPORTED_FACT_PENALTY, OUT_OF_CONTEXT_FACT_PENALTY = 0.5, 0.25
_WORD = re.compile(r"\w+")
# A number, or a word with a capital that does not begin a sentence.
_NUMBER_OR_NAME = re.compile(r"\d+|(?<=[\w,;:] )[A-ZÄÖÜ]\w+")
_BORDER = re.compile(r"(?<=[.!?])\s+")
_IN_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")


def translation_rewards(texts: Sequence[str], target: str) -> tuple[float, ...]:
    """The reward of each text as a translation; `target` is the human one."""
    bleu, chrf = _metrics()
    return tuple(
        (bleu.sentence_score(text, [target]).score + chrf.sentence_score(text, [target]).score) / 200 for text in texts
    )


def summary_rewards(texts: Sequence[str], target: str, article: str, names: bool = True) -> tuple[float, ...]:
    """The reward of each text as a summary; without `names` only numbers are looked up, for an article in German."""
    wanted = [_grams(target, size) for size in (1, 2)]
    plain = article.replace(",", "").replace(".", "")
    known = set(_WORD.findall(article.lower())) | set(re.findall(r"\d+", plain))
    places = _sentence_contexts(article) if names else []
    found = []
    for text in texts:
        facts = [fact for fact in _NUMBER_OR_NAME.findall(_IN_NUMBER.sub("", text)) if names or fact.isdigit()]
        unfounded = sum(fact.lower() not in known for fact in facts) / max(1, len(facts))
        near = sum(_f_measure(_grams(text, size), other) for size, other in zip((1, 2), wanted, strict=True)) / 2
        found.append(
            near
            - UNSUPPORTED_FACT_PENALTY * unfounded
            - OUT_OF_CONTEXT_FACT_PENALTY * _out_of_context_share(text, places)
        )
    return tuple(found)


def _sentence_contexts(article: str) -> list[set[str]]:
    """The word sets of each pair of neighbouring sentences, and last the names and numbers of the whole article."""
    plain = _IN_NUMBER.sub("", article)
    words = [set(_WORD.findall(sentence.lower())) for sentence in _BORDER.split(plain)]
    pairs = [one | other for one, other in pairwise(words)] or words
    return [*pairs, {fact.lower() for fact in _NUMBER_OR_NAME.findall(plain)}]


def _out_of_context_share(text: str, places: Sequence[set[str]]) -> float:
    """Of the numbers and names that text and article share, the share that stands away from what the sentence says.

    It ranks hypotheses of one model. The check that flags summaries for readers flags far less.
    """
    if not places:
        return 0.0
    *pairs, facts = places
    shared = elsewhere = 0
    for sentence in _BORDER.split(_IN_NUMBER.sub("", text)):
        words = set(_WORD.findall(sentence.lower()))
        nearest = max(pairs, key=lambda pair: len(pair & words))
        shared += len(words & facts)
        elsewhere += len((words & facts) - nearest)
    return elsewhere / max(1, shared)


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
