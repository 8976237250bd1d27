"""Web pages beside trafilatura alone: text that must be there, text that must not, gold text that is dropped, and time.

The pages are the German ones of trafilatura's own evaluation set, which is not part of this project: get its
repository (github.com/adbar/trafilatura) and name its folder `tests`. A page is German if most of the snippets that
must be there are. Time is the processor time
from the decoded page to its text.

    python -m tests.benchmarks.webpages FOLDER [--limit N]
"""

import argparse
import contextlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.errors import InputError, NotText
from models.reading.article import read
from models.reading.encoding import decode, normalise
from models.reading.formats.html import layout_page
from models.reading.language import detect
from models.values import Article


def main() -> None:
    """One row for each way of reading, and what was dropped."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int)
    asked = parser.parse_args()
    ours, theirs = Counter[str](), Counter[str]()
    for html, item in list(german_pages(asked.folder))[: asked.limit]:
        start = time.process_time()
        with contextlib.suppress(InputError):
            layout_page(html)
        ours["seconds"] += (time.process_time() - start) * 1000
        kept, dropped = read_page(html)
        start = time.process_time()
        alone = by_trafilatura(html)
        theirs["seconds"] += (time.process_time() - start) * 1000
        ours["pages"] += 1
        for counts, text in ((ours, kept), (theirs, squeezed(alone))):
            counts["there"] += sum(squeezed(snippet) in text for snippet in item["with"])
            counts["wrong"] += sum(squeezed(snippet) in text for snippet in item["without"])
        for snippet in map(squeezed, item["with"]):
            ours["wanted"] += 1
            ours["gold"] += len(snippet)
            missing = snippet not in kept
            for reason, text in dropped.items():
                if missing and snippet in text:
                    ours[f"dropped as {reason}"] += len(snippet)
        ours["unwanted"] += len(item["without"])
    print(f"{ours['pages']} pages, {ours['wanted']} snippets that must be there, {ours['unwanted']} that must not")
    for name, counts in (("kurzum", ours), ("trafilatura alone", theirs)):
        seconds = counts["seconds"] / 1000
        print(f"{name:18} there {counts['there']:5} wrongly there {counts['wrong']:4} processor time {seconds:6.1f} s")
    for reason in ("not_article", "hidden", "furniture", "no letters"):
        print(f"gold text dropped as {reason:12} {100 * ours[f'dropped as {reason}'] / ours['gold']:.2f} %")
    print(f"time as a multiple of trafilatura's: {ours['seconds'] / theirs['seconds']:.2f}")


def german_pages(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The pages and what must and must not be found in them."""
    items: dict[str, dict[str, Any]] = json.loads((folder / "evaldata.json").read_text(encoding="utf-8"))
    for item in items.values():
        if detect(item["with"]).count("de") <= len(item["with"]) / 2:
            continue
        found = [folder / place / item["file"] for place in ("cache", "eval")]
        data = next(path for path in found if path.exists()).read_bytes()
        try:
            yield decode(data), item
        except NotText:
            yield data.decode("utf-8", "replace"), item


def read_page(html: str) -> tuple[str, dict[str, str]]:
    """What is read of a page, and what is dropped for each reason."""
    try:
        document = read(Article(html, format="html", source_lang="de"), max_characters=10_000_000)
    except InputError:
        return "", {}
    dropped: dict[str, str] = {}
    for span in document.dropped:
        dropped[span.reason] = dropped.get(span.reason, "") + " " + document.text[span.start : span.end]
    kept = " ".join(document.text[s.start : s.end] for s in document.sentences)
    return squeezed(kept), {reason: squeezed(text) for reason, text in dropped.items()}


def by_trafilatura(html: str) -> str:
    """The text that the library alone finds."""
    import trafilatura

    return trafilatura.extract(html, include_comments=False, include_tables=True, include_formatting=False) or ""


def squeezed(text: str) -> str:
    """The text as it is compared: normalised, with single spaces."""
    return " ".join(normalise(text).split())


if __name__ == "__main__":
    main()
