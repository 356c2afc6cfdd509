"""What to install on which machine: the decisions of install.py, as pure functions.

Nothing here starts a process, touches the network or writes a file, so every choice can be tested
on any machine. Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

TORCH_INDEX = "https://download.pytorch.org/whl/"
LLAMA_INDEX = "https://abetlen.github.io/llama-cpp-python/whl/"
GPU_CHOICES = ("auto", "none", "cuda", "metal", "vulkan")

# The CUDA builds that llama-cpp-python offers and Carrel uses: the oldest CUDA version the driver
# must support, the name of the index, and the packages with the CUDA libraries that it loads.
# CUDA 13's come with PyTorch, whose Linux wheels are built for the same version.
CUDA_BUILDS: tuple[tuple[tuple[int, int], str, tuple[str, ...]], ...] = (
    ((13, 0), "cu130", ()),
    ((12, 4), "cu124", ("nvidia-cuda-runtime-cu12==12.4.127", "nvidia-cublas-cu12==12.4.5.8")),
)


class SetupError(Exception):
    """A known reason why set-up cannot go on; `hint` says what a person can do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(" ".join((message, hint)).strip())


@dataclass(frozen=True)
class Machine:
    """What matters about this computer. `cuda` is the newest CUDA version the driver supports."""

    system: str  # "Linux", "Darwin" or "Windows", as platform.system() has it
    arch: str
    has_compiler: bool = True
    has_avx2: bool = True
    cuda: tuple[int, int] | None = None


@dataclass(frozen=True)
class Plan:
    """What will be installed. `gpu` is what was settled on, never "auto"."""

    gpu: str
    torch_build: str = ""  # added to PyTorch's version: "+cpu", or nothing for the index's default
    torch_index: str = ""
    llama_index: str = ""
    compile: bool = True
    native: bool = False
    cuda_packages: tuple[str, ...] = ()
    note: str = ""

    @property
    def gigabytes(self) -> int:
        """The free disk space that set-up needs, download cache and temporary files included."""
        return 12 if self.gpu == "cuda" else 4

    def describe(self) -> str:
        """The plan in a few words."""
        gpu = "CPU only" if self.gpu == "none" else f"GPU: {self.gpu}"
        native = " for exactly this processor" if self.native else ""
        llama = f"compiled{native}" if self.compile else f"from {self.llama_index}"
        return f"{gpu}; llama.cpp {llama}{'. ' * bool(self.note)}{self.note}"


def parse_requirements(text: str) -> dict[str, str]:
    """Requirement lines by normalized project name, comments removed."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return {normalize(re.split(r"[=<>!~;\[ ]", line)[0]): line for line in lines if line}


def normalize(name: str) -> str:
    """A project name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def settle_gpu(machine: Machine, choice: str) -> str:
    """The kind of build for `choice`, with "auto" resolved; raises when it cannot work here."""
    mac = machine.system == "Darwin"
    if choice == "auto":
        choice = "metal" if mac else "cuda" if cuda_build(machine) else "none"
    if choice == "metal" and not mac:
        raise SetupError("Metal is only there on a Mac.", "Use --gpu auto.")
    if choice in ("cuda", "vulkan") and mac:
        raise SetupError(f"{choice.upper()} is not there on a Mac.", "Use --gpu metal.")
    if choice == "cuda" and cuda_build(machine) is None:
        raise SetupError(
            "No NVIDIA driver for CUDA 12.4 or newer on x86-64 was found.",
            "Install or update the NVIDIA driver (nvidia-smi must work), or use --gpu vulkan.",
        )
    return choice


def cuda_build(machine: Machine) -> tuple[str, tuple[str, ...]] | None:
    """The index name and library packages of the newest CUDA build that the driver supports."""
    if machine.cuda is None or machine.arch not in ("x86_64", "AMD64"):
        return None
    return next(
        ((name, packages) for least, name, packages in CUDA_BUILDS if machine.cuda >= least), None
    )


def make_plan(machine: Machine, choice: str, native: bool = False, prebuilt: bool = False) -> Plan:
    """Choose the builds of PyTorch and llama-cpp-python for `machine`."""
    if machine.system == "Darwin" and machine.arch == "x86_64":
        raise SetupError("PyTorch has no current version for Macs with an Intel processor.")
    gpu = settle_gpu(machine, choice)
    plan = Plan(gpu, native=native)
    if machine.system == "Linux":
        # "+cpu" must be asked for by name: the plain version means several GB of CUDA here.
        plan = replace(plan, torch_build="+cpu", torch_index=f"{TORCH_INDEX}cpu")
    if gpu == "cuda":
        return plan_cuda(machine, plan)
    if gpu in ("metal", "vulkan"):
        return replace(plan, llama_index=f"{LLAMA_INDEX}{gpu}", compile=False)
    # llama.cpp's portable x86-64 build needs AVX2, and its portable Arm build leaves out what
    # makes it fast: both are then compiled for exactly this processor.
    portable = machine.arch in ("x86_64", "AMD64") and machine.has_avx2
    if portable and (prebuilt or machine.system == "Windows" or not machine.has_compiler):
        return replace(plan, llama_index=f"{LLAMA_INDEX}cpu", compile=False)
    return replace(plan, native=native or not portable)


