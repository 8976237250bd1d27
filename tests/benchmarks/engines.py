"""Which engine is faster on this CPU, by family: tiny tokenizers, layers of true widths, random weights.

usage: python -m tests.benchmarks.engines [FAMILY]...

Each engine in its default number format decodes the same sentences greedily to the same number of tokens, five times in
turns; the medians are printed, and the faster one is what `models/engines/choice.toml` should say.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from models.decoding import Decoding
from models.engines import hardware
from models.loading.engine import load_engine
from models.loading.settings import LoadSettings
from models.presets import load_preset, with_models
from tests.checkpoints import bart, marian, seed_lines

RUNS = 5
TOKENS = 32
# opus-mt-de-en and distilbart-cnn-12-6.
SHAPES: dict[str, tuple[Any, dict[str, int]]] = {
    "marian": (marian, {"d_model": 512, "encoder_layers": 6, "decoder_layers": 6, "encoder_ffn_dim": 2048,
                        "decoder_ffn_dim": 2048, "encoder_attention_heads": 8, "decoder_attention_heads": 8,
                        "max_position_embeddings": 512}),
    "bart": (bart, {"d_model": 1024, "encoder_layers": 12, "decoder_layers": 6, "encoder_ffn_dim": 4096,
                    "decoder_ffn_dim": 4096, "encoder_attention_heads": 16, "decoder_attention_heads": 16,
                    "max_position_embeddings": 1024}),
}  # fmt: skip


def main(families: list[str]) -> None:
    """Print the median seconds of both engines for each family."""
    sources = [line for line in seed_lines() if 60 < len(line) < 200][:16]
    for family in families or list(SHAPES):
        build, shape = SHAPES[family]
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder) / "model", **shape)
            preset = with_models(load_preset("embedded"), summary=str(Path(folder) / "model"))
            engines = {
                name: load_engine(
                    preset, LoadSettings(engine=name, device="cpu", cache=Path(folder) / "cache"), "summarization"
                )
                for name in ("ctranslate2", "transformers")
            }
            seconds: dict[str, list[float]] = {name: [] for name in engines}
            for _ in range(RUNS):
                for name, engine in engines.items():
                    begun = time.perf_counter()
                    engine.generate("summarization", sources, Decoding(num_beams=1), TOKENS, TOKENS - 1)
                    seconds[name].append(time.perf_counter() - begun)
        medians = {name: statistics.median(rows) for name, rows in seconds.items()}
        print(
            f"{family}, {hardware.physical_cores()} cores: " + ", ".join(f"{n} {s:.2f} s" for n, s in medians.items())
        )


if __name__ == "__main__":
    main(sys.argv[1:])
