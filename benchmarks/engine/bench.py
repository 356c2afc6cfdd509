"""What all measures share: how many rounds, which file, where the peers are, and the words to read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import msgspec

from benchmarks.engine.carrel import Carrel
from benchmarks.engine.prompts import Vocabulary
from benchmarks.engine.server import LlamaServer
from benchmarks.engine.tools import Tools
from benchmarks.engine.tuned_llama import TunedLlama
from benchmarks.peers import Peers, PeersMissing, find_peers
from benchmarks.report import progress
from engine.catalog import embedded_chat_model
from engine.paths import cache_folder
from engine.protocol import Conversion, ConvertModel, LoadModel, new_request_id
from engine.types import ModelInfo, ModelSpec

THREADS = 2
N_CTX = 8192


class NotMeasured(Exception):
    """A row that cannot be measured here; the message says why."""


class Bench:
    """One run. `home` is a folder of its own for everything that Carrel keeps."""

    def __init__(
        self, home: Path, *, quick: bool, peers: Path | None = None, native: bool = False
    ) -> None:
        self.home, self.quick = home, quick
        self.rounds = 3 if quick else 7
        self.file = embedded_chat_model()
        self._peers_folder, self._native = peers, native
        self._cache = cache_folder()  # before `CARREL_HOME` is another

    def size(self, tokens: int) -> int:
        """So many tokens, or half of them in a quick run."""
        return tokens // 2 if self.quick else tokens

    @property
    def peers(self) -> Peers:
        """llama.cpp's programs; `PeersMissing`, each time, if there are none."""
        if isinstance(self._peers, PeersMissing):
            raise self._peers
        return self._peers

    @cached_property
    def _peers(self) -> Peers | PeersMissing:
        try:
            return find_peers(self._peers_folder, native=self._native, cache=self._cache)
        except PeersMissing as error:
            return error

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.file)

    @cached_property
    def conversion(self) -> Conversion:
        """The embedded model, converted by Carrel in a home of its own, and Carrel's own measures."""
        progress("converting the embedded model")
        with self.carrel(home="converting", spec=_SPEC) as carrel:
            request = ConvertModel(new_request_id(), _SPEC)
            return msgspec.convert(carrel.finish(request).result, Conversion)

    def converted_file(self) -> Path:
        return Path(self.conversion.path)

    def tools(self) -> Tools:
        return Tools(self.peers, THREADS)

    @contextmanager
    def carrel(
        self,
        file: Path | None = None,
        *,
        home: str = "plain",
        spec: ModelSpec | None = None,
        warm: bool = True,
    ) -> Iterator[Carrel]:
        """A worker with the file (the embedded one if none is named) loaded and warmed up.

        It is told the file by its path and lives in a home where nothing was converted, so that no
        other file takes its place.
        """
        wanted = spec or msgspec.structs.replace(_SPEC, path=str(file or self.file))
        os.environ["CARREL_HOME"] = str(self.home / home)
        carrel = Carrel(wanted, self.vocabulary.end_texts)
        try:
            info = msgspec.convert(
                carrel.finish(LoadModel(new_request_id(), wanted)).result, ModelInfo
            )
            if not spec and home == "plain" and not os.path.samefile(info.path, wanted.path or ""):
                raise NotMeasured(f"Carrel took another file: {info.path}")
            if warm:
                carrel.warm_up()
            yield carrel
        finally:
            carrel.close()

    @contextmanager
    def llama(self, file: Path | None = None) -> Iterator[TunedLlama]:
        model = TunedLlama(file or self.file, N_CTX, THREADS, self.vocabulary.ends)
        try:
            model.warm_up(self.vocabulary.prompt(self.vocabulary.chat(64, seed="warm-up")))
            yield model
        finally:
            model.close()

    @contextmanager
    def server(self) -> Iterator[LlamaServer]:
        """llama-server with room for eight conversations, and its own cache in memory."""
        server = LlamaServer(self.peers, self.file, THREADS, self.home / "llama-server.log")
        try:
            server.wait_ready()
            server.complete(self.vocabulary.prompt(self.vocabulary.chat(64, seed="warm-up")), 16)
            yield server
        finally:
            server.close()

    def need_scheduler(self) -> None:
        """Chats at the same time need the scheduler; without it they would spoil each other."""
        if find_spec("engine.backends.llama.scheduler") is None:
            raise NotMeasured("this engine has no scheduler for chats at the same time")


# Like the peers: on the processor, with exact attention state. The rest is as users get it.
_SPEC = ModelSpec(n_ctx=N_CTX, gpu_layers=0, n_threads=THREADS, kv_type="f16")
