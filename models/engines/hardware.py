"""What this machine has: the one place that asks, so that tests can answer for it."""

import os
from pathlib import Path

_CPUS = Path("/sys/devices/system/cpu")
_CGROUP_LIMIT = Path("/sys/fs/cgroup/cpu.max")


def ctranslate2_cuda_devices() -> int:
    """How many CUDA devices CTranslate2 can use."""
    import ctranslate2

    return int(ctranslate2.get_cuda_device_count())


def torch_cuda_devices() -> int:
    """How many CUDA devices torch can use; 0 for its CPU builds, whatever hardware there is."""
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def torch_has_mps() -> bool:
    """Whether torch can use an Apple GPU."""
    import torch

    return torch.backends.mps.is_available()


def physical_cores() -> int:
    """Physical cores this process may use: its affinity, two threads of one core counted once, a container's limit.

    One thread a core is fastest for matrix products; more threads than cores make them slower by factors.
    """
    cpus = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    cores = {_siblings(cpu) for cpu in cpus}
    return max(1, min(len(cores), _container_limit() or len(cores)))


def _siblings(cpu: int) -> str:
    try:
        return (_CPUS / f"cpu{cpu}" / "topology" / "thread_siblings_list").read_text(encoding="ascii").strip()
    except OSError:
        return str(cpu)


def _container_limit() -> int | None:
    """Whole cores of the control group's quota (`docker run --cpus`): "200000 100000" is two, "max 100000" no limit."""
    try:
        quota, period = _CGROUP_LIMIT.read_text(encoding="ascii").split()
        return max(1, int(quota) // int(period))
    except (OSError, ValueError):
        return None
