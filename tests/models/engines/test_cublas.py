"""Whether CTranslate2 has the library without which it stops at its first batch on a GPU, by files in its place.

Each question in a process of its own: a library that is loaded stays. Any library will do, for nothing calls it.
"""

import _ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# A name that no machine has, so that one with CUDA answers as any other.
NAME = "libcublas-of-the-tests.so.12"
PROGRAM = f"""
import sys
import ctranslate2
from models.engines import hardware

hardware.CUBLAS = "{NAME}"
ctranslate2.get_cuda_device_count = lambda: int(sys.argv[1])
print(hardware.ctranslate2_cuda_devices(), hardware.lacks_cublas())
"""
PACKAGE = "nvidia/cublas/lib"
pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("driver", "files", "path", "answer"),
    [
        (2, [], "", "0 True"),
        (0, [], "", "0 False"),
        (2, [NAME], ".", "2 False"),
        (0, [NAME], ".", "0 False"),
        (2, [NAME], "", "0 True"),
        (2, [f"{PACKAGE}/{NAME}", f"{PACKAGE}/libcublasLt.so.12"], "", "2 False"),
        (2, [f"{PACKAGE}/{NAME}"], "", "0 True"),
        (2, [f"{PACKAGE}/libcublasLt.so.12"], "", "0 True"),
    ],
    ids=[
        "a driver alone",
        "nothing",
        "on the search path",
        "without a driver",
        "beside the search path",
        "in the package",
        "without what it needs",
        "what it needs alone",
    ],
)
def test_the_drivers_devices_count_where_cublas_can_be_loaded(
    tmp_path: Path, driver: int, files: list[str], path: str, answer: str
) -> None:
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).symlink_to(_ctypes.__file__)
    settings = {"PYTHONPATH": f"{ROOT}:{tmp_path}", "LD_LIBRARY_PATH": str(tmp_path / path) if path else ""}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(driver)], env=os.environ | settings, capture_output=True, text=True
    )
    assert (result.stdout.strip(), result.stderr) == (answer, "")
