"""Text into parts that fit a model's window, whole: nothing is cut off, every part is read.

Sentences stay whole wherever they can. Only a sentence that is longer than the window is split, at the
strongest boundary near its middle, again and again until each piece fits.
"""

import itertools
import math
import re
from collections.abc import Callable, Sequence

Count = Callable[[Sequence[str]], list[int]]

# Where a sentence may be split, strongest first: between clauses, at commas, before conjunctions, at spaces.
BOUNDARIES = tuple(
    re.compile(p) for p in (r"[;:–—]\s+", r",\s+", r"(?<!\s)\s+(?=(?:und|oder|aber|denn|and|or|but)\s)", r"\s+")
)


def batches(lengths: Sequence[int], max_tokens: int, max_rows: int) -> list[list[int]]:
    """Indices grouped by like length, longest first: rows times the longest row stays within `max_tokens`.

    A row that is longer than `max_tokens` has a batch of its own.
    """
    groups: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        last = groups[-1] if groups else []
        if last and len(last) < max_rows and (len(last) + 1) * lengths[last[0]] <= max_tokens:
            last.append(index)
        else:
            groups.append([index])
    return groups


def pieces(sentence: str, window: int, count: Count) -> list[str]:
    """The sentence in pieces of at most `window` tokens; joined with spaces they hold all that it held."""
    waiting, done = [sentence], []
    while waiting:
        text = waiting.pop()
        # A token has at least one byte here, so that a text this short fits without counting.
        if len(text.encode()) <= window or len(text) < 2 or count([text])[0] <= window:
            done.append(text)
            continue
        cut = _middle(text)
        waiting += [part for part in (text[cut:].strip(), text[:cut].strip()) if part]
    return done


def _middle(text: str) -> int:
    """The boundary nearest the middle, of the strongest kind there is in the middle half."""
    middle, low, high = len(text) // 2, len(text) // 4, len(text) * 3 // 4
    for boundary in BOUNDARIES:
        ends = [m.end() for m in boundary.finditer(text, low, high)]
        if ends:
            return min(ends, key=lambda end: abs(end - middle))
    return middle


def chunks(lengths: Sequence[int], window: int, at_least: int = 1, slope: float = 0.0) -> list[range]:
    """Consecutive sentences in runs of about equal length, each within `window` tokens.

    `lengths` are tokens a sentence, each within the window. There are `at_least` runs where there are as many
    sentences, and as few as will hold them all otherwise. With a slope (below 1) the first run is shorter than the mean
    by this share of it, the last longer, and those between stand on a line.
    """
    total = sum(lengths)
    room = window if total <= window else window / (1 + slope)
    wanted = max(at_least, math.ceil(total / room), 1)
    shares = [1 - slope + 2 * slope * n / max(1, wanted - 1) for n in range(wanted)]
    aims = [total * held / sum(shares) for held in itertools.accumulate(shares)]
    runs: list[range] = []
    start = held = before = 0
    for index, length in enumerate(lengths):
        full = held + length > window
        # Close the run where its end comes nearest to the border of an equal share.
        due = held > 0 and len(runs) + 1 < wanted and before + held + length / 2 > aims[len(runs)]
        if index > start and (full or due):
            runs.append(range(start, index))
            start, before, held = index, before + held, 0
        held += length
    if lengths:
        runs.append(range(start, len(lengths)))
    return runs


def opening_first(lengths: Sequence[int], window: int, smallest: float) -> list[range]:
    """Runs as `chunks` makes them, but the first is as full as the window allows where one window cannot hold all.

    Models that summarise have learned from the openings of articles, as much as went into their window. What is left
    for the other runs is no less than `smallest` tokens, if a sentence's end allows it.
    """
    total = sum(lengths)
    if total <= window:
        return chunks(lengths, window)
    ends = list(itertools.accumulate(lengths))
    limit = max(min(window, total - smallest), ends[0])
    first = sum(end <= limit for end in ends)
    rest = chunks(lengths[first:], window)
    return [range(first), *(range(run.start + first, run.stop + first) for run in rest)]
