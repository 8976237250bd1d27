"""Whether the weights of a checkpoint are whole and nothing but weights, found out before anything loads them."""

import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

from models.hub.files import INDEX, FileSelection, Refusal, read_json

_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


def check_weights(folder: Path, choice: FileSelection, pickle_seen: Callable[[str], bool]) -> tuple[str, ...]:
    """Check every weight file; the names of the pickles among them that were read.

    `pickle_seen` says of a name that its very bytes have passed before: reading a pickle takes torch and a while, the
    header of a safetensors file neither. Raises Refusal.
    """
    index = next((name for name in choice.weights if name.endswith(INDEX)), None)
    files = [name for name in choice.weights if name != index]
    if index is not None:
        _check_index(folder, index, files)
    read = []
    for name in files:
        with (folder / name).open("rb") as file:
            head = file.read(len(_LFS_POINTER))
        if head == _LFS_POINTER:
            raise Refusal(f"{name} is only Git LFS's pointer to the weights: run git lfs pull in its folder")
        if name.endswith(".safetensors"):
            _check_safetensors(folder / name)
        elif not pickle_seen(name):
            _check_pickle(folder / name)
            read.append(name)
    return tuple(read)


def _check_index(folder: Path, index: str, files: list[str]) -> None:
    shards = read_json(folder / index).get("weight_map")
    if not isinstance(shards, dict) or not shards:
        raise Refusal(f"{index} is damaged (it names no weights)")
    if missing := sorted({str(shard) for shard in shards.values()} - set(files)):
        raise Refusal(f"{missing[0]}, which {index} names, is missing")


def _check_safetensors(path: Path) -> None:
    from safetensors import SafetensorError, safe_open

    try:
        # Opening reads the header and holds it against the length of the file, byte for byte.
        with safe_open(path, framework="np") as file:
            empty = not file.keys()
    except (SafetensorError, OSError, ValueError) as error:
        raise Refusal(f"{path.name} is damaged or cut short ({str(error).splitlines()[0]})") from error
    if empty:
        raise Refusal(f"{path.name} holds no weights")


def _check_pickle(path: Path) -> None:
    import torch

    try:
        weights = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    except pickle.UnpicklingError as error:
        raise Refusal(f"{path.name} holds more than weights, and reading it could run code") from error
    except Exception as error:
        raise Refusal(f"{path.name} is damaged or cut short ({type(error).__name__})") from error
    if not isinstance(weights, dict) or not all(isinstance(value, torch.Tensor) for value in weights.values()):
        raise Refusal(f"{path.name} holds something else than weights")
