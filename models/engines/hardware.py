"""What this machine has: the one place that asks, so that tests can answer for it."""

import ctypes
import importlib.util
import os
from pathlib import Path

# CTranslate2's wheels look this up by name, and not before the first batch; nothing that they bring along loads it.
CUBLAS = "libcublas.so.12"
_CPUS = Path("/sys/devices/system/cpu")
# A control group's CPU limit in version 2, "QUOTA PERIOD", and in version 1, one file for each.
_CGROUP_LIMIT = Path("/sys/fs/cgroup/cpu.max")
_CGROUP_V1_LIMIT = (Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), Path("/sys/fs/cgroup/cpu/cpu.cfs_period_us"))


def ctranslate2_cuda_devices() -> int:
    """How many CUDA devices CTranslate2 can use: as many as the driver has, and none without cuBLAS."""
    count = _driver_devices()
    return count if count and _cublas_loads() else 0


def lacks_cublas() -> bool:
    """Whether there are CUDA devices that CTranslate2 cannot use for want of cuBLAS."""
    return _driver_devices() > 0 and not _cublas_loads()


def ctranslate2_cuda_formats(index: int) -> frozenset[str]:
    """The number formats that CTranslate2 can compute in on that CUDA device; `load` refuses any other.

    Of the usual ones float16 wants a compute capability of 7.0 (V100, T4), bfloat16 one of 8.0 (A100).
    """
    import ctranslate2

    return frozenset(ctranslate2.get_supported_compute_types("cuda", index))


def torch_cuda_devices() -> int:
    """How many CUDA devices torch can use; 0 for its CPU builds, whatever hardware there is."""
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def torch_has_mps() -> bool:
    """Whether torch can use an Apple GPU."""
    import torch

    return torch.backends.mps.is_available()


def torch_packs_int8() -> bool:
    """Whether torch has FBGEMM, which packs int8 weights once, for this processor: it needs AVX2."""
    import torch

    return "fbgemm" in torch.backends.quantized.supported_engines


def physical_cores() -> int:
    """Physical cores this process may use: its affinity, two threads of one core counted once, a container's limit.

    One thread a core is fastest for matrix products; more threads than cores make them slower by factors.
    """
    cpus = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    cores = {_siblings(cpu) for cpu in cpus}
    return max(1, min(len(cores), _container_limit() or len(cores)))


def _driver_devices() -> int:
    import ctranslate2

    return int(ctranslate2.get_cuda_device_count())


def _cublas_loads() -> bool:
    """Load cuBLAS for good: once it is loaded, it is found by its name.

    The package nvidia-cublas-cu12, where no search path leads, goes first: a torch that needs it would find another
    already loaded, and might miss something there.
    """
    spec = importlib.util.find_spec("nvidia")
    folders = [Path(parent, "cublas", "lib") for parent in (spec and spec.submodule_search_locations) or ()]
    # Its own dependency first, lest it takes one of another release from the system.
    return any(_loads(folder / "libcublasLt.so.12") and _loads(folder / CUBLAS) for folder in folders) or _loads(CUBLAS)


def _loads(library: str | Path) -> bool:
    try:
        ctypes.CDLL(str(library))
    except OSError:
        return False
    return True


def _siblings(cpu: int) -> str:
    try:
        return (_CPUS / f"cpu{cpu}" / "topology" / "thread_siblings_list").read_text(encoding="ascii").strip()
    except OSError:
        return str(cpu)


def _container_limit() -> int | None:
    """Whole cores of the control group's quota (`docker run --cpus`), at least one; None without a limit.

    Two cores are "200000 100000"; no limit is "max 100000" in version 2 and a quota of -1 in version 1.
    """
    for files in ((_CGROUP_LIMIT,), _CGROUP_V1_LIMIT):
        try:
            quota, period = " ".join(file.read_text(encoding="ascii") for file in files).split()
            if int(quota) > 0:
                return max(1, int(quota) // int(period))
        except (OSError, ValueError):
            continue
    return None
