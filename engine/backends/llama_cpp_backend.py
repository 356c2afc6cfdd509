"""GGUF models on llama.cpp: checking, hashing, loading, and saying on which device and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import msgspec

from engine.backends.llama import converted_files, library
from engine.backends.llama.chat_template import ChatTemplate
from engine.backends.llama.context import LlamaContext
from engine.backends.llama.conversion import convert, wanted_quantization
from engine.backends.llama.converted_files import Converted
from engine.backends.llama.detokenizer import TokenPieces
from engine.backends.llama.facts import facts_of
from engine.backends.llama.fit import BATCH, Gpu, LoadPlan, load_plans
from engine.backends.llama.gguf import GgufHeader, read_header
from engine.backends.llama.language_model import LlamaLanguageModel, model_string
from engine.backends.llama.loading import load_first, read_ahead
from engine.backends.llama.memory import available_memory
from engine.backends.llama.prompt_reader import PromptReader
from engine.backends.llama.state_keeper import StateKeeper
from engine.backends.llama.thread_choice import ThreadChoice, choose_threads
from engine.backends.passing_thread import in_a_passing_thread
from engine.catalog import CHAT_MODEL_NAME, CHAT_MODEL_SHA256, embedded_chat_model
from engine.contracts import AbortFlag, TextEncoder
from engine.errors import AbortedError, BadRequestError, ModelLoadError
from engine.hashing import file_sha256
from engine.kept_state import StateKey, StateStore, states_folder
from engine.paths import cache_folder
from engine.protocol import Conversion
from engine.types import Device, ModelInfo, ModelSpec

Report = Callable[[str, float, float], None]


class ModelFile(msgspec.Struct, frozen=True):
    """What is loaded for a spec. `source` is the user's file, `path` that or what was made of it."""

    path: Path
    header: GgufHeader
    sha256: str
    source: Path
    name: str
    converted: Converted | None = None
    wanted: str = ""  # the quantization that is worth a conversion


class LlamaCppBackend:
    """`memory` tells how many bytes are free for the CPU."""

    name = "llama_cpp"

    def __init__(self, memory: Callable[[], int] = available_memory) -> None:
        llama_cpp.llama_backend_init()
        self._memory = memory

    def devices(self) -> tuple[Device, ...]:
        return library.devices()

    def check(self, spec: ModelSpec) -> None:
        read_header(_path_of(spec))

    def load(self, spec: ModelSpec, abort: AbortFlag, report: Report) -> LlamaLanguageModel:
        return in_a_passing_thread(lambda: self._load(spec, abort, report))

    def _load(self, spec: ModelSpec, abort: AbortFlag, report: Report) -> LlamaLanguageModel:
        gpus = library.gpu_devices() if spec.gpu_layers != 0 else []
        memory = self._memory()
        file = _look(spec, abort, report, take_converted=not gpus)
        if file.converted is not None:
            own = _look(spec, abort, report, take_converted=False)
            if not _fits_as_well(file, own, spec, memory):
                file = own
        plans = _plans(file, spec, gpus, memory)
        read = read_ahead(file.path, memory, abort, report)

        def use(model: Any, plan: LoadPlan, failed: Sequence[str]) -> LlamaLanguageModel:
            template = _template(model)
            threads = _threads(model, plan, spec, file, abort, report)
            context = make_context(model, plan, threads)
            if abort.is_set():
                context.close()
                raise AbortedError
            device = _device(model, plan, gpus)
            info = _info(model, file, plan, context.n_ctx, device, template, spec, self.name)
            told = [plan.reason, *plan.remarks, threads.reason, *failed]
            if file.converted is not None:
                told.append(file.converted.sentence())
            info = msgspec.structs.replace(info, choices=tuple(filter(None, told)))
            keeper = _keeper(file, plan)
            reader = make_reader(model, plan, threads, context)
            return LlamaLanguageModel(model, context, threads, template, info, keeper, reader)

        return load_first(file.path, plans, use, abort, report, read)

    def convert(self, spec: ModelSpec, abort: AbortFlag, report: Report) -> Conversion:
        """Make and measure a form of the model that the processor reads faster.

        Raises `BadRequestError` if there is none, and what `conversion.convert` raises.
        """
        if spec.gpu_layers != 0 and library.gpu_devices():
            raise BadRequestError(
                "The model runs on a GPU, which reads every form of it fast.",
                hint="There is nothing to convert.",
            )
        file = _look(spec, abort, report, take_converted=True)
        record = file.converted
        if record is None:
            memory, threads = self._memory(), library.choose_threads(spec.n_threads)
            wanted = wanted_quantization(file.header)
            record = in_a_passing_thread(
                lambda: convert(file.source, file.header, wanted, memory, threads, abort, report)
            )
        return Conversion(
            path=str(record.path) if record.used else "",
            quantization=record.quantization,
            source_quantization=record.source_quantization,
            size_bytes=record.size_bytes,
            prompt_speed=record.prompt_speed,
            source_prompt_speed=record.source_prompt_speed,
            perplexity=record.perplexity,
            source_perplexity=record.source_perplexity,
            used=record.used,
        )

    def load_encoder(self) -> TextEncoder:
        from engine.encoders.resident import ResidentEncoder

        return ResidentEncoder()


def make_context(model: Any, plan: LoadPlan, threads: ThreadChoice) -> LlamaContext:
    """Raises `ModelLoadError` if there is no memory for it."""
    return LlamaContext(model, plan, threads.decode, threads.prompt)


