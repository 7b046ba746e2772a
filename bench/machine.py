"""What the machine can do, so that numbers of two machines can be compared."""

import os
import platform
import time

import numpy as np


def _best(task, repeats: int = 5) -> float:
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        task()
        times.append(time.perf_counter() - started)
    return min(times)


def gemm_gflops(size: int = 2048) -> float:
    """Float32 matrix product with NumPy's BLAS, in 1e9 operations a second."""
    a, b = np.random.default_rng(0).random((2, size, size), np.float32)
    return 2 * size**3 / _best(lambda: a @ b) / 1e9


def copy_bandwidth(megabytes: int = 256) -> float:
    """One thread copying memory, read and written bytes together, in 1e9 bytes a second."""
    source = np.ones(megabytes * 2**20 // 4, np.float32)
    target = np.zeros_like(source)
    return 2 * source.nbytes / _best(lambda: np.copyto(target, source)) / 1e9


def processor() -> str:
    """The processor's name as the system tells it."""
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def describe() -> dict[str, object]:
    """Everything above, measured now."""
    return {
        "processor": processor(),
        "cores": cores(),
        "load": round(os.getloadavg()[0], 2),
        "gemm_gflops": round(gemm_gflops(), 1),
        "copy_gb_per_s": round(copy_bandwidth(), 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }
