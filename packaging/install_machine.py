"""What install.py needs from the machine: what it is like, and processes that show their progress.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import install_plan as plans


def look_at_machine() -> plans.Machine:
    """Collect what `make_plan` decides by."""
    compilers = (os.environ.get("CXX", "c++"), "c++", "g++", "clang++")
    flags = processor_flags()
    return plans.Machine(
        system=platform.system(),
        arch=platform.machine(),
        has_compiler=os.name == "nt" or any(shutil.which(name) for name in compilers),
        has_avx2="avx2" in flags.split() if flags else True,
        cuda=cuda_version(),
    )


def processor_flags() -> str:
    """What the processor can do, on Linux; elsewhere nothing is known."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line for line in lines if line.startswith(("flags", "Features"))), "")


def cuda_version() -> tuple[int, int] | None:
    """The newest CUDA version that the NVIDIA driver supports, if there is one."""
    try:
        answer = subprocess.run(["nvidia-smi"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return plans.parse_cuda_version(answer.stdout) if answer.returncode == 0 else None


def make_environment(folder: Path, python: Path) -> None:
    """A virtual environment for this Python.

    One that is there already is kept, unless it is for another version or its Python is gone.
    """
    config = folder / "pyvenv.cfg"
    text = config.read_text("utf-8") if config.exists() else ""
    version = re.search(r"version\w* *= *(\d+)\.(\d+)", text)
    same = version and (int(version[1]), int(version[2])) == sys.version_info[:2]
    clear = ["--clear"] if text and not (same and python.exists()) else []
    command = [sys.executable, "-m", "venv", *clear, str(folder)]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        reason = (made.stdout + made.stderr).strip().splitlines() or ["no reason given"]
        raise plans.SetupError(f"The environment {folder} could not be made:", reason[-1])


class Job:
    """A process that writes to a log file; while it is waited for, one line shows how far it is."""

    def __init__(self, title: str, command: list[str], log: Path) -> None:
        self.title = title
        self.log = log
        self.started = time.monotonic()
        environment = {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_INPUT": "1",
        }
        # One compiler for each core: Ninja's own choice, two more, only costs memory.
        environment.setdefault("CMAKE_BUILD_PARALLEL_LEVEL", str(os.cpu_count() or 1))
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )

    def wait(self, quiet: bool = False) -> None:
        """Follow the log until the process ends; raise the reason when it failed."""
        terminal = sys.stdout.isatty() and not quiet
        label = f"  {self.title:<16}"
        print("" if quiet else label, end="", flush=True)
        while self.process.poll() is None:
            time.sleep(0.1)
            if terminal:
                width = max(20, shutil.get_terminal_size().columns - len(label) - 2)
                print(f"\r{label} {self.progress()[:width]}\033[K", end="", flush=True)
        text = self.log.read_text("utf-8", errors="replace")
        if self.process.returncode:
            raise plans.explain_failure(text, str(self.log))
        if quiet:
            return
        megabytes = plans.downloaded_megabytes(text)
        seconds = f"{time.monotonic() - self.started:6.1f} s"
        size = f"  {megabytes:4.0f} MB downloaded" if megabytes >= 1 else ""
        print((f"\r{label}" if terminal else "") + seconds + size + "\033[K" * terminal)

    def progress(self) -> str:
        """The newest line of the log that says something."""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 20_000))
            lines = log.read().decode("utf-8", errors="replace").splitlines()
        return next(filter(None, map(plans.describe_line, reversed(lines))), "")

    def stop(self) -> None:
        """End the process and what it started: a compiler would otherwise go on by itself."""
        if self.process.poll() is not None:
            return
        if os.name == "nt":
            self.process.kill()
        else:
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


def link_cuda_libraries(site_packages: Path) -> None:
    """Put links to pip's CUDA libraries beside llama.cpp's, whose CUDA build looks for them there.

    The CUDA wheels leave out cudart and cublas; NVIDIA's own packages put them in folders that the
    loader does not search.
    """
    target = site_packages / "llama_cpp" / "lib"
    for pattern in ("libcudart.so.*", "libcublas.so.*", "libcublasLt.so.*"):
        for library in sorted(site_packages.glob(f"nvidia/**/lib/{pattern}")):
            link = target / library.name
            if not link.exists():
                link.symlink_to(os.path.relpath(library, target))
