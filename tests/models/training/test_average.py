"""The mean of adapters, as it ships."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from models.training.average import average

NAME = "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight"


def adapter(folder: Path, value: float, rank: int = 2) -> Path:
    folder.mkdir()
    save_file({NAME: torch.full((rank, 4), value)}, folder / "adapter_model.safetensors")
    (folder / "adapter_config.json").write_text(f'{{"r": {rank}}}', encoding="utf-8")
    (folder / "training.json").write_text(f'{{"seen": {value}}}', encoding="utf-8")
    return folder


def test_each_adapter_has_its_share_and_the_last_one_says_what_was_read(tmp_path: Path) -> None:
    average([adapter(tmp_path / "one", 1.0), adapter(tmp_path / "two", 2.0)], [0.25, 0.75], tmp_path / "out")
    (mean,) = load_file(tmp_path / "out" / "adapter_model.safetensors").values()
    assert mean.dtype == torch.bfloat16
    assert torch.equal(mean.float(), torch.full((2, 4), 1.75))
    assert (tmp_path / "out" / "training.json").read_text(encoding="utf-8") == '{"seen": 2.0}'
    assert (tmp_path / "out" / "adapter_config.json").read_text(encoding="utf-8") == '{"r": 2}'


def test_shares_that_do_not_make_a_whole_and_other_shapes_are_refused(tmp_path: Path) -> None:
    one, two = adapter(tmp_path / "one", 1.0, rank=3), adapter(tmp_path / "two", 2.0)
    for shares in ([1.0], [0.5, 0.6]):
        with pytest.raises(ValueError, match="shares"):
            average([one, two], shares, tmp_path / "out")
    with pytest.raises(ValueError, match="different matrices"):
        average([one, two], [0.5, 0.5], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_adapter_of_lower_rank_has_nothing_in_the_directions_that_came_later(tmp_path: Path) -> None:
    other = NAME.replace("lora_A", "lora_B")
    for name, rank, value in (("one", 2, 1.0), ("two", 3, 3.0)):
        adapter(tmp_path / name, value, rank)
        pair = {NAME: torch.full((rank, 4), value), other: torch.full((5, rank), value)}
        save_file(pair, tmp_path / name / "adapter_model.safetensors")
    average([tmp_path / "one", tmp_path / "two"], [0.5, 0.5], tmp_path / "out")
    mean = load_file(tmp_path / "out" / "adapter_model.safetensors")
    assert mean[NAME][:, 0].tolist() == [2, 2, 3]
    assert mean[other][0].tolist() == [2, 2, 1.5]
