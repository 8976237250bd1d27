"""What a caller chooses before models are loaded, in one value for every layer from the command line to the engines."""

from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_path

from models.errors import UsageError
from models.presets import Preset, load_preset, with_models

ENGINES = ("auto", "ctranslate2", "transformers")


@dataclass(frozen=True, slots=True)
class LoadSettings:
    """Which models run where; None leaves the choice to the preset or to the engine.

    `preset` is a name or the path of a .toml file. The two models are a hub id, `id@revision` or a folder, and take the
    place of the preset's. `cache` is the folder for what is fetched and built. Raises UsageError for an unknown engine
    and for less than one thread.
    """

    preset: str = "embedded"
    translation_model: str | None = None
    summary_model: str | None = None
    engine: str = "auto"
    device: str = "auto"
    compute_type: str | None = None
    threads: int | None = None
    cache: Path = field(default_factory=lambda: user_cache_path("kurzum"))

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise UsageError(f"There is no engine {self.engine!r}: choose from {', '.join(ENGINES)}.")
        if self.threads is not None and self.threads < 1:
            raise UsageError(f"The number of threads is {self.threads}: choose 1 or more.")

    def resolve_preset(self) -> Preset:
        """The preset with the user's own models in it. Raises UsageError for a preset that does not exist."""
        return with_models(load_preset(self.preset), self.translation_model, self.summary_model)
