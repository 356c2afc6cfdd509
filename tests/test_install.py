"""The decisions of packaging/install.py, for machines that are not this one. No network."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import install
import install_machine
import install_plan as plans
import pytest
from install_plan import Machine, SetupError, make_plan

ROOT = Path(__file__).resolve().parent.parent
LINUX = Machine("Linux", "x86_64")
MAC = Machine("Darwin", "arm64")
WINDOWS = Machine("Windows", "AMD64")


def test_linux_without_a_gpu_never_asks_for_the_cuda_build_of_pytorch() -> None:
    plan = make_plan(LINUX, "auto")
    assert (plan.gpu, plan.torch_build) == ("none", "+cpu")
    assert plan.torch_index.endswith("/whl/cpu")
    assert plan.compile
    assert not plan.native


@pytest.mark.parametrize(
    ("machine", "gpu", "torch_build", "llama_index"),
    [
        (MAC, "metal", "", "metal"),
        (WINDOWS, "none", "", "cpu"),
        (dataclasses.replace(LINUX, cuda=(13, 0)), "cuda", "", "cu130"),
        (dataclasses.replace(LINUX, cuda=(12, 8)), "cuda", "+cpu", "cu124"),
        (dataclasses.replace(WINDOWS, cuda=(13, 2)), "cuda", "+cu130", "cu130"),
        (dataclasses.replace(LINUX, cuda=(11, 8)), "none", "+cpu", ""),
        (dataclasses.replace(LINUX, arch="aarch64", cuda=(13, 0)), "none", "+cpu", ""),
        (dataclasses.replace(LINUX, has_compiler=False), "none", "+cpu", "cpu"),
    ],
)
def test_auto_takes_what_the_machine_has(
    machine: Machine, gpu: str, torch_build: str, llama_index: str
) -> None:
    plan = make_plan(machine, "auto")
    assert (plan.gpu, plan.torch_build) == (gpu, torch_build)
    assert plan.llama_index == (plans.LLAMA_INDEX + llama_index if llama_index else "")
    assert plan.compile == (not llama_index)


def test_cuda_12_brings_its_libraries_and_says_that_pytorch_stays_on_the_cpu() -> None:
    plan = make_plan(dataclasses.replace(LINUX, cuda=(12, 4)), "cuda")
    assert [name.split("==")[0] for name in plan.cuda_packages] == [
        "nvidia-cuda-runtime-cu12",
        "nvidia-cublas-cu12",
    ]
    assert "the encoders use the CPU" in plan.describe()


@pytest.mark.parametrize(
    ("machine", "choice", "says"),
    [
        (LINUX, "cuda", "--gpu vulkan"),
        (LINUX, "metal", "--gpu auto"),
        (MAC, "cuda", "--gpu metal"),
        (dataclasses.replace(MAC, arch="x86_64"), "auto", "Intel"),
    ],
)
def test_what_cannot_work_is_refused_with_a_hint(machine: Machine, choice: str, says: str) -> None:
    with pytest.raises(SetupError, match=says):
        make_plan(machine, choice)


def test_processors_that_the_portable_build_does_not_suit_get_their_own() -> None:
    assert make_plan(dataclasses.replace(LINUX, has_avx2=False), "none", prebuilt=True).native
    assert make_plan(dataclasses.replace(LINUX, arch="aarch64"), "none").native


def test_every_pin_is_exact_and_the_runtime_ones_are_complete() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-models.txt"):
        pins = plans.parse_requirements((ROOT / name).read_text("utf-8"))
        assert pins
        assert all("==" in pin for pin in pins.values()), name
    pins = plans.parse_requirements((ROOT / "requirements.txt").read_text("utf-8"))
    assert {"torch", "llama-cpp-python", "pyside6-essentials", "lxml-html-clean"} <= set(pins)


def test_requirements_are_found_by_normalized_name() -> None:
    text = '# a comment\n\nPySide6_Essentials==6.1  # why\ncolorama==0.4; sys_platform == "win32"\n'
    assert plans.parse_requirements(text) == {
        "pyside6-essentials": "PySide6_Essentials==6.1",
        "colorama": 'colorama==0.4; sys_platform == "win32"',
    }


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("| NVIDIA-SMI 550.54  Driver Version: 550.54   CUDA Version: 12.4     |", (12, 4)),
        ("| NVIDIA-SMI 590.1   KMD Version: 590.1   CUDA UMD Version: 13.1     |", (13, 1)),
        ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver", None),
    ],
)
def test_the_drivers_cuda_version_is_read(text: str, version: tuple[int, int] | None) -> None:
    assert plans.parse_cuda_version(text) == version


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("  [12/83] /usr/bin/gcc -DGGML_BUILD -O3 -c a.c", "compiling 12 of 83"),
        ("  Downloading torch-2.13.0-cp311-manylinux.whl (191.8 MB)", "torch (191.8 MB)"),
        ("Processing ./folder/numpy-2.4.6-cp311.whl (from -r x)", "numpy "),
        ("Installing collected packages: a, b", "installing"),
        ("  -- Detecting C compiler ABI info", ""),
    ],
)
def test_progress_is_read_from_pips_output(line: str, says: str) -> None:
    assert plans.describe_line(line) == says


def test_downloads_are_added_up_from_pips_output() -> None:
    log = "  Downloading a (1.5 MB)\n 1.5/1.5 MB\nDownloading b (500 kB)\nUsing cached c (9 MB)"
    assert plans.downloaded_megabytes(log) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("log", "says"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("CMake Error: CMAKE_CXX_COMPILER not set, after EnableLanguage", "sudo apt install g++"),
        ("g++: fatal error: Killed signal terminated program cc1plus", "PARALLEL_LEVEL=1"),
        (
            "NewConnectionError\nERROR: No matching distribution found for torch==2.13.0+cpu",
            "mirror",
        ),
        ("NewConnectionError\nERROR: No matching distribution found for tqdm==4.0", "no network"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "this Python: numpy==2.4.6"),
        ("SSLError CERTIFICATE_VERIFY_FAILED\nERROR: No matching distribution found", "PIP_CERT"),
        ("x\nERROR: something nobody has seen", "something nobody has seen All of the log: LOG"),
        ("", "pip gave no reason"),
    ],
)
def test_failures_are_explained_on_one_line(log: str, says: str) -> None:
    message = str(plans.explain_failure(log, "LOG"))
    assert says in message
    assert "\n" not in message


def test_the_build_leaves_out_what_is_not_used() -> None:
    settings = plans.build_settings(native=False, cmake_include="/with space/llama_cpp.cmake")
    assert "--config-settings=cmake.define.GGML_NATIVE=OFF" in settings
    assert "--config-settings=cmake.define.LLAVA_BUILD=OFF" in settings
    assert any(line.endswith("INCLUDE=/with space/llama_cpp.cmake") for line in settings)


def test_cuda_libraries_are_linked_where_llama_cpp_looks(tmp_path: Path) -> None:
    source = tmp_path / "nvidia" / "cu13" / "lib"
    target = tmp_path / "llama_cpp" / "lib"
    for folder in (source, target):
        folder.mkdir(parents=True)
    (source / "libcublas.so.13").write_text("cublas")
    (source / "libcurand.so.10").write_text("curand")
    for _ in range(2):
        install_machine.link_cuda_libraries(tmp_path)
    assert [file.name for file in target.iterdir()] == ["libcublas.so.13"]
    assert (target / "libcublas.so.13").read_text() == "cublas"


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in an empty folder, on a plain Linux machine."""
    path = tmp_path / "carrel.json"
    monkeypatch.setattr(install, "STATE", path)
    monkeypatch.setattr(install, "look_at_machine", lambda: LINUX)
    return path


