"""Questions that no few words of a text answer are told by their form, and so is a definition."""

from __future__ import annotations

import pytest

from engine.text_tools.question_forms import is_about_all, is_yes_no, said_as


@pytest.mark.parametrize(
    "question",
    [
        "What is this about?",
        "What's it about?",
        "What is the document about",
        "What does it say?",
        "What are the main points?",
        "What are the key findings of the paper?",
        "Summarize this document.",
        "Worum geht es in dem Text?",
        "De quoi parle ce texte ?",
        "这篇文章讲了什么？",
        "这篇文章的主要内容是什么？",
    ],
)
def test_a_question_about_all_of_a_document_is_known(question: str) -> None:
    assert is_about_all(question)
    assert not is_yes_no(question)


@pytest.mark.parametrize(
    "question",
    [
        "What does the baker sell?",
        "What does the report say about cost?",
        "What is the main cause of the flood?",
        "How much is it?",
        "Who wrote the document?",
        "图书馆花了多少钱？",
    ],
)
def test_other_questions_are_about_a_place(question: str) -> None:
    assert not is_about_all(question)


@pytest.mark.parametrize(
    ("question", "yes_no"),
    [
        ("May I use it commercially?", True),
        ("Was the ship sunk?", True),
        ("Isn't it free?", True),
        ("Hat er es gewusst?", True),
        ("这是真的吗？", True),
        ("Is it free or paid?", False),
        ("Was ist das?", False),
        ("Was kostet das Buch?", False),
        ("When did he go?", False),
        ("Who is the mayor?", False),
    ],
)
def test_a_question_that_yes_or_no_answers_is_known(question: str, yes_no: bool) -> None:
    assert is_yes_no(question) is yes_no


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("What is AutoGen?", "AutoGen is an open-source framework.", True),
        ("What is AutoGen?", "Teams of AutoGen grew.", False),
        ("Was ist ein topologischer Raum?", "Ein topologischer Raum ist ein Paar (X, T).", True),
        ("什么是图书馆？", "图书馆是借书的地方。", True),
        ("How many employees does it have?", "Number of employees | 221,000", True),
        ("How many employees does it have?", "It let 10,000 employees go.", False),
    ],
)
def test_how_a_text_words_what_is_asked_is_known(question: str, text: str, said: bool) -> None:
    form = said_as(question)
    assert form is not None
    assert (form.search(text) is not None) is said


def test_most_questions_have_no_such_form() -> None:
    assert said_as("Who designed the bridge?") is None
    assert said_as("What is (?P<broken") is None
