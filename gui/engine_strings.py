"""Words of the engine that the window shows, marked so that they are translated.

The engine knows no Qt and cannot mark them itself. To add a setting or a text tool: its words here
as well; a test says which are missing.
"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

OPTIONS = (
    QT_TRANSLATE_NOOP("options", "Look"),
    QT_TRANSLATE_NOOP("options", "Appearance"),
    QT_TRANSLATE_NOOP("options", "Like the system"),
    QT_TRANSLATE_NOOP("options", "Light"),
    QT_TRANSLATE_NOOP("options", "Dark"),
    QT_TRANSLATE_NOOP("options", "Language"),
    QT_TRANSLATE_NOOP("options", "Takes effect at the next start."),
    QT_TRANSLATE_NOOP("options", "English"),
    QT_TRANSLATE_NOOP("options", "简体中文"),
    QT_TRANSLATE_NOOP("options", "Answers"),
    QT_TRANSLATE_NOOP("options", "Instructions for every new answer"),
    QT_TRANSLATE_NOOP("options", "Sent before each conversation as the system message."),
    QT_TRANSLATE_NOOP("options", "Temperature"),
    QT_TRANSLATE_NOOP("options", "0 always takes the likeliest word; higher values vary more."),
    QT_TRANSLATE_NOOP("options", "Longest answer, in tokens"),
    QT_TRANSLATE_NOOP("options", "A token is about three quarters of an English word."),
    QT_TRANSLATE_NOOP("options", "When a conversation gets too long"),
    QT_TRANSLATE_NOOP(
        "options",
        "A model sees only so much at once. What it no longer sees stays in the "
        "conversation, and a line shows where that begins.",
    ),
    QT_TRANSLATE_NOOP("options", "Stop and say so"),
    QT_TRANSLATE_NOOP("options", "Leave out the oldest turns"),
    QT_TRANSLATE_NOOP("options", "Replace the oldest by a note"),
    QT_TRANSLATE_NOOP("options", "Form of the answers"),
    QT_TRANSLATE_NOOP("options", "For answers that another program reads."),
    QT_TRANSLATE_NOOP("options", "Free text"),
    QT_TRANSLATE_NOOP("options", "JSON by a schema"),
    QT_TRANSLATE_NOOP("options", "By a grammar"),
    QT_TRANSLATE_NOOP("options", "JSON schema"),
    QT_TRANSLATE_NOOP(
        "options",
        "Every answer is JSON that fits it. While it is empty, answers are free text.",
    ),
    QT_TRANSLATE_NOOP("options", "Grammar (GBNF)"),
    QT_TRANSLATE_NOOP(
        "options",
        "Every answer follows these rules, from the one named root. While there are none, "
        "answers are free text.",
    ),
    QT_TRANSLATE_NOOP("options", "Keep word probabilities"),
    QT_TRANSLATE_NOOP(
        "options",
        "For every word, keep so many alternatives and how likely each was. An answer's menu "
        "shows them.",
    ),
    QT_TRANSLATE_NOOP("options", "off"),
    QT_TRANSLATE_NOOP("options", "Advanced sampling"),
    QT_TRANSLATE_NOOP("options", "Seed"),
    QT_TRANSLATE_NOOP("options", "The same seed and prompt give the same answer."),
    QT_TRANSLATE_NOOP("options", "random"),
    QT_TRANSLATE_NOOP("options", "Top-k"),
    QT_TRANSLATE_NOOP(
        "options",
        "At each step only so many of the likeliest words are considered.",
    ),
    QT_TRANSLATE_NOOP("options", "Top-p"),
    QT_TRANSLATE_NOOP(
        "options",
        "Only the likeliest words are considered that together reach this share of the "
        "probability. 1 is off; less is plainer and safer.",
    ),
    QT_TRANSLATE_NOOP("options", "Min-p"),
    QT_TRANSLATE_NOOP(
        "options",
        "Words are left out that are less likely than this share of the likeliest one.",
    ),
    QT_TRANSLATE_NOOP("options", "Repeat penalty"),
    QT_TRANSLATE_NOOP("options", "Above 1, words that were just used become less likely."),
    QT_TRANSLATE_NOOP("options", "Presence penalty"),
    QT_TRANSLATE_NOOP(
        "options",
        "Above 0, a word that was used becomes less likely, however often that was. 0 is off.",
    ),
    QT_TRANSLATE_NOOP("options", "Frequency penalty"),
    QT_TRANSLATE_NOOP(
        "options",
        "Above 0, a word becomes less likely each time it is used. 0 is off.",
    ),
    QT_TRANSLATE_NOOP("options", "How far the penalties look back"),
    QT_TRANSLATE_NOOP("options", "In tokens, for the three penalties above."),
    QT_TRANSLATE_NOOP("options", "DRY: strength"),
    QT_TRANSLATE_NOOP("options", "Keeps whole phrases from being repeated; 0.8 is usual."),
    QT_TRANSLATE_NOOP("options", "DRY: growth"),
    QT_TRANSLATE_NOOP(
        "options",
        "How much stronger it gets with each further word of a repeated phrase.",
    ),
    QT_TRANSLATE_NOOP("options", "DRY: length allowed"),
    QT_TRANSLATE_NOOP("options", "Phrases of up to so many tokens may be repeated."),
    QT_TRANSLATE_NOOP("options", "XTC: chance"),
    QT_TRANSLATE_NOOP(
        "options",
        "How often the most obvious words are left out, for texts that surprise.",
    ),
    QT_TRANSLATE_NOOP("options", "XTC: threshold"),
    QT_TRANSLATE_NOOP(
        "options",
        "Obvious are words more likely than this; the least likely of them always stays.",
    ),
    QT_TRANSLATE_NOOP("options", "Mirostat"),
    QT_TRANSLATE_NOOP(
        "options",
        "Keeps a text evenly surprising, in place of top-k, top-p and min-p; version 1 or 2.",
    ),
    QT_TRANSLATE_NOOP("options", "Mirostat: surprise"),
    QT_TRANSLATE_NOOP("options", "Less is more focused, more is more varied."),
    QT_TRANSLATE_NOOP("options", "Mirostat: speed"),
    QT_TRANSLATE_NOOP("options", "How fast it corrects itself."),
    QT_TRANSLATE_NOOP("options", "Draft from the prompt"),
    QT_TRANSLATE_NOOP(
        "options",
        "Faster where an answer quotes what it was given; the answer stays the same. It is "
        "switched off by itself where it does not pay.",
    ),
    QT_TRANSLATE_NOOP("options", "Stop at"),
    QT_TRANSLATE_NOOP(
        "options",
        "An answer ends before any of these texts. One per line; \\n stands for a line end.",
    ),
    QT_TRANSLATE_NOOP("options", "Likelier and less likely words"),
    QT_TRANSLATE_NOOP(
        "options",
        "One per line, as in: maybe = -5. The number is added to the word's score; -100 "
        'never takes it. Quotes keep a space before it, as in: " maybe" = -5.',
    ),
    QT_TRANSLATE_NOOP("options", "Engine"),
    QT_TRANSLATE_NOOP("options", "Context length, in tokens"),
    QT_TRANSLATE_NOOP(
        "options",
        "How much of a conversation the model can see, at most what it was trained on. More "
        "needs more memory.",
    ),
    QT_TRANSLATE_NOOP("options", "automatic"),
    QT_TRANSLATE_NOOP("options", "GPU layers"),
    QT_TRANSLATE_NOOP("options", "How many layers of the model run on the GPU; 0 is the CPU only."),
    QT_TRANSLATE_NOOP("options", "Threads"),
    QT_TRANSLATE_NOOP(
        "options",
        "How many processor cores work on an answer; more is not always faster.",
    ),
    QT_TRANSLATE_NOOP("options", "Tokens read at once"),
    QT_TRANSLATE_NOOP("options", "More reads prompts faster on a GPU and needs more memory."),
    QT_TRANSLATE_NOOP("options", "Precision of the context"),
    QT_TRANSLATE_NOOP(
        "options",
        "8 bits need half the memory for a long conversation, at a loss that is hard to notice.",
    ),
    QT_TRANSLATE_NOOP("options", "16 bits"),
    QT_TRANSLATE_NOOP("options", "8 bits"),
    QT_TRANSLATE_NOOP("options", "Flash attention"),
    QT_TRANSLATE_NOOP(
        "options",
        "A way of reading that needs less memory. Turn it off if a GPU has trouble with it.",
    ),
    QT_TRANSLATE_NOOP("options", "on"),
    QT_TRANSLATE_NOOP("options", "Keep what was read on disk, in MB"),
    QT_TRANSLATE_NOOP(
        "options",
        "Conversations then reopen without being read again. It holds what was said in them, "
        "for you alone to read. 0 keeps nothing.",
    ),
    QT_TRANSLATE_NOOP("options", "Points at most"),
    QT_TRANSLATE_NOOP("options", "How many sentences of summary, and as many key sentences."),
    QT_TRANSLATE_NOOP("options", "Reader"),
    QT_TRANSLATE_NOOP(
        "options",
        "The built-in reader is fast and knows English; in other languages the chat model reads.",
    ),
    QT_TRANSLATE_NOOP("options", "Built-in reader"),
    QT_TRANSLATE_NOOP("options", "Chat model"),
    QT_TRANSLATE_NOOP("options", "Length"),
    QT_TRANSLATE_NOOP("options", "How much it says."),
    QT_TRANSLATE_NOOP("options", "One line"),
    QT_TRANSLATE_NOOP("options", "Short"),
    QT_TRANSLATE_NOOP("options", "Detailed"),
    QT_TRANSLATE_NOOP("options", "Form"),
    QT_TRANSLATE_NOOP(
        "options", "Points one by one, flowing text, or points under the document's own headings."
    ),
    QT_TRANSLATE_NOOP("options", "Points"),
    QT_TRANSLATE_NOOP("options", "Paragraph"),
    QT_TRANSLATE_NOOP("options", "Sections"),
    QT_TRANSLATE_NOOP("options", "Focus"),
    QT_TRANSLATE_NOOP(
        "options", "What you want to know about, such as cost. Empty: what matters most."
    ),
    QT_TRANSLATE_NOOP("options", "Of the summary, such as German. Empty: that of the document."),
    QT_TRANSLATE_NOOP(
        "options", "Key sentences are chosen without a chat model, at once and in any language."
    ),
    QT_TRANSLATE_NOOP("options", "Key sentences and chat model"),
    QT_TRANSLATE_NOOP("options", "Key sentences"),
    QT_TRANSLATE_NOOP("options", "Question"),
    QT_TRANSLATE_NOOP(
        "options", "What do you want to know? The answer is looked for in the documents only."
    ),
    QT_TRANSLATE_NOOP(
        "options",
        "Quotes come from the built-in reader at once; the chat model then answers in its own words.",
    ),
    QT_TRANSLATE_NOOP("options", "Quotes and the model’s words"),
    QT_TRANSLATE_NOOP("options", "Quotes only"),
    QT_TRANSLATE_NOOP("options", "Types of your own"),
    QT_TRANSLATE_NOOP(
        "options",
        "Separated by commas, such as: drug, side effect. The chat model looks for them.",
    ),
)

# Why a text in the settings cannot be read; see `engine/setting_texts.py`.
TEXT_PROBLEMS = (
    QT_TRANSLATE_NOOP("options", "Line {line} is not of the form “text = number”."),
    QT_TRANSLATE_NOOP("options", "Line {line}: “{value}” is not a number."),
    QT_TRANSLATE_NOOP("options", "Line {line}: the number must lie between -100 and 100."),
    QT_TRANSLATE_NOOP("options", "Line {line} has no text before the “=”."),
    QT_TRANSLATE_NOOP(
        "options", "The schema is not valid JSON (line {line}, column {column}: {detail})."
    ),
    QT_TRANSLATE_NOOP("options", "The schema is not valid JSON."),
    QT_TRANSLATE_NOOP("options", "The schema is nested too deeply."),
    QT_TRANSLATE_NOOP("options", "The schema must be a JSON object: it begins with “{{”."),
    QT_TRANSLATE_NOOP(
        "options", 'The grammar has no rule named root, as in: root ::= "yes" | "no"'
    ),
)

TEXT_TOOLS = (
    QT_TRANSLATE_NOOP("TextTools", "Summary"),
    QT_TRANSLATE_NOOP(
        "TextTools", "The whole document in a few sentences, each linked to its passages."
    ),
    QT_TRANSLATE_NOOP("TextTools", "Questions"),
    QT_TRANSLATE_NOOP(
        "TextTools", "An answer from the documents, with quotes that are checked word for word."
    ),
    QT_TRANSLATE_NOOP("TextTools", "Sentiment"),
    QT_TRANSLATE_NOOP(
        "TextTools", "Negative, neutral or positive: the whole, and sentence by sentence."
    ),
    QT_TRANSLATE_NOOP("TextTools", "Entities"),
    QT_TRANSLATE_NOOP(
        "TextTools", "People, organizations, places and other names, with where they stand."
    ),
)
