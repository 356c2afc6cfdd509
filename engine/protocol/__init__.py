"""What the window, the command line and the worker say to each other.

Requests go to the worker, events come back. Every request has a `request_id` and ends with exactly
one terminal event: `RequestFinished` or `RequestFailed`. `WorkerReady` comes before all others;
`WorkerDied` is never sent by a worker: the client makes it when the process ends.
To add a request: one Struct in `requests`, its line in `Request` here, what it comes to in `results`,
and a handler in `engine/worker/handlers`.
"""

from __future__ import annotations

from engine.protocol.events import (
    Partial as Partial,
)
from engine.protocol.events import (
    Progress as Progress,
)
from engine.protocol.events import (
    RequestFailed as RequestFailed,
)
from engine.protocol.events import (
    RequestFinished as RequestFinished,
)
from engine.protocol.events import (
    TextDelta as TextDelta,
)
from engine.protocol.events import (
    WorkerDied as WorkerDied,
)
from engine.protocol.events import (
    WorkerReady as WorkerReady,
)
from engine.protocol.requests import (
    Abort as Abort,
)
from engine.protocol.requests import (
    AskLibrary as AskLibrary,
)
from engine.protocol.requests import (
    ChangeLibrary as ChangeLibrary,
)
from engine.protocol.requests import (
    Chat as Chat,
)
from engine.protocol.requests import (
    ConvertModel as ConvertModel,
)
from engine.protocol.requests import (
    Explain as Explain,
)
from engine.protocol.requests import (
    FindDocuments as FindDocuments,
)
from engine.protocol.requests import (
    JudgeTexts as JudgeTexts,
)
from engine.protocol.requests import (
    KeepServerKey as KeepServerKey,
)
from engine.protocol.requests import (
    KeptState as KeptState,
)
from engine.protocol.requests import (
    LoadModel as LoadModel,
)
from engine.protocol.requests import (
    LookAtLibrary as LookAtLibrary,
)
from engine.protocol.requests import (
    LookAtServer as LookAtServer,
)
from engine.protocol.requests import (
    ReadDocument as ReadDocument,
)
from engine.protocol.requests import (
    ReadFromLibrary as ReadFromLibrary,
)
from engine.protocol.requests import (
    RunTextTool as RunTextTool,
)
from engine.protocol.requests import (
    SearchLibrary as SearchLibrary,
)
from engine.protocol.requests import (
    UpdateLibrary as UpdateLibrary,
)
from engine.protocol.requests import (
    new_request_id as new_request_id,
)
from engine.protocol.results import (
    LIBRARY_DOCUMENT as LIBRARY_DOCUMENT,
)
from engine.protocol.results import (
    ChatResult as ChatResult,
)
from engine.protocol.results import (
    CheckedQuote as CheckedQuote,
)
from engine.protocol.results import (
    Conversion as Conversion,
)
from engine.protocol.results import (
    Explanation as Explanation,
)
from engine.protocol.results import (
    FoundDocuments as FoundDocuments,
)
from engine.protocol.results import (
    GivenText as GivenText,
)
from engine.protocol.results import (
    Judgements as Judgements,
)
from engine.protocol.results import (
    KeptKey as KeptKey,
)
from engine.protocol.results import (
    KeptStateInfo as KeptStateInfo,
)
from engine.protocol.results import (
    LibraryAnswer as LibraryAnswer,
)
from engine.protocol.results import (
    LibraryDocument as LibraryDocument,
)
from engine.protocol.results import (
    LibraryHit as LibraryHit,
)
from engine.protocol.results import (
    LibraryHits as LibraryHits,
)
from engine.protocol.results import (
    LibraryInfo as LibraryInfo,
)
from engine.protocol.results import (
    LibrarySource as LibrarySource,
)
from engine.protocol.results import (
    RefusedFile as RefusedFile,
)
from engine.protocol.results import (
    ServerLook as ServerLook,
)
from engine.protocol.results import (
    TextJudgement as TextJudgement,
)
from engine.protocol.results import (
    TextToolOutcome as TextToolOutcome,
)
from engine.protocol.results import (
    WordWeight as WordWeight,
)

PROTOCOL_VERSION = 3

Request = (
    LoadModel
    | Chat
    | ReadDocument
    | FindDocuments
    | RunTextTool
    | JudgeTexts
    | Explain
    | LookAtLibrary
    | ChangeLibrary
    | UpdateLibrary
    | SearchLibrary
    | ReadFromLibrary
    | AskLibrary
    | KeptState
    | ConvertModel
    | LookAtServer
    | KeepServerKey
    | Abort
)

Event = WorkerReady | TextDelta | Progress | Partial | RequestFinished | RequestFailed | WorkerDied
TerminalEvent = RequestFinished | RequestFailed
