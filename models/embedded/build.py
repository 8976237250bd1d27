"""Build the embedded model once into a cache folder: assemble, verify, trim, merge the adapter, convert.

    CACHE/embedded-<digest>/transformers/    Hugging Face format, bfloat16
                            ctranslate2/     int8
                            GEMMA_NOTICE.md, GEMMA_TERMS.html, manifest.json

The digest covers everything the weights are made from, so that a new adapter never meets an old cache. A model of the
same digest below `share/kurzum` of the Python environment, as in the container image, is used instead.

usage: python -m models.embedded.build CACHE_FOLDER [--adapter FOLDER]
       python -m models.embedded.build --base FOLDER

`--adapter` copies another adapter to CACHE_FOLDER/adapter, to try an adapter in training: every command with that cache
folder (`kurzum --cache-dir`) then uses it. `--base` writes the trimmed base without an adapter, in Hugging Face format,
into an empty folder; training starts from it.
"""

import argparse
import hashlib
import json
import logging
import shutil
import sys
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from models import storage as folders
from models.embedded.base import BASE_SHA256, Floats, read_base, read_terms
from models.embedded.convert import write_ctranslate2
from models.embedded.vocabulary import tokenizer_config, tokenizer_json
from models.embedded.weights import Adapter, adapted_weights, model_config, write_safetensors
from models.errors import ModelUnavailable
from models.options import LoadProgress, ignore_load_progress

# Raise it when the same inputs give other files.
BUILD_VERSION = 2
_ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")
_log = logging.getLogger(__name__)

ModelFormat = Literal["ctranslate2", "transformers"]


@dataclass(frozen=True, slots=True)
class EmbeddedModel:
    """Where the built model lies; `digest` identifies its weights."""

    folder: Path
    digest: str

    @property
    def ctranslate2(self) -> Path:
        """The int8 model; the tokenizer lies beside it as `tokenizer.json`."""
        return self.folder / "ctranslate2"

    @property
    def transformers(self) -> Path:
        """The Hugging Face folder."""
        return self.folder / "transformers"


@dataclass(frozen=True, slots=True)
class BuildStatus:
    """What is in the cache; `ready` means that every file has its size (hashes are checked when the model is used)."""

    ready: bool
    folder: Path
    size: int
    digest: str


def digest(adapter: Traversable | None = None) -> str:
    """Twelve hexadecimal digits for the weights: base, kept tokens, build version and the adapter, or the shipped one.

    Takes some ten milliseconds.
    """
    adapter = adapter or _data("adapter")
    whole = hashlib.sha256(f"{BUILD_VERSION} {BASE_SHA256}".encode())
    for piece in (_data("kept_tokens.json"), *(adapter.joinpath(name) for name in _ADAPTER_FILES)):
        whole.update(hashlib.sha256(piece.read_bytes()).digest())
    return whole.hexdigest()[:12]


def status(cache: Path) -> BuildStatus:
    """What is in the cache, without building or hashing anything."""
    mark = digest(_adapter(cache))
    place = _place(cache, mark)
    manifest = folders.read_manifest(place) or {}
    ready = folders.find_damage(place, hashes=False) is None
    return BuildStatus(ready, place, sum(entry.size for entry in manifest.values()) if ready else 0, mark)


def prepare(
    cache: Path, progress: LoadProgress = ignore_load_progress, part: ModelFormat | None = None
) -> EmbeddedModel:
    """The embedded model in `cache`, built if its files are missing or damaged; with `part` only that format counts.

    Raises ModelUnavailable.
    """
    adapter = _adapter(cache)
    mark = digest(adapter)
    place = _place(cache, mark)
    folders.ensure_built(place, lambda target: build(target, progress, adapter), f"{part}/" if part else "")
    return EmbeddedModel(place, mark)


def use_adapter(cache: Path, adapter: Path) -> None:
    """Make `cache` use a copy of this adapter. Raises ModelUnavailable where the folder has none."""
    if missing := [name for name in _ADAPTER_FILES if not (adapter / name).is_file()]:
        raise ModelUnavailable(f"{adapter} holds no adapter: {missing[0]} is missing.")
    place = cache / "adapter"
    place.mkdir(parents=True, exist_ok=True)
    for name in _ADAPTER_FILES:
        shutil.copyfile(adapter / name, place / name)


