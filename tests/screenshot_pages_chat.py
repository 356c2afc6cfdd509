"""Pictures of the chat page, filled through the database's own interface."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from engine.protocol import Progress
from engine.storage.records import MessageStatus, ReplyDetails, StoredMessage
from engine.types import Device, ModelInfo, Role, TokenChoice, TokenScore
from tests.screenshots import Shot, Stage

DEVICE = Device("cuda", "NVIDIA GeForce RTX 4070", 36, 36, "All 36 layers fit into 12 GB.")
MODEL = ModelInfo(
    name="Qwen3 8B",
    path="/models/qwen3-8b-q4_k_m.gguf",
    sha256="c1" * 32,
    size_bytes=5_030_000_000,
    architecture="qwen3",
    quantization="Q4_K_M",
    parameter_count=8_190_000_000,
    n_ctx=32_768,
    n_ctx_train=40_960,
    device=DEVICE,
    backend="llama_cpp",
    engine_version="0.1.0",
)
SMALL = ModelInfo(
    name="SmolLM2 135M Instruct",
    path="",
    sha256="b1" * 32,
    size_bytes=98_000_000,
    architecture="llama",
    quantization="Q4_1",
    parameter_count=134_515_008,
    n_ctx=8192,
    n_ctx_train=8192,
    device=Device("cpu", "CPU", reason="llama.cpp was built without GPU support."),
    backend="llama_cpp",
    engine_version="0.1.0",
    embedded=True,
)
MADE_BY: dict[str, Any] = {
    "model": {"name": "Qwen3 8B", "quantization": "Q4_K_M", "device": {"name": DEVICE.name}},
    "seed": 42,
    "finish_reason": "stop",
    "usage": {"prompt_tokens": 5412, "completion_tokens": 500},
    "tokens_per_second": 41.2,
}
LEASE = (
    "Can I let a friend stay for the summer without asking my landlord? The lease says guests may"
    " stay up to 14 days.",
    """Not without asking. The lease allows guests for up to **14 days**; anything longer counts as \
subletting and needs the landlord's written consent.

- Consent “shall not be unreasonably withheld” if you give the person's name and the dates.
- You stay liable for rent and damage meanwhile.

A short request by e-mail is enough. The dates as code, if you keep them in a calendar:

```python
from datetime import date, timedelta
stay = (date(2026, 7, 1), date(2026, 8, 31))
print("days:", (stay[1] - stay[0]).days)  # 61 > 14: ask first
```""",
)
RICH = (
    "Compare the three sorting algorithms and say which to take.",
    """## In short

Take **Timsort**: it is stable, and on data that is nearly in order it needs about *n* comparisons.

| Algorithm | Best | Worst | Stable |
|:--|--:|--:|:-:|
| Timsort | n | n log n | yes |
| Quicksort | n log n | n² | no |
| Heapsort | n log n | n log n | no |

> A sort is stable if equal keys keep the order that they had.