def options(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> install.Installation:
    monkeypatch.setattr(sys, "argv", ["install.py", *arguments])
    return install.Installation(install.parse_arguments())


def test_a_finished_installation_is_not_looked_at_again(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = options(monkeypatch)
    first.parts = first.wanted()
    first.save()
    monkeypatch.setattr(install, "look_at_machine", lambda: pytest.fail("probed the machine"))
    monkeypatch.setattr(install, "PYTHON", Path(sys.executable))
    second = options(monkeypatch)
    second.run()  # would start pip
    assert second.parts == second.wanted()
    assert set(options(monkeypatch, "--dev").wanted()) - set(second.parts) == {"test tools"}


def test_choices_are_remembered_and_only_what_they_change_is_done_again(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = options(monkeypatch, "--gpu", "none")
    first.parts = first.wanted()
    first.save()
    native = options(monkeypatch, "--native")
    assert native.choices == {"gpu": "none", "native": True}
    changed = {part for part, key in native.wanted().items() if first.parts[part] != key}
    assert changed == {"llama.cpp"}


def test_an_interrupted_installation_decides_anew(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        install, "look_at_machine", lambda: dataclasses.replace(LINUX, has_compiler=False)
    )
    first = options(monkeypatch)
    first.parts = {"environment": first.wanted()["environment"]}
    first.save()
    assert not first.plan.compile
    monkeypatch.setattr(install, "look_at_machine", lambda: LINUX)
    assert options(monkeypatch).plan.compile


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"parts": {}, "plan": {"new": 1}})])
def test_a_state_that_cannot_be_read_counts_as_none(
    state: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    state.write_text(text)
    assert options(monkeypatch).parts == {}


def test_a_missing_ensurepip_is_named_before_anything_starts(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SetupError, match="python3-venv"):
        options(monkeypatch).run()


def test_a_full_disk_is_named_before_anything_starts(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install.shutil, "disk_usage", lambda _: SimpleNamespace(free=1e9))
    with pytest.raises(SetupError, match="Set-up needs 4 GB"):
        options(monkeypatch).run()


def test_an_old_python_is_refused_in_one_line() -> None:
    code = (
        "import sys, runpy; sys.version_info = (3, 9, 2); "
        f"runpy.run_path({str(ROOT / 'packaging' / 'install.py')!r})"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr.strip().startswith("Carrel needs Python 3.11 or newer, this is 3.9.")