def plan_cuda(machine: Machine, plan: Plan) -> Plan:
    """The part of a plan that CUDA changes; PyTorch follows only where it has a matching build."""
    name, packages = cuda_build(machine) or ("", ())
    plan = replace(plan, llama_index=f"{LLAMA_INDEX}{name}", compile=False)
    linux = machine.system == "Linux"
    if name != "cu130":
        note = "The driver is older than CUDA 13: chat uses the GPU, the encoders use the CPU."
        return replace(plan, cuda_packages=packages if linux else (), note=note)
    if linux:
        return replace(plan, torch_build="", torch_index="")
    return replace(plan, torch_build=f"+{name}", torch_index=f"{TORCH_INDEX}{name}")


def build_settings(native: bool, cmake_include: str) -> list[str]:
    """pip's options that compile llama-cpp-python quickly: nothing that Carrel does not use.

    `cmake_include` is the path of llama_cpp.cmake. LLAVA_BUILD is the picture reader; the
    excluded folders hold a second copy of the libraries and C headers.
    """
    settings = {
        "cmake.define.GGML_NATIVE": "ON" if native else "OFF",
        "cmake.define.LLAVA_BUILD": "OFF",
        "cmake.define.CMAKE_PROJECT_llama_cpp_INCLUDE": cmake_include,
        "wheel.exclude": "/lib/**;/include/**;/bin/**",
    }
    return [f"--config-settings={name}={value}" for name, value in settings.items()]


def key_of(*parts: object) -> str:
    """A short hash of everything that a part of the installation depends on."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def parse_cuda_version(nvidia_smi: str) -> tuple[int, int] | None:
    """The CUDA version that `nvidia-smi` says the driver supports."""
    found = re.search(r"CUDA[A-Z ]*Version\s*:\s*(\d+)\.(\d+)", nvidia_smi)
    return (int(found[1]), int(found[2])) if found else None


def describe_line(line: str) -> str:
    """What a line of pip's output tells a person who waits, or nothing."""
    compiled = re.match(r"\s*\[(\d+)/(\d+)\] ", line)
    if compiled:
        return f"compiling {compiled[1]} of {compiled[2]}"
    loaded = re.match(r"\s*(?:Downloading|Using cached|Processing) (\S+)(.*)", line)
    if loaded:
        return re.split(r"[/\\]", loaded[1])[-1].split("-")[0] + loaded[2].split("(from")[0]
    return "installing" if line.startswith("Installing collected") else ""


def downloaded_megabytes(log: str) -> float:
    """How much pip downloaded, by its own log."""
    units = {"kB": 1e-3, "MB": 1.0, "GB": 1e3, "bytes": 1e-6}
    found = re.findall(r"^ *Downloading .*\(([\d.]+) (kB|MB|GB|bytes)\)", log, re.MULTILINE)
    return sum(float(size) * units[unit] for size, unit in found)


# What pip's output contains when it fails for a reason that a person can do something about.
FAILURES: Sequence[tuple[str, str, str]] = (
    ("No space left on device", "The disk is full.", "Free a few GB and run the same line again."),
    (
        r"CMAKE_C(XX)?_COMPILER|C(XX)? compiler .*is not able|Can't find 'nmake'",
        "llama-cpp-python could not be compiled: there is no working C++ compiler.",
        "On Debian or Ubuntu: sudo apt install g++. On a Mac: xcode-select --install.",
    ),
    (
        r"Killed signal|out of memory|Cannot allocate memory",
        "There was not enough memory to compile llama-cpp-python.",
        "Close other programs and run again with CMAKE_BUILD_PARALLEL_LEVEL=1.",
    ),
    (
        r"No matching distribution found for torch==\S+\+",
        "The build of PyTorch for this machine could not be found or reached.",
        "Look at your connection to download.pytorch.org, or name a mirror: PIP_FIND_LINKS=URL.",
    ),
    (
        r"(?s)(?=.*abetlen\.github\.io).*No matching distribution found for llama",
        "No ready-made llama-cpp-python for this machine could be found or reached.",
        "With a C++ compiler (sudo apt install g++), --gpu none compiles it instead.",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED",
        "The download server's certificate is not trusted; a company proxy may stand in between.",
        "Name the file with its certificates: PIP_CERT=FILE.",
    ),
    (
        r"NewConnectionError|NameResolutionError|Failed to establish|ConnectTimeout|ReadTimeout"
        r"|ProxyError|Temporary failure in name resolution",
        "The packages could not be downloaded: no network.",
        "Look at the connection (or the HTTPS_PROXY variable) and run again.",
    ),
    (
        r"No matching distribution found for (\S+)",
        "A package has no version for this Python: {0}.",
        "Use Python 3.11, 3.12, 3.13 or 3.14.",
    ),
)


def explain_failure(log: str, path: str) -> SetupError:
    """The known reason in pip's `log`, or pip's last words; `path` is where the log is."""
    for pattern, message, hint in FAILURES:
        found = re.search(pattern, log)
        if found:
            return SetupError(message.format(*found.groups()), hint)
    lines = [line.strip() for line in log.splitlines() if "error" in line.lower()]
    reason = lines[-1] if lines else "pip gave no reason."
    return SetupError(f"A part could not be installed: {reason}", f"All of the log: {path}")