def build(target: Path, progress: LoadProgress = ignore_load_progress, adapter: Traversable | None = None) -> None:
    """Write the whole model into the empty folder `target`; `adapter` is a folder to use instead of the shipped one."""
    merged = Adapter.read(adapter or _data("adapter"))
    transformers, ctranslate2 = target / "transformers", target / "ctranslate2"
    _write_transformers(transformers, merged, progress)
    progress("ctranslate2", 0.7)
    write_ctranslate2(transformers, ctranslate2)
    shutil.copyfile(transformers / "tokenizer.json", ctranslate2 / "tokenizer.json")
    _write_terms(target)
    progress("done", 1.0)


def build_base(target: Path, progress: LoadProgress = ignore_load_progress) -> None:
    """Write the trimmed base alone, in Hugging Face format, into `target`, where training starts from."""
    _write_transformers(target, None, progress)
    _write_terms(target)
    progress("done", 1.0)


def _write_transformers(target: Path, adapter: Adapter | None, progress: LoadProgress) -> None:
    """Write the Hugging Face folder."""
    progress("base weights", 0.0)
    base = read_base(lambda share: progress("base weights", 0.2 * share))
    progress("tokenizer", 0.2)
    kept = json.loads(_data("kept_tokens.json").read_text(encoding="utf-8"))
    tokens, types = base.metadata["tokenizer.ggml.tokens"], base.metadata["tokenizer.ggml.token_type"]
    tokenizer = tokenizer_json(tokens, types, kept)
    config = model_config(base, len(kept))
    weights: dict[str, Floats] = {}
    for name, values in adapted_weights(base, kept, adapter):
        weights[name] = values
        progress("weights", 0.25 + 0.35 * len(weights) / len(base.tensors))
    del base
    progress("transformers", 0.6)
    target.mkdir(parents=True, exist_ok=True)
    _write_json(target / "config.json", config)
    _write_json(target / "tokenizer_config.json", tokenizer_config())
    (target / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    write_safetensors(target / "model.safetensors", weights)


def _write_terms(target: Path) -> None:
    (target / "GEMMA_NOTICE.md").write_bytes(_data("GEMMA_NOTICE.md").read_bytes())
    if (terms := read_terms()) is not None:
        (target / "GEMMA_TERMS.html").write_bytes(terms)


def _data(name: str) -> Traversable:
    return files("models.embedded").joinpath(name)


def _adapter(cache: Path) -> Traversable:
    """The adapter in this cache, or the shipped one."""
    own = cache / "adapter"
    return own if (own / _ADAPTER_FILES[0]).is_file() else _data("adapter")


def _place(cache: Path, mark: str) -> Path:
    """The folder of the model: in the installation, where an image brings it, or in the cache.

    A container's volume over the cache may be empty or read-only; the model of the image is found all the same.
    """
    name = f"embedded-{mark}"
    installed = Path(sys.prefix) / "share" / "kurzum" / name
    return installed if folders.read_manifest(installed) is not None else cache / name


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Build with the log on standard error."""
    logging.basicConfig(level=logging.INFO, format="%(relativeCreated)6d ms  %(message)s")
    parser = argparse.ArgumentParser("python -m models.embedded.build", description="Build the embedded model.")
    parser.add_argument("cache", type=Path, nargs="?", help="the folder to build into")
    parser.add_argument("--adapter", type=Path, help="another adapter, which the cache folder then uses")
    parser.add_argument("--base", type=Path, help="write the trimmed base alone into this folder")
    args = parser.parse_args()
    if (args.cache is None) == (args.base is None) or (args.base and args.adapter):
        parser.error("name a cache folder, with --adapter or without, or --base and its folder")
    steps: list[str] = []

    def say(step: str, share: float) -> None:
        if step not in steps:
            steps.append(step)
            _log.info("%3.0f %% %s", 100 * share, step)

    try:
        if args.base:
            build_base(args.base, say)
        elif args.adapter:
            use_adapter(args.cache, args.adapter)
        _log.info("ready: %s", args.base or prepare(args.cache, say).folder)
    except ModelUnavailable as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
