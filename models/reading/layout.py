"""From the text of a block to what a model reads of it, and back to its offsets.

What stands in the text and what is read of it may differ: a hyphen at the end of a line, the mark of a footnote,
struck-out words. `Edit`s say how, so that offsets always refer to the text as it was.
"""

from bisect import bisect_right
from collections.abc import Sequence

from models.values import Edit


class Reading:
    """What is read of a stretch of a document, with the way back to its offsets."""

    __slots__ = ("_places", "_replaced", "_starts", "text")

    def __init__(self, document: str, start: int, end: int, edits: Sequence[Edit] = ()) -> None:
        """Apply the `edits`, which are in order, apart, and inside the stretch."""
        pieces: list[str] = []
        self._starts: list[int] = []
        self._places: list[int] = []
        self._replaced: list[bool] = []
        length = 0
        at = start
        for edit in (*edits, Edit(end, end, "")):
            for place, piece, replaced in ((at, document[at : edit.start], False), (edit.start, edit.text, True)):
                if piece:
                    self._starts.append(length)
                    self._places.append(place)
                    self._replaced.append(replaced)
                    pieces.append(piece)
                    length += len(piece)
            at = edit.end
        self.text = "".join(pieces)

    def place(self, position: int) -> int:
        """The offset in the document of a character of the reading."""
        piece = bisect_right(self._starts, position) - 1
        return self._places[piece] + (0 if self._replaced[piece] else position - self._starts[piece])

    def before(self, offset: int) -> int:
        """How much of the reading stands before an offset of the document."""
        piece = bisect_right(self._places, offset - 1) - 1
        if piece < 0:
            return 0
        inside = 0 if self._replaced[piece] else offset - self._places[piece]
        following = self._starts[piece + 1] if piece + 1 < len(self._starts) else len(self.text)
        return min(self._starts[piece] + inside, following)
