"""What busy people ask of the window, at random but the same for a seed: conversations that grow, are
edited, asked again and deleted, and text tools beside them.

It makes requests and takes in their answers; it knows no worker and no clock.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from engine.protocol import Chat, KeptState, LoadModel, RunTextTool, new_request_id
from engine.types import Document, GenerationParams, Message, ModelSpec, Role

KV_DISK_MB = 64  # a few conversations: some are always put out by others
LONGEST_TALK = 2000  # bytes, about 700 tokens; then another one is begun

_PEOPLE = (
    "Ada",
    "Bram",
    "Carla",
    "Dmitri",
    "Esra",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kaito",
    "Lena",
    "李明",
    "Noor",
    "Olga",
)
_PLACES = (
    "Bergen",
    "Cusco",
    "Delft",
    "Essaouira",
    "Fukuoka",
    "Ghent",
    "Hobart",
    "上海",
    "Izmir",
    "Jaipur",
    "Kotor",
    "Lviv",
)
_THINGS = (
    "lamp",
    "kettle",
    "violin",
    "ladder",
    "compass",
    "kite",
    "anchor",
    "ledger",
    "telescope",
    "basket",
    "clock",
    "boat",
)
_VERBS = (
    "painted",
    "lost",
    "repaired",
    "sold",
    "borrowed",
    "weighed",
    "drew",
    "hid",
    "found",
    "described",
)
_MOODS = ("wonderful", "awful", "plain", "surprising", "dull", "delightful", "broken", "ordinary")
_QUESTIONS = (
    "What happened first?",
    "Who had the {thing}, and where?",
    "Tell me more about {place}.",
    "Name three uses of a {thing}.",
    "Why was it {mood}?",
    "Write one sentence about {person}.",
    "Count from {number} upwards.",
    "请用一句话回答：{person}在哪里？",
)
_SCHEMA = {
    "type": "object",
    "properties": {
        "person": {"type": "string", "maxLength": 12},
        "number": {"type": "integer", "minimum": 0, "maximum": 99},
    },
    "required": ["person", "number"],
    "additionalProperties": False,
}
GREEDY: dict[str, Any] = {"temperature": 0.0, "repeat_penalty": 1.0}


@dataclass(frozen=True)
class Size:
    """How much is asked for: sentences of a text, tokens of an answer, and which text tools."""

    stories: tuple[int, ...] = (1, 1, 1, 2, 3, 6)
    first_stories: tuple[int, ...] = (1, 2, 4, 30)  # what a conversation begins with
    answers: tuple[int, ...] = (4, 8, 12, 16, 24, 48)
    text_tools: tuple[str, ...] = ("sentiment", "sentiment", "summarize", "summarize", "entities")


@dataclass(eq=False)
class Talk:
    """A conversation; `is_open` while an answer is awaited."""

    name: str
    messages: list[Message] = field(default_factory=list)
    is_open: bool = False
    is_deleted: bool = False


@dataclass(eq=False)
class Asked:
    """A request and what it belongs to. `is_greedy`: each token can be checked to be the likeliest."""

    request: Any
    kind: str
    talk: Talk | None = None

    @property
    def is_greedy(self) -> bool:
        params = getattr(self.request, "params", None)
        return params is not None and params.temperature == 0 and params.json_schema is None


class Crowd:
    """Makes requests for `talks` conversations at a time. `took` gives it what came of one."""

    def __init__(self, chance: random.Random, model: ModelSpec, talks: int, size: Size) -> None:
        self._chance, self._model, self._size = chance, model, size
        self._count = 0
        self.deleted: list[str] = []
        self.talks = [self._new_talk() for _ in range(talks)]

    def next(self) -> Asked:
        """One more request; a conversation that has become long is deleted instead."""
        self._count += 1
        pick = self._chance.random()
        if pick < 0.05:
            return self._tool()
        if pick < 0.07:
            return Asked(LoadModel(new_request_id(), self._model), "load")
        free = [talk for talk in self.talks if not talk.is_open]
        long = [talk for talk in free if _size(talk.messages) > LONGEST_TALK]
        if long:
            return self._delete(long[0])
        if pick < 0.09:  # sometimes in the middle of an answer
            return self._delete(self._chance.choice(self.talks))
        if pick < 0.10:
            return Asked(KeptState(new_request_id()), "kept state")
        return self._chat(self._chance.choice(free)) if free else self._tool()

    def took(self, asked: Asked, answer: str | None) -> None:
        """`answer` None: it failed or was stopped before there was any text."""
        talk = asked.talk
        if talk is None or asked.kind != "chat":
            return
        talk.is_open = False
        if answer:
            talk.messages = [*asked.request.messages, Message(Role.ASSISTANT, answer)]
        else:
            talk.messages = list(asked.request.messages[:-1])

    def _new_talk(self) -> Talk:
        self._count += 1
        return Talk(f"talk {self._count}")

    def _delete(self, talk: Talk) -> Asked:
        talk.is_deleted = True
        self.talks[self.talks.index(talk)] = self._new_talk()
        self.deleted.append(talk.name)
        return Asked(KeptState(new_request_id(), forget=(talk.name,)), "forget", talk)

    def _chat(self, talk: Talk) -> Asked:
        """The next turn; or an earlier one in other words; or the last one once more."""
        said, pick = talk.messages, self._chance.random()
        turns = [index for index, message in enumerate(said) if message.role is Role.USER]
        params = self._params()
        if turns and pick < 0.15:
            messages = [*said[: self._chance.choice(turns)], self._question()]
        elif turns and pick < 0.25:
            messages = said[: turns[-1] + 1]
            params = self._params(temperature=0.9, seed=self._chance.randrange(1000))
        else:
            messages = [*said, self._question(is_first=not said)]
        talk.is_open = True
        request = Chat(
            *(new_request_id(), self._model, tuple(messages), params, talk.name, KV_DISK_MB)
        )
        return Asked(request, "chat", talk)

    def _params(self, **wishes: Any) -> GenerationParams:
        wishes.setdefault("max_tokens", self._chance.choice(self._size.answers))
        pick = self._chance.random()
        if "temperature" not in wishes and pick < 0.8:
            wishes |= GREEDY
        if pick < 0.06:
            wishes |= {"json_schema": _SCHEMA, "max_tokens": 48}
        elif pick < 0.2:
            wishes["prompt_lookup"] = True
        elif pick < 0.3:
            wishes["stop"] = self._chance.choice((("\n",), (".", "?"), ("2.", " the")))
        elif pick < 0.4:
            wishes["logprobs"] = self._chance.randint(1, 5)
        return GenerationParams(**wishes)

    def _question(self, *, is_first: bool = False) -> Message:
        size = self._size
        story = self.story(self._chance.choice(size.first_stories if is_first else size.stories))
        if self._chance.random() < 0.15:
            return Message(Role.USER, f"Repeat this text word for word: {story}")
        question = self._fill(self._chance.choice(_QUESTIONS))
        return Message(Role.USER, f"{story} {question}".strip())

    def story(self, sentences: int) -> str:
        form = "{person} from {place} {verb} a {mood} {thing} for {number} days."
        return " ".join(self._fill(form) for _ in range(sentences))

    def _fill(self, form: str) -> str:
        choice = self._chance.choice
        return form.format(
            person=choice(_PEOPLE),
            place=choice(_PLACES),
            thing=choice(_THINGS),
            verb=choice(_VERBS),
            mood=choice(_MOODS),
            number=self._chance.randrange(2, 900),
        )

    def _tool(self) -> Asked:
        tool = self._chance.choice(self._size.text_tools)
        options = {"points": 1} if tool == "summarize" else {}
        document = Document("note", self.story(1))
        request = RunTextTool(new_request_id(), self._model, tool, (document,), options)
        return Asked(request, tool)


def _size(messages: list[Message]) -> int:
    return sum(len(message.content.encode()) for message in messages)
