"""Markdown as it arrives: tokens to units, units into one text document, a view that shows it.

units.py     what a document is made of (plain values, no Qt)
reader.py    markdown-it tokens to units
code.py      code lines with colours (pygments)
stream.py    which part of a growing text is settled, which must be read again
formats.py   units' looks: Qt formats in the theme's colours
writer.py    the least change that brings a text document up to date
cards.py     code cards, quote bars and rules, painted behind the text
view.py      the widget
Raw HTML, images and every other resource stay text: nothing is ever loaded.
"""
