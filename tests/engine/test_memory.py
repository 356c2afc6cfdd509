"""What is free: the kernel's word, and a container's limit below it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.backends.llama.memory import available_memory, cgroup_available, linux_available
from engine.paths import APP_ROOT


def test_the_kernels_estimate_is_taken(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:  24684092 kB\nMemFree:  100 kB\nMemAvailable:  2000000 kB\n")
    assert linux_available(meminfo) == 2_048_000_000


@pytest.mark.parametrize("content", ["", "MemTotal: 5 kB\n", "MemAvailable: much\n"])
def test_an_odd_meminfo_says_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "meminfo").write_text(content)
    assert linux_available(tmp_path / "meminfo") == 0
    assert linux_available(tmp_path / "none") == 0


def test_a_containers_limit_counts_but_not_the_files_it_has_cached(tmp_path: Path) -> None:
    assert cgroup_available(tmp_path) == sys.maxsize
    (tmp_path / "memory.current").write_text("900\n")
    (tmp_path / "memory.stat").write_text("anon 100\ninactive_file 300\nactive_file 50\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert cgroup_available(tmp_path) == sys.maxsize
    (tmp_path / "memory.max").write_text("1000\n")
    assert cgroup_available(tmp_path) == 1000 - 900 + 350


def test_this_machine_has_some_memory_and_not_more_than_all() -> None:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert 10 * 10**6 < available_memory() < total


LIMITED = """
import resource
from engine.backends.llama.memory import available_memory
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 300 * 10**6, resource.RLIM_INFINITY))
print(available_memory())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_limit_of_the_process_itself_counts() -> None:
    run = subprocess.run(
        [sys.executable, "-c", LIMITED], cwd=APP_ROOT, capture_output=True, text=True, check=True
    )
    assert 200 * 10**6 < int(run.stdout) <= 300 * 10**6
