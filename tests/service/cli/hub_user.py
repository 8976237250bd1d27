"""The command of somebody whose model hub is the stand-in: each call a process of its own, with a cache that stays."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hub_stand_in import Hub

ROOT = Path(__file__).parents[3]
NOWHERE = "http://127.0.0.1:9"


@dataclass
class HubUser:
    """`kurzum` with a cache of its own and a hub that is this machine's; `words` stand before those of each call."""

    server: Hub
    cache: Path
    words: tuple[str, ...] = ()

    def __call__(
        self, *words: object, stderr: int = subprocess.PIPE, **settings: Any
    ) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "KURZUM_"))}
        own = {"HF_ENDPOINT": self.server.url, "HF_HOME": str(self.cache / "home"), "KURZUM_CACHE": str(self.cache)}
        return subprocess.run(
            [sys.executable, "-m", "tests.service.cli.bare", *self.words, *map(str, words)],
            cwd=ROOT,
            env=clean | own | {"NO_PROXY": "*"} | settings,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            timeout=120,
        )
