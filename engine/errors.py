"""The errors a person can meet, each with a stable code and a hint that says what to do.

Anything raised that is not an `EngineError` is a bug and is reported as one (`INTERNAL`).
To add an error: one subclass here with its `code` and `default_hint`.
"""

from __future__ import annotations

import msgspec


class ErrorInfo(msgspec.Struct, frozen=True):
    """An error as it travels between processes: `message` says what happened, `hint` what to do."""

    code: str
    message: str
    hint: str = ""
    detail: str = ""

    def one_line(self) -> str:
        """Message and hint on one line, for terminals and banners."""
        return " ".join(f"{self.message} {self.hint}".split())


class EngineError(Exception):
    """A known failure. `message` is for the user; `detail` (a traceback, a log) is for a report."""

    code = "ENGINE"
    default_hint = ""

    def __init__(self, message: str, *, hint: str | None = None, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = self.default_hint if hint is None else hint
        self.detail = detail

    def info(self) -> ErrorInfo:
        return ErrorInfo(self.code, self.message, self.hint, self.detail)


class ModelFileError(EngineError):
    """A model file that is missing, empty, cut short, or not a model at all."""

    code = "MODEL_FILE"
    default_hint = "Choose another GGUF file, or download this one again."


class ModelLoadError(EngineError):
    """The file looks sound but llama.cpp would not load it (architecture, memory)."""

    code = "MODEL_LOAD"
    default_hint = "Choose another model, a smaller context, or fewer GPU layers in Settings."


class ContextOverflowError(EngineError):
    """The prompt is longer than the context that the model was loaded with."""

    code = "CONTEXT_OVERFLOW"
    default_hint = "Shorten the text, start a new chat, or raise the context length in Settings."


class ChatTemplateError(EngineError):
    """The model's chat template is missing, broken, or tried something it may not do."""

    code = "CHAT_TEMPLATE"
    default_hint = "Use a model that was tuned for chat."


class GenerationError(EngineError):
    """llama.cpp failed in the middle of reading or writing."""

    code = "GENERATION"
    default_hint = "Try again; if it happens again, use a smaller context or the CPU."


class ServerError(EngineError):
    """A model server that cannot be reached, refuses, fails, or answers what makes no sense."""

    code = "SERVER"
    default_hint = "Check that the server is running and that its address is right."


class ServerKeyError(ServerError):
    """The server wants a key, or another one."""

    code = "SERVER_KEY"
    default_hint = "Enter its key on the Models page, or with `carrel server-key ADDRESS`."


class DocumentError(EngineError):
    """A document that cannot be read."""

    code = "DOCUMENT"


class DocumentNotFoundError(DocumentError):
    code = "DOCUMENT_NOT_FOUND"
    default_hint = "Check that the file has not been moved, renamed or deleted."


class DocumentFormatError(DocumentError):
    """A kind of file that Carrel does not read."""

    code = "DOCUMENT_FORMAT"
    default_hint = "Save it as PDF, .docx or .txt and open that, or paste the text."


class DocumentDamagedError(DocumentError):
    code = "DOCUMENT_DAMAGED"
    default_hint = "Open it in the program that made it and save it again."


class DocumentPasswordError(DocumentError):
    code = "DOCUMENT_PASSWORD"
    default_hint = "Save a copy without a password and open that."


class DocumentNoTextError(DocumentError):
    """Readable, but it holds no text: a scan, or an empty file."""

    code = "DOCUMENT_NO_TEXT"


class DocumentTooLargeError(DocumentError):
    code = "DOCUMENT_TOO_LARGE"
    default_hint = "Split it into smaller files."


class LibraryError(EngineError):
    """The library of documents cannot be opened or written, or lacks what is asked for."""

    code = "LIBRARY"


class EncoderError(EngineError):
    """The sentence encoder is missing or damaged."""

    code = "ENCODER"
    default_hint = "Run the set-up again: it installs the embedded models."


class TextToolError(EngineError):
    """A text tool could not do its work on this input."""

    code = "TEXT_TOOL"


class LanguageError(TextToolError):
    """Nobody at hand knows the language of a text."""

    code = "LANGUAGE_NOT_COVERED"
    default_hint = "Open a chat model that knows this language, and run it again."


class BadRequestError(EngineError):
    """A request that makes no sense: an unknown text tool, a bad option, an unknown frame."""

    code = "BAD_REQUEST"


class ServerRefusedError(BadRequestError):
    """A model server understood the request and does not want it like that."""

    code = "SERVER_REFUSED"
    default_hint = "Change what the message names in Settings, or choose another model."


class WorkerDiedError(EngineError):
    """The worker process ended while a request was open. Made by the client."""

    code = "WORKER_DIED"
    default_hint = "The engine was started again. Send it once more."


class WorkerStartError(EngineError):
    """The worker could not be started, or died three times in a row."""

    code = "WORKER_START"
    default_hint = "Run `carrel selftest` to see why, or choose another model."


class StorageError(EngineError):
    """The database cannot be opened, read or written."""

    code = "STORAGE"
    default_hint = "Check that the disk is not full and that the data folder can be written."


class StorageReadOnlyError(StorageError):
    code = "STORAGE_READ_ONLY"
    default_hint = "Give yourself write permission on the data folder, then start Carrel again."


class StorageNewerError(StorageError):
    """Written by a newer Carrel: refused and left as it is."""

    code = "STORAGE_NEWER"
    default_hint = "Update Carrel; the database was left as it is."


class StorageDamagedError(StorageError):
    code = "STORAGE_DAMAGED"
    default_hint = "The damaged file was set aside, not deleted."


class SettingsError(EngineError):
    code = "SETTINGS"


class AbortedError(Exception):
    """Raised inside the engine to unwind a request that the user stopped. Not an error."""
