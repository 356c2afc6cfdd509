"""The worker is killed at any moment: who waited is told, and the next chat works by itself.

Moments: while it starts, loads a model, reads a prompt, writes answers, saves what it has read, and
rests. What was streamed before is looked at too: it is what a user keeps of the answer.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

from engine.client import EngineClient
from engine.kept_state import SUFFIX, states_folder
from engine.protocol import (
    Chat,
    LoadModel,
    Progress,
    RequestFailed,
    RequestFinished,
    WorkerDied,
    WorkerReady,
    new_request_id,
)
from engine.types import GenerationParams, Message, ModelSpec, Role
from tests.engine.recorder import Recorder
from tests.proofs.soak_answers import Sample, check_alone
from tests.proofs.soak_requests import GREEDY, KV_DISK_MB, Crowd, Size

MODEL = ModelSpec(n_ctx=1024)
OTHER = ModelSpec(n_ctx=512)  # asking for it loads the model anew
TEMPORARY = "*.tmp"


class Kills:
    """`wrong` has what should not be; `counts` how often what was met."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._crowd = Crowd(self._chance, MODEL, 0, Size())
        self._recorder = Recorder(EngineClient())
        self._talk = 0
        self.wrong: list[str] = []
        self.samples: list[Sample] = []
        self.counts: dict[str, int] = {"failed": 0, "with text": 0, "half a file left": 0}
        self.moments: dict[str, Callable[[], list[Chat]]] = {
            "writing": self._while_writing,
            "saving": self._while_saving,
            "loading": self._while_loading,
            "reading": self._while_reading,
            "starting": self._while_starting,
            "resting": self._while_resting,
        }

    def run(self, kills: int) -> None:
        recorder = self._recorder
        recorder.client.start()
        try:
            recorder.wait(WorkerReady)
            self._go_on("at the beginning", [])
            for number in range(kills):
                moment = list(self.moments)[number % len(self.moments)]
                recorder.events.clear()
                recorder.times.clear()
                self.counts[moment] = self.counts.get(moment, 0) + 1
                waiting = self.moments[moment]()
                self._kill(moment, waiting)
                self._go_on(moment, waiting)
        finally:
            recorder.client.close()

    def _kill(self, moment: str, waiting: list[Chat]) -> None:
        """Kill it now, and look at what everybody is told."""
        recorder, pid = self._recorder, self._recorder.client.pid
        if pid is None:
            self.wrong.append(f"{moment}: there was no worker to kill")
            return
        seen = len(recorder.events)
        os.kill(pid, signal.SIGKILL)
        died = recorder.wait(WorkerDied, after=seen)
        if (died.exit_code, died.will_restart) != (-signal.SIGKILL, True):
            self.wrong.append(f"{moment}: {died}")
        recorder.wait(WorkerReady, after=recorder.place_of(died))  # nobody has asked for it
        for request in waiting:
            self._look_at(moment, request)
        self.counts["half a file left"] += any(states_folder().glob(TEMPORARY))

    def _look_at(self, moment: str, request: Chat) -> None:
        ends = self._recorder.ends(request.request_id)
        text = self._recorder.text(request.request_id)
        if len(ends) != 1:
            self.wrong.append(f"{moment}: a request ended {len(ends)} times")
        elif isinstance(ends[0], RequestFailed):
            error = ends[0].error
            self.counts["failed"] += 1
            if error.code != "WORKER_DIED" or not error.message or not error.hint:
                self.wrong.append(f"{moment}: {error}")
        if text:
            self.counts["with text"] += 1
            self.samples.append(Sample(request.messages, request.params, text, whole=False))

    def _go_on(self, moment: str, waiting: list[Chat]) -> None:
        """The next turn of a conversation that was cut off, or of a new one, is answered."""
        messages = self._question(self._chance.choice((1, 8)))
        conversation = ""
        if waiting:
            last = waiting[0]
            said = self._recorder.text(last.request_id) or "I see."
            messages = (*last.messages, Message(Role.ASSISTANT, said), *messages)
            conversation = last.conversation
        request = self._chat(messages, 8, conversation)
        end = self._recorder.end(self._recorder.send(request))
        if not isinstance(end, RequestFinished):
            self.wrong.append(f"after {moment}: {end.error}")
            return
        self.samples.append(Sample(messages, request.params, end.result["text"], whole=True))
        if left := [p.name for p in states_folder().glob("*") if p.suffix != SUFFIX]:
            self.wrong.append(f"after {moment}: still there: {left}")

    def _while_loading(self) -> list[Chat]:
        recorder, request = self._recorder, LoadModel(new_request_id(), OTHER)
        recorder.send(request)
        recorder.wait(Progress, lambda e: e.request_id == request.request_id)
        self._rest(0.5)
        chat = self._chat(self._question(2))
        recorder.send(chat)  # waits for the model
        return [chat]

    def _while_reading(self) -> list[Chat]:
        request = self._chat(self._question(40))
        self._recorder.send(request)
        self._recorder.wait(
            Progress, lambda e: e.request_id == request.request_id and e.stage == "prompt"
        )
        self._rest(1.0)
        return [request]

    def _while_writing(self) -> list[Chat]:
        count = self._chance.randint(1, 4)
        requests = [
            self._chat(self._question(self._chance.randint(1, 4)), 200) for _ in range(count)
        ]
        for request in requests:
            self._recorder.send(request)
        self._recorder.delta(self._chance.choice(requests).request_id)
        self._rest(1.0)
        return requests

    def _while_saving(self) -> list[Chat]:
        """A while after an answer the conversation is written to disk: in the middle of that."""
        self._recorder.finish(self._chat(self._question(20), 2))
        if self._chance.random() < 0.2:
            time.sleep(self._chance.uniform(0.6, 1.0))
            return []
        end, folder = time.monotonic() + 3, states_folder()
        while time.monotonic() < end and not any(folder.glob(TEMPORARY)):
            time.sleep(0.0005)
        return []

    def _while_starting(self) -> list[Chat]:
        """Killed at rest, and its successor once more before it is ready."""
        recorder, pid = self._recorder, self._recorder.client.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        recorder.wait(WorkerDied)
        request = self._chat(self._question(1))
        recorder.send(request)
        self._rest(0.6)
        return [request]

    def _while_resting(self) -> list[Chat]:
        self._rest(1.5)
        return []

    def _rest(self, most: float) -> None:
        time.sleep(self._chance.uniform(0.0, most))

    def _question(self, sentences: int) -> tuple[Message, ...]:
        return (Message(Role.USER, f"{self._crowd.story(sentences)} What came next?"),)

    def _chat(
        self, messages: tuple[Message, ...], max_tokens: int = 100, conversation: str = ""
    ) -> Chat:
        self._talk += 1
        params = GenerationParams(max_tokens=max_tokens, **GREEDY)
        name = conversation or f"talk {self._talk}"
        return Chat(new_request_id(), MODEL, messages, params, name, KV_DISK_MB)


def kill_workers(kills: int, seed: int = 0, samples: int = 60) -> dict[str, Any]:
    """Kill that many workers; what was met, and under "wrong" what should not be."""
    run = Kills(seed)
    started = time.monotonic()
    run.run(kills)
    seconds = time.monotonic() - started
    alone, wrong = check_alone(run.samples, MODEL, samples, seed)
    return {
        "kills": kills,
        "seconds": round(seconds, 1),
        "counts": run.counts,
        "alone": alone,
        "wrong": run.wrong + wrong,
    }
