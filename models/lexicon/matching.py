"""Whether an English text holds a dictionary's term, whatever the forms of its words."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.lexicon.words import lemma, tokens, word_list

# Words of a term that say nothing by themselves: "to reject", "in a hurry", "get rid of sth".
_AMERICAN_ENDINGS = (("isation", "ization"), ("ise", "ize"), ("our", "or"), ("tre", "ter"))


@dataclass(frozen=True, slots=True)
class EnglishWords:
    """The words of an English text in all forms that a term is compared with."""

    forms: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "EnglishWords":
        """The forms of a text's words; "deep-rooted" counts as its parts, too."""
        return cls(frozenset(form for word in tokens(text) for form in _forms(word)))

    def contain(self, term: str) -> bool:
        """Whether all words of `term` that mean something are in the text, in any form."""
        words = [word for word in tokens(term) if word.lower() not in word_list("optional_english")] or tokens(term)
        return bool(words) and all(not self.forms.isdisjoint(_forms(word)) for word in words)

    def contain_any(self, terms: Iterable[str]) -> bool:
        """Whether one of the terms is in the text."""
        return any(self.contain(term) for term in terms)


def _forms(word: str) -> frozenset[str]:
    """A word in lower case, its base form, and the same of its parts."""
    small = word.lower().replace("’", "'").removesuffix("'s")
    parts = [small, *small.split("-")] if "-" in small else [small]
    return frozenset(form for part in parts if part for form in (part, _american(lemma(part, "en"))))


def _american(word: str) -> str:
    """One spelling for words whose ends British and American English spell differently."""
    for british, american in _AMERICAN_ENDINGS:
        if len(word) > len(british) + 2 and word.endswith(british):
            return word.removesuffix(british) + american
    return word
