"""The built model in CTranslate2's format, written by CTranslate2's own converter."""

import json
from pathlib import Path
from typing import Any

from models.engines.int8_weights import save_ctranslate2


def write_ctranslate2(folder: Path, target: Path, quantization: str = "int8") -> None:
    """Convert a Hugging Face folder into `target`, which must not exist."""
    import torch
    from ctranslate2.converters import TransformersConverter
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]

    class Converter(TransformersConverter):  # type: ignore[misc]
        """Loads in float32: in bfloat16, as the file has them, the norms would stay so beside int8 weights."""

        def load_model(self, model_class: Any, name: str, **options: Any) -> Any:
            return super().load_model(model_class, name, **(options | {"dtype": torch.float32}))

    save_ctranslate2(Converter(str(folder))._load(), target, quantization)
    # The converter leaves Gemma's epsilon to the default of the library.
    epsilon = json.loads((folder / "config.json").read_text(encoding="utf-8"))["rms_norm_eps"]
    described = target / "config.json"
    config = json.loads(described.read_text(encoding="utf-8")) | {"layer_norm_epsilon": epsilon}
    described.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
