"""What an operator can limit, as values. The command line and its environment variables fill them in."""

from dataclasses import dataclass


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
