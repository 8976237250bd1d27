"""What can be set from outside, as values. The command line and its environment variables fill them in."""

from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_path


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which models run where; None leaves the choice to the preset or to the engine."""

    preset: str = "embedded"
    translation_model: str | None = None
    summary_model: str | None = None
    engine: str = "auto"
    device: str = "auto"
    compute_type: str | None = None
    threads: int | None = None
    cache: Path = field(default_factory=lambda: user_cache_path("kurzum"))


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost. The deadline of an article is `deadline_seconds` and more with its length."""

    body_bytes: int = 8_000_000
    characters: int = 400_000
    deadline_seconds: float = 60.0
    deadline_ms_per_character: float = 10.0
    waiting_articles: int = 8
    body_seconds: float = 60.0

    def deadline(self, characters: int) -> float:
        """Seconds allowed for an article of so many characters, waiting included."""
        return self.deadline_seconds + self.deadline_ms_per_character * characters / 1000
