"""How a model can be loaded with the memory there is: plans, the best first, each with its reasons.

Pure arithmetic, from above: Linux promises more memory than there is and ends who believes it, so
what would not fit is left out before anything is allocated. It loads nothing and asks no device.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import msgspec

from engine.backends.llama.facts import VALUE_BYTES, ModelFacts
from engine.errors import BadRequestError, ModelLoadError
from engine.types import ModelSpec

AUTOMATIC_CONTEXT = 8192
LEAST_CONTEXT = 2048
CELLS = 256  # llama.cpp rounds a context up to a multiple of this
CONVERSATIONS = 2  # whole contexts that may be held at once
MEMORY_SHARE = 8  # on the CPU they take at most one part in so many of what is free
LEAST_GPU_SHARE = 8
BATCH, LEAST_BATCH = 512, 64
WRITING_BATCH = 256  # attention without flash attention needs memory for each row
CPU_RESERVE = 256 * 10**6
GPU_RESERVE = 512 * 10**6  # of each: for the driver, and for the screen
FLASH_ATTENTION = ("", "on", "off")
FAILED = "there was not enough memory for more"  # although it looked so

Gpu = tuple[str, str, int]  # kind, name, free bytes
_Choice = tuple[int, str, tuple[str, ...]]  # context, its type, remarks


class LoadPlan(msgspec.Struct, frozen=True):
    """`n_ctx` is what one conversation may have, `n_cells` what all of them together may.

    `gpu_layers` counts the output layer too. `reason` says why there, `remarks` what else a person
    should know of the choice; whole sentences.
    """

    n_ctx: int
    n_cells: int
    gpu_layers: int = 0
    kv_type: str = "f16"
    flash_attention: str = ""
    n_batch: int = BATCH
    n_ubatch: int = BATCH
    has_reader: bool = False  # a second context, with flash attention, for long prompts
    reason: str = ""
    remarks: tuple[str, ...] = ()


def load_plans(
    facts: ModelFacts, spec: ModelSpec, gpus: Sequence[Gpu], memory: int, why_no_gpu: str = ""
) -> list[LoadPlan]:
    """Every way that should fit, best first. `ModelLoadError` if there is none.

    All layers on the GPU, an 8-bit context only where memory is short, fewer layers, a smaller
    context, the CPU. `memory` is what the CPU has free, in bytes. `BadRequestError` for a wish that
    means nothing.
    """
    if spec.kv_type not in ("", *VALUE_BYTES) or spec.flash_attention not in FLASH_ATTENTION:
        raise BadRequestError("The context's precision is f16 or q8_0, flash attention on or off.")
    fit = _Fit(facts, spec, memory)
    plans: list[LoadPlan] = []
    if spec.gpu_layers == 0:
        why_no_gpu = "GPU layers are set to 0 in Settings."
    elif gpus:
        plans += fit.on_gpus(gpus)
        why_no_gpu = f"The model does not fit on {_names(gpus)}: {_gb(_free(gpus))} are free there."
        if plans:
            why_no_gpu = f"The model could not be loaded on {_names(gpus)}."
    plans += fit.on_cpu(why_no_gpu)
    plans = _ever_smaller(plans, facts)
    if not plans:
        raise ModelLoadError(
            f"{facts.name} needs {_gb(fit.least_memory())} of memory, and {_gb(memory)} are free.",
            hint="Close other programs, or choose a smaller model.",
        )
    return plans


def _ever_smaller(plans: Sequence[LoadPlan], facts: ModelFacts) -> list[LoadPlan]:
    """Without those that need no less than the one before, which must have failed."""
    kept: list[LoadPlan] = []
    for plan in plans:
        if kept and plan.gpu_layers == kept[-1].gpu_layers:
            before, now = (facts.context_bytes(p.n_cells, p.kv_type) for p in (kept[-1], plan))
            if now >= before:
                continue
        kept.append(plan)
    return kept


class _Fit:
    def __init__(self, facts: ModelFacts, spec: ModelSpec, memory: int) -> None:
        self._facts, self._spec, self._memory = facts, spec, memory
        self._batch = max(spec.n_batch or BATCH, LEAST_BATCH)
        self._wish = min(spec.n_ctx or AUTOMATIC_CONTEXT, facts.n_ctx_train)
        self._kv_types: tuple[str, ...] = (spec.kv_type,) if spec.kv_type else ("f16", "q8_0")
        self._remarks: tuple[str, ...] = ()
        if spec.n_ctx > facts.n_ctx_train:
            self._remarks = (
                f"The context is {self._wish:,} tokens: the model was trained on no more.",
            )
        if why := self._why_not_8_bits():
            self._kv_types = ("f16",)
            if spec.kv_type == "q8_0":
                self._remarks += (f"The context is kept in 16 bits: {why}",)

    def on_cpu(self, why: str) -> Iterator[LoadPlan]:
        short = f"only {_gb(self._memory)} of memory are free"

        def fits(n_ctx: int, kv_type: str) -> bool:
            return self._on_cpu(n_ctx, kv_type) <= self._memory

        for n_ctx, kv_type, remarks in self._choices(self._contexts(), short, fits):
            spare = self._memory - self._on_cpu(n_ctx, kv_type)
            n_cells = self._roomy(n_ctx, kv_type, spare, self._memory / MEMORY_SHARE)
            for cells in dict.fromkeys((n_cells, _cells(n_ctx))):
                plan = self._plan(n_ctx, cells, kv_type, 0, why, remarks)
                yield from self._in_two_contexts(plan, self._memory)
                yield plan

    def _in_two_contexts(self, plan: LoadPlan, memory: int) -> Iterator[LoadPlan]:
        """Answers are written faster without flash attention on a CPU, prompts are read faster
        with it (see `prompt_reader`): where there is room for both."""
        facts, batch = self._facts, min(plan.n_batch, WRITING_BATCH)
        if self._spec.flash_attention or plan.kv_type != "f16" or facts.state_bytes:
            return
        more = facts.context_bytes(_cells(plan.n_ctx), plan.kv_type)
        more += facts.compute_bytes(plan.n_cells, batch, flash=False)
        if self._on_cpu(plan.n_cells, plan.kv_type) + more <= memory:
            yield msgspec.structs.replace(
                plan, flash_attention="off", n_batch=batch, n_ubatch=batch, has_reader=True
            )

    def least_memory(self) -> int:
        return self._on_cpu(self._contexts()[-1], self._kv_types[-1])

    def on_gpus(self, gpus: Sequence[Gpu]) -> Iterator[LoadPlan]:
        total = self._facts.layers + 1
        asked = min(self._spec.gpu_layers, total) if self._spec.gpu_layers > 0 else total
        plans = list(self._whole(gpus, asked, total))
        yield from plans
        most = asked * 3 // 4 if plans else asked - 1
        yield from self._fewer(gpus, most, total, have_failed=bool(plans))

    def _whole(self, gpus: Sequence[Gpu], asked: int, total: int) -> Iterator[LoadPlan]:
        """With all the layers that are wanted there."""
        short = f"only {_gb(_free(gpus))} are free on {_names(gpus)}"
        choices = self._choices([self._wish], short, lambda *c: self._fits(gpus, asked, *c))
        for n_ctx, kv_type, remarks in choices:
            need, _ = self._on_gpu(asked, n_ctx, kv_type, len(gpus))
            n_cells = self._roomy(n_ctx, kv_type, _usable(gpus) - need)
            for cells in dict.fromkeys((n_cells, _cells(n_ctx))):
                need, _ = self._on_gpu(asked, cells, kv_type, len(gpus))
                reason = f"{asked} of {total} layers on {_names(gpus)}, as set in Settings."
                if asked == total:
                    where = f"{_names(gpus)}: {_gb(need)} of {_gb(_free(gpus))}"
                    reason = f"All {total} layers on {where}."
                yield self._plan(n_ctx, cells, kv_type, asked, reason, remarks)

    def _fewer(
        self, gpus: Sequence[Gpu], most: int, total: int, *, have_failed: bool
    ) -> Iterator[LoadPlan]:
        """With as many layers as fit, and half of those."""
        why, short = f"no more fit into {_gb(_free(gpus))}", f"only {_gb(_free(gpus))} are free"
        if have_failed:
            why, short = "it could not be loaded with more", FAILED
        kv_type = self._kv_types[0]
        least = total // LEAST_GPU_SHARE  # with less, what goes to and fro costs more than it gives
        for n_ctx in self._contexts():
            counts = (n for n in range(most, least, -1) if self._fits(gpus, n, n_ctx, kv_type))
            if count := next(counts, 0):
                for layers in filter(lambda n: n > least, (count, count // 2)):
                    reason = f"{layers} of {total} layers on {_names(gpus)}: {why}."
                    remarks = self._told(n_ctx, kv_type, short)
                    yield self._plan(n_ctx, _cells(n_ctx), kv_type, layers, reason, remarks)
                return

    def _fits(self, gpus: Sequence[Gpu], layers: int, n_ctx: int, kv_type: str) -> bool:
        on_gpu, on_cpu = self._on_gpu(layers, n_ctx, kv_type, len(gpus))
        return on_gpu <= _usable(gpus) and on_cpu <= self._memory

    def _contexts(self) -> list[int]:
        """The wish, halves of it, and the least."""
        least = min(self._wish, LEAST_CONTEXT)
        sizes = [self._wish]
        while sizes[-1] > least:
            sizes.append(max(sizes[-1] // 2, least))
        return sizes

    def _choices(
        self, contexts: Sequence[int], short: str, fits: Callable[[int, str], bool]
    ) -> Iterator[_Choice]:
        """What fits, best first. `short` says why it is not more."""
        because = FAILED if fits(self._wish, self._kv_types[0]) else short
        for n_ctx in contexts:
            for kv_type in self._kv_types:
                if fits(n_ctx, kv_type):
                    yield n_ctx, kv_type, self._told(n_ctx, kv_type, because)

    def _told(self, n_ctx: int, kv_type: str, because: str) -> tuple[str, ...]:
        told = []
        if n_ctx < self._wish:
            told.append(f"made smaller, {n_ctx:,} tokens,")
        if kv_type == "q8_0" and not self._spec.kv_type:
            told.append("kept in 8 bits (q8_0)")
        if not told:
            return self._remarks
        return (*self._remarks, f"The context was {' and '.join(told)} because {because}.")

    def _why_not_8_bits(self) -> str:
        if self._spec.flash_attention == "off":
            return "8 bits need flash attention, which is off in Settings."
        return "" if self._facts.kv_in_blocks else "this model's heads are not made for 8 bits."

    def _compute(self, n_cells: int) -> int:
        flash = self._spec.flash_attention != "off"
        return self._facts.compute_bytes(n_cells, self._batch, flash=flash)

    def _on_cpu(self, n_cells: int, kv_type: str) -> int:
        """All of it, with the file's pages: without them every token would come from the disk."""
        context = self._facts.context_bytes(_cells(n_cells), kv_type)
        return self._facts.size_bytes + context + self._compute(n_cells) + CPU_RESERVE

    def _on_gpu(self, layers: int, n_cells: int, kv_type: str, gpus: int) -> tuple[int, int]:
        """What the GPUs and what the CPU must have free for it."""
        facts = self._facts
        context = facts.context_bytes(_cells(n_cells), kv_type)
        compute = self._compute(n_cells)
        share = layers / (facts.layers + 1)
        kv_share = min(layers / facts.layers, 1.0)
        on_gpu = facts.size_bytes * share + context * kv_share + compute * gpus
        rest = facts.size_bytes * (1 - share) + context * (1 - kv_share) + compute + CPU_RESERVE
        return int(on_gpu), 0 if share == 1 else int(rest)

    def _roomy(self, n_ctx: int, kv_type: str, spare: float, most: float = math.inf) -> int:
        """Cells for several conversations: `spare` bytes besides the first, `most` for all."""
        kv_bytes = self._facts.kv_bytes(kv_type)
        each = kv_bytes + self._compute(1) - self._compute(0)
        limits = [CONVERSATIONS * n_ctx, n_ctx + spare / each]
        if kv_bytes:
            limits.append(most / kv_bytes)
        return max(int(min(limits)) // CELLS * CELLS, _cells(n_ctx))

    def _plan(
        self,
        n_ctx: int,
        n_cells: int,
        kv_type: str,
        layers: int,
        reason: str,
        remarks: tuple[str, ...],
    ) -> LoadPlan:
        batch = min(self._batch, n_cells)
        return LoadPlan(
            n_ctx=n_ctx,
            n_cells=n_cells,
            gpu_layers=layers,
            kv_type=kv_type,
            flash_attention=self._spec.flash_attention,
            n_batch=batch,
            n_ubatch=batch,
            reason=reason,
            remarks=remarks,
        )


def _cells(n_ctx: int) -> int:
    return -(-n_ctx // CELLS) * CELLS


def _names(gpus: Sequence[Gpu]) -> str:
    return " and ".join(name for _, name, _ in gpus)


def _free(gpus: Sequence[Gpu]) -> int:
    return sum(free for _, _, free in gpus)


def _usable(gpus: Sequence[Gpu]) -> int:
    return sum(free - GPU_RESERVE for _, _, free in gpus)


def _gb(count: float) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{max(count, 0) / 1e6:.0f} MB"
