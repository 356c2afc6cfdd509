"""GGUF models on llama.cpp: checking, hashing, loading, and saying on which device and why."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llama_cpp

from engine.backends.llama import library
from engine.backends.llama.chat_template import ChatTemplate
from engine.backends.llama.detokenizer import TokenPieces
from engine.backends.llama.gguf import GgufHeader, read_header
from engine.backends.llama.language_model import LlamaLanguageModel, model_string
from engine.backends.llama.session import Session
from engine.catalog import CHAT_MODEL_NAME, CHAT_MODEL_SHA256, embedded_chat_model
from engine.contracts import AbortFlag, SentenceEncoder
from engine.errors import AbortedError, ModelFileError, ModelLoadError
from engine.hashing import file_sha256
from engine.types import Device, ModelInfo, ModelSpec

AUTOMATIC_CONTEXT = 8192
Report = Callable[[str, float, float], None]


class LlamaCppBackend:
    name = "llama_cpp"

    def __init__(self) -> None:
        llama_cpp.llama_backend_init()

    def devices(self) -> tuple[Device, ...]:
        return library.devices()

    def check(self, spec: ModelSpec) -> None:
        read_header(_path_of(spec))

    def load(self, spec: ModelSpec, abort: AbortFlag, report: Report) -> LlamaLanguageModel:
        path = _path_of(spec)
        header = read_header(path)
        sha256 = file_sha256(path, abort, lambda done, total: report("hashing", done, total))
        model, device = self._load_weights(path, spec, abort, report)
        try:
            vocab = llama_cpp.llama_model_get_vocab(model)
            n_ctx_train = int(llama_cpp.llama_model_n_ctx_train(model))
            # Beyond what it was trained on a model only babbles, and memory runs out for nothing.
            n_ctx = min(spec.n_ctx or AUTOMATIC_CONTEXT, n_ctx_train)
            template = _template(model, vocab)
            session = Session(model, n_ctx, library.choose_threads(spec.n_threads))
        except Exception:
            llama_cpp.llama_model_free(model)
            raise
        info = ModelInfo(
            name=CHAT_MODEL_NAME if sha256 == CHAT_MODEL_SHA256 else header.name,
            path=str(path),
            sha256=sha256,
            size_bytes=path.stat().st_size,
            architecture=header.architecture,
            quantization=_quantization(model, header),
            parameter_count=int(llama_cpp.llama_model_n_params(model)),
            n_ctx=session.n_ctx,
            n_ctx_train=n_ctx_train,
            device=device,
            backend=self.name,
            engine_version=f"llama-cpp-python {version('llama-cpp-python')}",
            chat_template=template.source,
            metadata=header.metadata,
            embedded=spec.path is None,
        )
        return LlamaLanguageModel(model, session, template, info)

    def load_encoder(self) -> SentenceEncoder:
        from engine.encoders.sentence_encoder import MiniLmEncoder

        return MiniLmEncoder()

    def _load_weights(
        self, path: Path, spec: ModelSpec, abort: AbortFlag, report: Report
    ) -> tuple[Any, Device]:
        """The model and where it went: all asked-for layers on the GPU, or else the CPU."""
        gpus = library.gpu_devices() if spec.gpu_layers != 0 else []
        wanted = 0 if not gpus else spec.gpu_layers if spec.gpu_layers > 0 else 999
        model, reason = None, ""
        if wanted:
            model = _load(path, wanted, abort, report)
            if model is None:
                reason = f"The model did not fit on {gpus[0][1]}: {_last_error()}"
        if model is None:
            model = _load(path, 0, abort, report)
            if model is None:
                raise _load_error(path)
            if not reason:
                asked = "GPU layers are set to 0 in Settings."
                reason = asked if spec.gpu_layers == 0 else library.why_no_gpu()
            return model, Device("cpu", library.cpu_name(), reason=reason)
        layers = int(llama_cpp.llama_model_n_layer(model)) + 1
        kind, name, _ = gpus[0]
        return model, Device(kind, name, min(wanted, layers), layers, f"{name} was found.")


def _path_of(spec: ModelSpec) -> Path:
    return embedded_chat_model() if spec.path is None else Path(spec.path).expanduser()


def _load(path: Path, gpu_layers: int, abort: AbortFlag, report: Report) -> Any:
    """llama.cpp's model, or None if it would not load."""

    @llama_cpp.llama_progress_callback  # type: ignore[untyped-decorator]
    def on_progress(done: float, _: Any) -> bool:
        report("loading", done, 1.0)
        return not abort.is_set()

    params = llama_cpp.llama_model_default_params()
    params.n_gpu_layers = gpu_layers
    params.progress_callback = on_progress
    library.forget_errors()
    model = llama_cpp.llama_model_load_from_file(str(path).encode("utf-8"), params)
    if abort.is_set():
        if model:
            llama_cpp.llama_model_free(model)
        raise AbortedError
    return model or None


def _last_error() -> str:
    errors = library.logged_errors()
    return errors[0] if errors else "llama.cpp gave no reason."


def _load_error(path: Path) -> Exception:
    errors = library.logged_errors()
    for line in errors:
        if "unknown model architecture" in line:
            name = line.rpartition("architecture:")[2].strip(" '")
            return ModelFileError(
                f"{path.name} is a model of the kind {name!r}, which this llama.cpp does not know.",
                hint="Choose another model, or update Carrel.",
            )
    return ModelLoadError(f"llama.cpp could not load {path.name}.", detail="\n".join(errors))


def _template(model: Any, vocab: Any) -> ChatTemplate:
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
