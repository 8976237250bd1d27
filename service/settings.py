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
    """What one request may cost, and how long the service waits for a client and at its own end."""

    body_bytes: int = 8_000_000
    characters: int = 400_000
    batch_lines: int = 10_000
    deadline_seconds: float = 60.0
    deadline_factor: float = 4.0
    waiting_articles: int = 8
    silence_seconds: float = 15.0
    body_seconds: float = 60.0
    drain_seconds: float = 60.0

    def deadline(self, estimate: float) -> float:
        """Seconds allowed for an article that should take `estimate` seconds, time in the queue included."""
        return max(self.deadline_seconds, self.deadline_factor * estimate)
