"""Fair measures: rounds that take turns, medians, one JSON line at the end."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

ROUNDS = 3


def machine() -> dict[str, object]:
    """Return what the figures were measured on."""
    cpu = "unknown"
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        cpu = next((line.partition(":")[2].strip() for line in lines if "model name" in line), cpu)
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


def in_turns(
    measures: Mapping[str, Callable[[], float]], *, rounds: int = ROUNDS
) -> dict[str, float]:
    """Take each measure once a round, so that a noisy minute hurts all alike; return medians.

    A round before the first does not count: caches fill, and pages of memory are got.
    """
    for measure in measures.values():
        measure()
    found: dict[str, list[float]] = {name: [] for name in measures}
    for turn in range(1, rounds + 1):
        for name, measure in measures.items():
            value = measure()
            found[name].append(value)
            say(f"round {turn}  {name:32} {value:10.1f}")
    return {name: median(values) for name, values in found.items()}


def say(words: str) -> None:
    """Tell how far it is, where a reader of the result does not look."""
    print(words, file=sys.stderr, flush=True)


def tell(
    name: str,
    *,
    figures: Mapping[str, object],
    peers: Mapping[str, object],
    ratios: Mapping[str, float],
) -> None:
    """Print the result: one JSON object on one line."""
    told = {
        "name": name,
        "machine": machine(),
        "figures": figures,
        "peers": peers,
        "ratios": {key: round(value, 3) for key, value in ratios.items()},
    }
    print(json.dumps(told, ensure_ascii=False))
