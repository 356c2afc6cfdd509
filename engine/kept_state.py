"""What a model remembers of conversations, on disk: so that reopening one costs no reading.

One file per model and conversation, holding the tokens and the state (KV) that the model made of
them. A file is only ever a shortcut: one that is cut short, changed, of another build or not ours is
removed, and the conversation is read again. Files are private to the user, since they hold what was
said. Knows nothing of llama.cpp: states are bytes here, and what they fit is a `StateKey`.

Layout: magic, header length (4 bytes, little endian), header (msgpack), SHA-256 of the header, state.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from engine.paths import cache_folder

MAGIC = b"CARRELKV1\n"
SUFFIX = ".kv"
TEMPORARY = ".tmp"
MAX_HEADER = 64 << 20  # of tokens, mostly: more than any context has
_DIGEST = 32


def states_folder() -> Path:
    return cache_folder() / "conversations"


class StateKey(msgspec.Struct, frozen=True):
    """All that must be equal for a state to fit: else it would load and make the model babble."""

    model_sha256: str
    build: str  # of llama.cpp
    layout: str  # KV types, flash attention, RoPE, LoRA


class _Header(msgspec.Struct, frozen=True):
    key: StateKey
    conversation: str  # hashed
    tokens: bytes  # int32, little endian
    state_bytes: int
    state_sha256: bytes


class StateStore:
    """The files of one folder. Thread-safe. `limit` is in bytes, for all models together."""

    def __init__(self, folder: Path, limit: int = 0) -> None:
        self.folder = folder
        self.limit = limit
        self._lock = threading.RLock()

    def entries(self, key: StateKey) -> dict[str, array[int]]:
        """Hashed conversation -> its tokens, of every sound file that fits `key`.

        A file of the same model that does not fit (another build, another KV type) can never be used
        again and is removed; one of another model stays for when that is loaded.
        """
        self._remove_abandoned()
        found = {}
        for path in self._files():
            if (header := self._header(path)) is None:
                continue
            if header.key == key:
                found[header.conversation] = _tokens_of(header)
            elif header.key.model_sha256 == key.model_sha256:
                _remove(path)
        return found

    def read(self, key: StateKey, conversation: str) -> tuple[array[int], bytes] | None:
        """Tokens and state of a hashed conversation, checked; None if there is no sound file."""
        path = self._path(key, conversation)
        header = self._header(path)
        if header is None or header.key != key or header.conversation != conversation:
            return None
        try:
            with path.open("rb") as file:
                file.seek(-header.state_bytes, os.SEEK_END)
                state = file.read()
        except OSError:
            return None
        if hashlib.sha256(state).digest() != header.state_sha256:
            _remove(path)
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # used just now: others go first when room is needed
        return _tokens_of(header), state

    def write(self, key: StateKey, conversation: str, tokens: Iterable[int], state: bytes) -> bool:
        """Keep a state, whole or not at all. False if there is no room for it on disk."""
        header = msgspec.msgpack.encode(
            _Header(
                key,
                conversation,
                _little_endian(array("i", tokens)).tobytes(),
                len(state),
                hashlib.sha256(state).digest(),
            )
        )
        path = self._path(key, conversation)
        with self._lock:
            if not self._make_room(len(state) + len(header), path):
                return False
            temporary = path.with_suffix(f".{os.getpid()}{TEMPORARY}")
            try:
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(descriptor, "wb") as file:
                    file.write(MAGIC + len(header).to_bytes(4, "little") + header)
                    file.write(hashlib.sha256(header).digest())
                    file.write(state)
                os.replace(temporary, path)
            except OSError:  # a full disk costs the shortcut, not the conversation
                _remove(temporary)
                return False
        return True

    def forget(self, conversations: Iterable[str]) -> None:
        """Remove what is kept of these conversations (hashed), whatever the model."""
        ends = tuple(f"-{conversation}{SUFFIX}" for conversation in conversations)
        with self._lock:
            self._remove_abandoned()
            for path in self._files():
                if path.name.endswith(ends):
                    _remove(path)

    def forget_all(self) -> None:
        with self._lock:
            self._remove_abandoned()
            for path in self._files():
                _remove(path)

    def size(self) -> tuple[int, int]:
        """(files, bytes) that are kept."""
        sizes = [_size(path) for path in self._files()]
        return len(sizes), sum(sizes)

    def _make_room(self, wanted: int, replaced: Path) -> bool:
        """Remove the files not used for longest until `wanted` bytes more are within the limit."""
        if wanted > self.limit:
            return False
        files = sorted((p for p in self._files() if p != replaced), key=_last_used)
        total = sum(map(_size, files))
        for path in files:
            if total + wanted <= self.limit:
                break
            total -= _size(path)
            _remove(path)
        return True

    def _header(self, path: Path) -> _Header | None:
        """Of a whole file; one that cannot be ours, or is no longer whole, is removed."""
        try:
            with path.open("rb") as file:
                start = file.read(len(MAGIC) + 4)
                length = int.from_bytes(start[len(MAGIC) :], "little")
                if start[: len(MAGIC)] == MAGIC and length <= MAX_HEADER:
                    data, digest = file.read(length), file.read(_DIGEST)
                    if hashlib.sha256(data).digest() == digest:
                        header = msgspec.msgpack.decode(data, type=_Header)
                        whole = len(start) + length + _DIGEST + header.state_bytes
                        if _size(path) == whole and len(header.tokens) % 4 == 0:
                            return header
        except OSError:
            return None
        except msgspec.MsgspecError:
            pass
        _remove(path)
        return None

    def _remove_abandoned(self) -> None:
        """Half files of processes that were killed while they wrote; one's own may be at work."""
        own = f".{os.getpid()}{TEMPORARY}"
        with contextlib.suppress(OSError):
            for entry in os.scandir(self.folder):
                if entry.name.endswith(TEMPORARY) and not entry.name.endswith(own):
                    _remove(Path(entry.path))

    def _files(self) -> Iterator[Path]:
        with contextlib.suppress(OSError):
            for entry in sorted(os.scandir(self.folder), key=lambda entry: entry.name):
                if entry.name.endswith(SUFFIX) and entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)

    def _path(self, key: StateKey, conversation: str) -> Path:
        return self.folder / f"{key.model_sha256[:16]}-{conversation}{SUFFIX}"


def hashed(conversation: str) -> str:
    """The name under which a conversation is kept; safe in a file name."""
    return hashlib.sha256(conversation.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _tokens_of(header: _Header) -> array[int]:
    tokens = array("i")
    tokens.frombytes(header.tokens)
    return _little_endian(tokens)


def _little_endian(tokens: array[int]) -> array[int]:
    import sys

    if sys.byteorder == "big":
        tokens.byteswap()
    return tokens


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _last_used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
