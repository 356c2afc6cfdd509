"""Writing a GGUF in another quantization, in a process of its own (`main.py --quantize`).

llama.cpp offers no way to stop it half-way and ends the whole process on some faults: a process can
be ended at any moment, takes its memory with it, and leaves the worker alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from engine.contracts import AbortFlag
from engine.errors import ModelFileError
from engine.paths import APP_ROOT

FILE_TYPES = {"Q8_0": 7}  # llama_ftype
BUFFER_BYTES = 256 << 20  # of rows at once; llama.cpp's own limit is 8 GiB
_ERROR = 4  # ggml_log_level
_KEPT_ERRORS = 4000


def quantize(
    source: Path,
    target: Path,
    quantization: str,
    abort: AbortFlag,
    report: Callable[[float, float], None],
) -> None:
    """Write `target`; `report` counts tensors. `ModelFileError` if it fails, with the log as detail.

    Stopped or failed, what there is of `target` is removed.
    """
    program = [sys.executable]
    if not getattr(sys, "frozen", False):
        program.append(str(APP_ROOT / "main.py"))
    abort.raise_if_set()
    with subprocess.Popen(
        [*program, "--quantize", str(source), str(target), quantization],
        stdin=subprocess.PIPE,  # its end tells the child that nobody waits any more
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        creationflags=0x08000000 if os.name == "nt" else 0,  # no console window
    ) as child:
        abort.when_set(child.kill)
        assert child.stdout is not None
        assert child.stderr is not None
        for line in child.stdout:
            done, _, total = line.partition(b" ")
            if done.isdigit() and total.strip().isdigit():
                report(int(done), int(total))
        errors = child.stderr.read().decode("utf-8", errors="replace")
        code = child.wait()
    if abort.is_set() or code != 0:
        target.unlink(missing_ok=True)
        abort.raise_if_set()
        raise ModelFileError(
            f"{source.name} could not be converted.",
            hint="It can be used as it is. If the disk is full, free some space and try again.",
            detail=errors or f"The converting process ended with {code}.",
        )


def main(arguments: list[str]) -> int:
    """The child: source, target, quantization. Progress on standard output, "3 272" a line."""
    source, target, quantization = arguments
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)  # answers go first
    import llama_cpp

    errors: list[str] = []

    @llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
    def log(level: int, text: bytes, _: object) -> None:
        line = text.decode("utf-8", errors="replace")
        if level == _ERROR:
            errors.append(line)
        elif line.startswith("["):
            done, _, total = line[1:].partition("]")[0].partition("/")
            os.write(1, f"{done.strip()} {total.strip()}\n".encode())

    llama_cpp.llama_log_set(log, ctypes.c_void_p(0))
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = FILE_TYPES[quantization]
    params.allow_requantize = True
    params.max_buf_size = BUFFER_BYTES
    code = llama_cpp.llama_model_quantize(
        os.fsencode(source), os.fsencode(target), ctypes.byref(params)
    )
    os.write(2, "".join(errors).encode()[-_KEPT_ERRORS:])
    return int(code)


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)
