"""E-books, part by part: order, headings, what is missing, what is locked."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents import read_document
from engine.errors import DocumentDamagedError, DocumentNoTextError, DocumentPasswordError
from engine.retrieval.naming import name_passage
from engine.types import Document
from tests.documents.makers import zipped

CONTAINER = (
    '<container xmlns="c"><rootfiles><rootfile full-path="o/b.opf"/></rootfiles></container>'
)
XHTML = "application/xhtml+xml"
OPF = f"""<package xmlns="http://www.idpf.org/2007/opf"><metadata><dc:title
 xmlns:dc="http://purl.org/dc/elements/1.1/">A Book</dc:title></metadata><manifest>
<item id="n" href="nav.xhtml" media-type="{XHTML}" properties="nav"/>
<item id="three" href="three.xhtml" media-type="{XHTML}"/>
<item id="two" href="two%20b.xhtml" media-type="{XHTML}"/>
<item id="one" href="text/../one.xhtml" media-type="{XHTML}"/>
<item id="gone" href="gone.xhtml" media-type="{XHTML}"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="p" href="p.png" media-type="image/png"/></manifest><spine>{{}}</spine></package>"""
ORDER = ("n", "one", "two", "three", "gone", "p", "one")
NAV = (
    '<nav xmlns:e="http://www.idpf.org/2007/ops" e:type="toc"><ol><li><a href="one.xhtml">Uno</a>'
    '</li><li><a href="three.xhtml#top">The <i>Third</i></a></li></ol></nav>'
)
NCX = (
    '<ncx xmlns="n"><navMap><navPoint><navLabel><text>Old third</text></navLabel>'
    '<content src="three.xhtml"/></navPoint></navMap></ncx>'
)


def page(body: str, declaration: str = '<?xml version="1.0"?><!DOCTYPE html>') -> str:
    return f'{declaration}<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'


def book(more: dict[str, str | bytes] | None = None, order: tuple[str, ...] = ORDER) -> bytes:
    spine = "".join(f'<itemref idref="{one}"/>' for one in order)
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "o/b.opf": OPF.format(spine),
        "o/nav.xhtml": page(f"<p>Contents</p>{NAV}"),
        "o/one.xhtml": page("<h1>A Book</h1><h1>One</h1><p>It rains&nbsp;here.</p>"),
        "o/two b.xhtml": page("<h2>Two</h2><ul><li>a</li><li>b</li></ul>"),
        "o/three.xhtml": page("<p>No heading.</p><table><tr><td>x</td><td>y</td></tr></table>"),
    }
    return zipped(parts | (more or {}))


def read(tmp_path: Path, data: bytes) -> Document:
    path = tmp_path / "a.epub"
    path.write_bytes(data)
    return read_document(path)


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    document = read(tmp_path, book())
    assert document.text == (
        "A Book\n\nOne\n\nIt rains\xa0here.\n\nTwo\n\n- a\n- b\n\nThe Third\n\nNo heading.\n\nx | y"
    )
    levels = [(section.label, section.level) for section in document.sections]
    assert levels == [("A Book", 1), ("One", 2), ("Two", 3), ("The Third", 2)]
    place = document.text.index("rains")
    assert name_passage(document, place, place + 5) == "One"
    assert document.remarks == ("1 chapter is missing in the file.",)
    assert document.format == "epub"


def test_chapters_without_headings_are_named_by_an_old_table_of_contents(tmp_path: Path) -> None:
    document = read(tmp_path, book({"o/nav.xhtml": "", "o/toc.ncx": NCX}))
    assert "Old third\n\nNo heading." in document.text


def test_a_book_without_an_order_is_read_as_it_lies(tmp_path: Path) -> None:
    text = read(tmp_path, book(order=())).text
    assert text.index("No heading.") < text.index("Two") < text.index("One")


def test_chapters_in_old_encodings(tmp_path: Path) -> None:
    latin = page("<p>Gr\xfc\xdfe</p>", '<?xml version="1.0" encoding="iso-8859-1"?>')
    wide = page("<p>Привет</p>", '<?xml version="1.0" encoding="utf-16"?>')
    odd = page("<p>Ende ä</p>", '<?xml version="1.0" encoding="punycode"?>')
    data = book(
        {
            "o/one.xhtml": latin.encode("latin-1"),
            "o/two b.xhtml": wide.encode("utf-16"),
            "o/three.xhtml": odd,
        }
    )
    text = read(tmp_path, data).text
    assert "Grüße" in text
    assert "Привет" in text
    assert "Ende" in text


def test_a_book_with_copy_protection_is_said_to_have_it(tmp_path: Path) -> None:
    def encrypted(algorithm: str) -> bytes:
        method = f'<e><EncryptionMethod Algorithm="{algorithm}"/></e>'
        return book({"META-INF/encryption.xml": method})

    with pytest.raises(DocumentPasswordError, match="DRM"):
        read(tmp_path, encrypted("http://www.w3.org/2001/04/xmlenc#aes128-cbc"))
    fonts = encrypted("http://www.idpf.org/2008/embedding")
    assert "It rains" in read(tmp_path, fonts).text


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><html><p>&c;</p></html>'
    with pytest.raises(DocumentDamagedError, match="entities"):
        read(tmp_path, book({"o/three.xhtml": bomb}))


def test_links_that_lead_out_of_the_book_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.xhtml").write_text("<p>secret</p>")
    out = OPF.replace("three.xhtml", "../../../secret.xhtml").format('<itemref idref="three"/>')
    with pytest.raises(DocumentNoTextError):
        read(tmp_path, book({"o/b.opf": out}))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("META-INF/container.xml", ""),
        ("META-INF/container.xml", CONTAINER.replace("b.opf", "c.opf")),
        ("o/b.opf", "<package"),
        ("META-INF/encryption.xml", "<e"),
    ],
)
def test_broken_parts(tmp_path: Path, part: str, content: str) -> None:
    with pytest.raises(DocumentDamagedError, match=r"a\.epub") as caught:
        read(tmp_path, book({part: content}))
    assert caught.value.hint