1. Sort by the *second* key first.
2. Then sort by the first:
   - in Python, `rows.sort(key=...)` does both
   - see [the HOWTO](https://docs.python.org/3/howto/sorting.html)

---

```sql
SELECT city, count(*) AS people
FROM residents
GROUP BY city ORDER BY people DESC;  -- largest first
```""",
)
CHINESE = (
    "给房东写一封邮件，语气客气一点：我的朋友想在暑假住两个月。",
    """当然可以。下面是一封简短而客气的邮件：

> 王先生，您好！
>
> 我的朋友李明计划于七月一日至八月三十一日在我这里暂住。按照合同第九条，\
超过十四天的停留需要您的书面同意，因此特来征求您的意见。期间的租金与一切责任仍由我承担。

发送之前请确认三件事：

1. **日期**：合同中的“十四天”是否按连续天数计算；
2. **姓名**：写上朋友的全名；
3. 附上 `合同.pdf` 的第九条。""",
)
PROMPT = """<|im_start|>system
You are a helpful assistant. Answer briefly.<|im_end|>
<|im_start|>user
Can I let a friend stay for the summer without asking my landlord? The lease says guests may stay \
up to 14 days.<|im_end|>
<|im_start|>assistant
<think>
"""
THOUGHTS = """The user asks about a guest staying for the whole summer. The lease allows 14 days, so a \
summer is far longer: that would be subletting.

I should name the limit, what to do, and what stays their responsibility. Keep it short."""
NOTE = (
    "The user rents a flat and wants a friend to stay in July and August. Paragraph 9 allows guests"
    " for 14 days; longer stays need the landlord's written consent. Open: which dates to name."
)
_WORDS = (
    *("Not", " without", " asking", ".", " The", " lease", " allows", " guests", " for", " up"),
    *(" to", " 14", " days", ";", " anything", " longer", " counts", " as", " sub", "letting"),
    *(" and", " needs", " the", " landlord", "'s", " written", " consent", ".", "\n", "\n"),
    *("A", " short", " request", " by", " e", "-mail", " is", " enough", "."),
)
_CHANCES = (0.41, 0.93, 0.88, 0.99, 0.62, 0.97, 0.35, 0.12, 0.78, 0.999, 0.55)
SCORES = tuple(
    TokenScore(
        word,
        math.log(chance := _CHANCES[number % len(_CHANCES)]),
        (
            TokenChoice(word, math.log(chance)),
            TokenChoice(" visitors", math.log((1 - chance) * 0.6)),
            TokenChoice(" you", math.log((1 - chance) * 0.2)),
            TokenChoice(" people", math.log((1 - chance) * 0.1)),
            TokenChoice("\n", math.log((1 - chance) * 0.01)),
        ),
    )
    for number, word in enumerate(_WORDS)
)
OTHERS = (
    ("CSV to weekly totals in pandas", 0, False),
    ("Recipe for six, no oven", 1, False),
    ("Compare two offers", 1, False),
    ("Explain attention like I'm new", 4, False),
    ("Reading list, philosophy of mind", 5, False),
    ("A very long title about the letter to the council that does not fit in the list", 6, False),
    ("Letter to the council", 40, False),
    ("Thesis: chapter 3 notes", 12, True),
)


def converse(stage: Stage, *turns: tuple[str, str], title: str, last: MessageStatus) -> None:
    """Store a conversation between others, and open it."""

    def store() -> int:
        conversations = stage.services.storage.conversations
        database = conversations._database
        for name, days, pinned in reversed(OTHERS):
            made = conversations.create(name)
            conversations.set_pinned(made.id, pinned)
            database.write(
                f"UPDATE conversations SET updated_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now',"
                f" '-{days} days') WHERE id = {made.id}"
            )
        conversation = conversations.create(title)
        parent: int | None = None
        for question, answer in turns:
            said = conversations.add_message(conversation.id, Role.USER, question, parent)
            is_last = answer is turns[-1][1]
            if is_last:
                old = conversations.start_reply(conversation.id, said.id)
                conversations.finish_reply(old.id, "Yes.", MessageStatus.COMPLETE, MADE_BY)
            reply = conversations.start_reply(conversation.id, said.id)
            status = last if is_last else MessageStatus.COMPLETE
            made_by = None if status is MessageStatus.INTERRUPTED else MADE_BY
            conversations.finish_reply(reply.id, answer, status, made_by)
            parent = reply.id
        return conversation.id

    use_model(stage, MODEL)
    page: Any = stage.window.page("chat")
    number = stage.stored(store)
    page.session.open(number)
    stage.wait_until(lambda: bool(page.transcript.views()))
    page._keeper.read()
    stage.wait_until(lambda: not page.transcript.is_building())
    stage.wait(0.2)


def use_model(stage: Stage, info: ModelInfo) -> None:
    """Say that this model is loaded."""
    stage.services.model.info = info
    stage.services.model.changed.emit()


def empty(stage: Stage) -> None:
    use_model(stage, SMALL)


def lease(stage: Stage) -> None:
    converse(stage, LEASE, title="Why the lease mentions subletting", last=MessageStatus.COMPLETE)


def rich(stage: Stage) -> None:
    converse(stage, LEASE, RICH, title="Which sort to take", last=MessageStatus.COMPLETE)
    stage.window.resize(1280, 1180)


def chinese(stage: Stage) -> None:
    converse(stage, CHINESE, title="给房东的邮件，语气客气一点", last=MessageStatus.COMPLETE)


def narrow(stage: Stage) -> None:
    stage.window.resize(760, 820)
    converse(stage, LEASE, title="Why the lease mentions subletting", last=MessageStatus.STOPPED)


def interrupted(stage: Stage) -> None:
    cut = (LEASE[0], LEASE[1][:210])
    converse(stage, cut, title="Cut off in the middle", last=MessageStatus.INTERRUPTED)
    page: Any = stage.window.page("chat")
    page.composer.set_text("And what if it is\nonly for three weeks,\nwith a break in between?")
    stage.services.notifications.show_message("Deleted “Old notes”", "Undo", lambda: None, 60)


def waiting(stage: Stage) -> None:
    converse(stage, LEASE, title="Reading a long prompt", last=MessageStatus.COMPLETE)
    page: Any = stage.window.page("chat")
    page.session.send("/slow 400")
    stage.wait_until(lambda: len(page.session.branch) == 4)
    view = page.transcript.last_answer()
    running = page.session.running_reply()
    running.blockSignals(True)
    view.show_progress(Progress("", "prompt", 1310, 5412))


def failed(stage: Stage) -> None:
    use_model(stage, SMALL)
    page: Any = stage.window.page("chat")
    page.session.send("/fail")
    stage.wait_until(lambda: len(page.session.branch) == 2 and not page.session.is_busy())


def large_paste(stage: Stage) -> None:
    use_model(stage, SMALL)
    page: Any = stage.window.page("chat")
    data = QMimeData()
    data.setText("All happy families are alike. " * 60_000)
    page.composer.set_text("What is this book about?")
    page.composer.edit.insertFromMimeData(data)


def drop(stage: Stage) -> None:
    lease(stage)
    stage.window.overlay().announce("file-text", "Drop to read “annual-report.pdf”")


def shortcuts(stage: Stage) -> QWidget:
    stage.window._show_shortcuts()
    dialog = stage.window.findChild(QDialog)
    assert dialog is not None
    return dialog


def crash(stage: Stage) -> QWidget:
    from gui.dialogs.crash_dialog import CrashDialog

    dialog = CrashDialog(stage.window)
    dialog.add_text("Carrel 0.1.0\nPython 3.11.7, PySide6 6.11.3\nLinux 6.8 x86_64")
    dialog.add_text("Traceback (most recent call last):\n  …\nZeroDivisionError: division by zero")
    return dialog


def link(stage: Stage) -> QWidget:
    from gui.dialogs.link_dialog import LinkDialog

    return LinkDialog("https://docs.python.org/3/howto/sorting.html", stage.window)


def long_talk(stage: Stage, window: dict[str, Any]) -> Any:
    """Several turns, of which the last answer saw only a part."""

    def store() -> int:
        conversations = stage.services.storage.conversations
        conversation = conversations.create("The lease, again")
        parent: int | None = None
        for number in range(5):
            asked = f"Question {number + 1}: what does paragraph {number + 7} mean for me?"
            said = conversations.add_message(conversation.id, Role.USER, asked, parent)
            reply = conversations.start_reply(conversation.id, said.id)
            answer = "It means that the landlord has to be asked in writing, and soon enough."
            made_by = MADE_BY | ({"window": window} if number == 4 else {})
            conversations.finish_reply(
                reply.id, answer, MessageStatus.COMPLETE, made_by, None, ReplyDetails("", PROMPT)
            )
            parent = reply.id
        return conversation.id

    use_model(stage, MODEL)
    page: Any = stage.window.page("chat")
    page.session.open(stage.stored(store))
    stage.wait_until(lambda: bool(page.transcript.views()))
    stage.wait_until(lambda: not page.transcript.is_building())
    return page


def cut(stage: Stage) -> None:
    long_talk(stage, {"unseen": 6, "note": ""})


def cut_with_note(stage: Stage) -> None:
    page = long_talk(stage, {"unseen": 6, "note": NOTE})
    page.transcript.divider().button.setChecked(True)


def cut_narrow(stage: Stage) -> None:
    stage.window.resize(640, 720)
    cut_with_note(stage)
    stage.wait(0.2)
    transcript: Any = stage.window.page("chat").transcript  # type: ignore[attr-defined]
    transcript.verticalScrollBar().setValue(transcript.divider().y() - 80)


def thinking(stage: Stage) -> None:
    converse(stage, LEASE, title="Thinking about it", last=MessageStatus.COMPLETE)
    page: Any = stage.window.page("chat")
    page.session.send("/think 4000")
    stage.wait_until(lambda: len(page.session.branch) == 4)
    stage.wait_until(lambda: bool(page.session.running_reply().reasoning))
    stage.wait(0.5)


def thought(stage: Stage) -> None:
    def store() -> int:
        conversations = stage.services.storage.conversations
        conversation = conversations.create("Thought about it")
        said = conversations.add_message(conversation.id, Role.USER, LEASE[0], None)
        reply = conversations.start_reply(conversation.id, said.id)
        conversations.finish_reply(
            *(reply.id, LEASE[1], MessageStatus.COMPLETE),
            *(MADE_BY | {"reasoning_seconds": 12.3}, None),
            ReplyDetails(THOUGHTS, PROMPT, SCORES),
        )
        return conversation.id

    use_model(stage, MODEL)
    page: Any = stage.window.page("chat")
    page.session.open(stage.stored(store))
    stage.wait_until(lambda: bool(page.transcript.views()))
    page.transcript.last_answer().reasoning.button.setChecked(True)


def answer_menu(stage: Stage) -> QWidget:
    thought(stage)
    page: Any = stage.window.page("chat")
    page.transcript.last_answer().footer.more.click()
    stage.wait(0.1)
    return stage.window.findChild(QMenu)  # type: ignore[return-value]


def continuing(stage: Stage) -> None:
    use_model(stage, SMALL)
    page: Any = stage.window.page("chat")
    page.session.send("/slow 400")
    stage.wait_until(lambda: bool((r := page.session.running_reply()) and len(r.text) > 100))
    page.session.stop()
    stage.wait_until(lambda: not page.session.is_busy())
    page.session.continue_answer(page.session.branch[-1])
    stage.wait_until(lambda: page.session.running_reply() is not None)
    page.session.running_reply().blockSignals(True)


def prompt(stage: Stage) -> QWidget:
    from gui.dialogs.prompt_dialog import PromptDialog

    made_by = MADE_BY | {"usage": {"prompt_tokens": 187, "cached_tokens": 120}}
    message = StoredMessage(
        1, 1, None, Role.ASSISTANT, "", MessageStatus.COMPLETE, "", made_by, None, (1,)
    )
    dialog = PromptDialog(stage.services.theme, PROMPT, message, stage.window)
    dialog.show()
    return dialog


def probabilities(stage: Stage) -> QWidget:
    from gui.dialogs.probabilities_dialog import ProbabilitiesDialog

    dialog = ProbabilitiesDialog(stage.services.theme, SCORES, "", stage.window)
    dialog.show()
    dialog.map.choose(7)
    return dialog


SHOTS: list[Shot] = [
    ("chat_empty", empty),
    ("chat_lease", lease),
    ("chat_rich", rich),
    ("chat_chinese", chinese),
    ("chat_narrow", narrow),
    ("chat_interrupted", interrupted),
    ("chat_waiting", waiting),
    ("chat_failed", failed),
    ("chat_large_paste", large_paste),
    ("chat_drop", drop),
    ("shortcuts", shortcuts),
    ("crash", crash),
    ("link", link),
    ("chat_cut", cut),
    ("chat_cut_note", cut_with_note),
    ("chat_cut_narrow", cut_narrow),
    ("chat_thinking", thinking),
    ("chat_thought", thought),
    ("chat_answer_menu", answer_menu),
    ("chat_continuing", continuing),
    ("prompt", prompt),
    ("probabilities", probabilities),
]
