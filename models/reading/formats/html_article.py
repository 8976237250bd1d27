"""Which blocks of a page are its article: what trafilatura finds, and what belongs between and before it.

trafilatura gives text, not places. Its text is laid over the blocks of the page by runs of three words; then the lead,
the headings and the gaps that it leaves inside an article are taken back. Losing text is worse than noise.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from models.reading.formats.html_blocks import PageBlock

_WORD = re.compile(r"\w+")
# A block is trafilatura's if this share of its word runs is.
_MIN_SHARE = 0.5
_RUN = 3
# Blocks of more words say by themselves whether they are the article's.
_ANCHOR_WORDS = 8
# Of a page with less visible text than this outside its margins, everything that is no margin is taken.
_SHORT_PAGE = 1_500
_MAX_LINK_SHARE = 0.5
_MAX_LEAD_BLOCKS = 80
_MAX_GAP = 7
_MIN_GROUP_SHARE = 0.4
_MAX_LEVELS = 4
# The elements that hold parts of an article without being paragraphs.
_PARTS = frozenset(("li", "td", "th", "dt", "dd", "blockquote", "pre"))
_ENDED = re.compile(r"[.!?…:][\"“”»«’)\]\s\d\[*,]*\Z")
_SENTENCE_ENDS = frozenset('.!?…“"»”')


def article_blocks(blocks: Sequence[PageBlock], found: str, title: str = "") -> list[bool]:
    """For each block whether it is of the article, given the text that trafilatura found in the page."""
    words = [_WORD.findall(block.text.lower()) for block in blocks]
    chosen = _matched(blocks, words, found)
    usable = [not block.hidden and not block.control for block in blocks]
    if _too_little(blocks, chosen, usable):
        return _short_page(blocks, chosen, usable)
    _fill_gaps(blocks, words, chosen)
    _complete_groups(blocks, chosen)
    _add_lead(blocks, words, chosen, title)
    _drop_leftovers(blocks, words, chosen)
    return [one and ok for one, ok in zip(chosen, usable, strict=True)]


def _runs(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(words[shift:] for shift in range(_RUN)), strict=False)


def _matched(blocks: Sequence[PageBlock], words: Sequence[Sequence[str]], found: str) -> list[bool]:
    lines = [_WORD.findall(line) for line in found.lower().split("\n")]
    known = {run for line in lines for run in _runs(line)}
    short = Counter(tuple(line) for line in lines)
    chosen = [False] * len(blocks)
    for number, its in enumerate(words):
        if len(its) >= _ANCHOR_WORDS:
            runs = list(_runs(its))
            chosen[number] = sum(run in known for run in runs) >= _MIN_SHARE * len(runs)
    anchors = [number for number, one in enumerate(chosen) if one]
    if not anchors:
        first, last = 0, len(blocks)
    else:
        first, last = anchors[0] - 12, anchors[-1] + 12
    for number, its in enumerate(words):
        if not its or len(its) >= _ANCHOR_WORDS or not first <= number <= last:
            continue
        key = tuple(its)
        if short[key] > 0:
            chosen[number] = True
            short[key] -= 1
        elif len(its) >= _RUN:
            runs = list(_runs(its))
            chosen[number] = anchors[:1] <= [number] and sum(run in known for run in runs) >= 0.9 * len(runs)
    return chosen


def _too_little(blocks: Sequence[PageBlock], chosen: Sequence[bool], usable: Sequence[bool]) -> bool:
    kept = sum(len(block.text) for block, one in zip(blocks, chosen, strict=True) if one)
    body = sum(
        len(block.text) - block.link_characters
        for block, ok in zip(blocks, usable, strict=True)
        if ok and not block.place.margin
    )
    return body <= _SHORT_PAGE and kept < 0.9 * body


def _short_page(blocks: Sequence[PageBlock], chosen: Sequence[bool], usable: Sequence[bool]) -> list[bool]:
    """Everything of a fragment; of a page with margins or links what was found and all its sentences."""
    plain = not any(block.place.margin or block.link_characters for block in blocks)
    sentences = [not block.place.margin and _is_sentence(block) for block in blocks]
    taken = [one or sentence for one, sentence in zip(chosen, sentences, strict=True)]
    if plain or not any(taken):
        return [ok and not block.place.margin for block, ok in zip(blocks, usable, strict=True)]
    first, last = taken.index(True), len(taken) - taken[::-1].index(True)
    return [
        ok and (one or (not block.place.margin and block.heading and number < last) or (plain and first <= number))
        for number, (block, one, ok) in enumerate(zip(blocks, taken, usable, strict=True))
    ]


def _is_sentence(block: PageBlock) -> bool:
    return _link_share(block) < _MAX_LINK_SHARE and block.text[-1] in _SENTENCE_ENDS and block.text.count(" ") >= 3


def _link_share(block: PageBlock) -> float:
    return block.link_characters / max(1, len(block.text))


def _fill_gaps(blocks: Sequence[PageBlock], words: Sequence[Sequence[str]], chosen: list[bool]) -> None:
    """Take the prose that stands in the same kind of element as what was found, and what is between."""
    anchors = _anchors(blocks, words, chosen)
    if not anchors:
        for n, block in enumerate(blocks):
            chosen[n] = chosen[n] or (_is_prose(block, words[n]) and not block.place.margin)
        return
    parents = Counter(_parent(blocks[n]) for n in anchors)
    kinds = Counter(_kind(blocks[n]) for n in anchors)
    classes = {(kind[1], kind[2]) for kind, times in kinds.items() if times >= 2 and kind[2]}
    for n, block in enumerate(blocks):
        if not chosen[n] and _is_prose(block, words[n]) and kinds[_kind(block)]:
            chosen[n] = parents[_parent(block)] > 0 or (kinds[_kind(block)] >= 2 and _kind(block)[2] != "")
    taken = [n for n, one in enumerate(chosen) if one and len(words[n]) >= _ANCHOR_WORDS]
    for before, behind in pairwise(taken):
        for n in range(before + 1, behind):
            block = blocks[n]
            if chosen[n] or block.place.caption or _link_share(block) > 0.3:
                continue
            heading = block.heading and not block.place.outside and behind - before <= 6
            part = block.tag in _PARTS or _is_prose(block, words[n])
            chosen[n] = heading or (part and not block.place.margin and _is_inside(block, parents, classes))


def _complete_groups(blocks: Sequence[PageBlock], chosen: list[bool]) -> None:
    """Take a list or a table whole if much of it was found."""
    groups: dict[Any, list[int]] = {}
    for n, block in enumerate(blocks):
        if block.tag == "li" or block.cell is not None:
            element = block.cell if block.cell is not None else block.element
            for _ in range(3):
                element = element.getparent() if element is not None else None
                if element is not None and element.tag in ("ul", "ol", "table"):
                    groups.setdefault(element, []).append(n)
                    break
    for members in groups.values():
        size = sum(len(blocks[n].text) for n in members)
        if sum(blocks[n].link_characters for n in members) > _MAX_LINK_SHARE * size:
            continue
        if sum(len(blocks[n].text) for n in members if chosen[n]) >= _MIN_GROUP_SHARE * size:
            for n in members:
                chosen[n] = True


def _drop_leftovers(blocks: Sequence[PageBlock], words: Sequence[Sequence[str]], chosen: list[bool]) -> None:
    """Give up what was found only because it stands near: link lists, captions, headings with nothing below them."""
    anchors = _anchors(blocks, words, chosen)
    outside = sum(blocks[n].place.outside for n in anchors) < 0.3 * len(anchors)
    first, last = (anchors[0], anchors[-1]) if anchors else (0, len(blocks))
    for n in range(len(blocks) - 1, -1, -1):
        block = blocks[n]
        if not chosen[n] or block.tag == "h1":
            continue
        alone = block.heading and n > first and not any(chosen[n + 1 : n + _MAX_GAP])
        links = _link_share(block) >= 0.8 and len(words[n]) >= 3 and (n >= last or block.heading)
        if (block.place.outside and outside) or alone or links or (block.place.caption and n not in anchors):
            chosen[n] = False


def _anchors(blocks: Sequence[PageBlock], words: Sequence[Sequence[str]], chosen: Sequence[bool]) -> list[int]:
    """The chosen blocks that are long enough to say where the article is."""
    return [n for n, one in enumerate(chosen) if one and len(words[n]) >= _ANCHOR_WORDS and not blocks[n].heading]


def _is_prose(block: PageBlock, words: Sequence[str]) -> bool:
    return (
        len(words) >= _ANCHOR_WORDS
        and (len(words) >= 2 * _ANCHOR_WORDS or _ENDED.search(block.text[-30:]) is not None)
        and _link_share(block) <= 0.3
        and not (block.place.caption or block.hidden or block.control)
    )


def _parent(block: PageBlock) -> Any:
    return block.element.getparent() if block.element is not None else None


def _kind(block: PageBlock) -> tuple[str, str, str, bool]:
    """What the mark-up says a block is: paragraphs of an article share it, also where each has an element around it."""
    parent = _parent(block)
    if parent is None:
        return block.tag, "", "", block.place.margin
    return block.tag, parent.tag, parent.get("class") or "", block.place.margin


def _is_inside(block: PageBlock, parents: Counter[Any], classes: set[tuple[str, str]]) -> bool:
    """Whether the block stands in an element that holds paragraphs of the article, a list or a table deep at most."""
    element = block.element
    for _ in range(_MAX_LEVELS):
        element = element.getparent() if element is not None else None
        if element is None:
            return False
        if parents[element] >= 2 or (element.tag, element.get("class") or "") in classes:
            return True
    return False


def _add_lead(blocks: Sequence[PageBlock], words: Sequence[Sequence[str]], chosen: list[bool], title: str) -> None:
    """Take the title and the lead: what stands between the heading of the page and the first chosen paragraph."""
    first = next((n for n in _anchors(blocks, words, chosen) if _link_share(blocks[n]) <= 0.3), None)
    if first is None:
        return
    named = set(_WORD.findall(title.lower()))
    only_title = sum(block.tag == "h1" for block in blocks) == 1
    lead: list[int] = []
    for n in range(first - 1, max(-1, first - _MAX_LEAD_BLOCKS), -1):
        block = blocks[n]
        is_title = block.heading and len(words[n]) >= 2 and len(named & set(words[n])) >= 0.6 * len(set(words[n]))
        is_title = is_title or (block.tag == "h1" and only_title)
        if is_title:
            chosen[n] = True
            for each in lead:
                chosen[each] = True
            below = [b for b in range(n + 1, min(n + 3, first)) if not blocks[b].hidden]
            for each in below:
                plain = _link_share(blocks[each]) <= 0.3 and not blocks[each].place.caption
                chosen[each] = chosen[each] or (plain and len(words[each]) >= 6)
            return
        near = first - n <= 4 or block.place.lead
        if _is_prose(block, words[n]) or (
            len(words[n]) >= 12 and _link_share(block) <= 0.3 and not block.place.caption
        ):
            lead.append(n)
            chosen[n] = chosen[n] or near
