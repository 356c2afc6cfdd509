"""Converting a model to a form that this processor reads faster, if measuring says that it is one.

The user's file is never touched: the copy lies in the cache and is used only while it fits.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from pathlib import Path

from engine.backends.llama import converted_files, library
from engine.backends.llama.comparison import compare, is_better
from engine.backends.llama.converted_files import Converted
from engine.backends.llama.gguf import GgufHeader
from engine.backends.llama.quantizing import quantize
from engine.contracts import AbortFlag
from engine.errors import BadRequestError, ModelFileError, ModelLoadError
from engine.hashing import file_sha256

Report = Callable[[str, float, float], None]

FAST = "Q8_0"
FAST_BYTES = 34 / 32  # of one weight
# Types for which ggml has no kernels on x86 that multiply whole blocks of a prompt. Measured on AVX2,
# in tokens per second of a prompt: Q5_1 429, Q4_1 504, Q5_0 545, but Q8_0 853, Q4_0 898; the K types
# are as fast as Q8_0. With AMX Q4_1 is fast, too.
SLOW = frozenset({"Q4_1", "Q5_0", "Q5_1"})
# In larger models answers wait for the memory, and Q8_0 has nearly twice the bytes.
MOST_WEIGHTS = 2_000_000_000
DISK_RESERVE = 200 * 10**6
MEMORY_RESERVE = 500 * 10**6  # for the contexts that both are measured in


def wanted_quantization(header: GgufHeader, system: str = "") -> str:
    """What is worth a try for a model on the CPU; "" if it is fast as it is.

    Only a guess from the types of its weights: what is made of it is measured before it is used.
    `system` is llama.cpp's line about itself, that of this machine if left out.
    """
    system = system or f"{platform.machine()} {library.build()}"
    is_slow_here = system.startswith(("x86_64", "AMD64")) and "AMX_INT8 = 1" not in system
    slow = sum(header.weights.get(name, 0) for name in SLOW)
    if not is_slow_here or "split.count" in header.metadata:
        return ""
    return FAST if header.parameter_count / 2 < slow <= MOST_WEIGHTS else ""


def convert(
    source: Path,
    header: GgufHeader,
    quantization: str,
    memory: int,
    n_threads: int,
    abort: AbortFlag,
    report: Report,
) -> Converted:
    """Write the copy, measure both, keep the copy if it is better, and remember what was found.

    `memory` is what is free, in bytes. Raises `ModelFileError`, `ModelLoadError`, `AbortedError`.
    """
    if not quantization:
        raise BadRequestError(
            f"{source.name} is read as fast as this processor can.",
            hint="There is nothing to convert.",
        )
    sha256 = file_sha256(source, abort, lambda done, total: report("hashing", done, total))
    name = converted_files.file_name(source, sha256, quantization)
    part = converted_files.part_of(name)
    _check_room(part.parent, header, source, memory)
    try:
        quantize(source, part, quantization, abort, lambda *p: report("converting", *p))
        before, after = compare(source, part, n_threads, abort, lambda *p: report("measuring", *p))
        used = is_better(before, after)
        record = Converted(
            file=name,
            source=str(source),
            source_sha256=sha256,
            source_quantization=header.quantization,
            sha256=file_sha256(part, abort, lambda done, total: None),
            quantization=quantization,
            size_bytes=part.stat().st_size,
            build=library.build(),
            prompt_speed=after.prompt,
            source_prompt_speed=before.prompt,
            decode_speed=after.decode,
            source_decode_speed=before.decode,
            perplexity=after.perplexity,
            source_perplexity=before.perplexity,
            used=used,
        )
        converted_files.keep(record, part)
        if used:  # under its own name, so that the next load need not wait for this
            file_sha256(record.path, AbortFlag(), lambda done, total: None)
    except OSError as error:
        raise ModelFileError(
            f"The converted file could not be written: {error.strerror}.",
            hint="Check that the disk is not full and that the cache folder can be written.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return record


def _check_room(folder: Path, header: GgufHeader, source: Path, memory: int) -> None:
    size = int(header.parameter_count * FAST_BYTES)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise ModelFileError(
            f"The cache folder cannot be written: {error.strerror}.",
            hint="Give yourself write permission on it, then try again.",
        ) from error
    converted_files.clean()
    if free < size + DISK_RESERVE:
        raise ModelFileError(
            f"The converted file needs {size / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free on "
            "the disk.",
            hint="Free some space and try again.",
        )
    needed = size + source.stat().st_size + MEMORY_RESERVE
    if memory < needed:
        raise ModelLoadError(
            f"To compare both files, {needed / 1e9:.1f} GB of memory are needed, and "
            f"{memory / 1e9:.1f} GB are free.",
            hint="Close other programs and try again.",
        )