def make_reader(
    model: Any, plan: LoadPlan, threads: ThreadChoice, context: LlamaContext
) -> PromptReader | None:
    """For long prompts, beside `context`; None where the plan has none or it does not work."""
    if not plan.has_reader:
        return None
    batch = min(BATCH, plan.n_ctx)
    plan = msgspec.structs.replace(
        plan, n_cells=plan.n_ctx, flash_attention="on", n_batch=batch, n_ubatch=batch
    )
    try:
        reader = PromptReader(
            LlamaContext(model, plan, threads.decode, threads.prompt, context.interrupt)
        )
    except ModelLoadError:
        return None  # it only saves time
    if not reader.is_able:
        reader.close()
        return None
    return reader


def _path_of(spec: ModelSpec) -> Path:
    return embedded_chat_model() if spec.path is None else Path(spec.path).expanduser()


def _look(spec: ModelSpec, abort: AbortFlag, report: Report, *, take_converted: bool) -> ModelFile:
    """Check and hash the file; a converted one takes its place if there is one."""
    source = _path_of(spec)
    header = read_header(source)
    abort.raise_if_set()
    sha256 = file_sha256(source, abort, lambda done, total: report("hashing", done, total))
    name = CHAT_MODEL_NAME if sha256 == CHAT_MODEL_SHA256 else header.name
    if not take_converted:
        return ModelFile(source, header, sha256, source, name)
    record = converted_files.find(source, sha256, abort)
    if record is None:
        wanted = wanted_quantization(header)
        return ModelFile(source, header, sha256, source, name, wanted=wanted)
    if not record.used:  # it was tried, and was no better
        return ModelFile(source, header, sha256, source, name)
    header = read_header(record.path)
    return ModelFile(record.path, header, record.sha256, source, name, converted=record)


def _plans(
    file: ModelFile, spec: ModelSpec, gpus: Sequence[Gpu], memory: int
) -> Sequence[LoadPlan]:
    facts = facts_of(file.header, file.name, file.path.stat().st_size)
    return load_plans(facts, spec, gpus, memory, library.why_no_gpu())


def _fits_as_well(file: ModelFile, own: ModelFile, spec: ModelSpec, memory: int) -> bool:
    """A copy is larger than the user's own file: where memory is short, it would cost context."""
    (best, *_) = _plans(own, spec, [], memory)
    try:
        (plan, *_) = _plans(file, spec, [], memory)
    except ModelLoadError:
        return False
    return (plan.n_ctx, plan.kv_type) == (best.n_ctx, best.kv_type)


def _threads(
    model: Any, plan: LoadPlan, spec: ModelSpec, file: ModelFile, abort: AbortFlag, report: Report
) -> ThreadChoice:
    if plan.gpu_layers and not spec.n_threads:
        usual = library.choose_threads(0)  # most of the work is the GPU's
        return ThreadChoice(usual, usual, usual)
    size, store = file.path.stat().st_size, cache_folder() / "machine.json"
    return choose_threads(model, spec.n_threads, size, abort, report, store)


def _device(model: Any, plan: LoadPlan, gpus: Sequence[Gpu]) -> Device:
    if not plan.gpu_layers:
        return Device("cpu", library.cpu_name(), reason=plan.reason)
    layers = int(llama_cpp.llama_model_n_layer(model)) + 1
    kind, name, _ = gpus[0]
    return Device(kind, name, min(plan.gpu_layers, layers), layers, plan.reason)


def _info(
    model: Any,
    file: ModelFile,
    plan: LoadPlan,
    n_ctx: int,
    device: Device,
    template: ChatTemplate,
    spec: ModelSpec,
    backend: str,
) -> ModelInfo:
    quantization = _quantization(model, file.header)
    if file.converted is not None:
        quantization += f", converted from {file.converted.source_quantization}"
    return ModelInfo(
        name=file.name,
        path=str(file.source),
        sha256=file.sha256,
        size_bytes=file.path.stat().st_size,
        architecture=file.header.architecture,
        quantization=quantization,
        parameter_count=int(llama_cpp.llama_model_n_params(model)),
        n_ctx=n_ctx,
        n_ctx_train=int(llama_cpp.llama_model_n_ctx_train(model)),
        device=device,
        backend=backend,
        engine_version=library.engine_version(),
        chat_template=template.source,
        metadata=file.header.metadata,
        embedded=spec.path is None,
        conversion=file.wanted,
    )


def _keeper(file: ModelFile, plan: LoadPlan) -> StateKeeper:
    """What conversations left in the model is kept for this very file, build and form of context."""
    layout = f"kv {plan.kv_type}, flash attention {plan.flash_attention or 'auto'}"
    store = StateStore(states_folder())
    return StateKeeper(store, StateKey(file.sha256, library.build(), layout))


def _template(model: Any) -> ChatTemplate:
    vocab = llama_cpp.llama_model_get_vocab(model)
    source = llama_cpp.llama_model_chat_template(model, None)
    pieces = TokenPieces(vocab)

    def text_of(token: int) -> str:
        return pieces.bytes_of(token, special=True).decode(errors="replace") if token >= 0 else ""

    return ChatTemplate(
        (source or b"").decode("utf-8", errors="replace"),
        text_of(llama_cpp.llama_vocab_bos(vocab)),
        text_of(llama_cpp.llama_vocab_eos(vocab)),
    )


def _quantization(model: Any, header: GgufHeader) -> str:
    if header.quantization:
        return header.quantization
    return model_string(llama_cpp.llama_model_desc, model).rpartition(" ")[2]
