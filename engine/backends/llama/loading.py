"""Weights into memory: with progress, stopped at any moment, and with a reason if it does not work."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import llama_cpp

from engine.backends.llama import library
from engine.backends.llama.fit import LoadPlan
from engine.contracts import AbortFlag
from engine.errors import AbortedError, ModelFileError, ModelLoadError

T = TypeVar("T")
Report = Callable[[str, float, float], None]

CHUNK = 4 * 1024 * 1024
LOOKS = 8  # pieces of a file that are tried, to see whether it is in memory already
WARM_SPEED = 1.5e9  # bytes per second; slower ones come from a disk
READ_SHARE = 0.95  # of the progress, where the file has to be read first


def load_weights(
    path: Path, gpu_layers: int, abort: AbortFlag, report: Report, begin: float = 0.0
) -> Any:
    """llama.cpp's model, or None if it would not load; `library.logged_errors` say why.

    `report` goes on from `begin`, a share of the whole.
    """

    @llama_cpp.llama_progress_callback  # type: ignore[untyped-decorator]
    def on_progress(done: float, _: Any) -> bool:
        report("loading", begin + (1 - begin) * done, 1.0)
        return not abort.is_set()

    params = llama_cpp.llama_model_default_params()
    params.n_gpu_layers = gpu_layers
    params.progress_callback = on_progress
    library.forget_errors()
    model = llama_cpp.llama_model_load_from_file(os.fsencode(path), params)
    if abort.is_set():
        if model:
            llama_cpp.llama_model_free(model)
        raise AbortedError
    return model or None


def read_ahead(path: Path, memory: int, abort: AbortFlag, report: Report) -> float:
    """Have the system read a file that is not in memory yet; the share of progress that took.

    llama.cpp maps files, and the system then reads them in one call that nothing can stop.
    """
    size = path.stat().st_size
    with path.open("rb", buffering=0) as file:
        buffer = bytearray(CHUNK)
        if size > memory or _is_warm(file.fileno(), size, buffer):
            return 0.0
        done = 0
        while count := file.readinto(buffer):
            abort.raise_if_set()
            done += count
            report("loading", READ_SHARE * done / size, 1.0)
    return READ_SHARE


def _is_warm(file: int, size: int, buffer: bytearray) -> bool:
    view = memoryview(buffer)[: CHUNK // LOOKS]
    for look in range(LOOKS):
        os.lseek(file, size * look // LOOKS, os.SEEK_SET)
        started = time.perf_counter()
        count = os.readv(file, [view]) if hasattr(os, "readv") else len(os.read(file, len(view)))
        if count / max(time.perf_counter() - started, 1e-9) < WARM_SPEED:
            os.lseek(file, 0, os.SEEK_SET)
            return False
    return True


def load_first(
    path: Path,
    plans: Sequence[LoadPlan],
    use: Callable[[Any, LoadPlan, Sequence[str]], T],
    abort: AbortFlag,
    report: Report,
    begin: float = 0.0,
) -> T:
    """What `use` makes of the weights by the first plan that works; it gets why others did not.

    `use` owns the weights unless it raises; `ModelLoadError` means that the next plan may do.
    """
    tries: list[str] = []
    for gpu_layers, group in itertools.groupby(plans, key=lambda plan: plan.gpu_layers):
        alike = list(group)
        model = load_weights(path, gpu_layers, abort, report, begin)
        if model is None:
            _raise_unknown_architecture(path)
            tries.append(f"{alike[0].reason} That failed: {last_error()}")
            continue
        try:
            for plan in alike:
                try:
                    return use(model, plan, tries)
                except ModelLoadError as error:
                    where = plan.reason if plan.gpu_layers else ""
                    tries.append(f"{where} {error.message} {last_error()}".strip())
        except BaseException:
            llama_cpp.llama_model_free(model)
            raise
        llama_cpp.llama_model_free(model)
    raise ModelLoadError(f"llama.cpp could not load {path.name}.", detail="\n".join(tries))


def last_error() -> str:
    """llama.cpp's first error line of the last load."""
    errors = library.logged_errors()
    return errors[0] if errors else "llama.cpp gave no reason."


def _raise_unknown_architecture(path: Path) -> None:
    for line in library.logged_errors():
        if "unknown model architecture" in line:
            name = line.rpartition("architecture:")[2].strip(" '")
            raise ModelFileError(
                f"{path.name} is a model of the kind {name!r}, which this llama.cpp does not know.",
                hint="Choose another model, or update Carrel.",
            )
