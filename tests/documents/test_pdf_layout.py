"""PDF pages as they are laid out: what is a column, a table, a list, program text, a running head."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents import read_document
from engine.types import Document
from tests.documents.makers import Run, lines, pdf

TEXT = """The committee met on a cold Monday
in March and spoke at length about the
bridge, which had been closed since the
flood. Nobody wanted to say how much
the repair would cost in the end."""


def read(folder: Path, *pages: list[Run]) -> Document:
    path = folder / "a.pdf"
    path.write_bytes(pdf(pages))
    return read_document(path)


def joined(text: str) -> str:
    return " ".join(text.split())


def test_an_index_in_two_columns_is_read_column_by_column(tmp_path: Path) -> None:
    left = [f"animal of letter {letter}, {page}" for page, letter in enumerate("abcdefghijkl")]
    right = [f"bird, see letter {letter}, {page}" for page, letter in enumerate("mnopqrstuvw")]
    runs = [*lines("\n".join(left)), *lines("\n".join(right), x=260, y=714)]
    assert joined(read(tmp_path, runs).text) == " ".join(left + right)


def test_a_table_with_long_cells_is_no_index(tmp_path: Path) -> None:
    runs: list[Run] = []
    for number in range(12):
        runs.append(Run(72, 700 - 30 * number, f"Item {number}"))
        runs.append(Run(300, 700 - 30 * number, f"price {number} euros"))
        runs.append(Run(300, 688 - 30 * number, "each, with tax"))
    text = read(tmp_path, runs).text
    assert "Item 3 | price 3 euros" in text
    assert text.index("Item 3") < text.index("price 3") < text.index("Item 4")


def test_what_stands_beside_a_line_across_both_columns_stays_with_it(tmp_path: Path) -> None:
    columns = [*lines(TEXT, x=60), *lines(TEXT.replace("committee", "council"), x=320)]
    rows = [
        *lines("Parts\nLabour\nPaint", x=60, y=520),
        *lines("2,100.00 without the tax\n300\n225", x=235, y=520),
    ]
    text = read(tmp_path, columns + rows).text
    for row in ("Parts | 2,100.00 without the tax", "Labour | 300", "Paint | 225"):
        assert row in text


def test_a_list_with_wide_gaps_after_its_marks_is_no_table(tmp_path: Path) -> None:
    marks = ("1.", "2.", "(c)", "[4]", "5.1", "•")
    runs = [Run(72, 700 - 14 * n, mark) for n, mark in enumerate(marks)]
    runs += [Run(120, 700 - 14 * n, f"Point number {n}") for n, _ in enumerate(marks)]
    text = read(tmp_path, runs).text
    assert "|" not in text
    assert "[4] Point number 3" in text


def justified(text: str, y: float, width: float = 222) -> list[Run]:
    """Its words from edge to edge, in a type of which each letter takes 6 points."""
    words = text.split()
    gap = (width - 6 * sum(map(len, words))) / (len(words) - 1)
    starts = [sum(6 * len(word) + gap for word in words[:number]) for number in range(len(words))]
    return [Run(72 + x, y, word, 10, "F3") for x, word in zip(starts, words, strict=True)]


def test_text_that_justifying_has_spread_is_no_table(tmp_path: Path) -> None:
    text = [
        "It rains in Lisbon, and nobody has an", "umbrella, since all of them were left",
        "Internationalization notwithstandin", "undifferentiated considerations",
        "in the house of the committee, which", "was closed since the great flood came",
    ]  # fmt: skip
    runs = [run for n, line in enumerate(text) for run in justified(line, 700 - 12 * n)]
    assert read(tmp_path, runs).text == joined(" ".join(text))


def test_headers_that_stand_close_are_divided_as_their_columns_are(tmp_path: Path) -> None:
    runs = [Run(72, 700, "Country"), Run(150, 700, "Population"), Run(210, 700, "Area (km"),
            Run(251, 704, "2", 6), Run(254, 700, ")")]  # fmt: skip
    for number, row in enumerate([("Austria", "8.9", "83,879"), ("Belgium", "11.5", "30,689"),
                                  ("Finland", "5.5", "338,424")]):  # fmt: skip
        height = 684 - 14 * number
        runs += [Run(72, height, row[0]), Run(165, height, row[1]), Run(222, height, row[2])]
    assert read(tmp_path, runs).text.split("\n") == [
        "Country | Population | Area (km2)", "Austria | 8.9 | 83,879", "Belgium | 11.5 | 30,689",
        "Finland | 5.5 | 338,424",
    ]  # fmt: skip


def test_program_text_keeps_its_lines_and_its_indents(tmp_path: Path) -> None:
    code = [
        "def rains(place):         # anywhere",
        "    if place == 'Lisbon':",
        "        return True",
    ]
    runs = lines(TEXT)
    for number, line in enumerate(code):
        indent = len(line) - len(line.lstrip())
        text, _, remark = line.strip().partition("  #")
        runs.append(Run(72 + 6 * indent, 640 - 12 * number, text.rstrip(), 10, "F3"))
        if remark:
            place = line.index("#")
            runs.append(Run(72 + 6 * place, 640 - 12 * number, f"#{remark}", 10, "F3"))
    document = read(tmp_path, runs)
    assert document.text == f"{joined(TEXT)}\n\n" + "\n".join(code)


def test_a_table_of_contents_keeps_its_lines(tmp_path: Path) -> None:
    titles = ["1.1 Rivers", "1.2 Bridges and what they cost", "Exercises"]
    runs = [
        Run(72, 700 - 14 * number, f"{title} {'. ' * (60 - len(title))}{number + 4}")
        for number, title in enumerate(titles)
    ]
    assert read(tmp_path, runs).text == "\n".join(
        f"{title} … {number + 4}" for number, title in enumerate(titles)
    )


def test_short_lines_that_were_meant_stay_lines(tmp_path: Path) -> None:
    runs = lines("Beh. Behauptung\nbzw. beziehungsweise\nca. circa\nvgl. vergleiche")
    runs += lines("A line that is much longer than all the others of the page are.", y=640)
    assert "bzw. beziehungsweise\nca. circa\nvgl. vergleiche" in read(tmp_path, runs).text


def test_running_heads_with_a_number_at_one_end_are_left_out(tmp_path: Path) -> None:
    pages = [
        [Run(72, 760, str(number + 7)), Run(300, 760, title), *lines(f"{TEXT} {title}")]
        for number, title in enumerate(("Rivers", "Rivers", "Bridges", "Bridges", "Ferries"))
    ]
    document = read(tmp_path, *pages)
    assert "|" not in document.text
    assert document.remarks[0].startswith("Running heads left out")
    assert document.text.count("in the end. Ferries") == 1


def test_numbers_at_the_edge_that_are_no_page_numbers_stay(tmp_path: Path) -> None:
    pages = [
        [Run(72, 760, number), Run(300, 760, "guests"), *lines(TEXT)]
        for number in ("17", "4", "30")
    ]
    text = read(tmp_path, *pages[:1], [*pages[1], Run(72, 100, "x")], pages[2]).text
    assert "17 | guests" in text


@pytest.mark.parametrize("turn", [(0, 1, -1, 0), (0, -1, 1, 0)])
def test_text_that_reads_upwards_is_kept(turn: tuple[int, ...], tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    stamp = "BT /F1 10 Tf {} {} {} {} 30 300 Tm (Posted in the year 1999) Tj ET".format(*turn)
    filler = "x" * (len(stamp) + 1 - len("BT /F1 10 Tf 0 0 Td () Tj ET\n"))
    content = pdf([[*lines(TEXT), Run(0, 0, filler)]])
    old = f"BT /F1 10 Tf 0 0 Td ({filler}) Tj ET".encode()
    assert old in content
    path.write_bytes(content.replace(old, stamp.encode().ljust(len(old))))
    document = read_document(path)
    assert document.text.startswith(joined(TEXT))
    assert document.text.endswith("Posted in the year 1999")


def test_sizes_that_hardly_differ_are_one_level(tmp_path: Path) -> None:
    first = [Run(72, 740, "Estimate", 20), *lines(TEXT)]
    second = [Run(72, 740, "Invoice", 20.4), *lines(TEXT)]
    document = read(tmp_path, first, second)
    headings = [(one.label, one.level) for one in document.sections if one.kind == "heading"]
    assert headings == [("Estimate", 1), ("Invoice", 1)]
