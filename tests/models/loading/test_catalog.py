"""What models there are and which are here; and the text that says whether a batch must be done again."""

from pathlib import Path

import pytest

from models.embedded.build import digest, use_adapter
from models.loading.catalog import describe, fingerprint, list_models
from models.loading.settings import LoadSettings
from models.presets import load_preset, preset_names

SHIPPED = Path(__file__).parents[3] / "models" / "embedded" / "adapter"


def test_an_empty_cache_has_every_preset_and_nothing_ready(tmp_path: Path) -> None:
    presets, others = list_models(tmp_path)
    assert [preset.preset for preset in presets] == list(preset_names())
    assert not any(model.ready for preset in presets for model in preset.models)
    assert others == []


def test_a_preset_of_the_hub_is_described_without_asking_it(tmp_path: Path) -> None:
    reader, writer = describe(load_preset("standard"), tmp_path).models
    assert (reader.tasks, writer.tasks) == (("translation",), ("summarization",))
    assert (reader.folder, reader.bytes, reader.licence) == (None, None, "apache-2.0")


def test_the_fingerprint_follows_what_runs_and_not_how_fast(tmp_path: Path) -> None:
    first = fingerprint(LoadSettings(cache=tmp_path))
    assert fingerprint(LoadSettings(threads=7, cache=tmp_path / "elsewhere")) == first
    assert digest() in first
    others = [LoadSettings(engine="transformers"), LoadSettings(device="x"), LoadSettings(compute_type="x")]
    assert len({first, *map(fingerprint, others)}) == 4


def test_another_adapter_in_the_cache_folder_changes_the_fingerprint(tmp_path: Path) -> None:
    """A batch is then done again: its key holds the fingerprint."""
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    for file in SHIPPED.iterdir():
        (adapter / file.name).write_bytes(file.read_bytes())
    cache = tmp_path / "cache"
    before = fingerprint(LoadSettings(cache=cache))
    use_adapter(cache, adapter)
    assert fingerprint(LoadSettings(cache=cache)) == before  # The same adapter, copied.
    config = cache / "adapter" / "adapter_config.json"
    config.write_text(config.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert fingerprint(LoadSettings(cache=cache)) != before


@pytest.mark.parametrize("name", preset_names())
def test_a_status_is_json_values(name: str, tmp_path: Path) -> None:
    row = describe(load_preset(name), tmp_path).to_dict()
    assert row["preset"] == name
    assert all(model["non_commercial"] is False for model in row["models"])
